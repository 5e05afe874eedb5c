//! Tests: what the list finds, beside looking at each eSIM.

use proptest::prelude::*;

use esim_watch_core::catalogue::Language;
use esim_watch_core::esim::EsimState;
use esim_watch_core::event::Status;
use esim_watch_core::letters::Letters;
use esim_watch_core::search::SearchedText;
use esim_watch_core::traveller::Traveller;

use super::*;

fn listed(row: i64) -> EsimAndTraveller {
    EsimAndTraveller {
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
    EsimFilter::default()
}

fn rows(found: Found<'_>) -> Vec<i64> {
    let rows: Vec<i64> = found.rows(0, usize::MAX).collect();
    assert_eq!(found.total(), rows.len());
    rows
}

fn find(index: &mut EsimIndex, filter: &EsimFilter) -> Vec<i64> {
    rows(index.find(filter, 100, &HashSet::from([2])))
}

fn search(index: &mut EsimIndex, words: &str) -> Vec<i64> {
    find(
        index,
        &EsimFilter {
            search: words.to_owned(),
            ..filter()
        },
    )
}

#[test]
fn any_part_of_any_name_finds_it() {
    let mut index = EsimIndex::of((0..4).map(listed));
    assert_eq!(search(&mut index, ""), [3, 2, 1, 0]);
    assert_eq!(search(&mut index, "304 822"), [2]);
    assert_eq!(search(&mut index, " 89 4450 0102 1983 0482 3 "), [3]);
    assert_eq!(search(&mut index, "müller-1"), [1]);
    assert_eq!(search(&mut index, "MULLER-1"), [1]);
    assert_eq!(search(&mut index, "trip id-0"), [0]);
    assert_eq!(search(&mut index, "100%").len(), 4);
    assert_eq!(search(&mut index, "_"), [0_i64; 0]);
    // Two names never run into each other.
    assert_eq!(search(&mut index, "%8944"), [0_i64; 0]);
}

#[test]
fn what_is_known_of_the_traveller_is_searched() {
    let mut index = EsimIndex::of((0..3).map(listed));
    let traveller = Traveller {
        name: "José García".into(),
        contact: "jose@example.com".into(),
        note: "Two suitcases\nand a dog".into(),
        tags: vec!["Group 7".into()],
        ..Traveller::default()
    };
    index.add(&EsimAndTraveller {
        traveller: Some(traveller),
        ..listed(1)
    });
    for words in ["garcia", "JOSÉ", "jose@", "suitcases dog", "group 7"] {
        assert_eq!(search(&mut index, words), [1], "{words}");
    }
    let by_name = EsimFilter {
        sort: EsimSort::Traveller,
        ..filter()
    };
    assert_eq!(find(&mut index, &by_name), [1, 2, 0]);
}

/// These names, in the order of a language.
fn named(language: Language, names: &[&str]) -> Vec<String> {
    let with_name = |(row, name): (i64, &&str)| EsimAndTraveller {
        traveller: Some(Traveller {
            name: (*name).to_owned(),
            ..Traveller::default()
        }),
        ..listed(row)
    };
    let mut index = EsimIndex::of((0..).zip(names).map(with_name));
    let by_name = EsimFilter {
        sort: EsimSort::Traveller,
        descending: false,
        ..filter()
    };
    // Asked before, in another order.
    find(&mut index, &by_name);
    index.speak(language);
    let rows = find(&mut index, &by_name);
    rows.into_iter()
        .map(|row| names[row as usize].to_owned())
        .collect()
}

#[test]
fn names_are_in_the_order_of_the_language() {
    let names = [
        "Zoe", "Øster", "olmo", "Łukasz", "Ñíguez", "Nuria", "Dang", "Đặng", "Group 10", "Group 9",
    ];
    let english = named(Language::En, &names);
    let order = [
        "Dang", "Đặng", "Group 9", "Group 10", "Łukasz", "Ñíguez", "Nuria", "olmo", "Øster", "Zoe",
    ];
    assert_eq!(english, order);
    let spanish = named(Language::Es, &names);
    assert_eq!(spanish[5..7], ["Nuria", "Ñíguez"]);
}

#[test]
fn references_are_in_the_order_of_their_numbers() {
    let with_reference = |(row, reference): (i64, &str)| {
        let mut one = listed(row);
        one.state.reference_id = Some(reference.to_owned());
        one
    };
    let mut index = EsimIndex::of(
        (0..)
            .zip(["TRIP-10", "trip-9", "TRIP-100", "TRIP-1"])
            .map(with_reference),
    );
    let by_reference = EsimFilter {
        sort: EsimSort::Reference,
        descending: false,
        ..filter()
    };
    assert_eq!(find(&mut index, &by_reference), [3, 1, 0, 2]);
}

#[test]
fn a_number_is_found_however_it_is_pasted() {
    let mut index = EsimIndex::of((0..3).map(listed));
    let traveller = Traveller {
        name: "Łukasz Groß".into(),
        contact: "+48 600 100 200".into(),
        ..Traveller::default()
    };
    index.add(&EsimAndTraveller {
        traveller: Some(traveller),
        ..listed(1)
    });
    for words in [
        "600100200",
        "600 100",
        "+48600100200",
        "lukasz gross",
        "ICCID: 8944-5001-0219-8304-821,",
        "\u{202a}8944500102198304821\u{202c}",
        "8944500102198304821F",
    ] {
        assert_eq!(search(&mut index, words), [1], "{words}");
    }
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
    let mut index = EsimIndex::of([
        with(0, Status::New, 200, 10 * day),
        with(1, Status::Activated, 50, 100 + day),
        with(2, Status::Activated, 50, 100 + 3 * day),
        with(3, Status::Expired, 10, 90),
        EsimAndTraveller {
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
    assert_eq!(find(&mut index, &statuses(&["NEW", "EXPIRED"])), [3, 0]);
    assert_eq!(find(&mut index, &statuses(&["UNKNOWN"])), [4]);
    let mut period = |period| {
        find(
            &mut index,
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
    assert_eq!(find(&mut index, &attention), [2]);
}

#[test]
fn rows_without_a_value_come_last_both_ways() {
    let mut one = listed(1);
    one.state.reference_id = None;
    let mut index = EsimIndex::of([listed(0), one, listed(2)]);
    let by = |descending| EsimFilter {
        sort: EsimSort::Reference,
        descending,
        ..filter()
    };
    assert_eq!(find(&mut index, &by(false)), [0, 2, 1]);
    assert_eq!(find(&mut index, &by(true)), [2, 0, 1]);
}

fn an_esim() -> impl Strategy<Value = EsimAndTraveller> {
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
            EsimAndTraveller {
                row,
                state,
                traveller,
            }
        })
}

fn a_filter() -> impl Strategy<Value = EsimFilter> {
    let sort = prop::sample::select(EsimSort::ALL);
    let period = prop::sample::select(vec![
        Period::NotStarted,
        Period::Running,
        Period::EndsToday,
        Period::EndsThisWeek,
        Period::Ended,
        Period::Unknown,
    ]);
    (
        "[a-cé]{0,2}( [a-c])?",
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
                happened: None,
                period,
                sort,
                descending,
            },
        )
}

/// What these are sorted by, told apart from the index: numbers first, then the text.
fn value(listed: &EsimAndTraveller, sort: EsimSort, letters: &Letters) -> Option<(f64, Box<[u8]>)> {
    let state = &listed.state;
    let number = |number: Option<i64>| number.map(|number| (number as f64, Box::default()));
    let id = |text: Option<&String>| {
        let text = text.filter(|text| !text.is_empty())?;
        Some((0.0, text.as_bytes().into()))
    };
    let text = |text: Option<&String>| {
        let text = text.filter(|text| !text.is_empty())?;
        Some((0.0, letters.key(text)))
    };
    match sort {
        EsimSort::LastEvent => number(state.last_event_at),
        EsimSort::StatusSince => number(state.status_since),
        EsimSort::Start => number(state.period_start),
        EsimSort::End => number(state.period_end),
        EsimSort::FirstActivated => number(state.first_activated_at),
        EsimSort::Events => number(Some(state.event_count)),
        EsimSort::DataLeft if state.usage.unlimited == Some(true) => {
            Some((f64::INFINITY, Box::default()))
        }
        EsimSort::DataLeft => state.usage.remaining_mb.map(|mb| (mb, Box::default())),
        EsimSort::Status => {
            let text = state.status_text();
            let place = Status::KNOWN.iter().position(|one| one.as_str() == text);
            place.map(|place| (place as f64, Box::default()))
        }
        EsimSort::Package => text(state.usage.package_name.as_ref()),
        EsimSort::Reference => text(state.reference_id.as_ref()),
        EsimSort::Iccid => id(state.iccid.as_ref()),
        EsimSort::EsimId => id(state.esim_id.as_ref()),
        EsimSort::Traveller => text(listed.traveller.as_ref().map(|one| &one.name)),
    }
}

/// The answer, found by looking at each eSIM and sorting all that match.
fn expected(
    all: &HashMap<i64, EsimAndTraveller>,
    filter: &EsimFilter,
    attention: &HashSet<i64>,
) -> Vec<i64> {
    let fits = |listed: &&EsimAndTraveller| {
        let state = &listed.state;
        let mut names = vec![&state.reference_id, &state.iccid, &state.esim_id];
        let name = listed.traveller.as_ref().map(|one| one.name.clone());
        names.push(&name);
        let texts = names.iter().filter_map(|name| name.as_deref());
        Search::of(&filter.search).finds(&SearchedText::of(texts))
            && (filter.statuses.is_empty()
                || filter.statuses.iter().any(|one| one == state.status_text()))
            && (!filter.attention || attention.contains(&listed.row))
            && filter
                .period
                .is_none_or(|period| period.fits(state.period_start, state.period_end, 100))
    };
    let mut found: Vec<&EsimAndTraveller> = all.values().filter(fits).collect();
    let letters = Letters::default();
    let value = |esim| value(esim, filter.sort, &letters);
    found.sort_by(|a, b| {
        let (one, other) = (value(a), value(b));
        let missing = one.is_none().cmp(&other.is_none());
        let order = one.partial_cmp(&other).unwrap().then(a.row.cmp(&b.row));
        missing.then(if filter.descending {
            order.reverse()
        } else {
            order
        })
    });
    found.into_iter().map(|listed| listed.row).collect()
}

proptest! {
    /// Whatever came, changed and went, the answer is that of looking at each eSIM.
    #[test]
    fn every_answer_is_that_of_looking_at_each_esim(
        steps in prop::collection::vec(
            (prop::collection::vec((an_esim(), any::<bool>()), 0..6), a_filter(), "[a-c]{0,2}"),
            1..12,
        ),
    ) {
        let attention = HashSet::from([1, 3, 5]);
        let mut kept = EsimIndex::default();
        let mut all: HashMap<i64, EsimAndTraveller> = HashMap::new();
        let mut asked: Option<EsimFilter> = None;
        for (changes, filter, typed) in steps {
            for (listed, stays) in changes {
                if stays {
                    kept.add(&listed);
                    all.insert(listed.row, listed);
                } else {
                    kept.remove(listed.row);
                    all.remove(&listed.row);
                }
            }
            prop_assert_eq!(kept.len(), all.len());
            // The question before, once more after the changes; another one; somebody types on.
            let on = EsimFilter { search: format!("{}{typed}", filter.search), ..filter.clone() };
            let turned = EsimFilter { descending: !on.descending, ..on.clone() };
            for question in asked.into_iter().chain([filter, on.clone(), turned]) {
                let found = rows(kept.find(&question, 100, &attention));
                prop_assert_eq!(found, expected(&all, &question, &attention), "{:?}", question);
            }
            asked = Some(on);
        }
    }
}

#[test]
fn few_changes_among_many_are_put_in_their_places() {
    let mut all: HashMap<i64, EsimAndTraveller> = (0..2000).map(|row| (row, listed(row))).collect();
    let mut index = EsimIndex::of((0..2000).map(listed));
    for (round, sort) in [EsimSort::LastEvent, EsimSort::Reference]
        .into_iter()
        .enumerate()
    {
        let filter = EsimFilter { sort, ..filter() };
        assert_eq!(
            find(&mut index, &filter),
            expected(&all, &filter, &HashSet::new())
        );
        for number in 0..50 {
            let mut one = listed(number * 7);
            one.state.last_event_at = (number % 9 != 0).then_some(5000 - number);
            one.state.reference_id = (number % 8 != 0).then(|| format!("Trip-{}", number % 5));
            index.add(&one);
            all.insert(one.row, one);
            index.remove(number * 11 + 1 + round as i64);
            all.remove(&(number * 11 + 1 + round as i64));
        }
        assert_eq!(
            find(&mut index, &filter),
            expected(&all, &filter, &HashSet::new())
        );
    }
}

#[test]
fn who_types_on_finds_among_what_was_found() {
    let mut index = EsimIndex::of((0..3000).map(listed));
    assert_eq!(search(&mut index, "482 12"), {
        let mut rows: Vec<i64> = (0..3000)
            .filter(|row| row.to_string().starts_with("12"))
            .collect();
        rows.reverse();
        rows
    });
    assert_eq!(search(&mut index, "482 123").len(), 11);
    assert_eq!(search(&mut index, "482 1234"), [1234]);
    assert_eq!(search(&mut index, "4821234 id-1234"), [1234]);
    assert_eq!(search(&mut index, "4821234 id-1235"), [0_i64; 0]);
    assert_eq!(search(&mut index, "482 123").len(), 11);
    index.remove(1234);
    assert_eq!(search(&mut index, "482 1234"), [0_i64; 0]);
}

#[test]
fn pages_follow_each_other() {
    let mut index = EsimIndex::of((0..250).map(listed));
    let filter = filter();
    let found = index.find(&filter, 100, &HashSet::new());
    let page = |skip| found.rows(skip, 100).collect::<Vec<i64>>();
    assert_eq!(found.total(), 250);
    assert_eq!((page(0)[0], page(100)[0], page(200).len()), (249, 149, 50));
    assert_eq!(page(1000), [0_i64; 0]);
}
