//! Owns the connection: connects, signs in, receives, detects a dead connection and reconnects.

mod backoff;
mod connect_check;
mod exchange;

use std::time::Duration;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use leptos::prelude::*;
use shared::{CloseCode, Timestamp};

use crate::core::{Order, Store, now};
use crate::wire::backoff::Backoff;
use exchange::{End, converse};

/// Starts the task that maintains the connection for as long as the page lives.
pub fn start(store: Store, mut orders: UnboundedReceiver<Order>) {
    leptos::task::spawn_local(async move {
        let mut backoff = Backoff::default();
        loop {
            while store.identity.with_untracked(Option::is_none) {
                orders.next().await;
            }
            store.connecting();
            match converse(&store, &mut orders, &mut backoff).await {
                End::SignedOut => backoff.reset(),
                End::Again => {}
                End::Stopped(stop) => {
                    store.stopped(stop);
                    wait_for_wish(&mut orders).await;
                    backoff.reset();
                }
                End::Lost { retry_after, barred } => {
                    let wait = backoff.next(js_sys::Math::random(), retry_after);
                    // A server that has just started may answer over HTTP although it was not up for the attempt.
                    let barred = barred && backoff.has_failed_again();
                    store.waiting(Timestamp::from_millis(now().millis() + i64::from(wait)), barred);
                    wait_or_wish(wait, &mut orders).await;
                }
            }
        }
    });
}

/// Waits until the user wants a connection.
async fn wait_for_wish(orders: &mut UnboundedReceiver<Order>) {
    while !matches!(orders.next().await, Some(Order::Wake | Order::SignOut) | None) {}
}

/// Waits for `millis`, or until the user wants a connection earlier.
async fn wait_or_wish(millis: u32, orders: &mut UnboundedReceiver<Order>) {
    let timer = sleep(Duration::from_millis(millis.into()));
    if let Either::Left(((), _)) = select(timer, Box::pin(wait_for_wish(orders))).await {}
}

/// The close code, if it forbids automatic reconnection.
fn final_code(code: u16) -> Option<CloseCode> {
    CloseCode::from_code(code).filter(|code| !code.may_reconnect())
}
