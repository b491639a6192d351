//! Our parser held against pulldown-cmark, on what both should read alike.

use proptest::prelude::*;

use super::tests::shown;

/// Texts of what the subset has in common with `CommonMark`.
fn common() -> impl Strategy<Value = String> {
    let word = || {
        prop::sample::select(vec!["a", "bc", "Δx", "é", "w0rd", "snake_case", "don't", "(so)", "\"q\"", "x."])
    };
    let sign =
        prop::sample::select(vec!["*", "**", "***", "_", "__", "~~", "`", "``", " ", " ", " ", "\\*", ", "]);
    let inline = prop::collection::vec(prop_oneof![word(), sign], 1..12).prop_map(|pieces| pieces.concat());
    // Beside punctuation pulldown-cmark closes less than it opens.
    let is_beside_words = |line: &str| {
        let sign = |c: char| !c.is_alphanumeric() && c != ' ';
        line.match_indices("~~")
            .all(|(at, _)| !line[..at].ends_with(sign) && !line[at + 2..].starts_with(sign))
    };
    // Here a fence may stand after a text, which CommonMark does not know.
    let ends_with_fence = |line: &str| {
        let before = line.trim_end_matches('`');
        line.len() - before.len() >= 3 && !before.contains('`')
    };
    let line = inline.prop_filter("a line of text", move |line| {
        let is_text = !line.starts_with("* ") && line.contains(char::is_alphanumeric);
        let is_common = is_beside_words(line) && !ends_with_fence(line);
        line == line.trim() && is_text && !line.starts_with(['~', '`']) && is_common
    });
    let text = prop::collection::vec(line, 1..3).prop_map(|lines| lines.join("\n"));
    let indented = |text: &str, first: &str, rest: &str| {
        let lines = text.lines().enumerate();
        lines
            .map(|(at, line)| format!("{}{line}", if at == 0 { first } else { rest }))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let leaf = prop_oneof![
        4 => text.clone(),
        1 => text.clone().prop_map(|text| format!("## {}", text.lines().next().unwrap_or_default())),
        1 => (prop::sample::select(vec!["", "rust"]), prop::collection::vec("[a-z*_> -]{0,8}", 0..4))
            .prop_map(|(language, lines)| format!("```{language}\n{}\n```", lines.join("\n"))),
        1 => (word(), word()).prop_map(|(a, b)| format!("{a} [*{b}* c](https://example.org/x_y)")),
    ];
    let block = leaf.prop_recursive(3, 12, 3, move |inner| {
        let list = move |marker: &'static str| {
            prop::collection::vec(inner.clone(), 1..3).prop_map(move |items| {
                let items = items.iter().map(|item| indented(item, marker, &" ".repeat(marker.len())));
                items.collect::<Vec<_>>().join("\n\n")
            })
        };
        prop_oneof![
            list("- "),
            list("* "),
            list("7. "),
            list("> ").prop_map(|text| {
                text.lines()
                    .map(|line| format!("> {}", line.trim_start_matches('>')))
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        ]
    });
    prop::collection::vec(block, 1..3).prop_map(|blocks| blocks.join("\n\n"))
}

/// A text as pulldown-cmark parses it, in the form of [`shown`].
fn shown_by_pulldown(text: &str) -> String {
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
    let mut shown = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        let part = match event {
            Event::Start(tag) => match tag {
                Tag::Paragraph => String::new(),
                Tag::Strong => "B{".to_owned(),
                Tag::Emphasis => "I{".to_owned(),
                Tag::Strikethrough => "S{".to_owned(),
                Tag::Heading { .. } => "H{".to_owned(),
                Tag::BlockQuote(_) => "Q{".to_owned(),
                Tag::List(None) => "U{".to_owned(),
                Tag::List(Some(_)) => "O{".to_owned(),
                Tag::Item => "-{".to_owned(),
                Tag::Link { dest_url, .. } => format!("A({dest_url}){{"),
                Tag::CodeBlock(CodeBlockKind::Fenced(language)) => format!("P({language}){{"),
                other => format!("{other:?}"),
            },
            Event::End(TagEnd::Paragraph) | Event::SoftBreak | Event::HardBreak => "\n".to_owned(),
            Event::End(_) => "}".to_owned(),
            Event::Text(text) => text.to_string(),
            Event::Code(code) => format!("C{{{code}}}"),
            other => format!("{other:?}"),
        };
        shown.push_str(&part);
    }
    shown
}

/// Without differences of white space.
fn squeezed(shown: &str) -> String {
    let words: Vec<&str> = shown.split_whitespace().collect();
    // pulldown-cmark counts items instead of reading their numbers, which are all 7 here.
    let mut squeezed =
        words.join(" ").replace("7{", "-{").replace(" }", "}").replace("} ", "}").replace("{ ", "{");
    for block in ["H{", "Q{", "U{", "O", "-{", "P("] {
        squeezed = squeezed.replace(&format!(" {block}"), block);
    }
    squeezed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_common_subset_is_read_as_pulldown_cmark_reads_it(text in common()) {
        prop_assert_eq!(squeezed(&shown(&text)), squeezed(&shown_by_pulldown(&text)), "{}", text);
    }
}
