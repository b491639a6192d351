//! From an HTTP request to the frame that asks for the same, which the protocol's parser checks.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde_json::{Map, Value, from_str};
use shared::{ErrorCode, Failure, Request};

use super::operation::{Field, Kind, Operation};

/// The parameters of a path or a query.
pub(super) type Parameters = HashMap<String, String>;

/// Builds the request of an operation.
///
/// # Errors
/// The body is no JSON object, or a field is invalid or missing.
pub(super) fn request(
    operation: &Operation,
    path: &Parameters,
    query: &Parameters,
    body: Option<&str>,
) -> Result<Request, Failure> {
    let body = body.unwrap_or("{}");
    from_str::<IgnoredAny>(body).map_err(|error| bad_json(error.to_string()))?;
    let fields = body.trim().strip_prefix('{').and_then(|fields| fields.strip_suffix('}'));
    let fields = fields.ok_or_else(|| bad_json("a body is one JSON object".to_owned()))?.trim();
    let mut frame = Map::new();
    for field in operation.fields {
        let given = if operation.is_in_path(field) {
            path.get(field.name)
        } else {
            query.get(field.name).filter(|_| !operation.has_body())
        };
        if let Some(given) = given {
            let name = if field.kind == Kind::OnlySeq { "seqs" } else { field.name };
            frame.insert(name.to_owned(), value(field, given)?);
        }
    }
    frame.insert("type".to_owned(), operation.command.into());
    frame.insert("id".to_owned(), super::visit::ID.into());
    let mut frame = Value::Object(frame).to_string();
    if !fields.is_empty() {
        // As they stand there: the parser refuses what is there twice.
        frame.truncate(frame.len() - 1);
        frame.extend([",", fields, "}"]);
    }
    Request::parse(&frame)
}

fn value(field: &Field, given: &str) -> Result<Value, Failure> {
    let wrong = |what| {
        let message = format!("\"{}\" must be {what}", field.name);
        Failure::new(ErrorCode::InvalidField, message).in_field(field.name)
    };
    let number = || given.parse::<u64>().map_err(|_| wrong("a whole number"));
    Ok(match field.kind {
        Kind::Number => number()?.into(),
        Kind::OnlySeq => vec![number()?].into(),
        Kind::Flag => given.parse::<bool>().map_err(|_| wrong("true or false"))?.into(),
        Kind::Text | Kind::OneOf(_) | Kind::Id | Kind::Ids | Kind::Texts => given.into(),
    })
}

fn bad_json(message: String) -> Failure {
    Failure::new(ErrorCode::BadJson, message)
}

#[cfg(test)]
mod tests {
    use shared::Command;

    use super::super::operations::OPERATIONS;
    use super::*;

    /// Requests that are about a connection.
    const NOT_HERE: [&str; 5] = ["auth", "typing", "ping", "watch_members", "set_presence"];

    #[test]
    fn every_request_of_the_protocol_is_an_operation_or_about_a_connection() {
        for kind in Command::TYPES {
            let count = OPERATIONS.iter().filter(|operation| operation.command == kind).count();
            assert_eq!(count, usize::from(!NOT_HERE.contains(&kind)), "{kind}");
        }
        assert_eq!(OPERATIONS.len() + NOT_HERE.len(), Command::TYPES.len());
    }

    fn example(kind: Kind) -> Value {
        match kind {
            Kind::Text => "3".into(),
            Kind::OneOf(texts) => texts[0].into(),
            Kind::Id => "0191d9a0-0000-7000-8000-000000000001".into(),
            Kind::Ids => vec!["0191d9a0-0000-7000-8000-000000000001"].into(),
            Kind::Texts => vec!["Bob"].into(),
            Kind::Number | Kind::OnlySeq => 3.into(),
            Kind::Flag => true.into(),
        }
    }

    fn shown(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// What the parser says to a request with these fields.
    fn parsed(operation: &Operation, fields: &[&Field]) -> Result<Request, Failure> {
        let mut parts = [Parameters::new(), Parameters::new()];
        let mut body = Map::new();
        for field in fields {
            // The emoji is the one text that not every text can be.
            let value = if field.name == "emoji" { "👍".into() } else { example(field.kind) };
            if operation.is_in_path(field) {
                parts[0].insert(field.name.to_owned(), shown(&value));
            } else if operation.has_body() {
                body.insert(field.name.to_owned(), value);
            } else {
                parts[1].insert(field.name.to_owned(), shown(&value));
            }
        }
        let body = operation.has_body().then(|| Value::Object(body).to_string());
        request(operation, &parts[0], &parts[1], body.as_deref())
    }

    #[test]
    fn the_fields_are_those_that_the_parser_knows() {
        for operation in &OPERATIONS {
            let kind = operation.command;
            // A title is what private rooms have, and conversations must not.
            let is_needed = |field: &&Field| {
                field.is_needed
                    || kind == "create_room" && field.name == "title"
                    || matches!(kind, "invite" | "restrict") && field.name == "user_id"
            };
            let least: Vec<&Field> = operation.fields.iter().filter(is_needed).collect();
            let request = parsed(operation, &least).unwrap_or_else(|failure| panic!("{kind}: {failure:?}"));
            let before = serde_json::to_value(&request).unwrap();
            assert_eq!(before["type"], kind);
            for (place, field) in least.iter().enumerate().filter(|(_, field)| field.is_needed) {
                let mut others = least.clone();
                others.remove(place);
                parsed(operation, &others).expect_err(field.name);
            }
            for field in operation.fields.iter().filter(|field| !is_needed(field)) {
                if field.name == "username" || field.name == "usernames" {
                    continue;
                }
                let with = [least.clone(), vec![field]].concat();
                let request =
                    parsed(operation, &with).unwrap_or_else(|failure| panic!("{kind}: {failure:?}"));
                assert_ne!(serde_json::to_value(&request).unwrap(), before, "{kind} ignores {}", field.name);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_request_is_said() {
        let post = OPERATIONS.iter().find(|operation| operation.command == "chat").unwrap();
        let path = Parameters::from([("room".to_owned(), "general".to_owned())]);
        let ask = |body| request(post, &path, &Parameters::new(), Some(body)).unwrap_err();
        assert_eq!(ask("[]").code, ErrorCode::BadJson);
        assert_eq!(ask("{").code, ErrorCode::BadJson);
        assert_eq!(ask("{}").field.as_deref(), Some("content"));
        assert_eq!(ask(r#"{"content": "x"} {}"#).code, ErrorCode::BadJson);
        for (twice, field) in [
            (r#"{"content": "x", "room": "other"}"#, "room"),
            (r#"{"content": "x", "content": "y"}"#, "content"),
            (r#" {"content": "x", "id": "mine"} "#, "id"),
            (r#"{"content": "x", "type": "delete_message"}"#, "type"),
        ] {
            let failure = ask(twice);
            assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some(field)));
        }
        let long = "x".repeat(5_000);
        assert_eq!(ask(&format!(r#"{{"content": "{long}"}}"#)).code, ErrorCode::ContentTooLong);
    }
}
