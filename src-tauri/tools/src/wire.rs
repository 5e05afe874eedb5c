//! Facts in, request bodies out: Roamify's two envelopes, and the ways in which its payloads
//! differ from one another (numbers as text, milliseconds, one identifier of two).
//!
//! Decides nothing about what happens to an eSIM; a [`Style`] only says how it is put.

use serde_json::Value;

use super::deck::Deck;
use super::identity::Identity;

/// A JSON value that remembers what a style may change about it. `serde_json::Value` would sort
/// the keys, and can't hold a number of 20 digits.
#[derive(Debug, Clone)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(i64),
    /// Hundredths, written as a decimal without trailing zeros.
    Hundredths(i64),
    /// Seconds since the epoch.
    Time(i64),
    Text(String),
    /// Digits, written as a number although they are an identifier.
    Digits(String),
    List(Vec<Json>),
    Object(Fields),
}

impl Json {
    /// The value as it is, compact.
    pub(super) fn to_text(&self) -> String {
        let mut out = String::new();
        Style::Nested.write(self, &mut out);
        out
    }
}

/// An object's fields in the order they are written.
pub(super) type Fields = Vec<(&'static str, Json)>;

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// How a payload is put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// Everything but the kind under `data`: the current form.
    #[default]
    Nested,
    /// All fields side by side: the older form.
    Flat,
    /// Nested, the type written `esim_status`.
    LongType,
    /// Nested, every number written as text.
    Text,
    /// Flat, every number written as text.
    FlatText,
    /// Nested, times in milliseconds.
    Millis,
    /// Flat, times in milliseconds.
    FlatMillis,
    /// Nested, without the `esim_id`.
    IccidOnly,
    /// Nested, the `iccid` empty.
    EsimIdOnly,
    /// Flat, the `iccid` as a number.
    IccidAsNumber,
}

impl Style {
    /// For events of an eSIM: mostly plain, each oddity once in 24.
    pub(super) fn deck() -> Deck<Self> {
        Deck::new(&[
            (10, Self::Nested),
            (5, Self::Flat),
            (2, Self::LongType),
            (1, Self::Text),
            (1, Self::FlatText),
            (1, Self::Millis),
            (1, Self::FlatMillis),
            (1, Self::IccidOnly),
            (1, Self::EsimIdOnly),
            (1, Self::IccidAsNumber),
        ])
    }

    /// For everything else, where there is no eSIM to leave half unnamed.
    pub(super) fn account_deck() -> Deck<Self> {
        Deck::new(&[
            (5, Self::Nested),
            (3, Self::Flat),
            (1, Self::Text),
            (1, Self::FlatMillis),
        ])
    }

    /// Whether an eSIM is named by one of its two identifiers only.
    pub(super) fn names_half(self) -> bool {
        matches!(self, Self::IccidOnly | Self::EsimIdOnly)
    }

    /// The fields that name an eSIM.
    pub(super) fn identify(self, esim: &Identity) -> Fields {
        let iccid = match self {
            Self::EsimIdOnly => Json::from(""),
            Self::IccidAsNumber => Json::Digits(esim.iccid.clone()),
            _ => Json::from(esim.iccid.as_str()),
        };
        let mut fields = vec![("iccid", iccid)];
        if self != Self::IccidOnly {
            fields.push(("esim_id", Json::from(esim.esim_id.as_str())));
        }
        match (&esim.reference, self) {
            (Some(reference), _) => fields.push(("reference_id", Json::from(reference.as_str()))),
            (None, Self::Flat) => fields.push(("reference_id", Json::Null)),
            (None, _) => {}
        }
        fields
    }

    /// The body of one request. `event_id` is given by refunds only.
    pub(super) fn body(
        self,
        category: &str,
        kind: &str,
        event_id: Option<&str>,
        fields: Fields,
    ) -> Vec<u8> {
        let kind = match self {
            Self::LongType => format!("{category}_{kind}"),
            _ => kind.to_owned(),
        };
        let mut all: Fields = Vec::new();
        if let Some(id) = event_id {
            all.push(("event_id", Json::from(id)));
        }
        all.push(("event_category", Json::from(category)));
        all.push(("event_type", Json::Text(kind)));
        if self.is_flat() {
            all.extend(fields);
        } else {
            all.push(("data", Json::Object(fields)));
        }
        let mut out = String::new();
        self.write(&Json::Object(all), &mut out);
        out.into_bytes()
    }

    fn is_flat(self) -> bool {
        matches!(
            self,
            Self::Flat | Self::FlatText | Self::FlatMillis | Self::IccidAsNumber
        )
    }

    fn write(self, value: &Json, out: &mut String) {
        match value {
            Json::Null => out.push_str("null"),
            Json::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Json::Number(number) => self.number(&number.to_string(), out),
            Json::Hundredths(hundredths) => self.number(&decimal(*hundredths), out),
            Json::Time(seconds) if matches!(self, Self::Millis | Self::FlatMillis) => {
                self.number(&(seconds * 1000).to_string(), out);
            }
            Json::Time(seconds) => self.number(&seconds.to_string(), out),
            Json::Text(text) => out.push_str(&Value::from(text.as_str()).to_string()),
            Json::Digits(digits) => out.push_str(digits),
            Json::List(items) => {
                out.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    self.write(item, out);
                }
                out.push(']');
            }
            Json::Object(fields) => {
                out.push('{');
                for (place, (key, value)) in fields.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::from(*key).to_string());
                    out.push(':');
                    self.write(value, out);
                }
                out.push('}');
            }
        }
    }

    fn number(self, digits: &str, out: &mut String) {
        if matches!(self, Self::Text | Self::FlatText) {
            out.push('"');
            out.push_str(digits);
            out.push('"');
        } else {
            out.push_str(digits);
        }
    }
}

fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match (part, part % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", part / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(style: Style) -> String {
        let esim = Identity {
            esim_id: "0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11".into(),
            iccid: "89445001021983048267".into(),
            reference: Some("a\"b".into()),
        };
        let mut fields = vec![("timestamp", Json::Time(1_764_230_400))];
        fields.extend(style.identify(&esim));
        fields.push(("balance", Json::Hundredths(30_720)));
        String::from_utf8(style.body("esim", "status", None, fields)).unwrap()
    }

    #[test]
    fn a_payload_is_put_in_every_documented_way() {
        assert_eq!(
            written(Style::Nested),
            r#"{"event_category":"esim","event_type":"status","data":{"timestamp":1764230400,"iccid":"89445001021983048267","esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"a\"b","balance":307.2}}"#
        );
        assert_eq!(
            written(Style::IccidAsNumber),
            r#"{"event_category":"esim","event_type":"status","timestamp":1764230400,"iccid":89445001021983048267,"esim_id":"0b8f6a52-6a0f-4c0e-9d0b-0f5a6f3a9c11","reference_id":"a\"b","balance":307.2}"#
        );
        assert!(written(Style::LongType).contains(r#""event_type":"esim_status""#));
        assert!(written(Style::FlatMillis).contains(r#""timestamp":1764230400000,"#));
        assert!(written(Style::Text).contains(r#""timestamp":"1764230400","#));
        assert!(written(Style::FlatText).contains(r#""balance":"307.2"}"#));
        assert!(!written(Style::IccidOnly).contains("esim_id"));
        assert!(written(Style::EsimIdOnly).contains(r#""iccid":"","#));
    }

    #[test]
    fn hundredths_are_decimals_without_trailing_zeros() {
        let all = [0, 5, 10, 100, 1205, -370].map(decimal);
        assert_eq!(all, ["0", "0.05", "0.1", "1", "12.05", "-3.7"]);
    }
}
