//! How the eSIMs of a run differ: each has a fate, and each fate turns up among any few of them.
//!
//! Decides when a life began and what was bought; what happens in between it must not know.

use rand::RngExt;
use rand::rngs::StdRng;

use super::esim::{DAY, HOUR};
use crate::deck::{Deck, pick};
use crate::package::{PACKAGES, Package};

/// How far an eSIM's life has come when the run begins, and how it ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// Sold and not installed: hours or weeks ago.
    #[default]
    Sold,
    /// On a device, not in use yet.
    Installed,
    /// On a device, its status not known.
    Unclear,
    /// Withdrawn before it was used.
    Withdrawn,
    /// In use, with days to go.
    InUse,
    /// In use, going on and off within seconds.
    Flapping,
    /// In use, its data gone.
    UsedUp,
    /// Not in use at the moment.
    Paused,
    /// In use, ending within a day.
    EndsSoon,
    /// In use, ending while the run goes on.
    EndsNow,
    /// Ran out.
    Over,
    /// Past its end, but the word of it never came.
    Unsaid,
    /// Withdrawn while in use.
    Revoked,
    /// Ran out, then removed from the device.
    Deleted,
}

impl Fate {
    /// A desk's mixture, each fate at least once in 20 eSIMs.
    pub(super) fn deck() -> Deck<Self> {
        Deck::new(&[
            (2, Self::Sold),
            (2, Self::Installed),
            (1, Self::Unclear),
            (1, Self::Withdrawn),
            (3, Self::InUse),
            (1, Self::Flapping),
            (1, Self::UsedUp),
            (1, Self::Paused),
            (1, Self::EndsSoon),
            (1, Self::EndsNow),
            (3, Self::Over),
            (1, Self::Unsaid),
            (1, Self::Revoked),
            (1, Self::Deleted),
        ])
    }

    /// What it bought: something that leaves room for its fate.
    pub(super) fn package(self, rng: &mut StdRng) -> Package {
        // Short ones where the whole period has to be told, so that endings are seen soon.
        let longest = match self {
            Self::Deleted | Self::Unsaid | Self::EndsNow | Self::UsedUp => 1,
            Self::EndsSoon => 3,
            Self::Over => pick(rng, &[1, 1, 3, 7]),
            _ => 30,
        };
        let fitting: Vec<Package> = PACKAGES
            .into_iter()
            .filter(|package| package.days <= longest)
            .filter(|package| self != Self::UsedUp || package.allowed.is_some())
            .collect();
        pick(rng, &fitting)
    }

    /// When it was first used, in seconds from the clock base.
    pub(super) fn start(self, rng: &mut StdRng, package: Package) -> Option<i64> {
        let length = package.days * DAY;
        match self {
            Self::Sold | Self::Installed | Self::Unclear | Self::Withdrawn => None,
            Self::InUse | Self::Flapping | Self::Paused | Self::Revoked => {
                Some(-rng.random_range(2 * HOUR..(length - 6 * HOUR).min(2 * DAY)))
            }
            // Late enough that twice the allowance would have been used at an even pace.
            Self::UsedUp => Some(-length * 7 / 10),
            Self::EndsSoon => Some(rng.random_range(HOUR..22 * HOUR) - length),
            Self::EndsNow => Some(rng.random_range(5..45) - length),
            Self::Over | Self::Unsaid | Self::Deleted => {
                Some(-rng.random_range(2 * HOUR..40 * HOUR) - length)
            }
        }
    }
}
