//! The OpenAPI document of the API: made from the table of operations and the definitions of the wire.

use std::sync::LazyLock;

use axum::http::Method;
use serde_json::{Value, json};
use shared::account::{
    Account, AccountSession, Bans, ConfirmedMail, Entrance, Invitations, NewLink, Preferences, Sessions,
    Users,
};
use shared::all_rooms::ListedRooms;
use shared::report::Reports;
use shared::room_link::{RoomLinkPreview, RoomLinkUsed, RoomLinks};
use shared::{Failure, ServerFrame};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    ArrayBuilder, ComponentsBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type,
};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

use super::endpoints::{ENDPOINTS, WITHOUT_TOKEN};
use super::operation::{Field, Kind, Operation};
use super::operations::OPERATIONS;

const JSON: &str = "application/json";
/// The name of the way to say who asks.
const BEARER: &str = "bearer";

const ABOUT: &str = "The requests of the WebSocket protocol, for programs without a connection. Each has the fields, the \
    rules and the answer of the request that its operationId names in docs/protocol.md. \
    `Authorization: Bearer` takes the access token of an account, or the secret of a guest who is connected.";

/// The document.
pub(super) fn document() -> &'static OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    &DOCUMENT
}

fn build() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for operation in OPERATIONS.iter().chain(ENDPOINTS) {
        // A path that is there already gets one more method.
        paths = paths.path(operation.path, PathItem::new(method(&operation.method), described(operation)));
    }
    let mut schemas = Vec::new();
    ServerFrame::schemas(&mut schemas);
    Failure::schemas(&mut schemas);
    add::<AccountSession>(&mut schemas);
    add::<Account>(&mut schemas);
    add::<ConfirmedMail>(&mut schemas);
    add::<Sessions>(&mut schemas);
    add::<Entrance>(&mut schemas);
    add::<Preferences>(&mut schemas);
    add::<Invitations>(&mut schemas);
    add::<NewLink>(&mut schemas);
    add::<Users>(&mut schemas);
    add::<ListedRooms>(&mut schemas);
    add::<Bans>(&mut schemas);
    add::<Reports>(&mut schemas);
    add::<RoomLinks>(&mut schemas);
    add::<RoomLinkUsed>(&mut schemas);
    add::<RoomLinkPreview>(&mut schemas);
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .schema("AuditPage", audit_page())
        .schemas_from_iter(OPERATIONS.iter().map(|operation| (operation.answer, answer(operation.answer))))
        .schema("error", Failure::schema())
        .security_scheme(BEARER, bearer);
    let info = InfoBuilder::new().title("Hiroba").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT));
    OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components.build())).build()
}

/// Adds the definition of a type, and of what it is made of.
fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
}

/// A page of the audit log. What an entry has beside this depends on its act.
fn audit_page() -> RefOr<Schema> {
    let person = || RefOr::Ref(Ref::from_schema_name("Person"));
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let entry = ObjectBuilder::new()
        .property("id", ObjectBuilder::new().schema_type(Type::Integer))
        .property("timestamp", RefOr::Ref(Ref::from_schema_name("Timestamp")))
        .property("by", person())
        .property("act", text())
        .property("room", text())
        .property("member", person())
        .required("id")
        .required("timestamp")
        .required("act");
    let more = ObjectBuilder::new().schema_type(Type::Boolean);
    let entries = ArrayBuilder::new().items(entry);
    let page = ObjectBuilder::new().property("entries", entries).property("more", more);
    page.required("entries").required("more").into()
}

/// The definition of a frame that answers.
fn answer(kind: &str) -> RefOr<Schema> {
    let RefOr::T(Schema::OneOf(frames)) = ServerFrame::schema() else { return ObjectBuilder::new().into() };
    let tagged = json!([kind]);
    let is_meant =
        |frame: &&RefOr<Schema>| serde_json::to_value(frame).is_ok_and(|frame| has_tag(&frame, &tagged));
    frames.items.iter().find(is_meant).cloned().unwrap_or_else(|| ObjectBuilder::new().into())
}

/// Whether the definition of a frame, or a part of it, has this `type`.
fn has_tag(frame: &Value, tagged: &Value) -> bool {
    frame["properties"]["type"]["enum"] == *tagged
        || frame["allOf"].as_array().is_some_and(|parts| parts.iter().any(|part| has_tag(part, tagged)))
}

