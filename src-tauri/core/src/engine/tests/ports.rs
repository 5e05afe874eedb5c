//! Where the engine listens.

use super::*;

/// An engine in this folder that listens on this port.
async fn listening_on(data_dir: &Path, port: u16) -> Engine {
    let engine = Engine::start(options(data_dir)).await.unwrap();
    engine.set_port(port).await.unwrap();
    engine
}

fn state(engine: &Engine) -> ListenerState {
    engine.health().borrow().listener.clone()
}

fn up(port: u16) -> ListenerState {
    ListenerState::Up {
        address: format!("http://127.0.0.1:{port}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_was_told_to_listen_it_is_down() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(dir.path())).await.unwrap();
    assert!(matches!(state(&engine), ListenerState::Down { .. }));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_counts_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let engine = listening_on(dir.path(), port).await;
    assert_eq!(state(&engine), up(port));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let engine = listening_on(dir.path(), port).await;
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let taken = other.local_addr().unwrap().port();
    let said = engine.set_port(taken).await.unwrap_err().to_string();
    assert!(
        said.contains("is already used by another program"),
        "{said}"
    );
    assert_eq!(state(&engine), up(port));
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_remembered_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    listening_on(dir.path(), port).await.shutdown().await;
    let again = Engine::start(options(dir.path())).await.unwrap();
    again.listen().await.unwrap();
    assert_eq!(state(&again), up(port));
    again.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_listens_already_stays_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let engine = listening_on(dir.path(), port).await;
    let address = engine.listen().await.unwrap();
    assert_eq!(address.port(), port);
    engine.shutdown().await;
}
