//! Messages that are shown outside the timeline follow what happens to them.

use shared::{Change, Changed, Posted};

/// Applies a change; returns false if it removed the message.
pub fn follow(posted: &mut Posted, changed: &Changed) -> bool {
    if is_of(posted, changed) && changed.change != Change::Trimmed {
        posted.change(changed);
    }
    let trimmed = changed.change == Change::Trimmed && is_of(posted, changed);
    !posted.deleted && !trimmed
}

/// Whether a change is one of this message.
pub fn is_of(posted: &Posted, changed: &Changed) -> bool {
    if changed.change == Change::Trimmed {
        posted.seq <= changed.target
    } else {
        posted.seq == changed.target
    }
}
