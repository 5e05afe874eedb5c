//! How long an eSIM's state takes: one more event, which is what a delivery costs; and all of 500 events,
//! which is what a late one costs.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use esim_watch_core::esim::EsimState;
use esim_watch_core::event::Event;
use esim_watch_core::provider::parse;

fn event(second: i64) -> Event {
    let kind = if second % 2 == 0 { "status" } else { "usage" };
    let status = ["ACTIVATED", "INACTIVE"]
        .into_iter()
        .cycle()
        .nth(usize::try_from(second / 4).unwrap_or(0));
    let body = format!(
        r#"{{"event_category":"esim","event_type":"{kind}","data":{{"timestamp":{},"iccid":"8944500102198304826","esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"TRIP-1","start":1764230400,"end":1764835200,"status":"{}","package_name":"3 GB - 7 Days","usage_data":{{"isUnlimited":false,"allowed_data":3072,"remaining_data":{}}}}}}}"#,
        1_764_230_400 + second,
        status.unwrap_or("ACTIVATED"),
        3072 - second,
    );
    match parse(body.as_bytes()) {
        Ok(event) => event,
        Err(error) => unreachable!("this benchmark writes JSON: {error}"),
    }
}

fn states(criterion: &mut Criterion) {
    let history: Vec<Event> = (0..500).map(event).collect();
    let state = EsimState::fold(history.clone());
    let next = event(500);
    let mut group = criterion.benchmark_group("fold");
    group.bench_function("apply the next event", |bencher| {
        bencher.iter_batched_ref(
            || state.clone(),
            |state| {
                if state.is_next(black_box(&next)) {
                    state.apply(&next);
                }
            },
            BatchSize::SmallInput,
        );
    });
    // Newest first, so that sorting has something to do.
    let backwards: Vec<Event> = history.into_iter().rev().collect();
    group.bench_function("fold 500 events", |bencher| {
        bencher.iter_batched(|| backwards.clone(), EsimState::fold, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, states);
criterion_main!(benches);
