//! A desktop of its own for one test: display, session bus, notification server, home directory.
//!
//! Nothing of the machine's own desktop reaches the programs on it, and nothing of them gets out, so
//! any number of them run side by side, with or without a desktop around them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::PATIENCE;
use crate::child::Running;
use crate::compositor::{Compositor, Seat, Weston, on_wayland};
use crate::keyring::Keyring;
use crate::notifications::NotificationServer;
use crate::panel::{Frame, Parts};
use crate::poll::eventually;
use crate::process::bound;
use crate::tray::Tray;
use crate::windows::Windows;

/// What kind of desktop.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Width and height of the screen in pixels.
    pub size: (u32, u32),
    /// `LANG` of the programs on it.
    pub lang: String,
    /// What is around the windows.
    pub frame: Frame,
    /// The Wayland compositor that the program's windows are on, without a way to an X server. The panel and the
    /// notification server stay on a display of their own.
    pub compositor: Compositor,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            size: (1280, 800),
            lang: "en_US.UTF-8".into(),
            frame: Frame::None,
            compositor: Compositor::None,
        }
    }
}

/// A running desktop. Fields end in the order in which they stand.
pub struct VirtualDesktop {
    /// Its notification server.
    pub notifications: NotificationServer,
    frame: Parts,
    bus: Running,
    compositor: Option<Weston>,
    screen: Running,
    address: String,
    parts_env: Vec<(String, String)>,
    env: Vec<(String, String)>,
    folder: TempDir,
}

impl VirtualDesktop {
    /// Starts a desktop of 1280 × 800 pixels.
    ///
    /// # Errors
    /// If a part of it does not start.
    pub async fn start() -> Result<Self> {
        Self::with(&Setup::default()).await
    }

    /// Starts a desktop.
    ///
    /// # Errors
    /// If a part of it does not start.
    pub async fn with(setup: &Setup) -> Result<Self> {
        let folder = TempDir::with_prefix("desktop-")?;
        let (screen, display) = screen(setup.size).await?;
        let (bus, address) = session_bus(folder.path()).await?;
        let env = environment(setup, folder.path(), &display, &address)?;
        let hands = match setup.compositor {
            Compositor::None => None,
            Compositor::WithoutHands => Some(false),
            Compositor::WithHands => Some(true),
        };
        let (compositor, of_programs) = if let Some(hands) = hands {
            let weston = Weston::start(hands, setup.size, &env, folder.path()).await?;
            (Some(weston), on_wayland(&env))
        } else {
            (None, env.clone())
        };
        let notifications = NotificationServer::start(&address, &env, folder.path()).await?;
        let mut desktop = Self {
            notifications,
            frame: Parts::default(),
            bus,
            compositor,
            screen,
            address,
            parts_env: env,
            env: of_programs,
            folder,
        };
        desktop.put_up(setup.frame).await?;
        Ok(desktop)
    }

    /// Starts what is not there yet of `frame`.
    ///
    /// # Errors
    /// If a part of it does not start.
    pub async fn put_up(&mut self, frame: Frame) -> Result<()> {
        let (tray, windows) = (self.tray().await?, self.windows()?);
        self.frame
            .open(frame, &self.parts_env, &tray, &windows)
            .await
    }

    /// Ends the panel the way a crash would.
    pub fn close_panel(&mut self) {
        self.frame.close_panel();
    }

    /// The tray of the panel.
    ///
    /// # Errors
    /// If the session bus can't be reached.
    pub async fn tray(&self) -> Result<Tray> {
        Tray::on(self.variable("DBUS_SESSION_BUS_ADDRESS")?).await
    }

    /// The windows on the screen.
    ///
    /// # Errors
    /// If the display can't be reached.
    pub fn windows(&self) -> Result<Windows> {
        Windows::on(self.variable("DISPLAY")?)
    }

    /// The keyboard and the pointer of the compositor.
    ///
    /// # Errors
    /// If there is none that has them.
    pub fn seat(&self) -> Result<&Seat> {
        let compositor = self.compositor.as_ref().context("no compositor")?;
        compositor.seat()
    }

