//! What a usage report says beyond the data left: where and when data was used, text messages, minutes.

use serde::Serialize;
use serde_json::value::RawValue;

use super::fields::Fields;
use super::parse::read;

/// Data used on one day in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsageDay {
    /// The day as Roamify names it, mostly `YYYY-MM-DD`.
    pub date: String,
    /// The place as Roamify names it: a country's code or its name; empty: none was given.
    pub location: String,
    /// MB.
    pub mb: f64,
}

/// How much of something is left of how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Left {
    /// What the package holds.
    pub allowed: Option<f64>,
    /// What is left of it.
    pub remaining: Option<f64>,
}

impl Left {
    fn is_anything(self) -> bool {
        let some = |value: Option<f64>| value.is_some_and(|value| value > 0.0);
        some(self.allowed) || some(self.remaining)
    }
}

/// One usage report, read again from its payload.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UsageReport {
    /// Days and places that it names.
    pub days: Vec<UsageDay>,
    /// Text messages; `None`: the package has none.
    pub sms: Option<Left>,
    /// Minutes; `None`: the package has none.
    pub voice: Option<Left>,
}

/// Reads the details of a usage report out of a stored body; empty if there are none.
#[must_use]
pub fn usage_report(body: &[u8]) -> UsageReport {
    let Ok(fields) = read(body) else {
        return UsageReport::default();
    };
    let data = fields.object("usage_data");
    // On one page of Roamify's documentation the list stands inside of `usage_data`.
    let list = fields
        .raw("usage_list")
        .or_else(|| data.as_ref().and_then(|data| data.raw("usage_list")));
    let left = |allowed, remaining| {
        let data = data.as_ref()?;
        let left = Left {
            allowed: data.number(allowed),
            remaining: data.number(remaining),
        };
        left.is_anything().then_some(left)
    };
    UsageReport {
        days: list.map(days).unwrap_or_default(),
        sms: left("allowed_sms", "remaining_sms"),
        voice: left("allowed_voice", "remaining_voice"),
    }
}

fn days(list: &RawValue) -> Vec<UsageDay> {
    // A list that is none says nothing; the report's other fields stand.
    let entries: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| {
            let entry = Fields::of(entry)?;
            let mb = entry.number("data_used").filter(|mb| *mb >= 0.0)?;
            Some(UsageDay {
                date: day(&entry.text("date")?),
                location: entry.text("location").unwrap_or_default(),
                mb,
            })
        })
        .collect()
}

/// The day of a date that may carry a time.
fn day(text: &str) -> String {
    match text.get(..10) {
        Some(day) if day.parse::<jiff::civil::Date>().is_ok() => day.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(data: &str) -> UsageReport {
        let body = format!(r#"{{"event_category":"esim","event_type":"usage","data":{{{data}}}}}"#);
        usage_report(body.as_bytes())
    }

    #[test]
    fn days_are_read_from_both_places_and_numbers_from_texts() {
        let beside = r#""usage_list":[{"date":"2026-11-20","data_used":12.5,"location":"ES"},{"date":"2026-11-21T08:00:00Z","data_used":"300"}]"#;
        let days = [
            UsageDay {
                date: "2026-11-20".into(),
                location: "ES".into(),
                mb: 12.5,
            },
            UsageDay {
                date: "2026-11-21".into(),
                location: String::new(),
                mb: 300.0,
            },
        ];
        assert_eq!(report(beside).days, days);
        assert_eq!(report(&format!(r#""usage_data":{{{beside}}}"#)).days, days);
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        for list in [
            "null",
            "7",
            "{}",
            r#"[null, 3, "x", {}, {"date":"2026-11-20"}, {"date":"2026-11-20","data_used":-4}, {"data_used":5}]"#,
        ] {
            let list = format!(r#""usage_list":{list}"#);
            assert_eq!(report(&list), UsageReport::default(), "{list}");
        }
        assert_eq!(usage_report(b"no json"), UsageReport::default());
    }

    #[test]
    fn messages_and_minutes_are_told_only_where_the_package_has_some() {
        let none = r#""usage_data":{"allowed_sms":0,"remaining_sms":0,"allowed_voice":0,"remaining_voice":0}"#;
        assert_eq!(report(none), UsageReport::default());
        let some = r#""usage_data":{"allowed_sms":"50","remaining_sms":0,"allowed_voice":30,"remaining_voice":12.5}"#;
        let left = |allowed, remaining| {
            Some(Left {
                allowed: Some(allowed),
                remaining: Some(remaining),
            })
        };
        assert_eq!(report(some).sms, left(50.0, 0.0));
        assert_eq!(report(some).voice, left(30.0, 12.5));
    }
}
