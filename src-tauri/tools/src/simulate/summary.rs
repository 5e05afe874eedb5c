//! What became of the deliveries, counted while they are sent and told at the end.
//!
//! Needs the same memory for ten deliveries as for ten million. Knows nothing of what they said.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::delivery::Arrival;

/// Each power of two of microseconds is divided into this many steps: a time is known to 1.6 %.
const STEPS: u64 = 64;

/// The counts of one run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) seed: u64,
    /// eSIMs heard of.
    pub(super) esims: u32,
    /// Deliveries that rate and duration ask for.
    planned: u64,
    sent: u64,
    repeats: u64,
    late: u64,
    answered_2xx: u64,
    other_answers: BTreeMap<u16, u64>,
    failed: u64,
    first_failure: Option<String>,
    latencies: Latencies,
    /// The furthest that a delivery left behind its time.
    behind: Duration,
    /// From the first delivery to the time that the one after the last was due.
    pub(super) sending: Duration,
    /// Ended by Ctrl-C.
    pub(super) interrupted: bool,
}

impl Tally {
    /// Nothing sent yet of `planned` deliveries.
    pub(super) fn new(planned: u64) -> Self {
        Self {
            planned,
            ..Self::default()
        }
    }

    /// One more delivery has left, `behind` its time.
    pub(super) fn left(&mut self, arrival: Arrival, behind: Duration) {
        self.sent += 1;
        self.behind = self.behind.max(behind);
        match arrival {
            Arrival::InTurn => {}
            Arrival::Late => self.late += 1,
            Arrival::Repeat => self.repeats += 1,
        }
    }

    /// One was answered.
    pub(super) fn answered(&mut self, status: u16, took: Duration) {
        self.latencies.add(took);
        if (200..300).contains(&status) {
            self.answered_2xx += 1;
        } else {
            *self.other_answers.entry(status).or_default() += 1;
        }
    }

    /// One was not answered.
    pub(super) fn failed(&mut self, reason: String) {
        self.failed += 1;
        self.first_failure.get_or_insert(reason);
    }

    /// Whether every delivery so far was answered at all.
    pub(super) fn none_failed(&self) -> bool {
        self.failed == 0
    }

    /// A word of progress, to the log.
    pub(super) fn report(&self) {
        let Self {
            sent,
            planned,
            answered_2xx,
            failed,
            ..
        } = self;
        tracing::info!(sent, planned, answered_2xx, failed, "sending");
    }

    /// Why the run can't be called a success; none if every delivery was answered 2xx.
    pub(super) fn fault(&self) -> Option<String> {
        let others: u64 = self.other_answers.values().sum();
        let unknown = self.sent - self.answered_2xx - others - self.failed;
        let mut faults = Vec::new();
        if self.sent == 0 {
            faults.push("nothing was sent".to_owned());
        }
        if others > 0 {
            faults.push(format!("{others} answered otherwise than 2xx"));
        }
        if self.failed > 0 {
            faults.push(format!("{} failed", self.failed));
        }
        if unknown > 0 {
            faults.push(format!("{unknown} given up without waiting for the answer"));
        }
        (!faults.is_empty()).then(|| faults.join(", "))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sent,
            planned,
            seed,
            esims,
            ..
        } = self;
        writeln!(
            f,
            "sent           {sent} of {planned} (seed {seed}, {esims} eSIMs)"
        )?;
        writeln!(f, "  duplicates   {}", self.repeats)?;
        writeln!(f, "  late         {}", self.late)?;
        writeln!(f, "answered 2xx   {}", self.answered_2xx)?;
        for (status, count) in &self.other_answers {
            writeln!(f, "answered {status}   {count}")?;
        }
        writeln!(f, "failed         {}", self.failed)?;
        if let Some(reason) = &self.first_failure {
            writeln!(f, "  the first    {reason}")?;
        }
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        writeln!(
            f,
            "answer time    median {:.1} ms, p99 {:.1} ms, worst {:.1} ms",
            millis(self.latencies.quantile(0.5)),
            millis(self.latencies.quantile(0.99)),
            millis(self.latencies.worst)
        )?;
        let seconds = self.sending.as_secs_f64();
        let achieved = if seconds > 0.0 {
            *sent as f64 / seconds
        } else {
            0.0
        };
        writeln!(f, "achieved       {achieved:.1} a second")?;
        if self.interrupted {
            writeln!(f, "ended early, on request")?;
        } else if sent < planned {
            writeln!(
                f,
                "The receiver is slower than the offered rate: {} deliveries were not sent in time.",
                planned - sent
            )?;
        } else if self.behind > Duration::from_secs(1) {
            writeln!(
                f,
                "The receiver is slower than the offered rate at times: \
                 a delivery left {:.1} s behind its time.",
                self.behind.as_secs_f64()
            )?;
        }
        match self.fault() {
            Some(fault) => writeln!(f, "Not every delivery was answered 2xx: {fault}."),
            None => writeln!(f, "Every delivery was answered 2xx."),
        }
    }
}