fn described(operation: &'static Operation) -> utoipa::openapi::path::Operation {
    let mut described = OperationBuilder::new()
        .operation_id(Some(operation.command))
        .summary(Some(operation.summary))
        .response(operation.status().as_str(), success(operation))
        .response("default", refusal());
    let mut body = ObjectBuilder::new();
    let (mut has_body, mut needs_body) = (false, false);
    for field in operation.fields {
        let place = match operation.is_in_path(field) {
            true => ParameterIn::Path,
            false if operation.has_body() => {
                (has_body, needs_body) = (true, needs_body || field.is_needed);
                body = body.property(field.name, schema(field));
                if field.is_needed {
                    body = body.required(field.name);
                }
                continue;
            }
            false => ParameterIn::Query,
        };
        let parameter = ParameterBuilder::new()
            .name(field.name)
            .parameter_in(place)
            .required(required(field.is_needed))
            .description(Some(field.about))
            .schema(Some(schema(field)));
        described = described.parameter(parameter);
    }
    if !WITHOUT_TOKEN.contains(&operation.command) {
        described = described.security(SecurityRequirement::new(BEARER, Vec::<String>::new()));
    }
    if has_body {
        let content = ContentBuilder::new().schema(Some(body.build())).build();
        let body = RequestBodyBuilder::new().content(JSON, content).required(Some(required(needs_body)));
        described = described.request_body(Some(body.build()));
    }
    described.build()
}

fn schema(field: &Field) -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String).description(Some(field.about));
    let id = || text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    match field.kind {
        Kind::Text => text().into(),
        Kind::Id => id().into(),
        Kind::OneOf(words) => text().enum_values(Some(words.iter().copied())).into(),
        Kind::Ids => ArrayBuilder::new().items(id()).description(Some(field.about)).into(),
        Kind::Texts => ArrayBuilder::new().items(text()).description(Some(field.about)).into(),
        Kind::Number | Kind::OnlySeq => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .description(Some(field.about))
            .into(),
        Kind::Flag => ObjectBuilder::new().schema_type(Type::Boolean).description(Some(field.about)).into(),
    }
}

fn success(operation: &Operation) -> Response {
    let response = ResponseBuilder::new();
    match operation.answer {
        "done" => return response.description("It is done.").build(),
        "accepted" => return response.description("It will be done.").build(),
        "lines" => return response.description("A JSON object a line.").build(),
        _ => {}
    }
    response.description(format!("`{}`", operation.answer)).content(JSON, referred(operation.answer)).build()
}

fn refusal() -> Response {
    let about = "Why it was not done; the status follows from the code.";
    ResponseBuilder::new().description(about).content(JSON, referred("error")).build()
}

fn referred(name: &str) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name(name))).build()
}

fn required(is_needed: bool) -> Required {
    if is_needed { Required::True } else { Required::False }
}

fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn whole() -> Value {
        serde_json::to_value(document()).unwrap()
    }

    #[test]
    fn every_operation_is_described_with_its_answer() {
        let document = whole();
        for operation in &OPERATIONS {
            let method = operation.method.as_str().to_lowercase();
            let described = &document["paths"][operation.path][method];
            assert_eq!(described["operationId"], operation.command);
            assert_eq!(
                described["parameters"].as_array().map_or(0, Vec::len) > 0,
                !operation.fields.is_empty() && (operation.path.contains('{') || !operation.has_body())
            );
            let answer = &document["components"]["schemas"][operation.answer];
            assert!(has_tag(answer, &json!([operation.answer])), "{}: {answer}", operation.answer);
        }
    }

    /// Every route below `/api/v1` that the other files of the folder have.
    #[test]
    fn what_is_possible_over_http_only_is_described_too() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http");
        let mut routes = std::collections::BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for part in text.split(".route(").skip(1) {
                let (path, methods) = part.trim_start().trim_start_matches('"').split_once('"').unwrap();
                let end = methods.find("))").map_or(methods, |end| &methods[..end]);
                for method in ["get", "post", "put", "patch", "delete"] {
                    let is_one = |sign| end.contains(&format!("{sign}{method}("));
                    if path.starts_with("/api/v1/") && (is_one(" ") || is_one(".")) {
                        routes.insert((path.to_owned(), method.to_uppercase()));
                    }
                }
            }
        }
        let described = ENDPOINTS.iter().map(|one| (one.path.to_owned(), one.method.to_string()));
        let described: std::collections::BTreeSet<_> = described.collect();
        let difference: Vec<_> = described.symmetric_difference(&routes).collect();
        assert!(difference.is_empty(), "{difference:?}");
    }

    /// Whatever is referred to is there.
    #[test]
    fn no_reference_leads_nowhere() {
        fn references(value: &Value, found: &mut HashSet<String>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document = whole();
        let mut found = HashSet::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
