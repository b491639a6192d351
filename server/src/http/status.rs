//! Health checks and statistics for operators and load balancers.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::AppState;
use crate::error::Error;
use crate::hub::Statistics;

pub(super) fn router() -> Router<Arc<AppState>> {
    health().route("/api/stats", get(stats))
}

/// The health checks.
pub(super) fn health() -> Router<Arc<AppState>> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// Liveness: the process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Readiness: messages can be stored and delivered.
async fn readyz(State(state): State<Arc<AppState>>) -> Result<&'static str, Error> {
    is_ready(&state).await.map(|()| "ok\n")
}

/// Checks that messages can be stored and delivered.
pub(super) async fn is_ready(state: &AppState) -> Result<(), Error> {
    state.chat.ready().await?;
    state.chat.statistics().await.map(drop)
}

#[derive(Serialize)]
struct Stats {
    version: &'static str,
    uptime_seconds: u64,
    #[serde(flatten)]
    statistics: Statistics,
}

async fn stats(State(state): State<Arc<AppState>>) -> Result<impl IntoResponse, Error> {
    let statistics = state.chat.statistics().await?;
    let uptime_seconds = state.started.elapsed().as_secs();
    let body = Stats { version: env!("CARGO_PKG_VERSION"), uptime_seconds, statistics };
    Ok(([(axum::http::header::CACHE_CONTROL, "no-store")], Json(body)))
}
