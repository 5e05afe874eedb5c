//! Named, timed steps: what is being done now, how long it took, and which one failed.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// The steps done so far, in order.
#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    failed: bool,
}

impl Steps {
    /// Says the step's name, does it, says its time. An error names the step.
    pub fn run<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        eprintln!("\n==> {name}");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let failed = result.is_err();
        let verdict = if failed { "FAILED after" } else { "done in" };
        eprintln!("==> {name}: {verdict} {}", readable(took));
        self.done.push(Step { name, took, failed });
        result.with_context(|| format!("step \"{name}\" failed"))
    }

    /// Every step with its time, and their sum. Empty when there was none.
    pub fn table(&self) -> String {
        if self.done.is_empty() {
            return String::new();
        }
        let width = self.done.iter().map(|step| step.name.len()).max();
        let width = width.unwrap_or_default().max("total".len());
        let mut table = String::from("\n");
        for step in &self.done {
            let mark = if step.failed { "  FAILED" } else { "" };
            let time = readable(step.took);
            // Writing to a String can't fail.
            let _ = writeln!(table, "  {:width$}  {time:>9}{mark}", step.name);
        }
        let total = readable(self.done.iter().map(|step| step.took).sum());
        let _ = writeln!(table, "  {:width$}  {total:>9}", "total");
        table
    }
}

/// Seconds with a tenth below a minute, minutes and seconds above.
fn readable(time: Duration) -> String {
    // Rounded once, before the choice of the unit: 59.96 s is a minute.
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        let seconds = (tenths + 5) / 10;
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, millis: u64, failed: bool) -> Step {
        let took = Duration::from_millis(millis);
        Step { name, took, failed }
    }

    #[test]
    fn a_time_reads_well_at_every_size() {
        let text = |millis| readable(Duration::from_millis(millis));
        assert_eq!(text(0), "0.0 s");
        assert_eq!(text(1_250), "1.3 s");
        assert_eq!(text(59_949), "59.9 s");
        assert_eq!(text(59_960), "1 m 00 s");
        assert_eq!(text(185_400), "3 m 05 s");
    }

    #[test]
    fn the_table_lines_up_and_adds_up() {
        let steps = Steps {
            done: vec![
                step("lints", 61_000, false),
                step("build the window", 2_500, true),
            ],
        };
        assert_eq!(
            steps.table(),
            "\n  lints              1 m 01 s\n  build the window      2.5 s  FAILED\n  total              1 m 04 s\n"
        );
    }

    #[test]
    fn nothing_done_means_no_table() {
        assert_eq!(Steps::default().table(), "");
    }

    #[test]
    fn a_failing_step_is_named_with_its_reason() {
        let mut steps = Steps::default();
        let result: anyhow::Result<()> = steps.run("lints", || anyhow::bail!("one warning"));
        assert_eq!(
            format!("{:#}", result.unwrap_err()),
            "step \"lints\" failed: one warning"
        );
        assert!(steps.table().contains("FAILED"));
    }
}
