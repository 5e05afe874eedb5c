//! The real desktop program on a virtual desktop, driven through WebKit's WebDriver.
//!
//! The driver starts the program, as the protocol wants it, so what the program needs reaches it
//! through the driver's environment, and what it logs comes with the driver's log.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use fantoccini::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::PATIENCE;
use crate::child::Running;
use crate::desktop::VirtualDesktop;
use crate::dom::Spot;
use crate::hands::Screen;
use crate::poll::{answer, eventually};
use crate::process::{self, bound};

/// How the program is started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The program.
    pub bin: PathBuf,
    /// Its data directory.
    pub data_dir: PathBuf,
    /// Its port; none: the one in its settings.
    pub port: Option<u16>,
    /// The webhook secret from its environment; none: the one in its settings.
    pub secret: Option<String>,
    /// Further arguments.
    pub args: Vec<String>,
    /// Further variables of its environment.
    pub env: Vec<(String, String)>,
    /// A certificate to trust, in PEM; none: those of the system.
    pub trust: Option<PathBuf>,
}

/// The running program with its window.
pub struct Desk {
    pub(crate) client: Client,
    driver: Running,
    program: PathBuf,
}

impl Desk {
    /// Starts the program and awaits its window, not what is in it.
    ///
    /// # Errors
    /// If it does not start or opens no window; the message holds its log.
    pub async fn start(launch: &Launch, desktop: &VirtualDesktop) -> Result<Self> {
        let port = free_port()?;
        let mut command = bound("WebKitWebDriver");
        command.env_clear().envs(desktop.env().iter().cloned());
        command
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1");
        command
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.env("ESIM_WATCH_DATA_DIR", &launch.data_dir);
        if let Some(port) = launch.port {
            command.env("ESIM_WATCH_PORT", port.to_string());
        }
        if let Some(secret) = &launch.secret {
            command.env("ESIM_WATCH_WEBHOOK_SECRET", secret);
        }
        command.envs(launch.env.iter().cloned());
        if let Some(trust) = &launch.trust {
            command.env("SSL_CERT_FILE", trust);
        }
        let mut driver = Running::start(command, false)?;
        eventually(PATIENCE, "the WebDriver", async || {
            driver.ensure_running()?;
            tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            Ok(())
        })
        .await?;
        let session = tokio::time::timeout(PATIENCE, session(port, launch)).await;
        let session = session.context("the program opened no window").flatten();
        let client = session.with_context(|| driver.log())?;
        let program = launch.bin.clone();
        Ok(Self {
            client,
            driver,
            program,
        })
    }

    /// Awaits that the window shows its first picture of the store.
    ///
    /// # Errors
    /// If it does not after [`PATIENCE`].
    pub async fn ready(&self) -> Result<()> {
        self.await_attribute(Spot::css("html"), "data-ready", "true")
            .await
    }

