//! How long it takes to read one delivery: every kind of sample, in the envelope it was written in, and
//! a status in both.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use esim_watch_core::provider::parse;

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../tests/samples/", $name, ".json")))),*]
    };
}

const SAMPLES: [(&str, &str); 9] = samples![
    "esim-status.flat",
    "esim-status.nested",
    "esim-usage.nested",
    "affiliate-order.nested",
    "partner-insufficient-balance.nested",
    "partner-low-balance.nested",
    "partner-top-up.nested",
    "refund-rejected.nested",
    "unknown-category.nested",
];

fn samples(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, body) in SAMPLES {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| parse(black_box(body.as_bytes())));
        });
    }
    group.finish();
}

criterion_group!(benches, samples);
criterion_main!(benches);
