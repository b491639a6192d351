//! What the server is asked to change about who may come in.

use serde::Serialize;
use shared::account::SignUp;

use super::api::{answer, json};
use crate::core::requests::NoAnswer;

/// What changes; the rest stays as it is.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUp>,
}

/// Decides who may come in, with the access token of an owner.
pub async fn change(token: &str, change: Change) -> Result<(), NoAnswer> {
    answer("PATCH", "/api/v1/entrance", Some(token), Some(&json(&change)?)).await.map(drop)
}
