//! Traffic at a steady rate to the program under test, from a thread of its own. It ends with the value that
//! stands for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use esim_watch_testkit::{Esim, Payload, Sender, now};

/// Longest that a load may go on, whoever forgets to stop it.
const LONGEST: Duration = Duration::from_secs(2 * 3600);

pub struct Load {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
    began: Instant,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Load {
    /// So many events a second about eSIMs of the store.
    pub fn start(sender: Sender, rate: u32, esims: u32) -> Self {
        let (stop, sent, failed) = (Arc::default(), Arc::default(), Arc::default());
        let told = (Arc::clone(&stop), Arc::clone(&sent), Arc::clone(&failed));
        let thread = std::thread::spawn(move || run(&sender, rate, esims, &told));
        Self {
            stop,
            sent,
            failed,
            began: Instant::now(),
            thread: Some(thread),
        }
    }

    /// Ends it and says how much was sent.
    pub fn stop(mut self) -> Result<String> {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread
                .join()
                .ok()
                .context("the load ended with a panic")??;
        }
        let sent = self.sent.load(Ordering::Relaxed);
        let failed = self.failed.load(Ordering::Relaxed);
        ensure!(failed == 0, "{failed} of {sent} events were not taken");
        let seconds = self.began.elapsed().as_secs_f64();
        Ok(format!(
            "{sent} events were sent in {seconds:.0} s, {:.0} a second, each answered with 200",
            sent as f64 / seconds
        ))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

type Told = (Arc<AtomicBool>, Arc<AtomicU64>, Arc<AtomicU64>);

fn run(sender: &Sender, rate: u32, esims: u32, (stop, sent, failed): &Told) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
        let began = Instant::now();
        let mut number = 0_u32;
        let mut under_way = tokio::task::JoinSet::new();
        while !stop.load(Ordering::Relaxed) && began.elapsed() < LONGEST {
            ticks.tick().await;
            number = number.wrapping_add(1);
            let (sender, payload) = (sender.clone(), payload(number, esims));
            under_way.spawn(async move { sender.deliver(&payload).await.is_ok() });
            while let Some(done) = under_way.try_join_next() {
                count(done.unwrap_or(false), sent, failed);
            }
        }
        while let Some(done) = under_way.join_next().await {
            count(done.unwrap_or(false), sent, failed);
        }
    });
    Ok(())
}

fn count(taken: bool, sent: &AtomicU64, failed: &AtomicU64) {
    sent.fetch_add(1, Ordering::Relaxed);
    if !taken {
        failed.fetch_add(1, Ordering::Relaxed);
    }
}

/// Mostly usage reports, some status changes, about eSIMs all over the store. Ids tell repeats apart.
fn payload(number: u32, esims: u32) -> Payload {
    let esim = Esim::numbered(number.wrapping_mul(7_919) % esims);
    match number % 4 {
        0 => esim.status(if number.is_multiple_of(8) {
            "INACTIVE"
        } else {
            "ACTIVATED"
        }),
        _ => esim.usage(3072.0, f64::from(3072 - number % 3000)),
    }
    .at(now())
    .set("sequence", number)
}
