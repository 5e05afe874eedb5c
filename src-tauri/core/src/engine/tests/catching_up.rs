//! What makes the program catch up.

use std::time::Duration;

use tokio::sync::watch;

use super::super::catching_up::{CatchingUp, after_failures, broke_off, when_deaf};
use super::*;
use crate::catch_up::{CatchUp, CatchUpProgress};
use crate::control::OtherCatchUp;
use crate::health::{StoreState, TunnelState};
use crate::inbox::Summary;
use crate::message::Message;
use crate::secret::Vault;

fn catching_up(dir: &Path) -> (Store, Arc<CatchingUp>) {
    let store = Store::open(dir, |_| {}).unwrap();
    let catch_up = CatchUp {
        provider: provider::DEFAULT,
        readers: store.readers().clone(),
        writer: store.writer().clone(),
        clock: Moment::now,
        told: ToldTime::default(),
        presence: Presence::new(store.writer().clone()),
        on_write: Arc::new(|_| {}),
    };
    let vault = Vault::of_api_token(dir, false, None);
    let catching_up = CatchingUp::new(catch_up, ApiVariables::default(), vault);
    (store, Arc::new(catching_up))
}

/// Whether a catch-up is wanted, once everybody had a turn.
async fn is_wanted(catching_up: &CatchingUp) -> bool {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let wanted = catching_up.wanted.notified();
    tokio::time::timeout(Duration::ZERO, wanted).await.is_ok()
}

#[tokio::test]
async fn one_is_wanted_when_listener_tunnel_or_store_work_again() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, catching_up) = catching_up(dir.path());
    let message = Message::of("listener.starting");
    let up = || ListenerState::Up {
        address: "http://127.0.0.1:1".to_owned(),
    };
    let (health, seen) = watch::channel(Health {
        listener: up(),
        ..Health::starting(None)
    });
    tokio::spawn(after_failures(seen, Arc::clone(&catching_up)));
    assert!(!is_wanted(&catching_up).await);
    let down: [fn(&mut Health, Message); 3] = [
        |health, message| health.listener = ListenerState::Down { message },
        |health, message| health.tunnel = TunnelState::Down { message },
        |health, message| health.store = StoreState::Failing { message },
    ];
    for fails in down {
        health.send_modify(|health| fails(health, message.clone()));
        assert!(!is_wanted(&catching_up).await, "while it fails");
        health.send_modify(|health| {
            *health = Health {
                listener: up(),
                ..Health::starting(None)
            };
        });
        assert!(is_wanted(&catching_up).await);
        health.send_modify(|health| health.refused_count += 1);
        assert!(!is_wanted(&catching_up).await, "nothing failed");
    }
}

#[tokio::test]
async fn one_is_wanted_when_nothing_is_heard() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, catching_up) = catching_up(dir.path());
    let (summary, seen) = watch::channel(Summary::default());
    tokio::spawn(when_deaf(seen, Arc::clone(&catching_up)));
    for deaf in [false, true, true, false, true] {
        let was_deaf = summary.borrow().deaf;
        summary.send_modify(|summary| summary.deaf = deaf);
        assert_eq!(is_wanted(&catching_up).await, deaf && !was_deaf);
    }
}

#[tokio::test]
async fn one_esim_is_asked_for_beside_what_is_under_way() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, catching_up) = catching_up(dir.path());
    let _under_way = catching_up.turn.lock().await;
    let variables = ApiVariables::default();
    let asked = catching_up.run_of(&variables, Some("e1"));
    let done = tokio::time::timeout(Duration::from_secs(600), asked).await;
    // It has no token, which it says at once.
    assert_eq!(done.unwrap().problems.len(), 1);
    assert_eq!(*catching_up.running.borrow(), None);
}

#[tokio::test]
async fn one_that_could_not_begin_because_the_program_ends_is_not_told_as_complete() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, catching_up) = catching_up(dir.path());
    catching_up.closed.send_replace(true);
    let done = catching_up.run(&ApiVariables::default()).await;
    assert_eq!(done.problems, [Message::of("catchUp.cancelled")]);
    let answer = catching_up.on_command()(ApiVariables::default()).await;
    assert!(matches!(answer, OtherCatchUp::Ends(_)), "{answer:?}");
}

#[tokio::test]
async fn one_that_broke_off_by_itself_is_not_told_to_have_been_stopped() {
    let panics = tokio::spawn(async { std::panic::resume_unwind(Box::new("")) });
    let done = broke_off(&panics.await.unwrap_err());
    assert_eq!(done.problems, [Message::of("catchUp.brokeOff")]);
    let waits = tokio::spawn(std::future::pending::<()>());
    waits.abort();
    let done = broke_off(&waits.await.unwrap_err());
    assert_eq!(done.problems, [Message::of("catchUp.cancelled")]);
}

/// How long the first look waits while the API answers or not, is told which eSIMs there are and asked for what is in use after
/// so many seconds each, or comes to its end without.
async fn first_look_after(
    answered: Option<u64>,
    listed: Option<u64>,
    urgent: Option<u64>,
    over: Option<u64>,
) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let (_store, catching_up) = catching_up(dir.path());
    let begun = tokio::time::Instant::now();
    let at = async |seconds: Option<u64>, change: fn(&mut CatchUpProgress)| {
        let Some(seconds) = seconds else { return };
        tokio::time::sleep_until(begun + Duration::from_secs(seconds)).await;
        catching_up.progress.send_modify(change);
    };
    let all = async {
        tokio::join!(
            at(answered, |now| now.answered = true),
            at(listed, |now| {
                now.listed = true;
                now.urgent = 9;
            }),
            at(urgent, |now| now.urgent = 0),
            at(over, |now| now.over = true),
        );
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = Arc::clone(&catching_up).first_look(false) => {}
        () = all => {}
    }
    begun.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn the_first_look_waits_for_an_api_that_answers_however_long_its_lists_take() {
    for (answered, listed, urgent, over, looks) in [
        (None, None, None, None, 20),
        (Some(2), None, None, None, 60),
        (Some(2), Some(45), Some(50), None, 50),
        (Some(19), Some(30), None, None, 60),
        (Some(2), Some(3), Some(4), None, 4),
        (Some(2), None, None, Some(25), 25),
        (Some(25), Some(30), Some(31), None, 20),
    ] {
        let after = first_look_after(answered, listed, urgent, over).await;
        assert_eq!(after, looks, "{answered:?} {listed:?} {urgent:?} {over:?}");
    }
}

#[tokio::test]
async fn what_a_catch_up_writes_tells_whether_anything_can_be_stored() {
    let (health, seen) = watch::channel(Health::starting(None));
    let on_write = super::super::hearing::on_write(health);
    let failing = || matches!(seen.borrow().store, StoreState::Failing { .. });
    on_write(Err(&WriteError::Closed));
    assert!(!failing(), "the program ends");
    on_write(Err(&WriteError::TooSlow));
    assert!(failing());
    on_write(Ok(()));
    assert!(!failing());
}
