//! The links in what somebody wrote.

use linkify::{LinkFinder, LinkKind};

/// A piece of a message's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// A link with the text as written.
    Link {
        /// As written.
        text: String,
        /// Where it leads: http, https or mailto, nothing else.
        target: String,
    },
}

/// Signs that end a link in Japanese text and that a URL does not contain unencoded.
const ENDS: [char; 18] = [
    '。', '、', '，', '．', '！', '？', '：', '；', '（', '）', '「', '」', '『', '』', '【', '】', '　', '…',
];

/// The text in order, cut at its links.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut pieces = Vec::new();
    let mut done = 0;
    for link in finder.links(text) {
        let whole = link.as_str();
        let shown = &whole[..whole.find(ENDS).unwrap_or(whole.len())];
        let Some(target) = target(shown, link.kind()) else { continue };
        if link.start() > done {
            pieces.push(Piece::Text(text[done..link.start()].to_owned()));
        }
        pieces.push(Piece::Link { text: shown.to_owned(), target });
        done = link.start() + shown.len();
    }
    if done < text.len() {
        pieces.push(Piece::Text(text[done..].to_owned()));
    }
    pieces
}

fn target(shown: &str, kind: &LinkKind) -> Option<String> {
    if *kind == LinkKind::Email {
        return Some(format!("mailto:{shown}"));
    }
    let (scheme, rest) = shown.split_once("://")?;
    let safe = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    (safe && !rest.is_empty()).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let joined: String = pieces(text)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => text.as_str(),
            })
            .collect();
        assert_eq!(joined, text, "no character is lost");
        let target = |piece| match piece {
            Piece::Link { target, .. } => Some(target),
            Piece::Text(_) => None,
        };
        pieces(text).into_iter().filter_map(target).collect()
    }

    #[test]
    fn japanese_neighbours_are_not_part_of_a_link() {
        assert_eq!(links("資料（https://example.org/a?b=1）です。"), ["https://example.org/a?b=1"]);
        assert_eq!(links("https://example.org/。つぎ"), ["https://example.org/"]);
        assert_eq!(links("https://ja.wikipedia.org/wiki/広場"), ["https://ja.wikipedia.org/wiki/広場"]);
    }

    #[test]
    fn only_harmless_schemes_become_links() {
        assert_eq!(links("javascript://example.org/%0Aalert(1) data://x ftp://example.org"), [""; 0]);
        assert_eq!(
            links("mail me@example.org, HTTP://EXAMPLE.ORG."),
            ["mailto:me@example.org", "HTTP://EXAMPLE.ORG"]
        );
        assert_eq!(links("javascript:alert(1) <b>https://example.org</b>"), ["https://example.org"]);
        assert_eq!(links("no link"), [""; 0]);
    }
}
