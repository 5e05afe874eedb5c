//! How long a signature takes to check: over a status, a usage report, and the largest bodies that
//! anybody would send.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use esim_watch_core::provider::{Authentic, DEFAULT, sign};
use esim_watch_core::secret::Secret;

const SECRET: &str = "whsec_5Zq0kq8s9uY2nV7c";
const STATUS: &str = include_str!("../tests/samples/esim-status.nested.json");
const USAGE: &str = include_str!("../tests/samples/esim-usage.nested.json");

fn bodies(criterion: &mut Criterion) {
    let large = "x".repeat(200_000);
    let secrets: Vec<Secret> = Secret::new(SECRET).into_iter().collect();
    let mut group = criterion.benchmark_group("verify");
    for (name, body) in [("status", STATUS), ("usage", USAGE), ("200 kB", &large)] {
        let signature = sign(SECRET, body.as_bytes());
        let header = |_: &str| Some(signature.as_bytes());
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || black_box(body.as_bytes().to_vec()),
                |body| Authentic::check(DEFAULT, &header, body, &secrets),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, bodies);
criterion_main!(benches);