/// Times in steps that grow with them.
#[derive(Debug, Default)]
struct Latencies {
    counts: BTreeMap<u64, u64>,
    total: u64,
    worst: Duration,
}

impl Latencies {
    fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        // All but the highest seven bits are cleared.
        let unit = 1 << (micros / STEPS).checked_ilog2().unwrap_or(0);
        *self.counts.entry(micros / unit * unit).or_default() += 1;
        self.total += 1;
        self.worst = self.worst.max(time);
    }

    /// The time within which this share of the answers came; zero if there is none.
    fn quantile(&self, share: f64) -> Duration {
        let rank = (self.total as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (micros, count) in &self.counts {
            seen += count;
            if seen >= rank {
                return Duration::from_micros(*micros).min(self.worst);
            }
        }
        self.worst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_two_percent_in_little_memory() {
        let mut latencies = Latencies::default();
        for micros in 1..=100_000 {
            latencies.add(Duration::from_micros(micros));
        }
        for (share, micros) in [(0.5, 50_000.0), (0.99, 99_000.0), (0.001, 100.0)] {
            let found = latencies.quantile(share).as_secs_f64() * 1e6;
            assert!((found / micros - 1.0).abs() < 0.02, "{share}: {found}");
        }
        assert_eq!(latencies.worst, Duration::from_millis(100));
        assert!(latencies.counts.len() < 1000, "{}", latencies.counts.len());
    }

    #[test]
    fn the_summary_names_every_outcome() {
        let mut tally = Tally {
            seed: 7,
            esims: 3,
            planned: 9,
            ..Tally::default()
        };
        for arrival in [
            Arrival::InTurn,
            Arrival::InTurn,
            Arrival::Late,
            Arrival::Repeat,
        ] {
            tally.left(arrival, Duration::ZERO);
        }
        tally.sending = Duration::from_secs(2);
        tally.answered(200, Duration::from_millis(2));
        tally.answered(503, Duration::from_millis(4));
        tally.failed("nobody there".to_owned());
        tally.failed("still nobody".to_owned());
        assert_eq!(
            tally.to_string(),
            "sent           4 of 9 (seed 7, 3 eSIMs)\n  \
               duplicates   1\n  \
               late         1\n\
             answered 2xx   1\n\
             answered 503   1\n\
             failed         2\n  \
               the first    nobody there\n\
             answer time    median 2.0 ms, p99 4.0 ms, worst 4.0 ms\n\
             achieved       2.0 a second\n\
             The receiver is slower than the offered rate: 5 deliveries were not sent in time.\n\
             Not every delivery was answered 2xx: 1 answered otherwise than 2xx, 2 failed.\n"
        );
    }

    #[test]
    fn a_run_without_answers_is_no_success() {
        assert_eq!(
            Tally::default().fault().as_deref(),
            Some("nothing was sent")
        );
        let mut tally = Tally::default();
        tally.left(Arrival::InTurn, Duration::ZERO);
        assert!(tally.fault().unwrap().contains("given up"));
        tally.answered(204, Duration::ZERO);
        assert_eq!(tally.fault(), None);
    }
}
