//! How long senders wait when 60 events come late, all of one eSIM that has 20,000 already, and an event of another eSIM
//! among them: all at once, or of three senders that take turns; until the last of them has its answer.

use std::sync::atomic::{AtomicI64, Ordering};

use criterion::{Criterion, criterion_group, criterion_main};
use esim_watch_core::store::{Delivery, Store, Writer};
use tokio::task::JoinSet;

const EVENTS: i64 = 20_000;
const BURST: i64 = 60;
const SENDERS: i64 = 3;
const NOW: i64 = 1_764_583_200;

fn delivery(esim: &str, at: i64) -> Delivery {
    let body = format!(
        r#"{{"event_category":"esim","event_type":"status","data":{{"timestamp":{at},"iccid":"89445001021983{esim}","esim_id":"{esim}","status":"ACTIVATED"}}}}"#
    );
    Delivery::of(body, NOW * 1000)
}

async fn deliver_all(writer: &Writer, deliveries: impl Iterator<Item = Delivery>) {
    let mut waiting = JoinSet::new();
    for delivery in deliveries {
        let writer = writer.clone();
        waiting.spawn(async move { writer.deliver(delivery).await });
    }
    while let Some(stored) = waiting.join_next().await {
        assert!(matches!(stored, Ok(Ok(_))), "every delivery is stored");
    }
}

fn bursts(criterion: &mut Criterion) {
    let (Ok(folder), Ok(runtime)) = (tempfile::tempdir(), tokio::runtime::Runtime::new()) else {
        unreachable!("this benchmark needs a folder and threads")
    };
    let Ok(store) = Store::open(folder.path(), |_| {}) else {
        unreachable!("this benchmark opens a new store")
    };
    // Every hundredth second, so that each burst finds seconds between them.
    let first = NOW - EVENTS * 100;
    let history = (0..EVENTS).map(|n| delivery("04826", first + n * 100));
    runtime.block_on(deliver_all(store.writer(), history));
    let next = AtomicI64::new(0);
    let mut group = criterion.benchmark_group("late");
    group.sample_size(10);
    group.bench_function("60 late events at once, of 20,000", |bencher| {
        bencher.iter(|| {
            let from = next.fetch_add(BURST, Ordering::Relaxed);
            let late = (from..from + BURST).map(|n| delivery("04826", first + n * 100 + 50));
            let other = std::iter::once_with(|| delivery("00023", NOW + from - EVENTS));
            runtime.block_on(deliver_all(store.writer(), late.chain(other)));
        });
    });
    group.bench_function(
        "60 late events of three senders by turns, of 20,000",
        |bencher| {
            bencher.iter(|| {
                let from = next.fetch_add(BURST, Ordering::Relaxed);
                runtime.block_on(async {
                    let mut senders = JoinSet::new();
                    for sender in 0..SENDERS {
                        let writer = store.writer().clone();
                        senders.spawn(async move {
                            for n in (from + sender..from + BURST).step_by(SENDERS as usize) {
                                let late = delivery("04826", first + n * 100 + 50);
                                assert!(writer.deliver(late).await.is_ok(), "it is stored");
                            }
                        });
                    }
                    while let Some(sent) = senders.join_next().await {
                        assert!(sent.is_ok(), "every sender sends all");
                    }
                });
            });
        },
    );
    group.finish();
    store.close();
}

criterion_group!(benches, bursts);
criterion_main!(benches);
