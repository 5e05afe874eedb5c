//! Spans of time: sets of seconds, as ranges that don't touch.

use std::ops::Range;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spans(Vec<Range<i64>>);

impl Spans {
    pub fn of(ranges: impl IntoIterator<Item = Range<i64>>) -> Spans {
        let mut ranges: Vec<Range<i64>> = ranges.into_iter().filter(|r| r.start < r.end).collect();
        ranges.sort_by_key(|range| range.start);
        let mut all: Vec<Range<i64>> = Vec::new();
        for range in ranges {
            match all.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => all.push(range),
            }
        }
        Spans(all)
    }

    pub fn one(range: Range<i64>) -> Spans {
        Spans::of(std::iter::once(range))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Range<i64>> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, at: i64) -> bool {
        let next = self.0.partition_point(|range| range.start <= at);
        next > 0 && at < self.0[next - 1].end
    }

    /// The end of the span that this second is in.
    pub fn until(&self, at: i64) -> i64 {
        let range = self.0.iter().find(|range| range.contains(&at));
        range.map_or(at, |range| range.end)
    }

    /// The first second of these at or after this one.
    pub fn next(&self, at: i64) -> Option<i64> {
        let range = self.0.iter().find(|range| range.end > at)?;
        Some(range.start.max(at))
    }

    pub fn end(&self) -> i64 {
        self.0.last().map_or(i64::MIN, |range| range.end)
    }

    pub fn and(&self, other: &Spans) -> Spans {
        let mut all = Vec::new();
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(one), Some(two)) = (a.peek(), b.peek()) {
            let both = one.start.max(two.start)..one.end.min(two.end);
            let first_ends = one.end < two.end;
            if both.start < both.end {
                all.push(both);
            }
            if first_ends {
                a.next();
            } else {
                b.next();
            }
        }
        Spans(all)
    }

    pub fn or(&self, other: &Spans) -> Spans {
        Spans::of(self.0.iter().chain(&other.0).cloned())
    }

    pub fn without(&self, other: &Spans) -> Spans {
        let mut from = i64::MIN;
        let mut rest = Vec::new();
        for gone in &other.0 {
            rest.push(from..gone.start);
            from = gone.end;
        }
        rest.push(from..i64::MAX);
        self.and(&Spans::of(rest))
    }

    /// How many seconds.
    pub fn length(&self) -> i64 {
        self.0.iter().map(|range| range.end - range.start).sum()
    }

    /// When so many seconds of these have passed.
    pub fn after(&self, mut seconds: i64) -> Option<i64> {
        for range in &self.0 {
            let length = range.end - range.start;
            if seconds <= length {
                return Some(range.start + seconds);
            }
            seconds -= length;
        }
        None
    }
}

#[test]
fn spans_are_sets_of_seconds() {
    let (a, b) = (Spans::of([0..10, 20..30, 10..12]), Spans::one(5..25));
    assert_eq!(a, Spans::of([0..12, 20..30]));
    assert_eq!(a.and(&b), Spans::of([5..12, 20..25]));
    assert_eq!(a.without(&b), Spans::of([0..5, 25..30]));
    assert_eq!(a.or(&b), Spans::one(0..30));
    assert_eq!((a.length(), a.after(15), a.after(23)), (22, Some(23), None));
    assert!(a.has(0) && !a.has(12) && a.next(15) == Some(20));
}
