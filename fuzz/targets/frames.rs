#![no_main]

// Only the decoder, without the rest of the server: it depends on `shared` only.
#[allow(dead_code)]
#[path = "../../server/src/ws"]
mod ws {
    pub mod codec;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| ws::codec::fuzzing::check(input));