    /// The address on this computer that deliveries are posted to, as the Connection screen shows it.
    /// Leads back to the Today screen.
    ///
    /// # Errors
    /// If the screen shows none after [`PATIENCE`].
    pub async fn hook_url(&self) -> Result<String> {
        let script = r"const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const url = /^http:[/][/]127[.]0[.]0[.]1:[0-9]+[/]hooks[/][^ ]+$/
                    .exec(texts.currentNode.data.trim());
                if (url !== null) return url[0];
            }
            return null";
        self.go(Screen::Connection).await?;
        let url = eventually(
            PATIENCE,
            "the address on the Connection screen",
            async || {
                let url = self.script(script, vec![]).await?;
                let seen = self.text(Spot::css("main")).await?;
                url.as_str()
                    .map(str::to_owned)
                    .with_context(|| format!("it says {seen}"))
            },
        )
        .await?;
        self.go(Screen::Today).await?;
        Ok(url)
    }

    /// Awaits that nothing moves or fades any more and that the fonts are there: what is seen from
    /// then on stays.
    ///
    /// # Errors
    /// If something still moves after [`PATIENCE`].
    pub async fn at_rest(&self) -> Result<()> {
        let script = "return document.fonts.status === 'loaded' && document.getAnimations()
            .every(({ playState, effect }) => playState !== 'running'
                || effect.getComputedTiming().endTime === Infinity)";
        eventually(PATIENCE, "a window at rest", async || {
            ensure!(
                self.script(script, vec![]).await? == true,
                "something moves"
            );
            Ok(())
        })
        .await
    }

    /// Sets the size of the window's content in pixels.
    ///
    /// # Errors
    /// If the window does not take it.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        answer(
            "the size of the window",
            self.client.set_window_rect(0, 0, width, height),
        )
        .await?;
        eventually(
            PATIENCE,
            &format!("a window of {width} × {height}"),
            async || {
                let size = self
                    .script("return [innerWidth, innerHeight]", vec![])
                    .await?;
                ensure!(size == json!([width, height]), "it is {size}");
                Ok(())
            },
        )
        .await
    }

    /// Ends the program the way a power cut would, and awaits that nothing of it is left.
    ///
    /// # Errors
    /// If something is left of it.
    pub async fn kill(&mut self) -> Result<()> {
        self.driver.kill();
        eventually(PATIENCE, "the end of the program", async || {
            ensure!(
                !self.driver.has_descendants(),
                "some of its processes are there"
            );
            Ok(())
        })
        .await
    }

    /// Asks the program to end as the system does when somebody logs out.
    ///
    /// # Errors
    /// If the program is not there.
    pub fn ask_to_end(&self) -> Result<()> {
        let folder = self.driver.process_of(&self.program);
        let folder = folder.with_context(|| format!("no program\n{}", self.log()))?;
        let id = folder.file_name().and_then(|name| name.to_str());
        crate::process::ask_to_end(id.context("no process")?.parse()?)
    }

    /// Awaits that the program has ended by itself; its driver may still be there.
    ///
    /// # Errors
    /// If it has not after [`PATIENCE`].
    pub async fn ended(&self) -> Result<()> {
        eventually(PATIENCE, "the end of the program", async || {
            let process = self.driver.process_of(&self.program);
            ensure!(process.is_none(), "it is there\n{}", self.log());
            Ok(())
        })
        .await
    }

    /// The shared libraries that the program has loaded, and other files it has in memory.
    ///
    /// # Errors
    /// If the program is not there.
    pub fn libraries(&self) -> Result<String> {
        let folder = self.driver.process_of(&self.program);
        let folder = folder.with_context(|| format!("no program\n{}", self.log()))?;
        Ok(std::fs::read_to_string(folder.join("maps"))?)
    }

    /// When the program's process started, to a hundredth of a second.
    ///
    /// # Errors
    /// If the program is not there.
    pub fn started_at(&self) -> Result<SystemTime> {
        let folder = self.driver.process_of(&self.program);
        let folder = folder.with_context(|| format!("no program\n{}", self.log()))?;
        // Field 22 of the line, of which the name is the second: hundredths of a second since the start
        // of the system (proc_pid_stat(5); Linux has counted in hundredths for ever).
        let stat = std::fs::read_to_string(folder.join("stat"))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after_name
            .split_whitespace()
            .nth(19)
            .context("no start time")?;
        let uptime = std::fs::read_to_string("/proc/uptime")?;
        let now = SystemTime::now();
        let up: f64 = uptime
            .split_whitespace()
            .next()
            .context("no uptime")?
            .parse()?;
        let age = up - ticks.parse::<f64>()? / 100.0;
        Ok(now - Duration::try_from_secs_f64(age)?)
    }

    /// What the process that draws the window has in memory, in kB, shared pages included: its part of those would
    /// depend on who else runs.
    ///
    /// # Errors
    /// If there is no such process.
    pub fn web_process_memory(&self) -> Result<u64> {
        let process = self.driver.process_of(Path::new("WebKitWebProcess"));
        let process = process.with_context(|| format!("no web process\n{}", self.log()))?;
        let memory = std::fs::read_to_string(process.join("smaps_rollup"))?;
        let resident = memory.lines().find_map(|line| line.strip_prefix("Rss:"));
        let kb = resident.and_then(|resident| resident.split_whitespace().next());
        Ok(kb.context("no figure for the memory")?.parse()?)
    }

    /// Suspends the program for so long, as a sleeping computer does: meanwhile it computes nothing and hears
    /// nothing, and afterwards its clocks have jumped.
    ///
    /// # Errors
    /// If the program is not there.
    pub async fn suspend(&self, time: std::time::Duration) -> Result<()> {
        let folder = self.driver.process_of(&self.program);
        let folder = folder.with_context(|| format!("no program\n{}", self.log()))?;
        let number = folder
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let number = number.context("no process")?;
        process::suspend(number, true)?;
        let wakes = tokio::time::Instant::now() + time;
        tokio::time::sleep_until(wakes).await;
        process::suspend(number, false)
    }

    /// What the program and its driver logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.driver.log()
    }
}

impl Launch {
    /// Starts the program once more beside the one that runs, without a driver, and awaits that it
    /// ends, as a second start is to.
    ///
    /// # Errors
    /// If it does not end, or not with success.
    pub async fn start_again(&self, desktop: &VirtualDesktop, args: &[&str]) -> Result<()> {
        let mut command = bound(&self.bin);
        command.env_clear().envs(desktop.env().iter().cloned());
        command
            .env("ESIM_WATCH_DATA_DIR", &self.data_dir)
            .args(args);
        let mut second = Running::start(command, false)?;
        let status = second.ended(PATIENCE).await?;
        ensure!(status.success(), "ended with {status}\n{}", second.log());
        Ok(())
    }
}

async fn session(port: u16, launch: &Launch) -> Result<Client> {
    let options = json!({ "binary": launch.bin, "args": launch.args });
    let capabilities: Map<String, Value> = [("webkitgtk:browserOptions".to_owned(), options)]
        .into_iter()
        .collect();
    let url = format!("http://127.0.0.1:{port}");
    let connector = HttpConnector::new();
    let client = Client::with_capabilities_and_connector(&url, &capabilities, connector).await?;
    Ok(client)
}

/// A port on which nothing listens, that no other test of this process is given, and that the system
/// does not hand out by itself.
///
/// # Errors
/// If there is none.
pub fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run at the same time start at different places.
    let start = u16::try_from(std::process::id() % 97)? * 100;
    for _ in 0..10_000 {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port between 20000 and 30000")
}
