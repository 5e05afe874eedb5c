//! The set-up: port, tunnel address, secret, and what the window says when one of them is amiss.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use anyhow::Result;
use esim_watch_core::engine::DEFAULT_PORT;
use esim_watch_testkit::{Esim, Play, Screen, Sender, files_that_hold, free_port, play};

use crate::{await_events, usual};

#[test]
fn a_port_that_is_taken_is_told_and_another_one_can_be_set_and_stays() -> Result<()> {
    // Whoever has it: it is taken.
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
    let play_with_stored_port = Play {
        own_port: false,
        ..usual()
    };
    play(&play_with_stored_port, async |stage| {
        let desk = &stage.desk;
        desk.ready().await?;
        desk.await_attribute("status-line", "data-listener", "down")
            .await?;
        desk.await_text("status-line", &DEFAULT_PORT.to_string())
            .await?;

        let port = free_port()?;
        desk.go(Screen::Connection).await?;
        desk.fill("port-input", &port.to_string()).await?;
        desk.click("port-save").await?;

        desk.await_attribute("status-line", "data-listener", "up")
            .await?;
        desk.await_text("status-line", &port.to_string()).await?;
        let sender = stage.sender().await?;
        assert!(
            sender.url().contains(&format!(":{port}/")),
            "{}",
            sender.url()
        );
        sender.deliver(&Esim::numbered(61).status("NEW")).await?;
        await_events(desk, 1).await?;

        stage.restart().await?;
        stage.desk.ready().await?;
        stage
            .desk
            .await_attribute("status-line", "data-listener", "up")
            .await?;
        sender.deliver(&Esim::numbered(62).status("NEW")).await?;
        await_events(&stage.desk, 2).await
    })
}

#[test]
fn the_tunnels_address_gives_the_address_to_paste() -> Result<()> {
    play(&usual(), async |stage| {
        let sender = stage.sender().await?;
        let (_, token) = sender.url().rsplit_once('/').unwrap_or_default();
        let desk = &stage.desk;
        desk.go(Screen::Connection).await?;
        desk.fill("public-url-input", "https://words-of-it.trycloudflare.com")
            .await?;
        desk.click("public-url-save").await?;
        let url = desk.await_text("webhook-url", "https://").await?;
        assert_eq!(
            url,
            format!("https://words-of-it.trycloudflare.com/hooks/{token}")
        );
        Ok(())
    })
}

#[test]
fn without_a_secret_the_window_says_so_and_one_that_is_set_counts_at_once() -> Result<()> {
    let without_secret = Play {
        secret: None,
        ..usual()
    };
    play(&without_secret, async |stage| {
        let unsigned = stage.sender().await?;
        let desk = &stage.desk;
        desk.await_text("status-line", "Signatures are not checked")
            .await?;
        unsigned.deliver(&Esim::numbered(71).status("NEW")).await?;
        await_events(desk, 1).await?;

        desk.go(Screen::Connection).await?;
        desk.fill("secret-input", "from the portal").await?;
        desk.click("secret-save").await?;
        desk.await_text("secret-state", "kept in a file").await?;

        let answer = unsigned.send(&Esim::numbered(72).status("NEW")).await?;
        assert_eq!(answer.status, 401, "{answer:?}");
        let signed = Sender::new(unsigned.url(), Some("from the portal"))?;
        signed.deliver(&Esim::numbered(73).status("NEW")).await?;
        desk.go(Screen::Today).await?;
        await_events(desk, 2).await
    })
}

#[test]
fn a_secret_goes_into_the_keyring_alone_and_without_the_keyring_nothing_is_accepted() -> Result<()>
{
    const SECRET: &str = "from the portal to the keyring";
    let without_secret = Play {
        secret: None,
        ..usual()
    };
    play(&without_secret, async |stage| {
        let keyring = stage.desktop.start_keyring().await?;
        let unsigned = stage.sender().await?;
        let wrong = Sender::new(unsigned.url(), Some("another secret"))?;
        let signed = Sender::new(unsigned.url(), Some(SECRET))?;
        let desk = &stage.desk;
        desk.go(Screen::Connection).await?;
        desk.fill("secret-input", SECRET).await?;
        desk.click("secret-save").await?;
        desk.await_attribute("secret-state", "data-secret", "keyring")
            .await?;
        let kept = keyring.kept().await?;
        let secrets: Vec<&str> = kept.iter().map(|kept| kept.secret.as_str()).collect();
        assert_eq!(secrets, [SECRET]);

        stage.restart().await?;
        stage.desk.ready().await?;
        stage
            .desk
            .await_attribute("status-line", "data-listener", "up")
            .await?;
        for stranger in [&unsigned, &wrong] {
            let answer = stranger.send(&Esim::numbered(81).status("NEW")).await?;
            assert_eq!(answer.status, 401, "{answer:?}");
        }
        signed.deliver(&Esim::numbered(82).status("NEW")).await?;
        await_events(&stage.desk, 1).await?;
        for folder in [stage.folder(), &stage.desktop.home()] {
            assert_eq!(files_that_hold(folder, SECRET)?, Vec::<PathBuf>::new());
        }

        keyring.lock().await?;
        stage.restart().await?;
        let desk = &stage.desk;
        desk.ready().await?;
        desk.await_attribute("status-line", "data-listener", "down")
            .await?;
        desk.await_text("status-line", "Unlock the keyring and try again")
            .await?;
        let heard = unsigned.send(&Esim::numbered(83).status("NEW")).await;
        assert!(heard.is_err(), "somebody listens: {heard:?}");
        desk.go(Screen::Connection).await?;
        desk.await_attribute("secret-state", "data-secret", "unreadable")
            .await
    })
}
