//! Any bytes as a booking list.
#![no_main]

#[path = "../../tests/fuzzing/laws.rs"]
#[expect(dead_code, reason = "each target holds one of the laws")]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::booking_list(bytes));
