//! What becomes of each delivery, as the program's health tells it.

use std::sync::Arc;

use tokio::sync::watch;

use super::{Engine, storing};
use crate::catch_up::OnWrite;
use crate::health::{Health, StoreState};
use crate::listener;
use crate::provider::{self, Provider};
use crate::store::WriteError;

impl Engine {
    pub(super) fn on_refusal(&self) -> listener::OnRefusal {
        let (health, refusals) = (self.health.clone(), Arc::clone(&self.refusals));
        Arc::new(move |refusal| {
            refusals.add(refusal.clone());
            health.send_modify(|health| {
                health.refused_count = health.refused_count.saturating_add(1);
                health.last_refusal = Some(refusal);
            });
        })
    }

    /// Tells anew when the last delivery was received: the clock that noted it turned out to be wrong, or right.
    pub(super) fn tell_last_received(&self) {
        match self.readers().read(|store| store.last_received_at_ms()) {
            Ok(last) => self
                .health
                .send_modify(|health| health.last_received_at_ms = last),
            Err(error) => {
                tracing::warn!(%error, "when the last delivery came is told with the next")
            }
        }
    }

    pub(super) fn on_delivery(&self) -> listener::OnDelivery {
        let health = self.health.clone();
        Arc::new(move |provider: &dyn Provider, at_ms, stored| {
            health.send_if_modified(|health| match stored {
                Ok(()) => {
                    let known = health.last_received_at_ms.replace(at_ms);
                    let recovered = health.store != StoreState::Ok;
                    health.store = StoreState::Ok;
                    // Who watches need not wake up for each of a thousand deliveries in a second.
                    recovered
                        || known
                            .is_none_or(|known| known.div_euclid(1000) != at_ms.div_euclid(1000))
                }
                Err(reason) => {
                    health.store = storing::failing(provider, &reason);
                    true
                }
            });
        })
    }
}

/// What becomes of what a catch-up writes: it stores as a delivery does, and may be the only one for hours.
pub(super) fn on_write(health: watch::Sender<Health>) -> OnWrite {
    Arc::new(move |written| {
        let state = match written {
            Ok(()) => StoreState::Ok,
            // The program ends.
            Err(WriteError::Closed) => return,
            Err(reason) => storing::failing(provider::DEFAULT, reason),
        };
        health.send_if_modified(|health| {
            let changed = health.store != state;
            health.store = state;
            changed
        });
    })
}
