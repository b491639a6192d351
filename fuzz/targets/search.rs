#![no_main]

#[path = "../../shared/tests/fuzzed/search.rs"]
mod search;

libfuzzer_sys::fuzz_target!(|input: &[u8]| search::check(input));
