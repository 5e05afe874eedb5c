//! Chance, from a seed: each part of a world has a stream of its own, so that a change of one moves no other.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::deck::pick;

/// One stream of chance.
#[derive(Debug)]
pub(super) struct Chance(StdRng);

impl Chance {
    pub(super) fn of(seed: u64, stream: u64) -> Chance {
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Chance(StdRng::seed_from_u64(mixed))
    }

    /// From the first up to, not including, the second.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..to.max(from + 1))
    }

    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100u32) < percent
    }

    /// One of them, each as likely as the other; the default if there is none.
    pub(super) fn one_of<T: Copy + Default>(&mut self, all: &[T]) -> T {
        pick(&mut self.0, all)
    }

    /// So many digits, none of them zero.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| self.between(1, 10).to_string())
            .collect()
    }

    /// The stream itself, for what makes names.
    pub(super) fn stream(&mut self) -> &mut StdRng {
        &mut self.0
    }
}
