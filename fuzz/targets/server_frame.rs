#![no_main]

#[path = "../../shared/tests/fuzzed/server_frame.rs"]
mod server_frame;

libfuzzer_sys::fuzz_target!(|input: &[u8]| server_frame::check(input));
