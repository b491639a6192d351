#![no_main]

// The decoder itself, without the server around it: it needs `shared` only.
#[allow(dead_code)]
#[path = "../../server/src/ws"]
mod ws {
    pub mod codec;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| ws::codec::fuzzing::check(input));
