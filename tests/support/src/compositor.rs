//! Weston, a Wayland compositor, for the programs on a virtual desktop: with a keyboard and a pointer, or without.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, Keysym, MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::PATIENCE;
use crate::child::Running;
use crate::desktop::screen;
use crate::poll::eventually;
use crate::process::bound;

/// What the program's windows are on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compositor {
    /// The display that everything is on: none.
    #[default]
    None,
    /// One that draws in memory, and has neither keyboard nor pointer.
    WithoutHands,
    /// One with both, on a screen of its own.
    WithHands,
}

/// The name of the compositor's socket.
const SOCKET: &str = "wayland-of-tests";

/// `XK_Super_L`, `XK_Shift_L`, `XK_m` of X11's keysymdef.h.
const SUPER: Keysym = 0xffeb;
const SHIFT: Keysym = 0xffe1;
const M: Keysym = 0x6d;

const LEFT_BUTTON: u8 = 1;

/// The running compositor. Its parts end in the order in which they stand.
pub(crate) struct Weston {
    weston: Running,
    seat: Option<Seat>,
    screen: Option<Running>,
}

impl Weston {
    pub(crate) async fn start(
        hands: bool,
        size: (u32, u32),
        env: &[(String, String)],
        folder: &Path,
    ) -> Result<Weston> {
        let mut weston = bound("weston");
        weston.env_clear().envs(env.iter().cloned());
        let (screen, seat) = if hands {
            let (screen, display) = screen(size).await?;
            weston.env("DISPLAY", &display);
            weston.args(["--backend=x11-backend.so", "--use-pixman"]);
            (Some(screen), Some(Seat::on(&display)?))
        } else {
            weston.arg("--backend=headless-backend.so");
            (None, None)
        };
        weston.args([
            format!("--width={}", size.0),
            format!("--height={}", size.1),
        ]);
        weston.args(["--no-config".into(), format!("--socket={SOCKET}")]);
        let mut weston = Running::start(weston, false)?;
        let socket = folder.join("run").join(SOCKET);
        eventually(PATIENCE, "the compositor", async || {
            weston.ensure_running()?;
            ensure!(socket.exists(), "no socket yet\n{}", weston.log());
            Ok(())
        })
        .await?;
        Ok(Weston {
            weston,
            seat,
            screen,
        })
    }

    /// Keyboard and pointer.
    pub(crate) fn seat(&self) -> Result<&Seat> {
        self.seat.as_ref().context("a compositor without hands")
    }

    pub(crate) fn log(&self) -> String {
        let screen = self.screen.as_ref().map(Running::log);
        [self.weston.log(), screen.unwrap_or_default()].join("\n")
    }
}

/// The environment of a program that has the compositor, and no X server.
pub(crate) fn on_wayland(env: &[(String, String)]) -> Vec<(String, String)> {
    let of_x11 = ["DISPLAY", "XDG_SESSION_TYPE", "GDK_BACKEND"];
    let others = env
        .iter()
        .filter(|(name, _)| !of_x11.contains(&name.as_str()));
    let mut env: Vec<(String, String)> = others.cloned().collect();
    for (name, value) in [
        ("WAYLAND_DISPLAY", SOCKET),
        ("XDG_SESSION_TYPE", "wayland"),
        ("GDK_BACKEND", "wayland"),
    ] {
        env.push((name.to_owned(), value.to_owned()));
    }
    env
}

/// The keyboard and the pointer that the compositor has of the screen that it is on.
pub struct Seat {
    x: RustConnection,
    root: Window,
    /// The display that the compositor's screen is a window on.
    pub(crate) display: String,
}

impl Seat {
    fn on(display: &str) -> Result<Seat> {
        let (x, screen) = x11rb::connect(Some(display))?;
        let root = x.setup().roots.get(screen).context("no screen")?.root;
        let display = display.to_owned();
        Ok(Seat { x, root, display })
    }

    /// Clicks with the left button, so many pixels from the upper left corner of the screen.
    ///
    /// # Errors
    /// If the screen does not answer.
    pub fn click(&self, at: (i16, i16)) -> Result<()> {
        // The compositor follows each step of the pointer, from where it takes it to be: in the corner both agree.
        for place in [(i16::MAX, i16::MAX), (0, 0), at] {
            self.send(MOTION_NOTIFY_EVENT, 0, place)?;
        }
        self.send(BUTTON_PRESS_EVENT, LEFT_BUTTON, at)?;
        self.send(BUTTON_RELEASE_EVENT, LEFT_BUTTON, at)
    }

    /// Makes the window that has the keyboard as large as the screen, by Weston's own shortcut.
    ///
    /// # Errors
    /// If the screen does not answer.
    pub fn maximize(&self) -> Result<()> {
        let keys = [self.code(SUPER)?, self.code(SHIFT)?, self.code(M)?];
        for code in keys {
            self.send(KEY_PRESS_EVENT, code, (0, 0))?;
        }
        for code in keys.into_iter().rev() {
            self.send(KEY_RELEASE_EVENT, code, (0, 0))?;
        }
        Ok(())
    }

    /// The key that this is written on.
    fn code(&self, wanted: Keysym) -> Result<u8> {
        let (first, last) = (self.x.setup().min_keycode, self.x.setup().max_keycode);
        let keys = self.x.get_keyboard_mapping(first, last - first + 1)?;
        let keys = keys.reply()?;
        let mut each = keys.keysyms.chunks(keys.keysyms_per_keycode.into());
        let place = each.position(|symbols| symbols.contains(&wanted));
        let place = place.with_context(|| format!("no key for {wanted:#x}"))?;
        Ok(first + u8::try_from(place)?)
    }

    fn send(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> Result<()> {
        let sent = self.x.xtest_fake_input(kind, detail, 0, self.root, x, y, 0);
        Ok(sent?.check()?)
    }
}
