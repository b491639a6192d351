//! Search: the terms of texts and queries, and which texts a query matches. Index and query use the same tokenizer, and
//! every candidate from the index is checked with [`Query::matches`], so an index may return false positives but must
//! not miss a match.
//!
//! Scripts without spaces between words (*dense* ones: kanji, kana, Hangul, Thai, emoji) match any part of a text, the
//! others match whole words. Case, width, and accents of Latin, Greek and Cyrillic letters are ignored; everything else
//! is significant.

mod accent;
mod filter;
mod fold;
mod needle;
mod query;
mod script;
mod terms;

pub use filter::Filter;
pub use fold::fold;
pub use query::Query;
pub(crate) use script::is_dense;
use terms::has_link;
pub use terms::{Term, document_terms, private_term, room_term};
