//! How long the list of eSIMs in memory takes, with 100,000 of them: reading it, a search, another order, a
//! page far down, and a question after one eSIM, or fifty, changed.
//!
//! What stands in the rows is asked of the store, which `desk_ui` measures together with everything else.

use std::collections::HashSet;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use esim_watch_core::esim::EsimState;
use esim_watch_core::event::Status;
use esim_watch_core::store::EsimAndTraveller;
use esim_watch_core::traveller::Traveller;
use esim_watch_desk::esim_list::{EsimFilter, EsimIndex, EsimSort};

const ESIMS: i64 = 100_000;
const PAGE: usize = 100;
const NOW: i64 = 1_764_230_400;

/// Spreads numbers as ids are spread: no two neighbours look alike.
fn spread(number: i64) -> u64 {
    number.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn listed(row: i64, events: i64) -> EsimAndTraveller {
    let many = spread(row);
    let mut state = EsimState {
        esim_id: Some(format!("{many:016x}-9d0b-0f5a6f3a9c11")),
        iccid: Some(format!("8944500{:012}", many % 1_000_000_000_000)),
        reference_id: Some(format!("TRIP-{}", row / 2)),
        status: Status::KNOWN.into_iter().nth((many % 9) as usize),
        status_since: Some(NOW - row),
        period_start: Some(NOW - row % 40 * 86_400),
        period_end: Some(NOW + (30 - row % 40) * 86_400),
        last_event_at: Some(NOW - (many % 10_000_000) as i64 + events),
        event_count: 10 + events,
        ..EsimState::default()
    };
    state.usage.package_name = Some("Europe 5 GB - 15 Days".to_owned());
    state.usage.remaining_mb = Some((many % 5_000) as f64);
    let traveller = (row % 3 != 0).then(|| Traveller {
        name: format!("José García {}", row % 5_000),
        contact: format!("traveller{row}@example.com"),
        note: "Window seat, arrives late".to_owned(),
        tags: vec![format!("Group {}", row % 50)],
        ..Traveller::default()
    });
    EsimAndTraveller {
        row,
        state,
        traveller,
    }
}

fn filter(search: &str, sort: EsimSort) -> EsimFilter {
    EsimFilter {
        search: search.to_owned(),
        sort,
        ..EsimFilter::default()
    }
}

/// Asks for a page, as the window does.
fn page(index: &mut EsimIndex, filter: &EsimFilter, skip: usize) -> (usize, Vec<i64>) {
    let found = index.find(filter, NOW, &HashSet::new());
    (found.total(), found.rows(skip, PAGE).collect())
}

fn questions(criterion: &mut Criterion) {
    let all: Vec<EsimAndTraveller> = (0..ESIMS).map(|row| listed(row, 0)).collect();
    let mut index = EsimIndex::of(all.iter().cloned());
    let mut group = criterion.benchmark_group("esim_list");
    group.sample_size(30);
    group.bench_function("read", |bencher| {
        bencher.iter(|| EsimIndex::of(black_box(all.iter().cloned())));
    });
    // In turns, so that none is found among what the one before found.
    for (name, searches) in [
        ("search: part of a number", ["30482", "71 946"]),
        ("search: one letter", ["a", "e"]),
        (
            "search: name and group",
            ["garcia 123 group", "jose 4321 late"],
        ),
        ("search: nothing found", ["zzzz", "no such name"]),
    ] {
        let searches = searches.map(|search| filter(search, EsimSort::LastEvent));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                searches
                    .each_ref()
                    .map(|search| page(&mut index, search, 0))
            });
        });
    }
    let sorts = [EsimSort::LastEvent, EsimSort::Reference].map(|sort| filter("", sort));
    group.bench_function("another order, and back", |bencher| {
        bencher.iter(|| sorts.each_ref().map(|sort| page(&mut index, sort, 0)));
    });
    let whole = filter("", EsimSort::LastEvent);
    group.bench_function("a page far down", |bencher| {
        bencher.iter(|| page(&mut index, &whole, 99_000));
    });
    for (name, changed) in [("one eSIM changed", 1), ("fifty eSIMs changed", 50)] {
        let mut turn = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                turn += 1;
                for number in 0..changed {
                    index.add(&listed((turn * 7_919 + number * 1_999) % ESIMS, turn));
                }
                page(&mut index, &whole, 0)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, questions);
criterion_main!(benches);
