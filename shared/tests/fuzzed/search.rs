//! Input: a query, a line feed and a text. The index proposes every text that the query matches, and highlights consist
//! of whole characters.

use shared::search::{Filter, Query, document_terms};
use shared::{RoomKind, UserName};

/// # Panics
/// If the property does not hold for this input.
pub fn check(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let (query, text) = input.split_once('\n').unwrap_or((input, input));
    let Ok(query) = Query::parse(query) else { return };
    let terms = query.terms(Some(7));
    assert!(terms.iter().all(|term| !term.text.is_empty() && !term.text.contains(char::is_whitespace)));
    let highlights = query.highlights(text);
    assert!(highlights.iter().all(|range| range.start < range.end && text.get(range.clone()).is_some()));
    assert!(highlights.is_sorted_by(|before, next| before.end < next.start), "{highlights:?}");
    let excludes_only = query.terms(None).is_empty();
    if query.filter() != &Filter::default() || excludes_only || !query.matches(text) {
        return;
    }
    assert!(!highlights.is_empty(), "found and not marked");
    let author = UserName::new("Taro Yamada").expect("a name");
    let document = document_terms(&author, 7, RoomKind::Private, text, false);
    for term in query.terms(None) {
        let mut has = document.split(' ');
        let is_proposed =
            has.any(|own| if term.is_prefix { own.starts_with(&term.text) } else { own == term.text });
        assert!(is_proposed, "{term:?} is not in {document:?}");
    }
}
