//! The way into a session and out of it: what the page knows while nobody is signed in.

use leptos::prelude::*;
use shared::UserName;

use super::identity::Known;

/// How a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Somebody has just chosen this name.
    New(UserName),
    /// Whoever this tab was before it was loaded again.
    Kept,
    /// The account of this browser.
    Account(Known),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user signed out.
    ByUser,
    /// The server no longer accepts it.
    ByServer,
    /// Guests may not come in any more.
    NoGuests,
}

/// The entrance, as a context of the whole page.
#[derive(Clone, Copy)]
pub struct Entrance {
    entry: RwSignal<Option<Entry>>,
    ended: RwSignal<Option<Ended>>,
    with_account: RwSignal<bool>,
    page: StoredValue<Owner>,
}

impl Entrance {
    /// Creates the context; it must be called by the component that lives as long as the page. `entry` is how the first
    /// session begins, if one begins at once; `by_link` is whether the address is a link that lets somebody in.
    pub fn provide(entry: Option<Entry>, by_link: bool) -> Self {
        let entrance = Self {
            entry: RwSignal::new(entry),
            ended: RwSignal::default(),
            with_account: RwSignal::new(by_link),
            page: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        provide_context(entrance);
        entrance
    }

    /// Whether a session has begun. Tracked.
    pub fn is_passed(self) -> bool {
        self.entry.with(Option::is_some)
    }

    /// How the present session began.
    pub fn entry(self) -> Option<Entry> {
        self.entry.get_untracked()
    }

    /// How the session before ended. Tracked.
    pub fn ended(self) -> Option<Ended> {
        self.ended.get()
    }

    /// Whether the first page asks for an account instead of a name.
    pub fn with_account(self) -> RwSignal<bool> {
        self.with_account
    }

    /// Begins a session.
    pub fn enter(self, entry: Entry) {
        self.ended.set(None);
        self.entry.set(Some(entry));
    }

    /// Ends the session: the page shows the sign-in page.
    pub fn end(self, ended: Ended) {
        if ended == Ended::NoGuests {
            self.with_account.set(true);
        }
        self.ended.set(Some(ended));
        self.entry.set(None);
    }

    /// Creates the owner of a session's state. It sees the contexts of the page, and lives until it is cleaned up.
    pub fn session_owner(self) -> Owner {
        self.page.with_value(Owner::child)
    }
}

/// Returns the entrance from the context.
pub fn use_entrance() -> Entrance {
    expect_context()
}
