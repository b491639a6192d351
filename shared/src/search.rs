//! Search: what texts and queries are cut into, and what a query finds. Index and query use the same function, and
//! what the index proposes is checked with [`Query::matches`], so an index may propose too much and never too little.
//!
//! Scripts that put no spaces between words (*dense* ones: kanji, kana, Hangul, Thai, emoji) are found by any part of
//! a text, the others by whole words. Case and width do not count, nor do accents of Latin, Greek and Cyrillic letters; everything else does.

mod accent;
mod filter;
mod fold;
mod needle;
mod query;
mod script;
mod terms;

pub use filter::Filter;
pub use query::Query;
pub(crate) use script::is_dense;
use terms::has_link;
pub use terms::{Term, document_terms};
