//! The account of this browser, and the access token with which its tabs speak to the server. The token is in memory only;
//! what renews it is in a cookie that no script can read. The code that renews it is fetched when there is an account.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use gloo_timers::future::sleep;
use leptos::ev;
use leptos::prelude::*;
use shared::{Timestamp, UserId, UserName};
use uuid::Uuid;

use crate::browser::events::on_window;
use crate::browser::storage::BrowserStorage;
use crate::core::Store;
use crate::core::identity::Known;
use crate::core::now;
use crate::core::requests::NoAnswer;

/// Storage key of the account that the browser is signed in to; `public/gate.js` reads it.
const KEY: &str = "hiroba.account";
/// A token is renewed when it is valid for less than this, in milliseconds. Timers of a hidden page run once a minute.
const MARGIN: i64 = 180_000;
/// How often it is looked whether a guest has become an account.
const LOOK: Duration = Duration::from_millis(50);

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub account: Known,
    pub text: String,
    /// By the clock of this browser.
    pub expires_at: Timestamp,
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoToken {
    /// Nobody is signed in any more.
    SignedOut,
    /// The server did not answer, or wants to be asked again after this time in milliseconds.
    NotNow(Option<u64>),
}

/// What the account of a browser needs beside its connections.
#[derive(Clone, Copy)]
pub struct AccountCode {
    /// Renews the token, or waits until another tab has done it.
    pub renew: fn(Credentials) -> LocalBoxFuture<'static, Result<String, NoToken>>,
    /// Signs the browser out. If the server could not be told, the browser is still signed in.
    pub sign_out: fn(Credentials) -> LocalBoxFuture<'static, Result<(), NoAnswer>>,
    /// Tells the server what the browser knew alone of what the account prefers.
    pub prefer: fn(Store, Credentials),
}

/// The account of the browser, as a context of the whole page.
#[derive(Clone, Copy)]
pub struct Credentials {
    account: RwSignal<Option<Known>>,
    token: StoredValue<Option<Token>>,
    code: fn() -> LocalBoxFuture<'static, Option<AccountCode>>,
    /// Whether a guest is becoming an account.
    upgrading: StoredValue<bool>,
    /// Whether the user has signed out here.
    has_left: StoredValue<bool>,
}

/// Returns the credentials from the context.
pub fn use_credentials() -> Credentials {
    expect_context()
}

impl Credentials {
    /// Creates the context; it must be called by the component that lives as long as the page. `code` fetches the rest.
    pub fn provide(code: fn() -> LocalBoxFuture<'static, Option<AccountCode>>) -> Self {
        let credentials = Self {
            account: RwSignal::new(kept()),
            token: StoredValue::new(None),
            code,
            upgrading: StoredValue::new(false),
            has_left: StoredValue::new(false),
        };
        // Another tab has signed in or out.
        on_window(ev::storage, move |_| credentials.follow(kept()));
        provide_context(credentials);
        credentials
    }

    /// The account that the browser is signed in to.
    pub fn account(self) -> RwSignal<Option<Known>> {
        self.account
    }

    /// Returns an access token that is valid for some minutes.
    ///
    /// # Errors
    /// Nobody is signed in any more, or the server cannot be asked now.
    pub async fn token(self) -> Result<String, NoToken> {
        if let Some(token) = self.valid() {
            return Ok(token);
        }
        match (self.code)().await {
            Some(code) => (code.renew)(self).await,
            None => Err(NoToken::NotNow(None)),
        }
    }

    /// The token, if it is valid for some minutes.
    pub fn valid(self) -> Option<String> {
        let account = self.account.with_untracked(|account| account.as_ref().map(|account| account.id));
        let is_valid = |token: &&Token| {
            Some(token.account.id) == account && now().millis() + MARGIN < token.expires_at.millis()
        };
        self.token.with_value(|token| token.as_ref().filter(is_valid).map(|token| token.text.clone()))
    }

    /// When the token should be renewed.
    pub fn renew_at(self) -> Option<Timestamp> {
        self.token.with_value(|token| {
            token.as_ref().map(|token| Timestamp::from_millis(token.expires_at.millis() - MARGIN))
        })
    }

    /// Sets the token; `None`: the server did not accept it.
    pub fn set_token(self, token: Option<Token>) {
        self.token.set_value(token);
    }

    /// Signs the browser out.
    ///
    /// # Errors
    /// The server could not be told: then the browser is still signed in.
    pub async fn sign_out(self) -> Result<(), NoAnswer> {
        let code = (self.code)().await.ok_or(NoAnswer::Offline)?;
        self.has_left.set_value(true);
        let done = (code.sign_out)(self).await;
        self.has_left.set_value(done.is_ok());
        done
    }

    /// Whether the user has signed out here, not in another tab and not the server.
    pub fn has_left(self) -> bool {
        self.has_left.get_value()
    }

    /// The browser is signed in to this account from now on, or to none.
    pub fn set_account(self, account: Option<Known>) {
        match &account {
            Some(Known { id, name }) => BrowserStorage::Browser.set_text(KEY, &format!("{id} {name}")),
            None => BrowserStorage::Browser.remove(KEY),
        }
        self.follow(account);
    }

    /// A guest begins to become an account, which ends its connections; or it is done.
    pub fn set_upgrading(self, is_upgrading: bool) {
        self.upgrading.set_value(is_upgrading);
    }

    /// Resolves when no guest is becoming an account.
    pub async fn upgraded(self) {
        while self.upgrading.get_value() {
            sleep(LOOK).await;
        }
    }

    fn follow(self, account: Option<Known>) {
        match account {
            None => self.set_token(None),
            Some(_) => self.has_left.set_value(false),
        }
        self.account.maybe_update(|present| {
            let changes = *present != account;
            *present = account;
            changes
        });
    }
}

fn kept() -> Option<Known> {
    let text = BrowserStorage::Browser.text(KEY)?;
    let (id, name) = text.split_once(' ')?;
    Some(Known { id: UserId::new(Uuid::try_parse(id).ok()?), name: UserName::new(name).ok()? })
}
