//! What is written in the composer: a message or a command.

const SLASHES: [char; 2] = ['/', '／'];

/// What is written in the composer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'a> {
    /// A message.
    Text(&'a str),
    Command,
}

impl<'a> Written<'a> {
    /// Two slashes begin a message with one.
    pub fn read(text: &'a str) -> Self {
        match text.strip_prefix(SLASHES) {
            Some(rest) if rest.starts_with(SLASHES) => Self::Text(rest),
            Some(rest) if !rest.starts_with(char::is_whitespace) => Self::Command,
            _ => Self::Text(text),
        }
    }

    pub fn is_command(text: &str) -> bool {
        Written::read(text) == Written::Command
    }

    /// The name of a command, and what follows it once there is a space.
    pub fn command(text: &str) -> Option<(&str, Option<&str>)> {
        let rest = text.strip_prefix(SLASHES).filter(|_| Self::is_command(text))?;
        Some(match rest.split_once(char::is_whitespace) {
            Some((name, rest)) => (name, Some(rest)),
            None => (rest, None),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_begins_a_command_and_two_begin_a_message_with_one() {
        assert_eq!(Written::read("//etc/hosts"), Written::Text("/etc/hosts"));
        assert_eq!(Written::read("／／みぎ"), Written::Text("／みぎ"));
        for text in ["hello", "a /b", " /b", "/ b", ""] {
            assert_eq!(Written::read(text), Written::Text(text));
        }
        assert_eq!(Written::command("/kick Bob  rude"), Some(("kick", Some("Bob  rude"))));
        assert_eq!(Written::command("／help"), Some(("help", None)));
        assert_eq!(Written::command("//help"), None);
    }
}
