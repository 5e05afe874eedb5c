//! Awaiting what happens, instead of sleeping and hoping.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::time::MissedTickBehavior;

/// Between two looks: short against everything that is awaited, long against what a look costs.
const PAUSE: Duration = Duration::from_millis(10);

/// Looks until `look` succeeds and returns what it found.
///
/// # Errors
/// After `within`: what was awaited, and the error of the last look, which therefore should say what
/// it saw (`ensure!(text == "up", "it says {text}")`). A look that does not return counts as well.
pub async fn eventually<T>(
    within: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + within;
    let mut looks = tokio::time::interval(PAUSE);
    // After a look that took long, the next one is a pause later and not at once.
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        // One look may outlast the deadline a little, but never for ever.
        let Ok(seen) = tokio::time::timeout(within, look()).await else {
            bail!("awaited {what}: the last look itself gave no answer within {within:?}");
        };
        match seen {
            Ok(found) => return Ok(found),
            Err(seen) if Instant::now() >= deadline => {
                bail!("awaited {what} for {within:?}; seen last: {seen:#}")
            }
            Err(_) => {}
        }
    }
}

/// The answer of one call to another program, which may hang.
///
/// # Errors
/// Those of the call, or that there was no answer within [`crate::PATIENCE`].
#[cfg(target_os = "linux")]
pub(crate) async fn answer<T, E>(what: &str, call: impl Future<Output = Result<T, E>>) -> Result<T>
where
    anyhow::Error: From<E>,
{
    match tokio::time::timeout(crate::PATIENCE, call).await {
        Ok(answer) => Ok(answer?),
        Err(_) => bail!("{what}: no answer within {:?}", crate::PATIENCE),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::ensure;

    use super::*;

    #[tokio::test]
    async fn returns_what_was_found_as_soon_as_it_is_there() {
        let mut looks = 0;
        let found = eventually(Duration::from_secs(5), "the third look", async || {
            looks += 1;
            ensure!(looks == 3, "look {looks}");
            Ok(looks)
        })
        .await;
        assert_eq!(found.unwrap(), 3);
    }

    #[tokio::test]
    async fn says_what_was_awaited_and_what_was_seen_last() {
        let gave_up = eventually(Duration::from_millis(30), "a miracle", async || {
            bail!("it says down") as Result<()>
        })
        .await;
        let text = gave_up.unwrap_err().to_string();
        assert_eq!(text, "awaited a miracle for 30ms; seen last: it says down");
    }

    #[tokio::test]
    async fn does_not_wait_for_a_look_that_hangs() {
        let gave_up = eventually(Duration::from_millis(30), "an answer", async || {
            std::future::pending::<Result<()>>().await
        })
        .await;
        assert!(gave_up.unwrap_err().to_string().contains("no answer"));
    }
}
