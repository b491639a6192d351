//! The formatted text of a message. What other users wrote only ever becomes text nodes.

use std::ops::Range;
use std::vec::IntoIter;

use leptos::html::custom;
use leptos::prelude::*;
use shared::Emoji;
use shared::markdown::{Element, Part, Plain, parse};

use super::code_block::CodeBlock;
use super::names::calls;
use super::room_link::RoomLink;
use super::spoiler::Spoiler;
use super::text_runs::{Look, Run, Runs};
use super::texts;
use crate::i18n::Language;

/// Whether a text needs taller lines: its script has stacked or deep letters, from Arabic to Tibetan and Khmer.
pub fn is_tall(text: &str) -> bool {
    let is_tall = |c| {
        matches!(c, '\u{600}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{1900}'..='\u{1CFF}'
            | '\u{A800}'..='\u{A82F}' | '\u{A8E0}'..='\u{A8FF}' | '\u{A930}'..='\u{ABFF}' | '\u{11000}'..='\u{11FFF}')
    };
    text.chars().any(is_tall)
}

/// Texts of emoji alone are shown large up to this many bytes: eight simple ones, or one family.
const LARGE_BYTES: usize = 32;

/// Whether a text consists of a few emoji only.
pub fn is_few_emoji(text: &str) -> bool {
    let is_part = |c: char| {
        // Spaces, joiners, letters of flags, skin tones and tags.
        matches!(c, ' ' | '\u{200D}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
            || Emoji::new(c.encode_utf8(&mut [0; 4])).is_ok()
    };
    text.len() <= LARGE_BYTES && text.chars().all(is_part)
}

/// Renders a text. `found` holds the byte ranges that match the search, sorted. Rendered anew only when the text changes,
/// or whom and what it mentions: the reader may have opened a spoiler or selected something.
pub fn formatted(
    text: impl Fn() -> String + Send + Sync + 'static,
    found: Vec<Range<usize>>,
) -> impl Fn() -> AnyView {
    let text = Memo::new(move |_| text());
    let calls = Memo::new(move |_| text.with(|text| calls(text)));
    move || {
        text.with(|text| {
            calls.with(|calls| {
                let runs = Runs { text, calls, found: &found };
                views(&mut parse(text).into_iter(), &runs, false).into_any()
            })
        })
    }
}

/// Renders parts up to the end of the element that they are in. A link contains no other.
fn views(parts: &mut IntoIter<Part>, runs: &Runs<'_>, in_link: bool) -> Vec<AnyView> {
    let mut views = Vec::new();
    while let Some(part) = parts.next() {
        match part {
            Part::Open(Element::CodeBlock(language)) => views.push(code_block(parts, language, runs)),
            Part::Open(element) => {
                let is_link = matches!(element, Element::Link(_));
                let inside = self::views(parts, runs, in_link || is_link);
                views.push(view_of(element, inside));
            }
            Part::Close => break,
            Part::Text(range) => views.extend(runs.of(range).into_iter().map(|part| run(part, in_link))),
        }
    }
    views
}

/// Returns the words of a text, without what a spoiler hides.
pub fn in_words(text: &str, language: Language) -> String {
    Plain::covered(text, texts::SPOILER_HIDDEN.of(language))
}

fn view_of(element: Element, inside: Vec<AnyView>) -> AnyView {
    match element {
        Element::Strong => plain("strong", "", inside),
        Element::Emphasis => plain("em", "", inside),
        Element::Strike => plain("s", "", inside),
        Element::Code => plain("code", "", inside),
        Element::Heading => plain("strong", "heading", inside),
        Element::Quote => plain("blockquote", "", inside),
        Element::List { numbered } => plain(if numbered { "ol" } else { "ul" }, "", inside),
        Element::Item(Some(number)) => custom("li").attr("value", number.to_string()).child(inside).into_any(),
        Element::Item(None) => plain("li", "", inside),
        Element::Spoiler => view! { <Spoiler>{inside}</Spoiler> }.into_any(),
        Element::Link(target) => view! {
            <a href=target.clone() title=target data-testid="text-link" target="_blank" rel="noopener noreferrer nofollow">
                {inside}
            </a>
        }
        .into_any(),
        // Rendered with its source.
        Element::CodeBlock(_) => ().into_any(),
    }
}

/// One type for all elements without more than a class, so that their code is downloaded once.
fn plain(tag: &'static str, class: &'static str, inside: Vec<AnyView>) -> AnyView {
    custom(tag).class(class).child(inside).into_any()
}

fn code_block(parts: &mut IntoIter<Part>, language: Range<usize>, runs: &Runs<'_>) -> AnyView {
    let mut code = String::new();
    let mut inside = Vec::new();
    for part in parts.by_ref() {
        let Part::Text(range) = part else { break };
        code.push_str(&runs.text[range.clone()]);
        inside.append(&mut runs.of(range));
    }
    let is_marked = inside.iter().any(|run| run.found);
    let marked = is_marked.then(|| inside.into_iter().map(|part| run(part, false)).collect_view().into_any());
    view! { <CodeBlock language=runs.text[language].to_owned() code marked /> }.into_any()
}

fn run(run: Run, in_link: bool) -> AnyView {
    let Run { text, look, found } = run;
    let text = if found { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() };
    match look {
        Look::Plain => text,
        Look::Call { own } => view! {
            <span class="call" class:own=own>
                {text}
            </span>
        }
        .into_any(),
        Look::Room(_) if in_link => text,
        Look::Room(room) => view! { <RoomLink room>{text}</RoomLink> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_emoji_alone_are_shown_large() {
        for large in ["👍", "❤️", "🎉 🎉", "👩‍👩‍👧‍👦", "🇯🇵", "👋🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
        {
            assert!(is_few_emoji(large), "{large}");
        }
        for usual in ["👍 ok", "1", "*", "あ", "🎉🎉🎉🎉🎉🎉🎉🎉🎉", ":)"] {
            assert!(!is_few_emoji(usual), "{usual}");
        }
    }
}
