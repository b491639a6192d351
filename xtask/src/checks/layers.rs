//! The layers of server and client, and the features of the client, name each other only as ARCHITECTURE.md says.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// A layer, and the layers that it must not name.
type Rule = (&'static str, &'static [&'static str]);

/// shared ← delivery ← store | relay | hub ← accounts ← chat ← http | ws ← app
const SERVER: [Rule; 14] = [
    ("mail_address", &["mail", "delivery", "store", "relay", "hub", "accounts", "chat", "http", "ws", "app"]),
    (
        "metrics",
        &["delivery", "tls", "store", "relay", "hub", "accounts", "chat", "http", "ws", "edge", "app"],
    ),
    ("mail", &["delivery", "store", "relay", "hub", "accounts", "chat", "http", "ws", "app"]),
    ("delivery", &["tls", "store", "relay", "hub", "accounts", "chat", "http", "ws", "app"]),
    ("tls", &["mail", "store", "relay", "hub", "accounts", "chat", "http", "ws", "config", "edge", "app"]),
    ("store", &["mail", "delivery", "relay", "hub", "accounts", "chat", "http", "ws", "app"]),
    ("relay", &["delivery", "store", "hub", "accounts", "chat", "http", "ws", "app"]),
    ("hub", &["store", "relay", "accounts", "chat", "http", "ws", "app"]),
    ("accounts", &["mail", "delivery", "relay", "hub", "chat", "http", "ws", "app"]),
    ("chat", &["http", "ws", "control", "app"]),
    ("control", &["http", "ws", "app"]),
    ("http", &["edge", "app"]),
    ("ws", &["edge", "app"]),
    ("edge", &["app"]),
];

/// shared ← core ← wire | ui ← features ← app; browser ← i18n beside them
const CLIENT: [Rule; 6] = [
    ("browser", &["i18n", "core", "wire", "ui", "features", "app"]),
    ("i18n", &["core", "wire", "ui", "features", "app"]),
    ("core", &["browser", "i18n", "wire", "ui", "features", "app"]),
    ("wire", &["i18n", "ui", "features", "app"]),
    ("ui", &["wire", "features", "app"]),
    ("features", &["app"]),
];

/// The feature that every other one may name.
const BASE_FEATURE: &str = "message";

/// A feature of the client, and the further features that it may name; one that is not here names none.
const FEATURES: [(&str, &[&str]); 11] = [
    ("administration", &["account"]),
    ("commands", &["account", "leaving"]),
    ("composer", &["commands", "reactions"]),
    ("conversation", &["composer", "doors", "reactions", "rooms"]),
    ("doors", &["account"]),
    ("help", &["commands"]),
    ("people", &["doors", "search", "settings"]),
    ("rooms", &["account", "direct", "doors", "leaving", "search", "settings", "switcher"]),
    ("settings", &["leaving"]),
    ("sign_in", &["account", "doors", "settings"]),
    ("switcher", &["search"]),
];

/// # Errors
/// Lists every place that names something it must not.
pub fn run() -> Result<()> {
    let mut wrong = Vec::new();
    for (name, rules) in [("server", SERVER.as_slice()), ("client", CLIENT.as_slice())] {
        let source = workspace::root().join(name).join("src");
        for file in workspace::files_below(&source)? {
            let module = module_path(file.strip_prefix(&source)?);
            let path = workspace::relative(&file);
            for named in named_paths(&fs::read_to_string(&file)?, &module) {
                if let Some(problem) = problem(&module, &named, rules) {
                    wrong.push(format!("{path}: {problem}"));
                }
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("modules name what they must not (see ARCHITECTURE.md):\n{}", wrong.join("\n"))
}

fn problem(module: &[String], named: &[String], rules: &[Rule]) -> Option<String> {
    let (layer, other) = (module.first()?, named.first()?);
    if let Some((_, forbidden)) = rules.iter().find(|(name, _)| name == layer)
        && forbidden.contains(&other.as_str())
    {
        return Some(format!("`{layer}` must not name `{other}`"));
    }
    if layer != "features" || other != "features" {
        return None;
    }
    let (feature, other) = (module.get(1)?, named.get(1)?);
    let allowed = FEATURES.iter().find(|(name, _)| name == feature).map_or(&[][..], |(_, allowed)| allowed);
    let may_name = feature == other
        || feature != BASE_FEATURE && other == BASE_FEATURE
        || allowed.contains(&other.as_str());
    (!may_name).then(|| format!("the feature `{feature}` must not name `{other}`"))
}

/// `hub/room.rs` is `["hub", "room"]`, `hub/mod.rs` and `hub.rs` are `["hub"]`.
fn module_path(file: &Path) -> Vec<String> {
    let file = file.with_extension("");
    let parts = file.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod").collect()
}

/// The first two segments, seen from the crate, of every path in `source` that begins with `crate::` or leads out of
/// `module` by `super::`.
fn named_paths(source: &str, module: &[String]) -> Vec<Vec<String>> {
    let code: String = source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let mut rest = &code[at..];
        let mut base = module;
        if let Some(path) = rest.strip_prefix("crate::") {
            (rest, base) = (path, &[]);
        }
        while let (Some(path), Some((_, outer))) = (rest.strip_prefix("super::"), base.split_last()) {
            (rest, base) = (path, outer);
        }
        segments(base, rest, &mut named);
    }
    named
}

/// Appends the paths that begin with `base` and go on with `path`, which may be a `{…}` group.
fn segments(base: &[String], path: &str, named: &mut Vec<Vec<String>>) {
    if base.len() >= 2 {
        named.push(base[..2].to_vec());
        return;
    }
    let Some(group) = path.strip_prefix('{') else {
        let name = identifier(path);
        let longer = [base, std::slice::from_ref(&name)].concat();
        match path.trim_start()[name.len()..].strip_prefix("::") {
            Some(rest) if !name.is_empty() => segments(&longer, rest, named),
            _ => named.push(longer),
        }
        return;
    };
    segments(base, group.trim_start(), named);
    let mut depth = 0_usize;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => segments(base, group[at + 1..].trim_start(), named),
            _ => {}
        }
    }
}

fn identifier(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{CLIENT, module_path, named_paths, problem};

    fn named(source: &str, module: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        named_paths(source, &module).into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn a_plain_path_is_found() {
        assert_eq!(named("use crate::store::Store;", "chat::join"), ["store::Store"]);
    }

    #[test]
    fn every_path_of_a_group_is_found() {
        let source = "use crate::{hub::{Hub, Outbox},\n store::Store, relay};";
        assert_eq!(named(source, "chat::join"), ["hub::Hub", "hub::Outbox", "store::Store", "relay"]);
    }

    #[test]
    fn the_way_up_and_down_again_is_found() {
        assert_eq!(named("use super::super::chat::Chat;", "hub::room"), ["chat::Chat"]);
        assert_eq!(named("use super::super::pins::panel;", "features::rooms::head"), ["features::pins"]);
        assert_eq!(named("use super::chat::Chat;", "hub::room"), ["hub::chat"]);
    }

    #[test]
    fn comments_and_other_crates_do_not_count() {
        assert_eq!(named("// crate::chat\nuse my_crate::chat;", "hub"), [""; 0]);
    }

    #[test]
    fn features_name_only_what_the_table_allows() {
        let found = |module: &str, path: &str| {
            let split = |path: &str| path.split("::").map(str::to_owned).collect::<Vec<_>>();
            problem(&split(module), &split(path), &CLIENT).is_some()
        };
        assert!(!found("features::pins::panel", "features::message"));
        assert!(!found("features::pins::panel", "features::pins"));
        assert!(found("features::pins::panel", "features::search"));
        assert!(found("features::new", "features::pins"));
        assert!(!found("features::new", "features::message"));
        assert!(found("features::message", "features::pins"));
        assert!(found("features::pins::panel", "app"));
        assert!(found("browser::dates", "core"));
        assert!(!found("app::features", "features::pins"));
    }

    #[test]
    fn a_module_is_named_by_its_file() {
        assert_eq!(module_path(Path::new("hub/mod.rs")), ["hub"]);
        assert_eq!(module_path(Path::new("hub/room.rs")), ["hub", "room"]);
        assert_eq!(module_path(Path::new("api.rs")), ["api"]);
    }
}