    /// What lies on the clipboard of the compositor, as another program gets it that has no way but the keyboard's focus.
    ///
    /// # Errors
    /// If there is no text.
    pub fn pasted(&self) -> Result<String> {
        let mut paste = Command::new("wl-paste");
        paste.env_clear().envs(self.env.iter().cloned());
        let output = paste.arg("--no-newline").output();
        let output = output.context("can't start wl-paste of wl-clipboard")?;
        let log = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "nothing is pasted: {log}");
        Ok(String::from_utf8(output.stdout)?)
    }

    fn variable(&self, name: &str) -> Result<&str> {
        let found = self.parts_env.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .with_context(|| format!("no {name}"))
    }

    /// The whole environment that the program under test gets on this desktop.
    #[must_use]
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// A program on this desktop's display, not started yet.
    #[must_use]
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(self.parts_env.iter().cloned());
        command
    }

    /// Saves a picture of the whole screen, notifications included. (The driver's own pictures of a
    /// window are of no use: WebKitGTK 2.50 does not answer the call for a Tauri window.)
    ///
    /// # Errors
    /// If ImageMagick's `import` can't take it.
    pub fn photograph(&self, png: &Path) -> Result<()> {
        let mut import = self.command("import");
        if let Ok(seat) = self.seat() {
            import.env("DISPLAY", &seat.display);
        }
        // Nothing in the file but the picture: the same screen gives the same bytes.
        import.args([
            "-window",
            "root",
            "-strip",
            "-define",
            "png:exclude-chunks=date,time",
        ]);
        let output = import
            .arg(png)
            .output()
            .context("can't start import of ImageMagick")?;
        let log = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "import ended with {}: {log}",
            output.status
        );
        Ok(())
    }

    /// Saves a picture of the whole screen once two in a row are the same: what a program has drawn
    /// is on the screen a moment later.
    ///
    /// # Errors
    /// If a picture can't be taken, or the screen does not come to rest within [`PATIENCE`].
    pub async fn photograph_at_rest(&self, png: &Path) -> Result<()> {
        let mut before = Vec::new();
        eventually(PATIENCE, "a screen at rest", async || {
            self.photograph(png)?;
            let picture = std::fs::read(png)?;
            let same = picture == before;
            before = picture;
            ensure!(same, "the last two pictures differ");
            Ok(())
        })
        .await
    }

    /// Starts a keyring on it; without, there is none. The next one has what an earlier one kept.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_keyring(&self) -> Result<Keyring> {
        Keyring::start(&self.address, &self.parts_env, self.folder.path()).await
    }

    /// The home directory of its user.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// What all of its parts logged so far.
    #[must_use]
    pub fn logs(&self) -> String {
        let compositor = self.compositor.as_ref().map(Weston::log);
        [
            compositor.unwrap_or_default(),
            self.screen.log(),
            self.bus.log(),
            self.notifications.log(),
            self.frame.log(),
        ]
        .join("\n")
    }
}

pub(crate) async fn screen((width, height): (u32, u32)) -> Result<(Running, String)> {
    let mut xvfb = bound("Xvfb");
    let size = format!("{width}x{height}x24");
    xvfb.args(["-displayfd", "1", "-screen", "0", &size]);
    xvfb.args(["-nolisten", "tcp", "-noreset", "-dpi", "96"]);
    let mut xvfb = Running::start(xvfb, true)?;
    let number = xvfb.line(PATIENCE).await?;
    Ok((xvfb, format!(":{number}")))
}

/// A bus that starts no services: what is not started here is not there.
async fn session_bus(folder: &Path) -> Result<(Running, String)> {
    let config = folder.join("session.conf");
    let socket = folder.join("bus");
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    );
    std::fs::write(&config, text)?;
    let mut daemon = bound("dbus-daemon");
    daemon
        .arg("--config-file")
        .arg(&config)
        .args(["--nofork", "--nopidfile", "--print-address=1"]);
    let mut daemon = Running::start(daemon, true)?;
    let address = daemon.line(PATIENCE).await?;
    Ok((daemon, address))
}

fn environment(
    setup: &Setup,
    folder: &Path,
    display: &str,
    address: &str,
) -> Result<Vec<(String, String)>> {
    let mut env: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: &str| env.push((name.into(), value.into()));
    for (name, place) in [
        ("HOME", "home"),
        ("XDG_CONFIG_HOME", "home/.config"),
        ("XDG_DATA_HOME", "home/.local/share"),
        ("XDG_STATE_HOME", "home/.local/state"),
        ("XDG_CACHE_HOME", "home/.cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        let place = folder.join(place);
        std::fs::create_dir_all(&place)?;
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o700))?;
        set(name, &place.to_string_lossy());
    }
    for (name, value) in [
        ("DISPLAY", display),
        ("DBUS_SESSION_BUS_ADDRESS", address),
        ("LANG", &setup.lang),
        ("TZ", "UTC"),
        ("XDG_SESSION_TYPE", "x11"),
        ("GDK_BACKEND", "x11"),
        // No settings of the machine's user, no accessibility bus, no virtual file systems.
        ("GSETTINGS_BACKEND", "memory"),
        ("GIO_USE_VFS", "local"),
        ("NO_AT_BRIDGE", "1"),
        ("GTK_A11Y", "none"),
        // No graphics card: the fast way of drawing in software.
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ("RUST_BACKTRACE", "1"),
    ] {
        set(name, value);
    }
    // The programs are found, and are as talkative, as for whoever runs the tests.
    for name in ["PATH", "LD_LIBRARY_PATH", "RUST_LOG"] {
        if let Ok(value) = std::env::var(name) {
            set(name, &value);
        }
    }
    Ok(env)
}
