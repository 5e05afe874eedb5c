//! Data that is added and used up again before anybody hears that it was added.

use crate::calendar::{HOUR, MINUTE};
use crate::chance::Chance;

use super::life::Said;

/// What is told too late comes so long after the report that there is as little again.
const LATE: (i64, i64) = (12 * MINUTE, 100 * MINUTE);

pub struct Unheard {
    /// It is added as soon as no more than this is left, percent.
    little: f64,
    /// Percent of the package that is used in a second from then on.
    pub rate: f64,
    /// Of what is told too late: the first, and how much was left before.
    held: Option<(usize, f64)>,
    is_over: bool,
}

impl Unheard {
    pub fn of(chance: &mut Chance) -> Unheard {
        Unheard {
            little: chance.one_of(&[0.0, 15.0]),
            rate: 100.0 / (chance.between(8, 16) * HOUR) as f64,
            held: None,
            is_over: false,
        }
    }

    /// After a report of what was left at a time (UTC seconds), the last that was said. Gives whether data is added then.
    pub fn reported(&mut self, at: i64, left: f64, said: &mut [Said], chance: &mut Chance) -> bool {
        let last = said.len() - 1;
        match self.held {
            Some((first, was)) if !self.is_over && left <= was => {
                self.is_over = true;
                let comes = at + chance.between(LATE.0, LATE.1);
                let late = said[first..last].iter_mut();
                for late in late.filter(|said| said.left.is_some()) {
                    late.held_back_to = Some(comes + chance.between(0, 20));
                }
                false
            }
            None if left <= self.little => {
                self.held = Some((last + 1, left));
                true
            }
            _ => false,
        }
    }
}
