//! Shows notifications through tauri-plugin-notification: the way of Windows and macOS. It reports
//! clicks and buttons, and neither whether a notification was shown nor when it is gone.

use esim_watch_core::catalogue::Catalogue;
use esim_watch_desk::desktop::NotificationReason;
use esim_watch_desk::notice::{BUTTONS, NoticeEvent, ShownNotice};
use tauri::{AppHandle, Wry};
use tauri_plugin_notification::{Action, ActionType, NotificationExt};
use tokio::sync::mpsc;

/// The kind of notification that has buttons.
const WITH_BUTTONS: &str = "alert";

/// The way to the screen. Numbers the notifications.
pub struct PluginWay {
    app: AppHandle<Wry>,
    last: u32,
}

impl PluginWay {
    /// Tells `happened` of clicks from now on.
    pub fn start(
        app: &AppHandle,
        happened: mpsc::UnboundedSender<NoticeEvent>,
        catalogue: &Catalogue,
    ) -> PluginWay {
        let mut buttons = BUTTONS.to_vec();
        if cfg!(target_os = "macos") {
            // It shows them in a menu, and takes a click on the menu itself for the first one.
            buttons.insert(0, ("default", "notice.open"));
        }
        let buttons = buttons.into_iter();
        let actions = buttons.map(|(id, key)| Action::builder(id, catalogue.plain(key)).build());
        let kind = ActionType::builder(WITH_BUTTONS).actions(actions.collect());
        let notifications = app.notification();
        let registered = notifications
            .register_action_types(vec![kind.build()])
            .and_then(|()| {
                notifications.on_action(move |action| {
                    let id = action.notification().map(|shown| shown.id());
                    if let Some(id) = id.and_then(|id| u32::try_from(id).ok()) {
                        // Who hears of it is gone only while the program ends.
                        let _ =
                            happened.send(NoticeEvent::Acted(id, action.action_id().to_owned()));
                    }
                })
            });
        if let Err(error) = registered {
            tracing::error!(%error, "clicks on notifications will not be heard");
        }
        PluginWay {
            app: app.clone(),
            last: 0,
        }
    }

    /// The system is there as long as the program is.
    pub async fn look(&mut self) -> Result<(), NotificationReason> {
        Ok(())
    }

    /// It answers at once or not at all.
    pub fn hear_late(&mut self) -> Option<Result<(), NotificationReason>> {
        None
    }

    /// Shows a notice. Returns its number.
    pub async fn show(
        &mut self,
        notice: &ShownNotice,
        _: &Catalogue,
    ) -> Result<u32, NotificationReason> {
        // The plugin's numbers are positive and signed.
        self.last = (self.last + 1) % 0x7fff_ffff;
        let id = i32::try_from(self.last).unwrap_or_default();
        let builder = self.app.notification().builder().id(id);
        let mut builder = builder.title(&notice.title).body(&notice.body);
        if !notice.alerts.is_empty() {
            builder = builder.action_type_id(WITH_BUTTONS);
        }
        match builder.show() {
            Ok(()) => Ok(self.last),
            Err(error) => Err(NotificationReason::Failed(error.to_string())),
        }
    }
}
