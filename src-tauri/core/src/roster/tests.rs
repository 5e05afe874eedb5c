use proptest::prelude::*;

use super::*;

fn listed(row: i64) -> Listed {
    Listed {
        row,
        state: EsimState {
            esim_id: Some(format!("id-{row}")),
            iccid: Some(format!("894450010219830482{row}")),
            reference_id: Some(format!("TRIP-MÜLLER-{row} 100%")),
            status: Some(Status::Activated),
            last_event_at: Some(10 + row),
            ..EsimState::default()
        },
        traveller: None,
    }
}

fn filter() -> EsimFilter {
    EsimFilter {
        search: String::new(),
        statuses: Vec::new(),
        attention: false,
        period: None,
        sort: EsimSort::LastEvent,
        descending: true,
    }
}

fn find(roster: &mut Roster, filter: &EsimFilter) -> Vec<i64> {
    roster.find(filter, 100, &HashSet::from([2])).collect()
}

fn search(roster: &mut Roster, words: &str) -> Vec<i64> {
    find(
        roster,
        &EsimFilter {
            search: words.to_owned(),
            ..filter()
        },
    )
}

#[test]
fn any_part_of_any_name_finds_it() {
    let mut roster = Roster::of((0..4).map(listed));
    assert_eq!(search(&mut roster, ""), [3, 2, 1, 0]);
    assert_eq!(search(&mut roster, "304 822"), [2]);
    assert_eq!(search(&mut roster, " 89 4450 0102 1983 0482 3 "), [3]);
    assert_eq!(search(&mut roster, "müller-1"), [1]);
    assert_eq!(search(&mut roster, "MULLER-1"), [1]);
    assert_eq!(search(&mut roster, "trip id-0"), [0]);
    assert_eq!(search(&mut roster, "100%").len(), 4);
    assert_eq!(search(&mut roster, "_"), [0_i64; 0]);
    // Two names never run into each other.
    assert_eq!(search(&mut roster, "%8944"), [0_i64; 0]);
}

#[test]
fn what_is_known_of_the_traveller_is_searched() {
    let mut roster = Roster::of((0..3).map(listed));
    let traveller = Traveller {
        name: "José García".into(),
        contact: "jose@example.com".into(),
        note: "Two suitcases\nand a dog".into(),
        tags: vec!["Group 7".into()],
        ..Traveller::default()
    };
    roster.add(&Listed {
        traveller: Some(traveller),
        ..listed(1)
    });
    for words in ["garcia", "JOSÉ", "jose@", "suitcases dog", "group 7"] {
        assert_eq!(search(&mut roster, words), [1], "{words}");
    }
    let by_name = EsimFilter {
        sort: EsimSort::Traveller,
        ..filter()
    };
    assert_eq!(find(&mut roster, &by_name), [1, 2, 0]);
}

#[test]
fn filters_narrow_what_is_found() {
    let with = |row: i64, status: Status, start: i64, end: i64| {
        let mut one = listed(row);
        one.state.status = Some(status);
        (one.state.period_start, one.state.period_end) = (Some(start), Some(end));
        one
    };
    let day = 86_400;
    let mut roster = Roster::of([
        with(0, Status::New, 200, 10 * day),
        with(1, Status::Activated, 50, 100 + day),
        with(2, Status::Activated, 50, 100 + 3 * day),
        with(3, Status::Expired, 10, 90),
        Listed {
            state: EsimState {
                status: None,
                ..listed(4).state
            },
            ..listed(4)
        },
    ]);
    let statuses = |statuses: &[&str]| EsimFilter {
        statuses: statuses.iter().map(|status| (*status).to_owned()).collect(),
        ..filter()
    };
    assert_eq!(find(&mut roster, &statuses(&["NEW", "EXPIRED"])), [3, 0]);
    assert_eq!(find(&mut roster, &statuses(&["UNKNOWN"])), [4]);
    let mut period = |period| {
        find(
            &mut roster,
            &EsimFilter {
                period: Some(period),
                ..filter()
            },
        )
    };
    assert_eq!(period(Period::NotStarted), [0]);
    assert_eq!(period(Period::Running), [2, 1]);
    assert_eq!(period(Period::EndsToday), [1]);
    assert_eq!(period(Period::EndsThisWeek), [2, 1]);
    assert_eq!(period(Period::Ended), [3]);
    assert_eq!(period(Period::Unknown), [4]);
    let attention = EsimFilter {
        attention: true,
        ..filter()
    };
    assert_eq!(find(&mut roster, &attention), [2]);
}

