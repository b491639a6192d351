//! Owns the connection: connects, signs in, receives, detects a dead connection and reconnects.

mod backoff;
mod connect_check;
pub mod credentials;
mod exchange;

use std::time::Duration;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use shared::{CloseCode, ErrorCode, Timestamp};

use crate::core::connection::Stop;
use crate::core::entrance::Ended;
use crate::core::{Order, Store, now};
use crate::wire::backoff::Backoff;
use connect_check::unless_ordered;
use credentials::Credentials;
use exchange::{End, converse};

/// Starts the task that maintains the connection until the session ends, and tells `end` how it did.
pub fn start(
    store: Store,
    credentials: Credentials,
    mut orders: UnboundedReceiver<Order>,
    end: impl FnOnce(Ended) + 'static,
) {
    leptos::task::spawn_local(async move { end(maintain(store, credentials, &mut orders).await) });
}

async fn maintain(store: Store, credentials: Credentials, orders: &mut UnboundedReceiver<Order>) -> Ended {
    let mut backoff = Backoff::default();
    loop {
        // A guest that came back now would be another one.
        if upgraded(credentials, orders).await == Wish::SignOut {
            return Ended::ByUser;
        }
        store.connecting();
        let mut end = converse(&store, credentials, orders, &mut backoff).await;
        if store.is_account_untracked() && is_of_token(&end) {
            // The refresh tells whether the session has ended.
            credentials.set_token(None);
            end = exchange::LOST;
        }
        let wish = match end {
            End::SignedOut => Wish::SignOut,
            End::Again => Wish::Connect,
            End::SessionEnded => return Ended::ByServer,
            End::Stopped(Stop::Refused(ErrorCode::GuestsClosed) | Stop::Closed(CloseCode::GuestsClosed)) => {
                return Ended::NoGuests;
            }
            End::Stopped(Stop::Closed(CloseCode::SessionEnded)) => {
                // Nothing is answered any more, whoever it is from now on.
                store.waiting(now(), false);
                let wish = upgraded(credentials, orders).await;
                if wish == Wish::Connect && !store.is_account_untracked() {
                    return Ended::ByServer;
                }
                wish
            }
            End::Stopped(stop) => {
                store.stopped(stop);
                let wish = wish(orders).await;
                backoff.reset();
                wish
            }
            End::Lost { retry_after, barred } => {
                let wait = backoff.next(js_sys::Math::random(), retry_after);
                // A server that has just started may answer over HTTP although it was not up for the attempt.
                let barred = barred && backoff.has_failed_again();
                store.waiting(Timestamp::from_millis(now().millis() + i64::from(wait)), barred);
                wish_within(wait, orders).await
            }
        };
        if wish == Wish::SignOut {
            // An account is also signed out by another tab, which may have learnt it from the server.
            let by_user = credentials.has_left() || !store.is_account_untracked();
            return if by_user { Ended::ByUser } else { Ended::ByServer };
        }
    }
}

/// Whether a connection ended because of its token.
const fn is_of_token(end: &End) -> bool {
    matches!(
        end,
        End::Stopped(
            Stop::Closed(CloseCode::SessionEnded)
                | Stop::Refused(
                    ErrorCode::NotAuthenticated | ErrorCode::TokenExpired | ErrorCode::AccountDisabled
                )
        )
    )
}

/// What the user wants of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Connect,
    SignOut,
}

/// Waits until no guest is becoming an account, or until the user signs out.
async fn upgraded(credentials: Credentials, orders: &mut UnboundedReceiver<Order>) -> Wish {
    loop {
        match unless_ordered(orders, credentials.upgraded()).await {
            Ok(()) => return Wish::Connect,
            Err(End::SignedOut) => return Wish::SignOut,
            // Nobody connects sooner by it.
            Err(_) => {}
        }
    }
}

/// Waits until the user wants something.
async fn wish(orders: &mut UnboundedReceiver<Order>) -> Wish {
    loop {
        match orders.next().await {
            Some(Order::Wake) => return Wish::Connect,
            Some(Order::SignOut) | None => return Wish::SignOut,
            // Requests of an earlier connection.
            Some(Order::Send(_) | Order::Renew(_)) => {}
        }
    }
}

/// Waits until the user wants something, or until it is time to connect again after `millis`.
async fn wish_within(millis: u32, orders: &mut UnboundedReceiver<Order>) -> Wish {
    let timer = sleep(Duration::from_millis(millis.into()));
    match select(timer, Box::pin(wish(orders))).await {
        Either::Left(((), _)) => Wish::Connect,
        Either::Right((wish, _)) => wish,
    }
}

/// The close code, if it forbids automatic reconnection.
fn final_code(code: u16) -> Option<CloseCode> {
    CloseCode::from_code(code).filter(|code| !code.may_reconnect())
}
