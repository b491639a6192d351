//! The counters for Prometheus, on a listener of their own.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{AppState, security, status};
use crate::metrics::{MEDIA_TYPE, Moment, disk_left};

/// The routes of the listener: the counters, and the health checks.
pub fn metrics_router(state: Arc<AppState>) -> Router {
    let router = Router::new().route("/metrics", get(metrics)).merge(status::health()).with_state(state);
    security::with_headers(router, "default-src 'none'")
}

async fn metrics(State(state): State<Arc<AppState>>) -> Response {
    // Also of a server that is not well.
    let statistics = state.chat.statistics().await.unwrap_or_default();
    let moment = Moment {
        connections: statistics.connections,
        users: statistics.users,
        rooms: statistics.rooms,
        messages: statistics.messages,
        deliveries: statistics.deliveries,
        slow_consumers: statistics.slow_consumers,
        is_ready: status::is_ready(&state).await.is_ok(),
        waiting_writes: state.chat.waiting_writes(),
        disk: disk_left(&state.data_dir),
        certificate_ends: state.origins.certificate_ends(),
        uptime: state.started.elapsed().as_secs(),
    };
    let text = state.chat.metrics().text(&moment);
    ([(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")], text).into_response()
}

/// Counts an answer.
pub(super) async fn count(
    State(state): State<Arc<AppState>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    let answer = next.run(request).await;
    state.chat.metrics().answered(answer.status().as_u16());
    answer
}
