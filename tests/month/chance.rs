//! Chance, from a seed: the same one gives the same world on every machine.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// One stream of chance. Each part of a world has its own, so that a change of one moves no other.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    pub fn of(seed: u64, stream: u64) -> Chance {
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Chance(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// From the first up to, not including, the second.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        self.0.random_range(from..to.max(from + 1))
    }

    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100u32) < percent
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = self.between(0, i64::try_from(all.len()).unwrap());
        all[usize::try_from(place).unwrap()]
    }
}
