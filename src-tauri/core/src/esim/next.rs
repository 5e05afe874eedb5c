//! What comes next for an eSIM, or what a desk should do about it.

use super::EsimState;
use crate::event::Status;

/// Time before the end from which on a new package should be offered, in seconds.
const SOON_SECONDS: i64 = 86_400;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The traveller installs it.
    Install,
    /// Its period has begun and it is not on a device: somebody should ask.
    AskToInstall,
    /// It is on a device, its period has not begun.
    AwaitStart,
    /// It is used for the first time.
    Use,
    /// Nothing; it works.
    Nothing,
    /// It connects again by itself, where there is a network.
    Reconnects,
    /// Its data is nearly or wholly used up: more should be offered.
    OfferData,
    /// It ends soon or has ended: a new package should be offered if the trip goes on.
    OfferPackage,
    /// It was withdrawn: a replacement should be offered, or its provider asked.
    OfferReplacement,
    /// It was to end and nothing said that it did, or its status is not known: its provider should be asked.
    AskProvider,
    /// It was in use and its provider no longer has it: only the provider can say what became of it.
    AskWhatBecame,
}

impl NextStep {
    /// This one, or what there is to do where the provider no longer has the eSIM although it was not over.
    #[must_use]
    pub fn unless_gone(self, is_gone: bool) -> NextStep {
        match is_gone {
            true => NextStep::AskWhatBecame,
            false => self,
        }
    }

    /// What comes next at `now` (UTC seconds). `low_percent`: how much of the data is little.
    #[must_use]
    pub fn of(state: &EsimState, now: i64, low_percent: u32) -> NextStep {
        let state = &*state.as_of(now);
        let begun = state.period_start.is_some_and(|start| start <= now);
        let ended = state.period_end.is_some_and(|end| end <= now);
        let ends_soon = state
            .period_end
            .is_some_and(|end| end > now && end <= now + SOON_SECONDS && !state.goes_on_after(end));
        let low = state.usage.is_low(low_percent);
        match state.status.as_ref().unwrap_or(&Status::Unknown) {
            Status::Revoked => NextStep::OfferReplacement,
            Status::Expired => NextStep::OfferPackage,
            Status::Deleted => NextStep::Nothing,
            Status::Unknown | Status::Other(_) => NextStep::AskProvider,
            _ if ended => NextStep::AskProvider,
            Status::New | Status::Ready | Status::Downloaded if begun => NextStep::AskToInstall,
            Status::New | Status::Ready | Status::Downloaded => NextStep::Install,
            Status::Installed if begun => NextStep::Use,
            Status::Installed => NextStep::AwaitStart,
            Status::Activated | Status::Inactive if low => NextStep::OfferData,
            Status::Activated | Status::Inactive if ends_soon => NextStep::OfferPackage,
            Status::Activated => NextStep::Nothing,
            Status::Inactive => NextStep::Reconnects,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Usage;

    const NOW: i64 = 1_000_000;
    const DAY: i64 = 86_400;

    fn next(status: Status, start: i64, end: i64, left: Option<f64>) -> NextStep {
        let state = EsimState {
            status: Some(status),
            period_start: Some(NOW + start),
            period_end: Some(NOW + end),
            usage: Usage {
                allowed_mb: Some(1000.0),
                remaining_mb: left,
                ..Usage::default()
            },
            ..EsimState::default()
        };
        NextStep::of(&state, NOW, 20)
    }

    #[test]
    fn what_comes_next_follows_from_status_period_and_data() {
        for (status, start, end, left, expected) in [
            (Status::New, DAY, 8 * DAY, None, NextStep::Install),
            (Status::Ready, -1, 8 * DAY, None, NextStep::AskToInstall),
            (Status::Installed, DAY, 8 * DAY, None, NextStep::AwaitStart),
            (Status::Installed, -1, 8 * DAY, None, NextStep::Use),
            (
                Status::Activated,
                -1,
                8 * DAY,
                Some(900.0),
                NextStep::Nothing,
            ),
            (
                Status::Activated,
                -1,
                8 * DAY,
                Some(100.0),
                NextStep::OfferData,
            ),
            (
                Status::Activated,
                -1,
                3600,
                Some(900.0),
                NextStep::OfferPackage,
            ),
            (
                Status::Activated,
                -1,
                -1,
                Some(900.0),
                NextStep::AskProvider,
            ),
            (Status::Inactive, -1, 8 * DAY, None, NextStep::Reconnects),
            (
                Status::Inactive,
                -1,
                8 * DAY,
                Some(0.0),
                NextStep::OfferData,
            ),
            (Status::Expired, -9, -1, Some(0.0), NextStep::OfferPackage),
            (
                Status::Revoked,
                -1,
                8 * DAY,
                None,
                NextStep::OfferReplacement,
            ),
            (Status::Deleted, -1, -1, None, NextStep::Nothing),
            (Status::Unknown, -1, 8 * DAY, None, NextStep::AskProvider),
        ] {
            assert_eq!(
                next(status.clone(), start, end, left),
                expected,
                "{status} {start} {end} {left:?}"
            );
        }
    }

    #[test]
    fn unlimited_data_is_never_low() {
        let mut state = EsimState {
            status: Some(Status::Activated),
            ..EsimState::default()
        };
        state.usage.unlimited = Some(true);
        state.usage.remaining_mb = Some(0.0);
        assert_eq!(NextStep::of(&state, NOW, 20), NextStep::Nothing);
        assert_eq!(
            NextStep::of(&EsimState::default(), NOW, 20),
            NextStep::AskProvider
        );
    }

    #[test]
    fn of_one_that_is_gone_only_its_provider_can_tell() {
        let next = NextStep::OfferData;
        assert_eq!(next.unless_gone(true), NextStep::AskWhatBecame);
        assert_eq!(next.unless_gone(false), next);
    }
}
