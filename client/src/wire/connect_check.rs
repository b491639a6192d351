//! Why a connection could not be opened: browsers hide the response to a failed handshake, so ask over HTTP.

use std::time::Duration;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use js_sys::futures::JsFuture;
use leptos::prelude::window;
use shared::Failure;
use wasm_bindgen::JsCast;
use web_sys::{RequestInit, Response};

use super::exchange::{End, LOST};
use crate::core::Order;
use crate::core::connection::Stop;

/// Tells whether pages of this origin may connect.
const QUESTION: &str = "/api/connect";
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Asks the server, with a timeout; orders from the user take precedence.
pub async fn find(orders: &mut UnboundedReceiver<Order>) -> End {
    let limit = sleep(ANSWERS_WITHIN);
    match select(Box::pin(wish(orders)), select(Box::pin(answer()), limit)).await {
        Either::Left((end, _)) | Either::Right((Either::Left((end, _)), _)) => end,
        Either::Right((Either::Right(_), _)) => LOST,
    }
}

async fn wish(orders: &mut UnboundedReceiver<Order>) -> End {
    loop {
        match orders.next().await {
            Some(Order::SignOut) => return End::SignedOut,
            Some(Order::Wake) => return End::Again,
            // Requests of an earlier connection.
            Some(Order::Send(_)) => {}
            None => return LOST,
        }
    }
}

async fn answer() -> End {
    let Some((status, body)) = ask().await else { return LOST };
    match serde_json::from_str::<Failure>(&body) {
        _ if status == 204 => End::Lost { retry_after: None, barred: true },
        Ok(failure) if !failure.code.retryable() && status == 403 => {
            End::Stopped(Stop::Refused(failure.code))
        }
        _ => LOST,
    }
}

async fn ask() -> Option<(u16, String)> {
    let post = RequestInit::new();
    post.set_method("POST");
    let response = JsFuture::from(window().fetch_with_str_and_init(QUESTION, &post)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let body = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.status(), body.as_string()?))
}
