//! Times and what is printed of them.

use std::time::Duration;

use crate::fill::Size;

/// Times of one thing that was measured repeatedly.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many took this long or longer.
    pub fn over(&self, limit: Duration) -> usize {
        self.0.iter().filter(|time| **time >= limit).count()
    }

    fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        let time = sorted.get(at).copied().unwrap_or_default();
        time.as_secs_f64() * 1000.0
    }
}

/// The table at the end.
pub struct Figures {
    lines: Vec<String>,
    notes: Vec<String>,
}

impl Figures {
    pub fn of(size: Size) -> Self {
        let title = format!(
            "{} eSIMs, {} events",
            size.esims,
            u64::from(size.esims) * 10
        );
        Self {
            lines: vec![title],
            notes: Vec::new(),
        }
    }

    pub fn add(&mut self, what: &str, times: &Times, goal: &str) {
        self.lines.push(format!(
            "{what:<40} median {:>7.1} ms   p95 {:>7.1} ms   worst {:>7.1} ms   of {:>5}   to reach: {goal}",
            times.percentile(50),
            times.percentile(95),
            times.percentile(100),
            times.len(),
        ));
    }

    /// Memory of the web process, a reading a minute, in kB.
    pub fn memory(&mut self, seen: &[u64]) {
        let mb = |kb: u64| kb as f64 / 1024.0;
        let first = seen.first().copied().unwrap_or_default();
        let last = seen.last().copied().unwrap_or_default();
        let most = seen.iter().copied().max().unwrap_or_default();
        self.lines.push(format!(
            "memory of the web process over {} minutes    first {:.1} MB   last {:.1} MB   most {:.1} MB   grew {:+.1} MB   to reach: 20 MB in an hour",
            seen.len().saturating_sub(1),
            mb(first),
            mb(last),
            mb(most),
            mb(last) - mb(first),
        ));
        let all: Vec<String> = seen.iter().map(|kb| format!("{:.0}", mb(*kb))).collect();
        self.notes
            .push(format!("memory each minute, MB: {}", all.join(" ")));
    }

    pub fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    #[expect(clippy::print_stdout, reason = "the figures are what it is for")]
    pub fn print(&self) {
        for line in self.lines.iter().chain(&self.notes) {
            println!("{line}");
        }
    }
}
