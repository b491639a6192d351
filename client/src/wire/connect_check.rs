//! Why a connection could not be opened: browsers hide the response to a failed handshake, so ask over HTTP.

use std::time::Duration;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use shared::Failure;

use super::exchange::{End, LOST};
use crate::browser::fetch;
use crate::core::Order;
use crate::core::connection::Stop;

/// Tells whether pages of this origin may connect.
const QUESTION: &str = "/api/connect";
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// Asks the server, with a timeout; orders from the user take precedence.
pub async fn find(orders: &mut UnboundedReceiver<Order>) -> End {
    let limited = select(Box::pin(answer()), sleep(ANSWERS_WITHIN));
    match unless_ordered(orders, limited).await {
        Ok(Either::Left((end, _))) | Err(end) => end,
        Ok(Either::Right(_)) => LOST,
    }
}

/// Waits for something while there is no connection.
///
/// # Errors
/// The user does not want to wait.
pub async fn unless_ordered<T>(
    orders: &mut UnboundedReceiver<Order>,
    work: impl Future<Output = T>,
) -> Result<T, End> {
    match select(Box::pin(wish(orders)), Box::pin(work)).await {
        Either::Left((end, _)) => Err(end),
        Either::Right((done, _)) => Ok(done),
    }
}

async fn wish(orders: &mut UnboundedReceiver<Order>) -> End {
    loop {
        match orders.next().await {
            Some(Order::SignOut) => return End::SignedOut,
            Some(Order::Wake) => return End::Again,
            // Requests of an earlier connection.
            Some(Order::Send(_) | Order::Renew(_)) => {}
            None => return LOST,
        }
    }
}

async fn answer() -> End {
    let Some((status, body)) = fetch::send("POST", QUESTION, None, None).await else { return LOST };
    match serde_json::from_str::<Failure>(&body) {
        _ if status == 204 => End::Lost { retry_after: None, barred: true },
        Ok(failure) if !failure.code.retryable() && status == 403 => {
            End::Stopped(Stop::Refused(failure.code))
        }
        _ => LOST,
    }
}
