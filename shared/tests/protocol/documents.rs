//! The documents agree with the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use shared::{CloseCode, Command, ErrorCode, Request, RoomEvent, ServerFrame};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the part of a document under a level 2 heading.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let start = document.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no part {heading:?}"));
    let rest = &document[start + 4..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// Returns each example of a part with its level 3 heading.
fn examples<'a>(document: &'a str, heading: &str) -> Vec<(&'a str, &'a str)> {
    let parts = section(document, heading).split("\n### `").skip(1);
    let examples = parts.flat_map(|part| {
        let (tag, body) = part.split_once('`').expect("a tag");
        let blocks = body.split("```json\n").skip(1);
        blocks.map(move |block| (tag, block.split("```").next().unwrap_or_default()))
    });
    examples.collect()
}

fn tags(examples: &[(&str, &str)]) -> BTreeSet<String> {
    examples.iter().map(|(tag, _)| (*tag).to_owned()).collect()
}

fn set(types: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    types.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_request_has_an_example_that_parses() {
    let document = read("docs/protocol.md");
    let examples = examples(&document, "Client to server");
    for (tag, json) in &examples {
        let request = Request::parse(json).unwrap_or_else(|failure| panic!("{tag}: {failure}\n{json}"));
        let written = serde_json::to_value(&request).expect("JSON");
        assert_eq!(written["type"], **tag);
        assert_no_unknown_fields(json, &written);
    }
    assert_eq!(tags(&examples), set(Command::TYPES));
}

#[test]
fn the_parser_knows_every_type_that_is_described() {
    for tag in Command::TYPES {
        if let Err(failure) = Request::parse(&format!("{{\"type\":\"{tag}\"}}")) {
            assert_ne!(failure.code, ErrorCode::UnknownType, "{tag}");
        }
    }
}

#[test]
fn every_frame_has_an_example_that_parses() {
    let document = read("docs/protocol.md");
    let examples = examples(&document, "Server to client");
    for (tag, json) in &examples {
        let frame: ServerFrame =
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{tag}: {error}\n{json}"));
        assert_eq!(serde_json::to_value(&frame).expect("JSON")["type"], **tag);
        let is_of_the_future = |event: &RoomEvent| matches!(event, RoomEvent::Unknown { .. });
        if !matches!(&frame, ServerFrame::Events(frame) if frame.events.iter().any(is_of_the_future)) {
            assert_no_unknown_fields(json, &serde_json::to_value(&frame).expect("JSON"));
        }
    }
    assert_eq!(tags(&examples), set(ServerFrame::types()));
}

/// A misspelled field would be ignored, so the example must equal what the code itself writes.
fn assert_no_unknown_fields(json: &str, written: &serde_json::Value) {
    let example: serde_json::Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(&example, written);
}

#[test]
fn the_tables_of_codes_are_those_of_the_code() {
    let document = read("docs/protocol.md");
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let rows = |heading: &str| {
        let lines = section(&document, heading).lines().filter(|line| line.starts_with("| "));
        lines.skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let errors = rows("Error codes");
    assert_eq!(errors.len(), ErrorCode::ALL.len());
    for (row, code) in errors.iter().zip(ErrorCode::ALL) {
        let expected =
            format!("| `{}` | {} | {} | ", code.as_str(), code.http_status(), yes(code.retryable()));
        assert!(row.starts_with(&expected), "{row}\n{expected}");
    }
    let closes = rows("Close codes");
    assert_eq!(closes.len(), CloseCode::ALL.len());
    for (row, code) in closes.iter().zip(CloseCode::ALL) {
        let expected = format!("| {} | {} | ", code.code(), yes(code.may_reconnect()));
        assert!(row.starts_with(&expected), "{row}\n{expected}");
    }
}

/// Returns the names in the dependency tables of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut listed = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            let table = line.trim_matches(['[', ']']);
            listed = table.ends_with("dependencies");
            // A dependency with its own table.
            names.extend(table.split_once("dependencies.").map(|(_, name)| name.to_owned()));
        } else if listed && !line.starts_with('#') && line.contains('=') {
            names.extend(line.split(['=', '.', ' ']).next().map(str::to_owned));
        }
    }
    names.remove("shared");
    names.remove("server");
    names
}

#[test]
fn every_dependency_has_its_line() {
    let root_manifest = read("Cargo.toml");
    let mut used = dependencies(&root_manifest);
    for folder in fs::read_dir(root()).expect("the project").flatten() {
        if let Ok(manifest) = fs::read_to_string(folder.path().join("Cargo.toml")) {
            used.extend(dependencies(&manifest));
        }
    }
    assert!(used.contains("serde") && used.contains("tokio"), "{used:?}");
    let document = read("docs/dependencies.md");
    let crates = document.split("\n## Tools").next().unwrap_or_default();
    let rows = crates.lines().filter_map(|line| line.strip_prefix("| `"));
    let explained: BTreeSet<String> =
        rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect();
    let missing: Vec<_> = used.difference(&explained).collect();
    assert!(missing.is_empty(), "no line in docs/dependencies.md: {missing:?}");
    let unused: Vec<_> = explained.difference(&used).collect();
    assert!(unused.is_empty(), "explained in docs/dependencies.md but not used: {unused:?}");
}

/// Returns the tests that a document names: `path::function`, or a browser test.
fn named_tests(document: &str) -> BTreeSet<&str> {
    let spans = document.split('`').skip(1).step_by(2);
    spans.filter(|span| span.contains("::") || span.ends_with(".test.js")).collect()
}

#[test]
fn every_guarantee_names_tests_that_exist() {
    let (english, japanese) = (read("docs/guarantees.md"), read("docs/guarantees.ja.md"));
    assert_eq!(named_tests(&english), named_tests(&japanese), "both languages name the same");
    for document in [&english, &japanese] {
        for guarantee in document.split("\n## ").skip(1) {
            assert!(!named_tests(guarantee).is_empty(), "{guarantee}");
        }
    }
    assert_exist(&named_tests(&english));
}

#[test]
fn every_defence_names_tests_that_exist() {
    let (english, japanese) = (read("docs/security.md"), read("docs/security.ja.md"));
    assert_eq!(named_tests(&english), named_tests(&japanese), "both languages name the same");
    for document in [&english, &japanese] {
        let rows = document.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 2);
        // Each table has a head.
        let rows: Vec<_> = rows.filter(|row| !named_tests(row).is_empty()).collect();
        assert_eq!(rows.len(), 39, "every row names its tests");
    }
    assert_exist(&named_tests(&english));
}

fn assert_exist(tests: &BTreeSet<&str>) {
    for test in tests {
        let (file, function) = test.split_once("::").unwrap_or((test, ""));
        let exists = function.is_empty() || read(file).contains(&format!("fn {function}("));
        assert!(exists && root().join(file).exists(), "there is no test {test}");
    }
}

#[test]
fn every_group_of_the_conformance_table_has_its_tests() {
    let document = read("docs/conformance.md");
    let rows: Vec<&str> = document.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert_eq!(rows.len(), 8);
    for row in rows {
        let test = row.split('`').nth(1).unwrap_or_else(|| panic!("no test in {row}"));
        let (file, function) = test.split_once("::").unwrap_or((test, "test]"));
        let source = read(&format!("server/tests/api/conformance/{file}"));
        assert!(source.contains(function), "there is no test {test}");
    }
}
