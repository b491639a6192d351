//! Properties that hold for arbitrary input. `fuzz/` searches for counterexamples; those found are kept in
//! `fuzz/corpus` and replayed here.

mod command;
mod markdown;
mod search;
mod server_frame;

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut inputs = 0;
    for file in std::fs::read_dir(&folder).expect("the corpus") {
        let path = file.expect("an input").path();
        eprintln!("{}", path.display());
        check(&std::fs::read(path).expect("an input"));
        inputs += 1;
    }
    assert!(inputs > 10, "{inputs} inputs in {}", folder.display());
}

#[test]
fn what_was_found_in_requests_stays_mended() {
    replay("command", command::check);
}

#[test]
fn what_was_found_in_frames_of_the_server_stays_mended() {
    replay("server_frame", server_frame::check);
}

#[test]
fn what_was_found_in_searches_stays_mended() {
    replay("search", search::check);
}

#[test]
fn what_was_found_in_formatted_texts_stays_mended() {
    replay("markdown", markdown::check);
}
