//! The system's clipboard.
//!
//! On Linux what draws the window has it: under Wayland only a program whose window has the focus may write to it,
//! unless the compositor has a protocol of its own for others, which several have not. Elsewhere tauri-plugin-clipboard-manager
//! knows the way.

use tauri::AppHandle;

/// What is copied.
pub struct Copied {
    /// As plain text.
    pub text: String,
    /// The same with its form, for programs that take it.
    pub html: Option<String>,
}

/// Puts it on the clipboard.
///
/// # Errors
/// The system's.
#[cfg(not(target_os = "linux"))]
pub async fn put(app: &AppHandle, copied: Copied) -> Result<(), String> {
    use tauri_plugin_clipboard_manager::ClipboardExt;

    let clipboard = app.clipboard();
    let written = match copied.html {
        Some(html) => clipboard.write_html(html, Some(copied.text)),
        None => clipboard.write_text(copied.text),
    };
    written.map_err(|error| error.to_string())
}

/// Puts it on the clipboard.
///
/// # Errors
/// The system's.
#[cfg(target_os = "linux")]
pub async fn put(app: &AppHandle, copied: Copied) -> Result<(), String> {
    let (reply, done) = tokio::sync::oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        // Nobody waits for it only while the program ends.
        let _ = reply.send(toolkit::put(copied));
    });
    asked.map_err(|error| error.to_string())?;
    done.await.map_err(|error| error.to_string())?
}

#[cfg(target_os = "linux")]
mod toolkit {
    use gtk::{Clipboard, TargetEntry, TargetFlags, gdk};

    use super::Copied;

    /// By what names programs ask for text, and for text with a form.
    const TEXT: [&str; 4] = [
        "text/plain;charset=utf-8",
        "UTF8_STRING",
        "text/plain",
        "STRING",
    ];
    const HTML: &str = "text/html";

    const IS_TEXT: u32 = 0;
    const IS_HTML: u32 = 1;

    /// On the main thread, the only one that may.
    pub(super) fn put(Copied { text, html }: Copied) -> Result<(), String> {
        // Without keyboard and mouse nobody has the focus, and GTK ends the program.
        if gdk::Display::default()
            .and_then(|display| display.default_seat())
            .is_none()
        {
            return Err("there is no keyboard and no mouse".to_owned());
        }
        let target = |name, what| TargetEntry::new(name, TargetFlags::empty(), what);
        let mut targets: Vec<TargetEntry> = TEXT.iter().map(|name| target(name, IS_TEXT)).collect();
        if html.is_some() {
            targets.push(target(HTML, IS_HTML));
        }
        let clipboard = Clipboard::get(&gdk::SELECTION_CLIPBOARD);
        let taken = clipboard.set_with_data(&targets, move |_, wanted, what| {
            let data = match (&html, what) {
                (Some(html), IS_HTML) => html,
                _ => &text,
            };
            wanted.set(&wanted.target(), 8, data.as_bytes());
        });
        if taken {
            Ok(())
        } else {
            Err("another program keeps it".to_owned())
        }
    }
}
