//! The measuring part that runs in the page: from a key that is pressed to rows that are painted.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Desk, PATIENCE, eventually};
use serde_json::Value;

use crate::figures::Times;

/// Notes the last key, and calls back after the frame in which something is true is painted: an animation frame
/// comes before a paint, and a message that is posted in it is handled after it. It also times the window's own last
/// question for eSIMs: the same question asked again would be answered from memory.
pub const PROBE: &str = "
    window.probe = { down: 0, took: null, seen: null, asked: null };
    const ask = window.fetch;
    window.fetch = (...request) => {
        const answer = ask.apply(window, request);
        if (!String(request[0].url ?? request[0]).endsWith('/esims')) return answer;
        const began = performance.now();
        return answer.then(response => { probe.asked = performance.now() - began; return response; });
    };
    addEventListener('keydown', () => { probe.down = performance.now(); }, true);
    probe.afterPaint = done => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done();
        channel.port2.postMessage(0);
    });
    probe.when = (holds, done) => {
        probe.took = null;
        if (holds()) { probe.afterPaint(done); return; }
        const observer = new MutationObserver(() => {
            if (!holds()) return;
            observer.disconnect();
            probe.afterPaint(done);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    };";

/// Gives the rows the focus, so that keys move in them.
pub const FOCUS_ROWS: &str = "document.querySelector('[role=grid]').focus()";

const SHOWN: &str = "document.querySelector('[data-shown-search]')?.dataset.shownSearch";

/// Measures from the next key until the rows of this search are painted.
pub async fn arm(desk: &Desk, words: &str) -> Result<()> {
    let script = format!(
        "const words = arguments[0]; probe.when(() => {SHOWN} === words, () => {{ probe.took = performance.now() - probe.down; }})"
    );
    desk.script(&script, vec![words.into()]).await.map(drop)
}

/// Measures from the next key until one eSIM is painted.
pub async fn arm_detail(desk: &Desk) -> Result<()> {
    let script = "probe.when(
        () => document.querySelector('[data-testid=esim-detail][data-ready]') !== null,
        () => { probe.took = performance.now() - probe.down; })";
    desk.script(script, vec![]).await.map(drop)
}

/// Measures from the next key to the next paint.
pub async fn arm_any(desk: &Desk) -> Result<()> {
    let script = "probe.took = null;
        addEventListener('keydown', () => probe.afterPaint(() => { probe.took = performance.now() - probe.down; }), { once: true })";
    desk.script(script, vec![]).await.map(drop)
}

/// What was measured.
pub async fn painted(desk: &Desk) -> Result<Duration> {
    eventually(PATIENCE, "a painted change", async || {
        let took = desk.script("return probe.took", vec![]).await?;
        milliseconds(&took)
    })
    .await
}

/// Awaits the rows of this search.
pub async fn shown(desk: &Desk, words: &str) -> Result<()> {
    eventually(PATIENCE, "the rows of a search", async || {
        let shown = desk
            .script(&format!("return {SHOWN} ?? null"), vec![])
            .await?;
        ensure!(shown == words, "it shows {shown}");
        Ok(())
    })
    .await
}

/// How long the program took to answer the last question of the list, as the page sees it.
pub async fn asked(desk: &Desk) -> Result<Duration> {
    milliseconds(&desk.script("return probe.asked", vec![]).await?)
}

/// From the program's first moment to its first screen with data.
pub async fn since_start(desk: &Desk) -> Result<Duration> {
    let script = "const [ready] = performance.getEntriesByName('ready');
        return ready === undefined ? null : performance.timeOrigin + ready.startTime";
    let ready = eventually(PATIENCE, "the mark of a drawn screen", async || {
        milliseconds(&desk.script(script, vec![]).await?)
    })
    .await?;
    let started = desk.started_at()?.duration_since(UNIX_EPOCH)?;
    ready
        .checked_sub(started)
        .context("it was ready before it started")
}

/// The frames of one way through the list.
pub struct Frames {
    pub times: Times,
    /// In how many frames a row in view was not there yet.
    pub blank: u64,
}

/// Scrolls by so many pixels in each frame, for at most so many frames.
pub async fn scroll(desk: &Desk, step: u32, frames: u32) -> Result<Frames> {
    let begin = "const [step, most] = arguments;
        const grid = document.querySelector('[role=grid]');
        grid.scrollTop = 0;
        window.frames_ = { times: [], blank: 0, done: false };
        let before = null;
        const frame = now => {
            if (before !== null) frames_.times.push(now - before);
            before = now;
            const view = grid.getBoundingClientRect();
            const rows = [...grid.querySelectorAll('[role=row]')].filter(row => {
                const { top, bottom } = row.getBoundingClientRect();
                return bottom > view.top && top < view.bottom;
            });
            if (rows.length < 2 || rows.some(row => row.dataset.waiting !== undefined)) frames_.blank += 1;
            const top = grid.scrollTop;
            grid.scrollTop = top + step;
            if (grid.scrollTop === top || frames_.times.length >= most) { frames_.done = true; return; }
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame)";
    desk.script(begin, vec![step.into(), frames.into()]).await?;
    let patience = Duration::from_secs(600);
    let seen = eventually(patience, "the end of the list", async || {
        let seen = desk
            .script("return frames_.done ? frames_ : null", vec![])
            .await?;
        ensure!(!seen.is_null(), "still scrolling");
        Ok(seen)
    })
    .await?;
    let mut times = Times::default();
    for time in seen
        .get("times")
        .and_then(Value::as_array)
        .context("no frames")?
    {
        times.add(milliseconds(time)?);
    }
    let blank = seen
        .get("blank")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    Ok(Frames { times, blank })
}

/// Notes when this text is painted in the feed, by the wall clock.
pub async fn arm_feed(desk: &Desk, text: &str) -> Result<()> {
    let script = "const text = arguments[0];
        probe.seen = null;
        probe.when(
            () => [...document.querySelectorAll('[data-testid=feed-item]')].some(item => item.textContent.includes(text)),
            () => { probe.seen = performance.timeOrigin + performance.now(); })";
    desk.script(script, vec![text.into()]).await.map(drop)
}

/// How long after this moment it was painted.
pub async fn seen_after(desk: &Desk, moment: SystemTime) -> Result<Duration> {
    let seen = eventually(PATIENCE, "a changed feed", async || {
        milliseconds(&desk.script("return probe.seen", vec![]).await?)
    })
    .await?;
    // The two clocks agree to a millisecond.
    Ok(seen.saturating_sub(moment.duration_since(UNIX_EPOCH)?))
}

fn milliseconds(value: &Value) -> Result<Duration> {
    let value = value.as_f64().with_context(|| format!("{value}"))?;
    Ok(Duration::try_from_secs_f64(value.max(0.0) / 1000.0)?)
}
