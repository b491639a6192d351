//! Errors over HTTP: the status of the error code, and the same body as the `error` frame.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::Error;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let failure = self.into_failure();
        let status = StatusCode::from_u16(failure.code.http_status()).expect("every code has a valid status");
        (status, [(header::CACHE_CONTROL, "no-store")], Json(failure)).into_response()
    }
}
