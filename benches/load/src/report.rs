//! What is printed: tables, and each figure beside the one that is to be reached.
#![expect(
    clippy::print_stdout,
    reason = "the report is what the program is started for"
)]

use hdrhistogram::Histogram;

/// A heading.
pub fn title(text: &str) {
    println!("\n{text}");
}

/// A remark.
pub fn note(text: &str) {
    println!("  {text}");
}

/// Rows under a head, each column as wide as it needs to be; the first to the left, others to the right.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max();
        let head = head.get(column).map_or(0, |cell| cell.chars().count());
        widest.unwrap_or(0).max(head)
    };
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::from(" ");
        for (column, cell) in cells.enumerate() {
            let width = width(column);
            text += &match column {
                0 => format!(" {cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            };
        }
        println!("{}", text.trim_end());
    };
    line(&mut head.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
}

/// A figure beside its target.
pub fn target(what: &str, measured: &str, wanted: &str, reached: bool) {
    let verdict = if reached { "reached" } else { "MISSED" };
    println!("  {verdict}  {what}: {measured} (to reach: {wanted})");
}

/// The middle one, or the mean of the two in the middle; 0 of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |place: usize| values.get(place).copied().unwrap_or(0.0);
    if values.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    }
}

/// p50, p99, p99.9 and the worst, in milliseconds.
pub fn quantiles(latency: &Histogram<u64>) -> [f64; 4] {
    [0.5, 0.99, 0.999, 1.0].map(|quantile| latency.value_at_quantile(quantile) as f64 / 1e6)
}

/// Milliseconds with as many digits as say something.
pub fn ms(ms: f64) -> String {
    match ms {
        _ if ms < 10.0 => format!("{ms:.2} ms"),
        _ if ms < 100.0 => format!("{ms:.1} ms"),
        _ => format!("{ms:.0} ms"),
    }
}

/// A whole number with its thousands apart.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes as MiB.
pub fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1_048_576.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median([]), 0.0);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(999.0), "999");
        assert_eq!(ms(0.123), "0.12 ms");
        assert_eq!(mib(1_572_864), "1.5 MiB");
    }
}
