//! The whole scene of one test: a desktop, a data directory, the program. What it looked like is
//! kept when a test fails.

use std::path::PathBuf;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::desk::{Desk, Launch, free_port};
use crate::desktop::{Setup, VirtualDesktop};
use crate::sender::Sender;

/// What a test starts with.
#[derive(Debug, Clone)]
pub struct Play {
    /// The desktop program.
    pub bin: PathBuf,
    /// The desktop.
    pub desktop: Setup,
    /// Where the data is, below a folder of the test's own; `data` unless told otherwise.
    pub data_dir: PathBuf,
    /// The webhook secret in the program's environment.
    pub secret: Option<String>,
    /// Further arguments of the program.
    pub args: Vec<String>,
    /// Further variables of the program's environment.
    pub env: Vec<(String, String)>,
    /// A certificate that the program trusts, in PEM; none: those of the system.
    pub trust: Option<PathBuf>,
    /// Whether the port comes from the environment (a free one) or from the program's settings.
    pub own_port: bool,
    /// Where pictures of failed tests are saved.
    pub pictures: PathBuf,
    /// Runs in the test's folder before the program starts.
    pub before: fn(&std::path::Path) -> Result<()>,
}

impl Play {
    /// The usual: a free port, a secret, an empty data directory.
    #[must_use]
    pub fn of(bin: impl Into<PathBuf>, pictures: impl Into<PathBuf>) -> Self {
        Self {
            bin: bin.into(),
            desktop: Setup::default(),
            data_dir: "data".into(),
            secret: Some("a secret of the tests".into()),
            args: Vec::new(),
            env: Vec::new(),
            trust: None,
            own_port: true,
            pictures: pictures.into(),
            before: |_| Ok(()),
        }
    }
}

/// A running program and all around it. Fields end in the order in which they stand.
pub struct Stage {
    /// The program.
    pub desk: Desk,
    /// The desktop that it is on.
    pub desktop: VirtualDesktop,
    launch: Launch,
    folder: TempDir,
    pictures: PathBuf,
}

impl Stage {
    /// Starts everything, and awaits the program's window.
    ///
    /// # Errors
    /// If something does not start.
    pub async fn open(play: &Play) -> Result<Self> {
        let folder = TempDir::with_prefix("stage-")?;
        (play.before)(folder.path())?;
        let desktop = VirtualDesktop::with(&play.desktop).await?;
        let launch = Launch {
            bin: play.bin.clone(),
            data_dir: folder.path().join(&play.data_dir),
            port: if play.own_port {
                Some(free_port()?)
            } else {
                None
            },
            secret: play.secret.clone(),
            args: play.args.clone(),
            env: play.env.clone(),
            trust: play.trust.clone(),
        };
        let desk = Desk::start(&launch, &desktop).await?;
        Ok(Self {
            desk,
            desktop,
            launch,
            folder,
            pictures: play.pictures.clone(),
        })
    }

    /// A sender of signed deliveries to the program, once its window is ready.
    ///
    /// # Errors
    /// If the window does not become ready or shows no address.
    pub async fn sender(&self) -> Result<Sender> {
        self.desk.ready().await?;
        Sender::new(self.desk.hook_url().await?, self.launch.secret.as_deref())
    }

    /// Ends the program the way a power cut would and starts it again on the same data.
    ///
    /// # Errors
    /// If it does not end or start.
    pub async fn restart(&mut self) -> Result<()> {
        self.desk.kill().await?;
        self.desk = Desk::start(&self.launch, &self.desktop).await?;
        Ok(())
    }

    /// How the program was started.
    #[must_use]
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// The folder of this test, which its data directory is in.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// All that can be told of a failure: logs, what the window says, a picture of the screen.
    async fn report(&self) -> String {
        let says = self.desk.text(crate::Spot::css("body")).await;
        format!("the window says: {says:?}\n{}", self.evidence())
    }

    fn evidence(&self) -> String {
        let test = std::thread::current()
            .name()
            .unwrap_or("unnamed")
            .replace("::", "-");
        let png = self.pictures.join(format!("{test}.png"));
        let picture = std::fs::create_dir_all(&self.pictures)
            .map_err(anyhow::Error::from)
            .and_then(|()| self.desktop.photograph(&png));
        let picture = match picture {
            Ok(()) => format!("picture of the screen: {}", png.display()),
            Err(error) => format!("no picture of the screen: {error:#}"),
        };
        format!("{}\n{}\n{picture}", self.desk.log(), self.desktop.logs())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tell(&self.evidence());
        }
    }
}

/// Opens a stage, plays a test on it, and tells all about it if it fails.
///
/// # Errors
/// Those of the test, with the evidence.
pub fn play(play: &Play, test: impl AsyncFnOnce(&mut Stage) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut stage = Stage::open(play).await.context("the stage")?;
        let result = test(&mut stage).await;
        if result.is_err() {
            tell(&stage.report().await);
        }
        result
    })
}

#[expect(
    clippy::print_stderr,
    reason = "the test harness shows it with the failed test"
)]
fn tell(text: &str) {
    eprintln!("{text}");
}
