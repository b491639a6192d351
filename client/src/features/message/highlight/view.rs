//! Code in its colours.

use leptos::html::custom;
use leptos::prelude::*;

use super::{Kind, tokens};

/// Renders code in a language; an unknown one gives plain text.
pub fn highlighted(code: &str, language: &str) -> AnyView {
    let mut views = Vec::new();
    let mut done = 0;
    for (range, kind) in tokens(code, language) {
        views.push(code[done..range.start].to_owned().into_any());
        views.push(custom("span").class(class(kind)).child(code[range.clone()].to_owned()).into_any());
        done = range.end;
    }
    views.push(code[done..].to_owned().into_any());
    views.into_any()
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Comment => "tok-comment",
        Kind::String => "tok-string",
        Kind::Number => "tok-number",
        Kind::Keyword => "tok-keyword",
        Kind::Type => "tok-type",
        Kind::Function => "tok-function",
        Kind::Name => "tok-name",
        Kind::Inserted => "tok-inserted",
        Kind::Deleted => "tok-deleted",
    }
}
