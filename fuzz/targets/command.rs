#![no_main]

#[path = "../../shared/tests/fuzzed/command.rs"]
mod command;

libfuzzer_sys::fuzz_target!(|input: &[u8]| command::check(input));
