//! Input: a text. Its tree is whole and bounded, its parts are characters of the text in their order, links lead to the
//! web or to mailboxes, and code contains neither links nor mentions.

use shared::markdown::{DEPTH, Element, Part, Plain, code, parse};
use shared::mention;

/// # Panics
/// If the property does not hold for this input.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut open: Vec<Element> = Vec::new();
    let mut at = 0;
    for part in parse(text) {
        match part {
            Part::Open(element) => {
                if let Element::Link(target) = &element {
                    assert!(
                        ["http://", "https://", "mailto:"].iter().any(|scheme| {
                            target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                        }),
                        "{target}"
                    );
                    assert!(
                        !open.iter().any(|around| matches!(around, Element::Link(_))),
                        "a link in a link"
                    );
                }
                assert!(!open.iter().any(Element::is_code), "something in code");
                open.push(element);
                assert!(open.len() <= DEPTH, "{open:?}");
            }
            Part::Close => assert!(open.pop().is_some(), "nothing is open"),
            Part::Text(range) => {
                assert!(at <= range.start && range.start < range.end, "{range:?} after {at}");
                assert!(text.get(range.clone()).is_some(), "whole characters");
                at = range.end;
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let code = code(text);
    for (call, _) in mention::find(text, |key| (!key.is_empty()).then_some(())) {
        assert!(!code.iter().any(|code| code.contains(&call.start)), "{call:?} in {code:?}");
    }
    let plain = Plain::new(text);
    let places: Vec<usize> =
        plain.text().char_indices().map(|(place, _)| place).chain([plain.text().len()]).collect();
    for ends in places.windows(2) {
        let origin = plain.origin(&(ends[0]..ends[1]));
        let (shown, source) = (&plain.text()[ends[0]..ends[1]], text.get(origin));
        // Line breaks between blocks have no origin of their own.
        assert!(shown == "\n" || source == Some(shown), "{shown:?} from {source:?}");
    }
}
