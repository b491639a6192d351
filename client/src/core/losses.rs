//! What would be lost by leaving.

use leptos::prelude::*;
use shared::RoomAddress;

use super::Store;
use super::outbox::Outbox;

/// The amount of unsaved and unsent work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Losses {
    /// Texts that are still in their text box.
    pub drafts: usize,
    /// Messages and changes that are not stored yet.
    pub unsent: usize,
}

impl Losses {
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Store {
    /// What would be lost by leaving `room`, or by signing out if there is none.
    pub fn losses(&self, room: Option<&RoomAddress>) -> Losses {
        let here = |name: &RoomAddress| room.is_none_or(|room| room == name);
        let written = self.drafts.with(|drafts| {
            drafts.iter().filter(|(name, text)| here(name) && !text.trim().is_empty()).count()
        });
        Losses {
            drafts: written + self.edits().with(|edits| edits.count(room)),
            unsent: self.outbox.with(|outbox| match room {
                Some(room) => outbox.unsent_of(room),
                None => Outbox::unsent(outbox),
            }),
        }
    }

    /// Drops the drafts and edits of a room.
    pub(super) fn drop_drafts(&self, room: &RoomAddress) {
        self.drafts.update(|drafts| drop(drafts.remove(room)));
        self.edits().maybe_update(|edits| edits.end_room(room));
    }
}

#[cfg(test)]
mod tests {
    use shared::{Command, ErrorCode, Failure, MessageText, Seq, ServerFrame, Timestamp};

    use super::super::receive::tests::{general, on_a_page, requests};
    use super::*;

    #[test]
    fn drafts_changed_texts_and_what_is_not_stored_would_be_lost() {
        on_a_page(|store, orders| {
            let kitchen = RoomAddress::new("kitchen").unwrap();
            assert!(store.losses(None).is_none());
            store.drafts.update(|drafts| {
                drafts.insert(general(), "to be continued".to_owned());
                drafts.insert(kitchen.clone(), " \n".to_owned());
            });
            assert_eq!(store.losses(Some(&general())), Losses { drafts: 1, unsent: 0 });
            assert!(store.losses(Some(&kitchen)).is_none(), "nothing can be seen of it");
            store.begin_edit(&general(), Seq(2));
            assert_eq!(store.losses(None).drafts, 1, "nothing was written yet");
            store
                .edits()
                .update(|edits| edits.write(&general(), Seq(2), Some(("better".to_owned(), (0, 0)))));
            store.post(general(), MessageText::new("on its way").unwrap());
            assert_eq!(store.losses(None), Losses { drafts: 2, unsent: 1 });
            assert!(store.losses(Some(&kitchen)).is_none());

            let leave = |orders: &mut _| {
                store.leave(general());
                let leaves = |(id, command)| matches!(command, Command::LeaveRoom { .. }).then_some(id);
                requests(orders).into_iter().find_map(leaves).flatten()
            };
            let failure = Failure { id: leave(orders), ..Failure::new(ErrorCode::RateLimited, "too fast") };
            store.receive(ServerFrame::Error { failure, timestamp: Timestamp::from_millis(0) });
            assert_eq!(store.losses(None), Losses { drafts: 2, unsent: 1 }, "one is still there");
            store.notices.with_untracked(|notices| assert_eq!(notices.list().len(), 1, "and told so"));
            let id = leave(orders);
            store.receive(ServerFrame::Left { room: general(), id, by: None, reason: None });
            assert!(store.losses(None).is_none());
        });
    }

    #[test]
    fn nobody_leaves_a_room_without_a_connection_and_nothing_is_lost_by_trying() {
        on_a_page(|store, orders| {
            store.drafts.update(|drafts| drop(drafts.insert(general(), "to be continued".to_owned())));
            store.connecting();
            store.leave(general());
            assert!(requests(orders).is_empty());
            assert_eq!(store.losses(None).drafts, 1);
            store.notices.with_untracked(|notices| assert_eq!(notices.list().len(), 1));
        });
    }
}
