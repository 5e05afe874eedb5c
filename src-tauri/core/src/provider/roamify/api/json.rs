//! Bodies as the sender would have written them, in JavaScript.

use serde_json::{Map, Value, json};

/// A field, if there is anything to put in it.
pub(super) fn put(body: &mut Map<String, Value>, name: &str, text: Option<String>) {
    if let Some(text) = text {
        body.insert(name.to_owned(), text.into());
    }
}

/// A number as JavaScript would write it: `50`, not `50.0`.
pub(super) fn number(value: f64) -> Value {
    const EXACT_BELOW: f64 = 9e15;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole, and within what fits"
    )]
    if value.fract() == 0.0 && value.abs() < EXACT_BELOW {
        json!(value as i64)
    } else {
        json!(value)
    }
}

/// The bytes of a body.
pub(super) fn written(body: Map<String, Value>) -> Vec<u8> {
    Value::Object(body).to_string().into_bytes()
}
