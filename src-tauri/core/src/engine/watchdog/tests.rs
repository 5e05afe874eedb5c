//! The watchdog over a real listener, with a real way to it that can be cut.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;
use crate::engine::{Options, PATIENCE};
use crate::health::Health;

/// As the real ones, faster.
const QUICK: Times = Times {
    tick: Duration::from_millis(20),
    slept: Duration::from_secs(30),
    every: Duration::from_millis(50),
    again: Duration::from_millis(20),
};

fn options(dir: &std::path::Path) -> Options {
    Options {
        data_dir: dir.to_owned(),
        bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: Some(0),
        secrets: Default::default(),
        api: Default::default(),
        keyring: false,
        patience: PATIENCE,
    }
}

async fn engine(dir: &std::path::Path) -> (Arc<Engine>, SocketAddr) {
    let engine = Engine::start(options(dir)).await.unwrap();
    let address = engine.listen().await.unwrap();
    (Arc::new(engine), address)
}

/// Carries bytes between a public address and the listener, as a tunnel does.
async fn tunnel(from: TcpListener, to: SocketAddr) {
    loop {
        let (mut outside, _) = from.accept().await.unwrap();
        tokio::spawn(async move {
            let mut inside = TcpStream::connect(to).await.unwrap();
            // Either end may go at any time.
            let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
        });
    }
}

async fn open_tunnel(at: SocketAddr, to: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
    let socket = TcpListener::bind(at).await.unwrap();
    let address = socket.local_addr().unwrap();
    (address, tokio::spawn(tunnel(socket, to)))
}

/// As if the tunnel spoke plain HTTP, which the window does not take.
async fn set_url(engine: &Engine, url: &str) {
    let url = Some(url.to_owned());
    let writer = engine.store.writer();
    writer.set(Setting::PublicUrl, url).await.unwrap();
}

async fn becomes(engine: &Engine, what: impl Fn(&Health) -> bool) {
    let mut health = engine.health();
    let found = health.wait_for(|health| what(health));
    tokio::time::timeout(Duration::from_secs(20), found)
        .await
        .expect("it never became so")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_led_here_and_does_no_more_is_down_until_it_does_again() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, address) = engine(dir.path()).await;
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (public, carrier) = open_tunnel(anywhere, address).await;
    let url = format!("http://{public}");
    set_url(&engine, &url).await;
    tokio::spawn(keep(Arc::downgrade(&engine), QUICK, PATIENCE));
    becomes(&engine, |health| health.tunnel == TunnelState::Up).await;

    carrier.abort();
    // Frees the address.
    assert!(carrier.await.is_err());
    becomes(
        &engine,
        |health| matches!(&health.tunnel, TunnelState::Down { message } if message.english().contains(&url)),
    )
    .await;

    let (_, carrier) = open_tunnel(public, address).await;
    becomes(&engine, |health| health.tunnel == TunnelState::Up).await;
    engine.set_public_url(None).await.unwrap();
    becomes(&engine, |health| health.tunnel == TunnelState::NotSet).await;
    carrier.abort();
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_never_led_here_raises_no_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, _) = engine(dir.path()).await;
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    drop(other);
    set_url(&engine, &url).await;
    tokio::spawn(keep(Arc::downgrade(&engine), QUICK, PATIENCE));
    becomes(&engine, |health| matches!(&health.tunnel, TunnelState::Unverified { message } if message.english().contains("nothing could be reached"))).await;
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_sleep_a_listener_that_is_dead_is_opened_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, address) = engine(dir.path()).await;
    let client = http::client().build().unwrap();
    let base = format!("http://{address}");
    // It lives: nothing is done but to note the time.
    engine.woke(&client, 17_000).await;
    assert_eq!(engine.health().borrow().awake_since_ms, 17_000);
    assert_eq!(answers(&client, &base).await, Ok(()));
    // It died without a word, and the state still says that it is up.
    let dead = engine.listener.lock().await.take().unwrap();
    dead.stop().await;
    assert!(answers(&client, &base).await.is_err());
    engine.woke(&client, 18_000).await;
    let ListenerState::Up { address } = engine.health().borrow().listener.clone() else {
        panic!("it is down");
    };
    assert_eq!(answers(&client, &address).await, Ok(()));
    engine.shutdown().await;
}

#[test]
fn a_computer_slept_if_a_tick_comes_much_too_late() {
    assert!(!slept(5_000, TIMES));
    assert!(!slept(34_000, TIMES), "a busy computer");
    assert!(slept(36_000, TIMES));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_whose_port_was_taken_is_opened_once_it_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = other.local_addr().unwrap().port();
    let options = Options {
        port: Some(port),
        ..options(dir.path())
    };
    let engine = Arc::new(Engine::start(options).await.unwrap());
    assert!(engine.listen().await.is_err());
    tokio::spawn(keep(Arc::downgrade(&engine), QUICK, PATIENCE));
    drop(other);
    becomes(&engine, |health| {
        matches!(health.listener, ListenerState::Up { .. })
    })
    .await;
    engine.shutdown().await;
    // Who ended on purpose stays so.
    assert!(!engine.misses_its_listener().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_waits_for_its_secrets_is_opened_once_they_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("webhook-secret");
    std::fs::create_dir(&secret).unwrap();
    let engine = Arc::new(Engine::start(options(dir.path())).await.unwrap());
    engine.listen().await.unwrap_err();
    tokio::spawn(keep(Arc::downgrade(&engine), QUICK, PATIENCE));
    let is_up = |health: &Health| matches!(health.listener, ListenerState::Up { .. });
    assert!(!is_up(&engine.health().borrow()));
    // In one step: half of a secret would be another one.
    let fresh = dir.path().join("fresh");
    std::fs::write(&fresh, "a secret").unwrap();
    std::fs::remove_dir(&secret).unwrap();
    std::fs::rename(&fresh, &secret).unwrap();
    becomes(&engine, is_up).await;
    engine.shutdown().await;
}

#[tokio::test]
async fn an_absence_is_noted_before_anything_can_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (engine, _) = engine(dir.path()).await;
    let evening_ms = crate::clock::now_ms() - 10 * 3_600_000;
    let writer = engine.store.writer();
    writer.note_listening(evening_ms).await.unwrap();
    engine.start_watchdog().await;
    let begun_at_ms = crate::clock::now_ms();
    let kept = engine
        .readers()
        .read(|store| store.kept_absences())
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].from_ms, evening_ms);
    assert!(kept[0].to_ms <= begun_at_ms);
    engine.shutdown().await;
}