#[test]
fn rows_without_a_value_come_last_both_ways() {
    let mut one = listed(1);
    one.state.reference_id = None;
    let mut roster = Roster::of([listed(0), one, listed(2)]);
    let by = |descending| EsimFilter {
        sort: EsimSort::Reference,
        descending,
        ..filter()
    };
    assert_eq!(find(&mut roster, &by(false)), [0, 2, 1]);
    assert_eq!(find(&mut roster, &by(true)), [2, 0, 1]);
}

fn an_esim() -> impl Strategy<Value = Listed> {
    let maybe = |range: std::ops::Range<i64>| prop::option::of(range);
    let name = prop::option::of("[a-cÀÉ]{0,2}");
    (
        0..12_i64,
        (name.clone(), name.clone(), name.clone(), name),
        prop::option::of(prop::sample::select(Status::KNOWN.to_vec())),
        (maybe(0..4), maybe(90..110), maybe(90..110), maybe(0..4)),
        (prop::option::of(0..4_u8), prop::option::of(any::<bool>())),
    )
        .prop_map(|(row, names, status, times, data)| {
            let mut state = EsimState {
                reference_id: names.0,
                iccid: names.1,
                esim_id: names.2,
                status,
                status_since: times.0,
                period_start: times.1,
                period_end: times.2,
                last_event_at: times.3,
                ..EsimState::default()
            };
            state.usage.remaining_mb = data.0.map(f64::from);
            state.usage.unlimited = data.1;
            let traveller = names.3.map(|name| Traveller {
                name,
                ..Traveller::default()
            });
            Listed {
                row,
                state,
                traveller,
            }
        })
}

fn a_filter() -> impl Strategy<Value = EsimFilter> {
    let sort = prop::sample::select(vec![
        EsimSort::LastEvent,
        EsimSort::Status,
        EsimSort::StatusSince,
        EsimSort::Traveller,
        EsimSort::Reference,
        EsimSort::Iccid,
        EsimSort::EsimId,
        EsimSort::Start,
        EsimSort::End,
        EsimSort::Package,
        EsimSort::DataLeft,
        EsimSort::Events,
        EsimSort::FirstActivated,
    ]);
    let period = prop::sample::select(vec![
        Period::NotStarted,
        Period::Running,
        Period::EndsToday,
        Period::Ended,
        Period::Unknown,
    ]);
    (
        "[a-cé]{0,2}",
        prop::option::of(prop::sample::select(vec!["NEW", "UNKNOWN", "EXPIRED"])),
        any::<bool>(),
        prop::option::of(period),
        sort,
        any::<bool>(),
    )
        .prop_map(
            |(search, status, attention, period, sort, descending)| EsimFilter {
                search,
                statuses: status.into_iter().map(str::to_owned).collect(),
                attention,
                period,
                sort,
                descending,
            },
        )
}

proptest! {
    /// Whatever came and went before, the answer is that of a roster which was just read.
    #[test]
    fn changes_lead_to_what_reading_everything_again_finds(
        steps in prop::collection::vec((an_esim(), any::<bool>(), a_filter()), 1..30),
    ) {
        let attention = HashSet::from([1, 3, 5]);
        let mut kept = Roster::default();
        let mut all: HashMap<i64, Listed> = HashMap::new();
        for (listed, stays, filter) in steps {
            if stays {
                kept.add(&listed);
                all.insert(listed.row, listed);
            } else {
                kept.remove(listed.row);
                all.remove(&listed.row);
            }
            let mut fresh = Roster::of(all.values().cloned());
            let found: Vec<i64> = kept.find(&filter, 100, &attention).collect();
            let again: Vec<i64> = kept.find(&filter, 100, &attention).collect();
            let expected: Vec<i64> = fresh.find(&filter, 100, &attention).collect();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(&again, &expected);
            prop_assert_eq!(kept.len(), all.len());
            // Nothing that matches is left out, nothing else comes in.
            for (row, listed) in &all {
                let text = folded(&[&listed.state.reference_id, &listed.state.iccid, &listed.state.esim_id]
                    .map(|name| name.clone().unwrap_or_default()).join("|"));
                let named = listed.traveller.as_ref().map(|one| folded(&one.name)).unwrap_or_default();
                let word = folded(&filter.search);
                let fits = (text.contains(&word) || named.contains(&word))
                    && (filter.statuses.is_empty() || filter.statuses.iter().any(|status| status == listed.state.status_text()))
                    && (!filter.attention || attention.contains(row))
                    && filter.period.is_none_or(|period| period.fits(listed.state.period_start, listed.state.period_end, 100));
                prop_assert_eq!(found.contains(row), fits, "row {}", row);
            }
        }
    }
}
