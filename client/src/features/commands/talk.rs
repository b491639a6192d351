//! Commands that write something, and the list of all.

use super::doing::Doing;
use super::table::Command;
use super::texts;

const SHRUG: &str = r"¯\_(ツ)_/¯";

pub fn help(doing: &Doing, _: &str) {
    let language = doing.language;
    let line = |command: &&Command| {
        let usage = format!("/{} {}", command.name, command.usage.of(language));
        (usage.trim().to_owned(), command.about.of(language).to_owned())
    };
    let mut lines: Vec<_> = doing.commands.offered().iter().map(line).collect();
    lines.push(("//".to_owned(), texts::TWO_SLASHES.of(language).to_owned()));
    doing.say(lines);
}

pub fn me(doing: &Doing, does: &str) {
    if does.is_empty() {
        return doing.wrong();
    }
    doing.post(&emphasised(does));
}

pub fn shrug(doing: &Doing, text: &str) {
    doing.post(format!("{text} {SHRUG}").trim_start());
}

/// What somebody does, in italics, line by line. A sign that would end them is escaped.
fn emphasised(text: &str) -> String {
    let line = |line: &str| match line.trim() {
        "" => String::new(),
        line => format!("*{}*", line.replace('*', r"\*")),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use shared::markdown::{Element, Part, parse};

    use super::*;

    fn read(text: &str) -> String {
        let shown = |part| match part {
            Part::Text(range) => text[range].to_owned(),
            Part::Open(Element::Emphasis) => "<".to_owned(),
            Part::Open(other) => format!("{other:?}"),
            Part::Close => ">".to_owned(),
        };
        parse(text).into_iter().map(shown).collect()
    }

    #[test]
    fn what_somebody_does_is_shown_in_italics() {
        assert_eq!(read(&emphasised("waves")), "<waves>");
        assert_eq!(read(&emphasised("手を振る")), "<手を振る>");
        assert_eq!(read(&emphasised("multiplies 2*3 and a*b")), "<multiplies 2*3 and a*b>");
        assert_eq!(read(&emphasised("sits\n\nand stands")), "<sits>\n\n<and stands>");
    }

    #[test]
    fn the_shrug_keeps_its_arm() {
        for text in [SHRUG.to_owned(), format!("no idea {SHRUG}")] {
            assert_eq!(read(&text), text);
        }
    }
}
