//! What the running program meets: ports, secrets, tunnels, deliveries, and what somebody types.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use esim_watch_core::engine::{Engine, Options, PATIENCE};
use esim_watch_core::health::{Health, ListenerState, StoreState, TunnelState};
use esim_watch_core::message::Message;
use esim_watch_core::provider::DEFAULT;
use esim_watch_core::secret::{EnvironmentError, Secret, Secrets, UnusableSecret};
use esim_watch_core::store::DATABASE_FILE;
use esim_watch_desk::imports::Reading;
use esim_watch_desk::retention::Ages;
use esim_watch_desk::travellers::Traveller;
use esim_watch_desk::{Desk, DeskOptions};
use rusqlite::Connection;

#[cfg(target_os = "linux")]
use crate::elsewhere::elsewhere;
use crate::wording::{crosses, german, says};

fn options(folder: &Path) -> Options {
    Options {
        data_dir: folder.to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    }
}

async fn engine(folder: &Path) -> Engine {
    Engine::start(options(folder)).await.unwrap()
}

fn down(engine: &Engine) -> Message {
    match &engine.health().borrow().listener {
        ListenerState::Down { message } => message.clone(),
        up => panic!("{up:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_or_an_address_that_is_not_ours() {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path()).await;
    german(&down(&engine));
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().port();
    engine.shutdown().await;
    drop(engine);
    let on_taken = Options {
        port: Some(taken),
        ..options(dir.path())
    };
    let engine = Engine::start(on_taken).await.unwrap();
    says(
        &engine.listen().await.unwrap_err(),
        "schon von einem anderen Programm",
    );
    german(&down(&engine));
    says(
        &engine.set_port(taken + 1).await.unwrap_err(),
        "beim Start des Programms",
    );
    engine.shutdown().await;
    drop(engine);
    let elsewhere = Options {
        bind: "192.0.2.1".parse().unwrap(),
        ..options(dir.path())
    };
    let engine = Engine::start(elsewhere).await.unwrap();
    says(
        &engine.listen().await.unwrap_err(),
        "hat diese Adresse nicht",
    );
    engine.shutdown().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_only_the_administrator_may_open() {
    // There nobody is the administrator of the network.
    let nobody = ["unshare", "--map-root-user"];
    if !elsewhere(
        "program::a_port_that_only_the_administrator_may_open",
        &nobody,
        &[],
    ) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let first_free = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if first_free.unwrap().trim() == "0" {
        eprintln!("skipped: this system lets everybody open every port");
        return;
    }
    let low = Options {
        port: Some(1),
        ..options(dir.path())
    };
    let engine = Engine::start(low).await.unwrap();
    says(&engine.listen().await.unwrap_err(), "erlaubt Port 1 nicht");
    german(&down(&engine));
    engine.shutdown().await;
}

#[cfg(target_os = "linux")]
/// What the program says of a secret that is in the keyring, where it is started like this.
async fn keyring(test: &str, start: &[&str], part: &str) {
    if !elsewhere(test, start, &[]) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    engine(dir.path()).await.shutdown().await;
    Connection::open(dir.path().join(DATABASE_FILE))
        .unwrap()
        .execute(
            "INSERT INTO settings (name, value) VALUES ('secret.place', 'keyring')",
            [],
        )
        .unwrap();
    let options = Options {
        keyring: true,
        ..options(dir.path())
    };
    let engine = Engine::start(options).await.unwrap();
    let error = engine.listen().await.unwrap_err();
    says(&error, "Schlüsselbund des Systems");
    says(&error, part);
    german(&down(&engine));
    engine.shutdown().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_keyring() {
    let start = ["env", "--unset=DBUS_SESSION_BUS_ADDRESS"];
    keyring(
        "program::a_session_without_a_keyring",
        &start,
        "diese Sitzung hat keinen",
    )
    .await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_nobody_answers_for() {
    let start = ["env", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere/at/all"];
    keyring(
        "program::a_keyring_that_nobody_answers_for",
        &start,
        "lässt: „",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_gone_unreadable_or_fixed() {
    let dir = tempfile::tempdir().unwrap();
    let first = engine(dir.path()).await;
    first.listen().await.unwrap();
    first.set_secret(DEFAULT, "one").await.unwrap();
    first.shutdown().await;
    drop(first);
    let file = dir.path().join("webhook-secret");
    std::fs::remove_file(&file).unwrap();
    let second = engine(dir.path()).await;
    says(&second.listen().await.unwrap_err(), "nicht mehr dort");
    german(&down(&second));
    std::fs::create_dir(&file).unwrap();
    says(
        &second.listen().await.unwrap_err(),
        "kann nicht gelesen oder geschrieben werden",
    );
    second.shutdown().await;
    drop(second);
    let unusable = EnvironmentError::Unusable {
        name: "NAME".to_owned(),
        reason: UnusableSecret::NotText,
    };
    let unlucky = Options {
        secrets: [(DEFAULT.id(), Err(unusable))].into(),
        api: Default::default(),
        ..options(dir.path())
    };
    let deaf = Engine::start(unlucky).await.unwrap();
    says(
        &deaf.listen().await.unwrap_err(),
        "kein reiner Text in UTF-8",
    );
    german(&down(&deaf));
    deaf.shutdown().await;
    drop(deaf);
    let fixed = Options {
        secrets: [(
            DEFAULT.id(),
            Ok(Secrets {
                current: Secret::new("fixed").ok(),
                previous: None,
            }),
        )]
        .into(),
        ..options(dir.path())
    };
    let third = Engine::start(fixed).await.unwrap();
    for (unusable, why) in [(" ", "nichts Sichtbares"), ("a\nb", "mehr als eine Zeile")] {
        let error = third.set_secret(DEFAULT, unusable).await.unwrap_err();
        says(&error, why);
    }
    says(
        &third.remove_secret(DEFAULT).await.unwrap_err(),
        "beim Start des Programms",
    );
    third.shutdown().await;
}

/// Answers every connection with these bytes.
fn answering(answer: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// What the program says of a tunnel with this address, and of a test event through it; it waits so long for either.
async fn through(address: &str, patience: Duration) -> (Message, Message) {
    let dir = tempfile::tempdir().unwrap();
    engine(dir.path()).await.shutdown().await;
    Connection::open(dir.path().join(DATABASE_FILE))
        .unwrap()
        .execute(
            "INSERT INTO settings (name, value) VALUES ('tunnel.public_url', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [address],
        )
        .unwrap();
    let options = Options {
        patience,
        ..options(dir.path())
    };
    let engine = Arc::new(Engine::start(options).await.unwrap());
    engine.start_watchdog().await;
    let tried = |health: &Health| matches!(health.tunnel, TunnelState::Unverified { .. });
    let mut health = engine.health();
    let tunnel = match &health.wait_for(tried).await.unwrap().tunnel {
        TunnelState::Unverified { message } => message.clone(),
        _ => unreachable!(),
    };
    engine.listen().await.unwrap();
    let trial = engine.send_test().await.unwrap();
    engine.shutdown().await;
    (tunnel, trial.problem.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_leads_nowhere_or_elsewhere() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let answers =
        |status: &str| answering(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"));
    for (address, part, of_the_event) in [
        (closed, "nichts zu erreichen", "nicht erreichbar"),
        (
            answers("404 Not Found"),
            "mit Status 404",
            "führt woandershin",
        ),
        (answers("502 Bad Gateway"), "mit Status 502", "Tunnel"),
        // As this program answers as well, but it is not this program that does.
        (answers("503 Unavailable"), "mit Status 503", "Tunnel"),
        (answers("401 Unauthorized"), "mit Status 401", "mit 401"),
        (answers("200 OK"), "mit Status 200", "nicht dieses Programm"),
        (answers("418 No"), "mit Status 418", "mit 418"),
        (
            answering("what?".to_owned()),
            "konnte nicht gelesen werden",
            "",
        ),
    ] {
        let (tunnel, problem) = through(&format!("http://{address}"), PATIENCE).await;
        let text = german(&tunnel);
        assert!(text.contains(part), "{text}");
        let text = german(&problem);
        assert!(text.contains(of_the_event), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_takes_a_connection_and_says_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let (tunnel, problem) = through(&address, Duration::from_millis(100)).await;
    let text = german(&tunnel);
    assert!(text.contains("nichts antwortete rechtzeitig"), "{text}");
    let text = german(&problem);
    assert!(text.contains("kam keine Antwort"), "{text}");
}

/// Posts a body to the webhook; gives the answer.
fn post(address: &str, path: &str, method: &str, headers: &str, body: &str) -> String {
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    // A connection that was reset has said what it wanted to.
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_are_turned_away_and_a_store_that_can_not_keep_them() {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path()).await;
    engine.listen().await.unwrap();
    let connection = engine.connection().await.unwrap();
    let (address, path) = (connection.address.unwrap(), engine.webhook_path(DEFAULT));
    let event = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"NEW","timestamp":1764000007}"#;
    let json = "content-type: application/json\r\n";
    for (method, headers, body) in [
        ("GET", json, ""),
        ("POST", json, ""),
        ("POST", json, "{"),
        ("POST", json, "[]"),
        ("POST", json, "7"),
        ("POST", "content-type: text/xml\r\n", "<xml/>"),
    ] {
        post(&address, &path, method, headers, body);
    }
    engine.set_secret(DEFAULT, "s").await.unwrap();
    post(&address, &path, "POST", json, event);
    let refusals = engine.refusals();
    assert_eq!(refusals.len(), 7);
    for refusal in refusals {
        german(&refusal.reason);
    }
    engine.remove_secret(DEFAULT).await.unwrap();
    std::fs::remove_file(dir.path().join(DATABASE_FILE)).unwrap();
    let answer = post(&address, &path, "POST", json, event);
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let failing = |health: &Health| matches!(health.store, StoreState::Failing { .. });
    let mut health = engine.health();
    match &health.wait_for(failing).await.unwrap().store {
        StoreState::Failing { message } => {
            assert!(german(message).contains("verschoben oder gelöscht"))
        }
        StoreState::Ok => unreachable!(),
    }
    engine.shutdown().await;
}

async fn desk(folder: &Path) -> Desk {
    let options = DeskOptions {
        data_dir: Some(folder.to_owned()),
        port: Some(0),
    };
    Desk::start(options).await.0
}

fn named(name: &str) -> Traveller {
    serde_json::from_value(serde_json::json!({
        "name": name, "contact": "", "tripStart": null, "tripEnd": null, "note": "", "tags": []
    }))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_types_crosses_to_the_window_as_a_message() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(dir.path()).await;
    for (url, part) in [
        ("http://a.example", "https://"),
        ("hello", "keine Webadresse"),
        ("https://127.0.0.1", "in seinem Netz bekannt"),
        ("https://x.example:99999", "Den Port „99999“"),
    ] {
        crosses(
            &desk.set_public_url(Some(url.to_owned())).await.unwrap_err(),
            part,
        );
    }
    crosses(
        &desk.set_port(1).await.unwrap_err(),
        "beim Start des Programms",
    );
    for (bodies_days, usage_days) in [(3, 90), (400, 3)] {
        let ages = Ages {
            bodies_days,
            usage_days,
        };
        crosses(&desk.set_retention(ages).await.unwrap_err(), "3 Tage");
    }
    let usual = desk.alert_settings().await.unwrap();
    let mut soon = usual.clone();
    soon.expires_soon_hours = 1;
    crosses(
        &desk.set_alert_settings(soon).await.unwrap_err(),
        "zwischen 2 und 168 Stunden",
    );
    let mut order = usual;
    order.expires_very_soon_hours = 30;
    crosses(
        &desk.set_alert_settings(order).await.unwrap_err(),
        "später kommen",
    );
    let gone = desk
        .set_esim_traveller("nobody".to_owned(), false, Some(named("A")))
        .await;
    crosses(&gone.unwrap_err(), "nicht mehr bekannt");
    crosses(
        &desk.for_support("nobody".to_owned()).await.unwrap_err(),
        "in der Liste",
    );
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    for (bytes, part) in [
        (&b""[..], "keine Zeilen"),
        (b"%PDF-1.7", "weder XLSX"),
        (b"PK\x03\x04rubbish", "kann nicht gelesen werden"),
    ] {
        let shown = desk
            .preview_import("list".to_owned(), encode(bytes), Reading::default())
            .await;
        crosses(&shown.unwrap_err(), part);
    }
    crosses(
        &desk.import_travellers(7).await.unwrap_err(),
        "nicht mehr zur Hand",
    );
    crosses(&desk.undo_import(7).await.unwrap_err(), "rückgängig");
    desk.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_can_not_start_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let first = desk(dir.path()).await;
    let second = desk(dir.path()).await;
    crosses(
        &second.connection().await.unwrap_err(),
        "benutzt den Datenordner",
    );
    let updates = second.updates(true).await.unwrap();
    let failed = serde_json::to_value(&updates).unwrap();
    crosses(&failed[0]["message"], "benutzt den Datenordner");
    crosses(&failed[0]["title"], "konnte nicht starten");
    first.shutdown().await;
    second.shutdown().await;
}
