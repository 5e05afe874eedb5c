//! Questions of the window about tray.

use crate::Desk;
use crate::desktop::NotificationState;
use crate::tray::TrayContent;
use tokio::sync::watch;

impl Desk {
    /// What the tray shows, now and whenever that changes. Without an inbox the program could not start.
    pub fn tray_content(
        &self,
        mut notifications: watch::Receiver<NotificationState>,
    ) -> watch::Receiver<TrayContent> {
        let mut language = self.spoken.subscribe();
        let (told, content) = watch::channel(TrayContent {
            deaf: !self.has_started(),
            language: *language.borrow(),
            ..TrayContent::default()
        });
        let Some(inbox) = self.open_inbox() else {
            return content;
        };
        let mut inbox = inbox.summary();
        tokio::spawn(async move {
            loop {
                let new = TrayContent::of(
                    &inbox.borrow_and_update(),
                    &notifications.borrow_and_update(),
                    *language.borrow_and_update(),
                );
                told.send_if_modified(|known| {
                    let changed = *known != new;
                    *known = new;
                    changed
                });
                tokio::select! {
                    Ok(()) = inbox.changed() => {}
                    Ok(()) = notifications.changed() => {}
                    Ok(()) = language.changed() => {}
                    else => return,
                }
            }
        });
        content
    }
}
