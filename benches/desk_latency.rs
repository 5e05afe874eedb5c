//! From the webhook that is sent to what a person sees: the changed window, the notification.
//!
//! Prints median, p95 and worst of 50 deliveries to the real program on a virtual desktop, and of 20
//! notifications. Those take ten minutes, because more than two a minute would be told together.
//! Nothing is asserted: how fast a machine is says nothing about whether the program is right.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use anyhow::{Context, Result};
    use esim_watch_testkit::{Esim, PATIENCE, Play, Stage, eventually, play};
    use serde_json::Value;

    const DELIVERIES: u32 = 50;
    const NOTIFICATIONS: u32 = 20;

    /// Between two notifications, so that each is shown by itself.
    const APART: Duration = Duration::from_secs(31);

    /// Notes when each order reference first stands in the page, by the page's own clock.
    const WATCH: &str = "window.seenAt = {};
        new MutationObserver(() => {
            for (const item of document.querySelectorAll('[data-testid=feed-item]')) {
                const trip = /TRIP-[0-9]+/.exec(item.textContent);
                if (trip !== null) window.seenAt[trip[0]] ??= Date.now();
            }
        }).observe(document.body, { subtree: true, childList: true, characterData: true });";

    pub fn main() -> Result<()> {
        let pictures = concat!(env!("CARGO_TARGET_TMPDIR"), "/desk");
        let usual = Play::of(env!("CARGO_BIN_EXE_esim-watch"), pictures);
        play(&usual, async |stage| {
            let (mut answer, mut window, mut notification) = (vec![], vec![], vec![]);
            let sender = stage.sender().await?;
            stage.desk.script(WATCH, vec![]).await?;
            for number in 0..DELIVERIES {
                let esim = Esim::numbered(1000 + number);
                let answered = sender.deliver(&esim.status("ACTIVATED")).await?;
                answer.push(answered.took);
                window.push(since(drawn(stage, &esim).await?, answered.sent_at));
            }
            // Until what those raised has been told.
            tokio::time::sleep(5 * APART).await;
            for number in 0..NOTIFICATIONS {
                let esim = Esim::numbered(2000 + number);
                let answered = sender.deliver(&esim.status("EXPIRED")).await?;
                let shown = stage
                    .desktop
                    .notifications
                    .notification(&[&esim.reference])
                    .await?;
                notification.push(since(shown.at, answered.sent_at));
                tokio::time::sleep(APART).await;
            }
            print("answer to the sender", answer);
            print("changed window", window);
            print("notification", notification);
            Ok(())
        })
    }

    /// When the page showed this eSIM, to the millisecond below.
    async fn drawn(stage: &Stage, esim: &Esim) -> Result<SystemTime> {
        let what = format!("{} in the window", esim.reference);
        eventually(PATIENCE, &what, async || {
            let script = "return window.seenAt[arguments[0]] ?? null";
            let at = stage
                .desk
                .script(script, vec![esim.reference.clone().into()])
                .await?;
            let at = Value::as_u64(&at).context("not there")?;
            Ok(UNIX_EPOCH + Duration::from_millis(at))
        })
        .await
    }

    /// The page's clock has whole milliseconds, so a moment may seem to be a little before another.
    fn since(later: SystemTime, earlier: SystemTime) -> Duration {
        later.duration_since(earlier).unwrap_or_default()
    }

    #[expect(clippy::print_stdout, reason = "the figures are what it is for")]
    fn print(what: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let p95 = times.get((times.len() * 95).div_ceil(100).saturating_sub(1));
        let worst = times.last().copied().unwrap_or_default();
        let count = times.len();
        println!(
            "{what:<22} median {:>6.1} ms   p95 {:>6.1} ms   worst {:>6.1} ms   of {count}",
            median.as_secs_f64() * 1000.0,
            p95.copied().unwrap_or_default().as_secs_f64() * 1000.0,
            worst.as_secs_f64() * 1000.0,
        );
    }
}
