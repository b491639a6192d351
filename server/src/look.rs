//! What names look like: nobody can pass as somebody else by letters that look the same.

use std::collections::HashSet;

use shared::account::{DELETED, DELETED_JA};
use shared::mention::RESERVED;
use unicode_security::confusable_detection::skeleton;

/// Returns the skeletons of a name as written and in lower case. A capital I looks like a small l; a small i does not.
pub fn looks(name: &str) -> HashSet<String> {
    let as_it_is: String = skeleton(name).collect();
    let lower = name.to_lowercase();
    let small: String = skeleton(&lower).collect();
    HashSet::from([as_it_is.to_lowercase(), small])
}

/// Looks that nobody may have, because they call many people at once or nobody.
pub fn reserved() -> impl Iterator<Item = String> {
    RESERVED.iter().chain(&[DELETED, DELETED_JA]).flat_map(|name| looks(name))
}
