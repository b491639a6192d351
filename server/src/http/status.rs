//! What operators and load balancers ask.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::Site;
use crate::error::Error;
use crate::hub::Statistics;

pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/api/stats", get(stats))
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Messages can be stored and handed out.
async fn readyz(State(site): State<Arc<Site>>) -> Result<&'static str, Error> {
    site.chat.ready().await?;
    site.chat.statistics().await?;
    Ok("ok\n")
}

#[derive(Serialize)]
struct Stats {
    version: &'static str,
    uptime_seconds: u64,
    #[serde(flatten)]
    statistics: Statistics,
}

async fn stats(State(site): State<Arc<Site>>) -> Result<impl IntoResponse, Error> {
    let statistics = site.chat.statistics().await?;
    let uptime_seconds = site.started.elapsed().as_secs();
    let body = Stats { version: env!("CARGO_PKG_VERSION"), uptime_seconds, statistics };
    Ok(([(axum::http::header::CACHE_CONTROL, "no-store")], Json(body)))
}
