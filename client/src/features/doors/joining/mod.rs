//! Links into rooms, for those who follow them: where they lead, and the question whether to go there.

mod api;
mod note;
mod question;
pub mod texts;

use crate::browser::choice;
use crate::browser::storage::BrowserStorage;

pub use note::Note;
pub use question::Question;

/// The attribute of the root element with the secret of a link that was not used yet: `public/gate.js` has found it.
pub const LINK: &str = "join";

/// The secret of the link that the page was opened with, until it is asked about.
pub fn pending() -> Option<String> {
    choice::chosen(LINK)
}

/// Forgets it: it is asked about once.
fn asked() {
    choice::set(LINK, None);
    BrowserStorage::Tab.remove("hiroba.join");
}
