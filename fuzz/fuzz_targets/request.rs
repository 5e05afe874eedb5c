//! Any bytes on a connection to the real listener.
#![no_main]

use std::sync::LazyLock;

#[path = "../../tests/fuzzing/laws.rs"]
#[expect(dead_code, reason = "each target holds one of the laws")]
mod laws;

static SERVER: LazyLock<laws::Server> = LazyLock::new(laws::Server::start);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    SERVER.answer(bytes);
});
