//! What a person does to alerts.

use super::super::InboxError;
use super::AlertEngine;
use crate::alert::Subject;
use crate::store::{AlertState, AlertStep};

impl AlertEngine {
    /// Does what a person asked for, when the clock on the wall shows this (UTC milliseconds).
    ///
    /// # Errors
    /// [`InboxError`] if that can't be kept; then nothing was changed.
    pub async fn act(&mut self, step: AlertStep, now_ms: i64) -> Result<(), InboxError> {
        let believed_ms = self.time.believed(now_ms);
        let ahead_ms = now_ms.saturating_sub(believed_ms);
        let now_ms = believed_ms;
        let step = match step {
            // Whoever puts something off for an hour means an hour, whatever the clock on the wall shows.
            AlertStep::Snooze { ids, until } => AlertStep::Snooze {
                ids,
                until: until.saturating_sub(ahead_ms.div_euclid(1000)),
            },
            other => other,
        };
        let withdrawn = match &step {
            AlertStep::Acknowledge { ids, .. } | AlertStep::Snooze { ids, .. } => ids.clone(),
            AlertStep::Mute { esim, muted: true } => {
                let subject = Subject::Esim(*esim);
                self.open.of(&subject).map(|open| open.id).collect()
            }
            _ => Vec::new(),
        };
        let unmuted = match &step {
            AlertStep::Mute { esim, muted: false } => Some(*esim),
            _ => None,
        };
        let reload = match &step {
            AlertStep::Acknowledge { ids, .. }
            | AlertStep::Snooze { ids, .. }
            | AlertStep::Reopen { ids } => ids.clone(),
            _ => Vec::new(),
        };
        let reopens = matches!(step, AlertStep::Reopen { .. });
        self.writer.alerts(vec![step], now_ms).await?;
        self.revision = self.revision.wrapping_add(1);
        for id in withdrawn {
            self.notifier.withdraw(id);
        }
        if let Some(esim) = unmuted {
            self.offer_owed_of(esim, now_ms)?;
        }
        for id in reload {
            if let Some(alert) = self.readers.read(|store| store.alert(id))? {
                if reopens && self.is_owed(&alert) && !self.handed_out.contains(&id) {
                    let waiting = self.waiting(&alert, now_ms);
                    self.notifier.offer(waiting, now_ms);
                }
                self.open.remove(id);
                if alert.state != AlertState::Cleared {
                    self.open.add(alert.into());
                }
            }
        }
        Ok(())
    }
}
