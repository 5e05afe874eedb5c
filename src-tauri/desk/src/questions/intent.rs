//! Questions of the window about intent.

use crate::Desk;
use crate::feed::Place;
use crate::intent::{Intent, Remainder, act, place_of};

impl Desk {
    /// Carries out what a person asks for. Without an inbox, as far as none is needed.
    pub async fn carry_out(&self, intent: Intent) -> Remainder {
        match (intent, self.open_inbox()) {
            (Intent::Quit, _) => Remainder::Quit,
            (Intent::Show, _) => Remainder::Show,
            (Intent::Open(place), _) => {
                self.feed.open(place);
                Remainder::Show
            }
            (Intent::OpenAlert(id), Some(inbox)) => {
                self.feed.open(place_of(id, inbox));
                Remainder::Show
            }
            (intent, Some(inbox)) => match act(intent, inbox, &self.language.locale().zone).await {
                Ok(()) => Remainder::Nothing,
                Err(error) => {
                    tracing::error!(%error, "an alert could not be changed");
                    // The window shows how things are, and can be asked again.
                    self.feed.open(Place::Alerts);
                    Remainder::Show
                }
            },
            (_, None) => Remainder::Show,
        }
    }
}
