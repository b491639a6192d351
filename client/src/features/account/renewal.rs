//! Renewing the access token of the account of this browser: one tab does it and tells the others. And signing out.

use std::cell::RefCell;
use std::time::Duration;

use futures_channel::oneshot;
use gloo_timers::future::sleep;
use leptos::prelude::IsDisposed;
use leptos::task::spawn_local;
use shared::account::AccountSession;
use shared::{ErrorCode, Failure, Timestamp};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{api, preferences};
use crate::browser::lock::{Lock, lock};
use crate::core::identity::Known;
use crate::core::now;
use crate::core::requests::NoAnswer;
use crate::wire::credentials::{AccountCode, Credentials, NoToken, Token};

/// Name of the lock and of the channel.
const NAME: &str = "hiroba.token";
/// What a tab that has just renewed the token tells may take this long.
const TELLING_TAKES: Duration = Duration::from_millis(50);

/// What `wire/credentials` needs.
pub const CODE: AccountCode = AccountCode {
    renew: |credentials| Box::pin(renew(credentials)),
    sign_out: |credentials| Box::pin(sign_out(credentials)),
    prefer: |store, credentials| {
        // The session may have ended.
        if !store.muted.is_disposed() {
            preferences::tell_all_muted(credentials, store.untold_muted());
        }
    },
};

/// The renewal that is under way in this tab.
#[derive(Default)]
struct Renewal {
    waiting: Vec<oneshot::Sender<Result<String, NoToken>>>,
    /// Reaches the other tabs.
    channel: Option<BroadcastChannel>,
}

thread_local! {
    static RENEWAL: RefCell<Renewal> = RefCell::default();
}

async fn renew(credentials: Credentials) -> Result<String, NoToken> {
    listen(credentials);
    let (tell, told) = oneshot::channel();
    let is_first = RENEWAL.with_borrow_mut(|renewal| {
        renewal.waiting.push(tell);
        renewal.waiting.len() == 1
    });
    if is_first {
        // Not given up with the request that needs it: the cookie may be replaced already.
        spawn_local(async move {
            let token = renewed(credentials).await;
            for tell in RENEWAL.with_borrow_mut(|renewal| std::mem::take(&mut renewal.waiting)) {
                // Nobody waits any more if the session has ended.
                let _ = tell.send(token.clone());
            }
        });
    }
    told.await.unwrap_or(Err(NoToken::NotNow(None)))
}

async fn renewed(credentials: Credentials) -> Result<String, NoToken> {
    let began = now();
    let _lock = alone().await;
    if credentials.valid().is_none() && now().millis() > began.millis() {
        // Perhaps another tab had the lock and tells a token.
        sleep(TELLING_TAKES).await;
    }
    match credentials.valid() {
        Some(token) => Ok(token),
        None => refresh(credentials).await,
    }
}

async fn refresh(credentials: Credentials) -> Result<String, NoToken> {
    match api::refresh().await {
        Ok(session) => {
            let token = session.access_token.clone();
            accept(credentials, session);
            Ok(token)
        }
        Err(NoAnswer::Refused(failure)) if is_over(&failure) => {
            credentials.set_account(None);
            Err(NoToken::SignedOut)
        }
        Err(NoAnswer::Refused(failure)) => Err(NoToken::NotNow(failure.retry_after_ms)),
        Err(NoAnswer::Offline) => Err(NoToken::NotNow(None)),
    }
}

async fn sign_out(credentials: Credentials) -> Result<(), NoAnswer> {
    let _lock = alone().await;
    match api::sign_out().await {
        Err(NoAnswer::Refused(failure)) if is_over(&failure) => {}
        answer => answer?,
    }
    credentials.set_account(None);
    Ok(())
}

/// Keeps other tabs from changing the cookie. Whoever signs in holds it until [`accept`] is done: the answer to an older
/// request would undo it.
pub async fn alone() -> Lock {
    lock(NAME).await
}

/// Takes a session that begins or goes on, and tells the other tabs.
pub fn accept(credentials: Credentials, session: AccountSession) {
    listen(credentials);
    let expires_at = now().millis() + i64::from(session.expires_in) * 1_000;
    // Another tab that does not hear it asks by itself.
    if let Ok(text) = serde_json::to_string(&(&session, expires_at)) {
        RENEWAL.with_borrow(|renewal| {
            let _ = renewal.channel.as_ref().map(|channel| channel.post_message(&text.into()));
        });
    }
    let account = Known { id: session.user_id, name: session.name.clone() };
    take(credentials, session, expires_at);
    credentials.set_account(Some(account));
}

fn take(credentials: Credentials, session: AccountSession, expires_at: i64) {
    let account = Known { id: session.user_id, name: session.name };
    let expires_at = Timestamp::from_millis(expires_at);
    credentials.set_token(Some(Token { account, text: session.access_token, expires_at }));
}

/// Listens to the other tabs, from the first time on.
fn listen(credentials: Credentials) {
    RENEWAL.with_borrow_mut(|renewal| {
        if renewal.channel.is_some() {
            return;
        }
        // Without it, each tab renews the token for itself, one after the other.
        let Ok(channel) = BroadcastChannel::new(NAME) else { return };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok((session, expires_at)) = serde_json::from_str(&text) {
                take(credentials, session, expires_at);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // It lives as long as the page.
        hear.forget();
        renewal.channel = Some(channel);
    });
}

/// Whether a session cannot go on.
fn is_over(failure: &Failure) -> bool {
    matches!(failure.code, ErrorCode::NotAuthenticated | ErrorCode::AccountDisabled)
}
