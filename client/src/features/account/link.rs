//! Links that let somebody in. The secret stays in the address until it was used, so that the page can be loaded again, and
//! is nowhere else.

use super::entrance_api::{self, Change};
use crate::browser::choice;
use crate::browser::location;
use crate::browser::storage::BrowserStorage;
use crate::core::entrance::{Entrance, Entry};
use crate::core::identity::{Identity, KEPT_AS, Known};

/// The attribute of the root element while the link was not used.
const LINK: &str = "link";

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Invitation,
    /// Its user becomes the owner.
    Owner,
    /// A new password.
    Reset,
    /// A mail address.
    Mail,
    /// A room; `features/doors/joining` uses it.
    Room,
}

/// A link.
#[derive(Clone)]
pub struct Link {
    pub kind: Kind,
    pub secret: String,
}

impl Link {
    /// The one in the address.
    pub fn of_address() -> Option<Self> {
        let fragment = location::fragment();
        let (name, secret) = fragment.strip_prefix('#')?.split_once('=')?;
        let kind = match name {
            "invite" => Kind::Invitation,
            "owner" => Kind::Owner,
            "reset" => Kind::Reset,
            "mail" => Kind::Mail,
            _ => return None,
        };
        Some(Self { kind, secret: secret.to_owned() })
    }
}

/// The address of a link.
pub fn url(kind: Kind, secret: &str) -> String {
    let name = match kind {
        Kind::Invitation => "invite",
        Kind::Owner => "owner",
        Kind::Reset => "reset",
        Kind::Mail => "mail",
        Kind::Room => "join",
    };
    format!("{}/#{name}={secret}", location::origin())
}

/// The guest of this tab.
pub fn guest() -> Option<Identity> {
    BrowserStorage::Tab.value::<Identity>(KEPT_AS).filter(|identity| identity.session.is_some())
}

/// Whether the address is a link that was not used yet: `public/gate.js` has found it.
pub fn is_pending() -> bool {
    choice::chosen(LINK).is_some()
}

/// Takes the link out of the address.
pub fn forget() {
    location::drop_fragment();
    choice::set(LINK, None);
}

/// Goes on without the link, as the guest of this tab or with the account of the browser.
pub fn leave(entrance: Entrance, account: Option<Known>) {
    forget();
    let is_kept = BrowserStorage::Tab.text(KEPT_AS).is_some();
    let entry = if is_kept { Some(Entry::Kept) } else { account.map(Entry::Account) };
    if let Some(entry) = entry {
        entrance.enter(entry);
    }
}

/// Somebody has signed in with the link.
pub fn used(entrance: Entrance, account: Known) {
    forget();
    let entry = if guest().is_some_and(|guest| guest.id == Some(account.id)) {
        // The same user: what it did not send yet is still its own.
        BrowserStorage::Tab.set_value(KEPT_AS, &Identity::account(account));
        Entry::Kept
    } else {
        Entry::Account(account)
    };
    entrance.enter(entry);
}

/// Decides who may come in, one by one: what was said where the server was started cannot be changed, and is no failure
/// here.
pub async fn decide(token: &str, Change { guests, sign_up }: Change) {
    for change in [Change { guests, sign_up: None }, Change { guests: None, sign_up }] {
        // The settings show what holds.
        let _ = entrance_api::change(token, change).await;
    }
}
