//! The tools against the real listener and a real database.

mod past;
mod stand_in;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Output};

use anyhow::{Context, Result};
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::secret::{Secret, Secrets};
use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
const BIN: &str = env!("CARGO_BIN_EXE_esim-watch-tools");

/// The secret that the receiver checks.
const SECRET: &str = "whsec_test_4f1d";

/// A receiver with an empty data directory that checks signatures.
struct Receiver {
    engine: Engine,
    url: String,
    _dir: TempDir,
}

impl Receiver {
    async fn start() -> Result<Receiver> {
        let dir = tempfile::tempdir()?;
        let engine = Engine::start(Options {
            data_dir: dir.path().to_owned(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: Some(0),
            secrets: [(
                DEFAULT.id(),
                Ok(Secrets {
                    current: Secret::new(SECRET).ok(),
                    previous: None,
                }),
            )]
            .into(),
            api: Default::default(),
            keyring: false,
            patience: PATIENCE,
        })
        .await?;
        let address = engine.listen().await?;
        let url = format!("http://{address}{}", engine.webhook_path(DEFAULT));
        Ok(Receiver {
            engine,
            url,
            _dir: dir,
        })
    }

    /// The kept bodies of all events, as JSON.
    fn bodies(&self) -> Result<Vec<Value>> {
        let mut bodies = Vec::new();
        self.engine.readers().read(|store| {
            store.each_event(|_, body| {
                bodies.extend(body.and_then(|body| serde_json::from_slice(body).ok()));
                Ok(())
            })
        })?;
        Ok(bodies)
    }
}

/// Runs the program to its end, on a thread of its own: the receiver goes on meanwhile.
async fn run(args: &[&str]) -> Result<Output> {
    let mut command = Command::new(BIN);
    command.args(args).env_remove("ESIM_WATCH_WEBHOOK_SECRET");
    Ok(tokio::task::spawn_blocking(move || command.output()).await??)
}

/// All that it printed.
fn said(output: Output) -> Result<String> {
    Ok(String::from_utf8(output.stdout)? + &String::from_utf8(output.stderr)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn send_posts_signed_files_and_prints_the_answers() -> Result<()> {
    let receiver = Receiver::start().await?;
    let dir = tempfile::tempdir()?;
    let good = dir.path().join("good.json");
    let esim = esim_watch_testkit::Esim::numbered(1);
    std::fs::write(&good, esim.status("NEW").bytes())?;
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, "no json")?;
    let (good, bad) = (good.to_string_lossy(), bad.to_string_lossy());
    let to = ["send", "--url", &receiver.url, "--secret", SECRET];
    let all_good = run(&[&to[..], &[&good]].concat()).await?;
    assert!(all_good.status.success());
    let said_of_good = said(all_good)?;
    assert!(
        said_of_good.contains("200") && said_of_good.contains("good.json"),
        "{said_of_good}"
    );
    let some_bad = run(&[&to[..], &[&bad, &good, "no such file"]].concat()).await?;
    assert_eq!(some_bad.status.code(), Some(1));
    let said_of_bad = said(some_bad)?;
    for part in ["400", "not valid JSON", "no such file"] {
        assert!(said_of_bad.contains(part), "{part}: {said_of_bad}");
    }
    assert_eq!(receiver.bodies()?.len(), 1);
    receiver.engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn simulated_traffic_is_accepted_and_shows_all_sides_of_the_real_one() -> Result<()> {
    let receiver = Receiver::start().await?;
    let plan = "--esims 40 --rate 150 --seconds 5 --seed 7";
    let mut args = vec!["simulate", "--url", &receiver.url, "--secret", SECRET];
    args.extend(plan.split(' '));
    let simulated = run(&args).await?;
    let success = simulated.status.success();
    assert!(success, "{}", said(simulated)?);
    let bodies = receiver.bodies()?;
    let events = bodies.len();
    assert!(
        events > 500 && events < 750,
        "{events} of 750 deliveries were events of their own"
    );
    // Both envelopes: what a flat one says at its top is in `data` of the other.
    let told = |body: &Value, name: &str| {
        let value = body.get(name).or_else(|| body.get("data")?.get(name));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let seen = |name: &str| -> BTreeSet<String> {
        bodies.iter().filter_map(|body| told(body, name)).collect()
    };
    for category in ["esim", "partner", "affiliate", "refund"] {
        assert!(seen("event_category").contains(category), "no {category}");
    }
    for status in ["NEW", "INSTALLED", "ACTIVATED", "INACTIVE", "EXPIRED"] {
        assert!(seen("status").contains(status), "no {status}");
    }
    let flat = |body: &&Value| body.get("data").is_none();
    let flat = bodies.iter().filter(flat).count();
    assert!(flat > 0 && flat < events, "one envelope only");
    let (mut references, mut esims) = (BTreeSet::new(), 0);
    receiver.engine.readers().read(|store| {
        store.each_esim(|esim| {
            references.extend(esim.reference_id.clone());
            esims += 1;
            Ok(())
        })
    })?;
    assert!(references.len() < esims, "no order holds several eSIMs");
    let counts = receiver.engine.readers().read(|store| store.counts())?;
    assert!(
        counts.unrecognized > 0 && counts.unrecognized * 10 < counts.events,
        "{counts:?}"
    );
    receiver.engine.shutdown().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_there_is_told() -> Result<()> {
    let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let url = format!("http://{free}/hooks/x");
    let mut args = vec!["simulate", "--url", &url];
    args.extend("--rate 5 --seconds 1 --seed 1".split(' '));
    let simulated = run(&args).await?;
    assert_eq!(simulated.status.code(), Some(1));
    let said = said(simulated)?;
    said.contains("failed").then_some(()).context(said.clone())
}
