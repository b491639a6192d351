//! The HTTP API, asked as its OpenAPI document says.

use std::net::SocketAddr;

use reqwest::{Method, StatusCode, Url};
use serde_json::{Map, Value};
use shared::{Command, ErrorCode};

use super::Person;

pub struct Api {
    origin: String,
    document: Value,
}

impl Api {
    pub async fn of(address: SocketAddr) -> Self {
        let origin = format!("http://{address}");
        let answer = reqwest::get(format!("{origin}/api/v1/openapi.json")).await.unwrap();
        Self { origin, document: answer.json().await.unwrap() }
    }

    /// The operation for requests of a type: method, path and description.
    pub fn operation(&self, kind: &str) -> Option<(Method, &str, &Value)> {
        let paths = self.document["paths"].as_object()?;
        paths.iter().find_map(|(path, methods)| {
            let methods = methods.as_object()?.iter();
            let (method, operation) =
                methods.clone().find(|(_, operation)| operation["operationId"] == kind)?;
            Some((method.to_uppercase().parse().ok()?, path.as_str(), operation))
        })
    }

    /// Every method and path.
    pub fn paths(&self) -> Vec<(Method, String)> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        let methods = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase().parse().unwrap(), path.clone()))
        });
        methods.collect()
    }

    /// Sends a command. Returns the status, and the answer as text.
    pub async fn send(&self, token: &str, command: &Value) -> (StatusCode, String) {
        let mut fields: Map<String, Value> = command.as_object().unwrap().clone();
        let kind = fields.remove("type").unwrap();
        let (method, path, operation) = self
            .operation(kind.as_str().unwrap())
            .unwrap_or_else(|| panic!("there is no operation for {kind}"));
        let mut url = Url::parse(&self.origin).unwrap();
        let mut segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
        let mut query = Vec::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            // The one list in a path has one entry.
            let list = if fields.contains_key(name) { None } else { fields.remove("seqs") };
            let Some(given) = list.map(|seqs| seqs[0].clone()).or_else(|| fields.remove(name)) else {
                continue;
            };
            let given = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
            match parameter["in"].as_str().unwrap() {
                "path" => {
                    let place = segments.iter_mut().find(|segment| **segment == format!("{{{name}}}"));
                    *place.unwrap() = given;
                }
                _ => query.push((name.to_owned(), given)),
            }
        }
        url.path_segments_mut().unwrap().extend(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = reqwest::Client::new().request(method, url).bearer_auth(token);
        if operation.get("requestBody").is_some() {
            request = request.json(&fields);
        } else {
            assert_eq!(fields, Map::new(), "{kind} has more fields than the document says");
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Carries out a command.
    pub async fn ask(&self, token: &str, command: &Command) -> Result<Value, ErrorCode> {
        let mut command = serde_json::to_value(command).unwrap();
        command.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let (status, text) = self.send(token, &command).await;
        let body: Value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        if status.is_success() {
            return Ok(body);
        }
        let code = ErrorCode::ALL.iter().find(|code| body["code"] == code.as_str()).copied();
        let code = code.unwrap_or_else(|| panic!("{command}: {status} {text}"));
        assert_eq!(status.as_u16(), code.http_status());
        Err(code)
    }
}

/// What a person is signed in by: the secret of a guest, or a new session of an account.
pub async fn token(address: SocketAddr, person: &Person) -> String {
    match &person.welcome().session {
        Some(secret) => secret.clone(),
        None => crate::accounts::Browser::sign_in(address, person.name()).await.token.unwrap(),
    }
}
