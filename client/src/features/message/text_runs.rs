//! Splits a text where its look changes: links, mentions, search matches.

use std::collections::HashMap;
use std::ops::Range;

use shared::UserId;
use shared::link::links;
use shared::mention::{Called, find};

/// The look of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Plain text.
    Plain,
    /// A link to this target.
    Link(String),
    /// A mention.
    Call {
        /// Whether it mentions the reader.
        own: bool,
    },
}

/// A part of a text with one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub look: Look,
    /// Whether it matches the search.
    pub found: bool,
}

/// Who reads, and who can be mentioned.
pub struct Calls<'a> {
    /// The user ids of the room's members by the [key](shared::UserName::key) of their name.
    pub names: &'a HashMap<String, UserId>,
    pub me: Option<UserId>,
}

/// Splits a text into runs, in order; `found` holds sorted, non-overlapping byte ranges.
pub fn runs(text: &str, calls: Option<&Calls<'_>>, found: &[Range<usize>]) -> Vec<Run> {
    let mut looks: Vec<(Range<usize>, Look)> =
        links(text).map(|link| (link.range.clone(), Look::Link(link.target()))).collect();
    if let Some(calls) = calls {
        looks.extend(called(text, calls));
    }
    let mut cuts = vec![0];
    // There are few, so inserting into a sorted list is cheap enough.
    for range in looks.iter().map(|(range, _)| range).chain(found).chain([&(0..text.len())]) {
        for cut in [range.start, range.end] {
            if text.is_char_boundary(cut)
                && let Err(place) = cuts.binary_search(&cut)
            {
                cuts.insert(place, cut);
            }
        }
    }
    let run = |(&start, &end): (&usize, &usize)| Run {
        text: text[start..end].to_owned(),
        look: looks
            .iter()
            .find(|(range, _)| range.contains(&start))
            .map_or(Look::Plain, |(_, look)| look.clone()),
        found: found.iter().any(|range| range.contains(&start)),
    };
    cuts.iter().zip(cuts.iter().skip(1)).map(run).collect()
}

fn called<'a>(text: &str, calls: &'a Calls<'_>) -> impl Iterator<Item = (Range<usize>, Look)> + use<'a> {
    let person = |key: &str| calls.names.get(key).copied();
    let own = |called| match called {
        Called::Room => true,
        Called::Person(id) => Some(id) == calls.me,
    };
    find(text, person).into_iter().map(move |(range, called)| (range, Look::Call { own: own(called) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId::new(uuid::Uuid::from_u128(number))
    }

    fn shown(text: &str, found: &[Range<usize>]) -> Vec<String> {
        let names = HashMap::from([("花子".to_owned(), user(1)), ("bob".to_owned(), user(2))]);
        let calls = Calls { names: &names, me: Some(user(1)) };
        let runs = runs(text, Some(&calls), found);
        assert_eq!(runs.iter().map(|run| run.text.as_str()).collect::<String>(), text, "nothing is lost");
        let sign = |run: &Run| match &run.look {
            Look::Plain => "",
            Look::Link(_) => "link ",
            Look::Call { own: true } => "me ",
            Look::Call { own: false } => "call ",
        };
        runs.iter()
            .map(|run| format!("{}{}{}", sign(run), if run.found { "*" } else { "" }, run.text))
            .collect()
    }

    #[test]
    fn calls_stand_out_and_ones_own_more() {
        assert_eq!(shown("@花子さん、@Bob!", &[]), ["me @花子", "さん、", "call @Bob", "!"]);
        assert_eq!(shown("＠room @nobody", &[]), ["me ＠room", " @nobody"]);
        assert_eq!(shown("https://example.org/@bob", &[]), ["link https://example.org/@bob"]);
    }

    #[test]
    fn what_was_found_is_marked_also_inside_of_a_link() {
        let text = "見て https://example.org/tokyo 東京";
        let at = |part: &str| text.find(part).map(|start| start..start + part.len()).unwrap();
        let shown = shown(text, &[at("tokyo"), at("東京")]);
        assert_eq!(shown, ["見て ", "link https://example.org/", "link *tokyo", " ", "*東京"]);
    }
}
