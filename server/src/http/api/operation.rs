//! What an operation of the API is: its method and path, what is asked and what is answered.

use axum::http::{Method, StatusCode};

/// A request of the protocol over HTTP, or something that is possible over HTTP only.
pub struct Operation {
    pub method: Method,
    /// Parameters in braces are fields of the request.
    pub path: &'static str,
    /// The `type` of the request, or a name.
    pub command: &'static str,
    pub summary: &'static str,
    /// The fields of the request, those in the path first.
    pub fields: &'static [Field],
    /// The `type` of the answer, or the name of its schema; `done`: there is none.
    pub answer: &'static str,
}

/// A field of a request.
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub is_needed: bool,
    pub about: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    Id,
    Ids,
    Texts,
    Number,
    Flag,
    /// A number in the path that is the only entry of the list `seqs`.
    OnlySeq,
}

impl Operation {
    /// Whether a field is in the path.
    pub fn is_in_path(&self, field: &Field) -> bool {
        self.path
            .split('/')
            .any(|part| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) == Some(field.name))
    }

    /// Whether fields that are not in the path are in a JSON body, not in the query.
    pub fn has_body(&self) -> bool {
        !matches!(self.method, Method::GET | Method::DELETE)
    }

    /// The status of a successful answer.
    pub fn status(&self) -> StatusCode {
        match (self.answer, self.command) {
            ("done", _) => StatusCode::NO_CONTENT,
            ("accepted", _) => StatusCode::ACCEPTED,
            ("NewLink", _) | (_, "chat" | "create_room" | "sign_up" | "ban") => StatusCode::CREATED,
            _ => StatusCode::OK,
        }
    }
}

/// A field that must be there.
pub const fn need(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_needed: true, about }
}

/// A field that may be there.
pub const fn may(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, is_needed: false, about }
}
