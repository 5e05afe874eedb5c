//! Times and what is printed of them.

use std::time::Duration;

use esim_watch_core::store::Counts;

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
    pub fn of(counts: &Counts) -> Self {
        let title = format!("{} eSIMs, {} events", counts.esims, counts.events);
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

    /// Memory of the web process in kB, so many readings a minute: the average of the last sixth beside that of the
    /// first.
    pub fn memory(&mut self, seen: &[u64], a_minute: u64) {
        let a_minute = usize::try_from(a_minute).unwrap_or(1).max(1);
        let average =
            |some: &[u64]| some.iter().sum::<u64>() as f64 / some.len().max(1) as f64 / 1024.0;
        let part = seen.len().div_ceil(6);
        let first = average(seen.get(..part).unwrap_or_default());
        let last = average(seen.get(seen.len() - part..).unwrap_or_default());
        let most = seen.iter().copied().max().unwrap_or_default();
        self.lines.push(format!(
            "memory of the web process over {} minutes    first sixth {first:.1} MB   last {last:.1} MB   most {:.1} MB   grew {:+.1} MB   to reach: 20 MB in an hour",
            seen.len() / a_minute,
            most as f64 / 1024.0,
            last - first,
        ));
        let minutes: Vec<String> = seen
            .chunks(a_minute)
            .map(|minute| format!("{:.0}", average(minute)))
            .collect();
        self.notes
            .push(format!("memory each minute, MB: {}", minutes.join(" ")));
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
