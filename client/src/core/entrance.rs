//! The way into a session and out of it: what the page knows while nobody is signed in.

use leptos::prelude::*;
use shared::UserName;

/// How a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Somebody has just chosen this name.
    New(UserName),
    /// The guest whose session this tab has kept.
    Kept,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user signed out.
    ByUser,
    /// The server no longer accepts it.
    ByServer,
}

/// The entrance, as a context of the whole page.
#[derive(Clone, Copy)]
pub struct Entrance {
    entry: RwSignal<Option<Entry>>,
    ended: RwSignal<Option<Ended>>,
    page: StoredValue<Owner>,
}

impl Entrance {
    /// Creates the context; it must be called by the component that lives as long as the page. `kept` tells whether the
    /// tab has kept a session.
    pub fn provide(kept: bool) -> Self {
        let entrance = Self {
            entry: RwSignal::new(kept.then_some(Entry::Kept)),
            ended: RwSignal::default(),
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

    /// Begins a session.
    pub fn enter(self, name: UserName) {
        self.ended.set(None);
        self.entry.set(Some(Entry::New(name)));
    }

    /// Ends the session: the page shows the sign-in page.
    pub fn end(self, ended: Ended) {
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
