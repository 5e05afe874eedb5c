//! The windows of a virtual desktop, as the X server and the window manager know them.

use anyhow::{Context, Result, bail, ensure};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::PATIENCE;
use crate::poll::eventually;

/// How much of a window can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It is on the screen.
    Open,
    /// It is in the task bar only.
    Minimized,
    /// It is nowhere.
    Hidden,
}

/// Reaches the windows of one display.
pub struct Windows {
    x: RustConnection,
    root: Window,
}

impl Windows {
    pub(crate) fn on(display: &str) -> Result<Self> {
        let (x, screen) = x11rb::connect(Some(display))?;
        let root = x.setup().roots.get(screen).context("no screen")?.root;
        Ok(Self { x, root })
    }

    /// Whether a window manager runs.
    pub(crate) fn are_managed(&self) -> Result<bool> {
        let check = self.atom("_NET_SUPPORTING_WM_CHECK")?;
        let property = self.property(self.root, check, AtomEnum::WINDOW.into())?;
        Ok(!property.is_empty())
    }

    /// How much of a window can be seen whose title ends with this.
    ///
    /// # Errors
    /// If the display does not answer.
    pub fn sight(&self, title: &str) -> Result<Sight> {
        // One that was never shown is not known here.
        let Ok(window) = self.find(title) else {
            return Ok(Sight::Hidden);
        };
        let attributes = self.x.get_window_attributes(window)?.reply()?;
        if attributes.map_state == MapState::VIEWABLE {
            return Ok(Sight::Open);
        }
        // The window manager's word: 3 is an icon.
        let state = self.atom("WM_STATE")?;
        let state = self.property(window, state, state)?;
        Ok(if state.first() == Some(&3) {
            Sight::Minimized
        } else {
            Sight::Hidden
        })
    }

    /// Awaits that so much of a window can be seen whose title ends with this.
    ///
    /// # Errors
    /// If it can't after [`PATIENCE`].
    pub async fn await_sight(&self, title: &str, wanted: Sight) -> Result<()> {
        let what = format!("a window {title:?} that is {wanted:?}");
        eventually(PATIENCE, &what, async || {
            let seen = self.sight(title)?;
            ensure!(seen == wanted, "it is {seen:?}");
            Ok(())
        })
        .await
    }

    /// Awaits a window with exactly this title.
    ///
    /// # Errors
    /// If there is none after [`PATIENCE`].
    pub async fn await_title(&self, title: &str) -> Result<()> {
        eventually(PATIENCE, &format!("a window {title:?}"), async || {
            let all = self.titled()?;
            ensure!(all.iter().any(|(_, text)| text == title), "{all:?}");
            Ok(())
        })
        .await
    }

    /// Closes a window, whose title ends with this, the way its frame's button does.
    ///
    /// # Errors
    /// If there is no such window.
    pub fn close(&self, title: &str) -> Result<()> {
        let window = self.find(title)?;
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        self.x
            .send_event(false, window, EventMask::NO_EVENT, message)?
            .check()?;
        Ok(())
    }

    /// The titles of all windows that can be closed.
    fn titled(&self) -> Result<Vec<(Window, String)>> {
        let (name, text) = (self.atom("_NET_WM_NAME")?, self.atom("UTF8_STRING")?);
        let protocols = self.atom("WM_PROTOCOLS")?;
        let mut windows = vec![self.root];
        let mut titled = Vec::new();
        while let Some(window) = windows.pop() {
            // One that is gone by now has no answers.
            let Ok(tree) = self.x.query_tree(window)?.reply() else {
                continue;
            };
            windows.extend(tree.children);
            let title = self.property(window, name, text)?;
            let closes = self.property(window, protocols, AtomEnum::ATOM.into())?;
            if !title.is_empty() && !closes.is_empty() {
                titled.push((window, String::from_utf8_lossy(&title).into_owned()));
            }
        }
        Ok(titled)
    }

    fn find(&self, title: &str) -> Result<Window> {
        let all = self.titled()?;
        match all.iter().find(|(_, text)| text.ends_with(title)) {
            Some((window, _)) => Ok(*window),
            None => bail!("no window {title:?}; there are {all:?}"),
        }
    }

    fn property(&self, window: Window, name: Atom, kind: Atom) -> Result<Vec<u8>> {
        let question = self.x.get_property(false, window, name, kind, 0, 1024)?;
        // A window that is gone by now has none.
        Ok(question
            .reply()
            .map(|property| property.value)
            .unwrap_or_default())
    }

    fn atom(&self, name: &str) -> Result<Atom> {
        Ok(self.x.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}
