//! Checks that the layers of server and client depend on each other in one direction only.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// A layer and the sibling layers that it must not use.
type Rule = (&'static str, &'static [&'static str]);

/// shared ← delivery ← store | relay | hub ← chat ← http | ws ← app
const SERVER: [Rule; 7] = [
    ("delivery", &["store", "relay", "hub", "chat", "http", "ws", "app"]),
    ("store", &["delivery", "relay", "hub", "chat", "http", "ws", "app"]),
    ("relay", &["delivery", "store", "hub", "chat", "http", "ws", "app"]),
    ("hub", &["store", "relay", "chat", "http", "ws", "app"]),
    ("chat", &["http", "ws", "app"]),
    ("http", &["app"]),
    ("ws", &["app"]),
];

/// shared ← state ← socket | api ← components ← pages
const CLIENT: [Rule; 4] = [
    ("state", &["socket", "api", "components", "pages", "app"]),
    ("socket", &["components", "pages", "app"]),
    ("api", &["components", "pages", "app"]),
    ("components", &["pages", "app"]),
];

/// # Errors
/// Lists every place that uses a layer above its own.
pub fn run() -> Result<()> {
    let mut wrong = Vec::new();
    for (name, rules) in [("server", SERVER.as_slice()), ("client", CLIENT.as_slice())] {
        let source = workspace::root().join(name).join("src");
        for file in workspace::files_below(&source)? {
            let module = module_path(file.strip_prefix(&source)?);
            let Some((layer, forbidden)) =
                rules.iter().find(|(layer, _)| module.first() == Some(&(*layer).into()))
            else {
                continue;
            };
            for named in named_layers(&fs::read_to_string(&file)?, module.len()) {
                if forbidden.contains(&named.as_str()) {
                    let path = workspace::relative(&file);
                    wrong.push(format!("{path}: `{layer}` must not name `{named}`"));
                }
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("the layers point the wrong way (see ARCHITECTURE.md):\n{}", wrong.join("\n"))
}

/// The module path of a file: `hub/room.rs` is `["hub", "room"]`, `hub/mod.rs` and `hub.rs` are `["hub"]`.
fn module_path(file: &Path) -> Vec<String> {
    let file = file.with_extension("");
    let parts = file.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod").collect()
}

/// Returns the top-level modules that `source` names, in a file `depth` modules below the crate root.
fn named_layers(source: &str, depth: usize) -> Vec<String> {
    let code: String = source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let to_the_top = "super::".repeat(depth);
    let mut named = Vec::new();
    for start in ["crate::", &to_the_top] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            named.extend(first_segments(&code[at + start.len()..]));
        }
    }
    named
}

/// Returns the first segment of a path, or of each path of a `{…}` group.
fn first_segments(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return vec![identifier(path)];
    };
    let mut segments = vec![identifier(group)];
    let mut depth = 0_usize;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => segments.push(identifier(&group[at + 1..])),
            _ => {}
        }
    }
    segments
}

fn identifier(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{module_path, named_layers};

    #[test]
    fn a_plain_path_is_found() {
        assert_eq!(named_layers("use crate::store::Store;", 2), ["store"]);
    }

    #[test]
    fn every_path_of_a_group_is_found() {
        let source = "use crate::{hub::{Hub, Outbox},\n store::Store, relay};";
        assert_eq!(named_layers(source, 2), ["hub", "store", "relay"]);
    }

    #[test]
    fn the_way_up_and_down_again_is_found() {
        assert_eq!(named_layers("use super::super::chat::Chat;", 2), ["chat"]);
        assert_eq!(named_layers("use super::chat::Chat;", 2), [""; 0]);
    }

    #[test]
    fn comments_and_other_crates_do_not_count() {
        assert_eq!(named_layers("// crate::chat\nuse my_crate::chat;", 1), [""; 0]);
    }

    #[test]
    fn a_module_is_named_by_its_file() {
        assert_eq!(module_path(Path::new("hub/mod.rs")), ["hub"]);
        assert_eq!(module_path(Path::new("hub/room.rs")), ["hub", "room"]);
        assert_eq!(module_path(Path::new("api.rs")), ["api"]);
    }
}
