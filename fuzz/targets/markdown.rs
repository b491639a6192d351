#![no_main]

#[path = "../../shared/tests/fuzzed/markdown.rs"]
mod markdown;

libfuzzer_sys::fuzz_target!(|input: &[u8]| markdown::check(input));
