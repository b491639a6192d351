//! What the account prefers, as the server told it: favourites, muted rooms, blocked people.

use leptos::prelude::*;
use shared::account::Preferences;
use shared::{Person, Posted, RoomAddress, RoomEvent, Seq, UserId};

use super::Store;

impl Store {
    /// Changes when somebody else is blocked, or a message of theirs is shown.
    pub fn blocks(&self) -> RwSignal<usize> {
        self.inner.with_value(|inner| inner.blocks)
    }

    /// The people whose messages are not wanted. Tracked.
    pub fn blocked(&self) -> Vec<Person> {
        self.blocks().track();
        self.with_inner(|inner| inner.blocked.clone())
    }

    /// Whether messages of somebody are not wanted. Not tracked, see [`Self::blocks`].
    pub fn is_blocked(&self, user: UserId) -> bool {
        self.with_inner(|inner| inner.blocked.iter().any(|person| person.user_id == user))
    }

    /// Shows a message of somebody who is blocked.
    pub fn reveal(&self, room: RoomAddress, seq: Seq) {
        self.with_inner(|inner| inner.revealed.push((room, seq)));
        self.blocks().update(|count| *count += 1);
    }

    /// Whether a message is folded. Not tracked, see [`Self::blocks`].
    pub fn folds(&self, posted: &Posted) -> bool {
        self.is_blocked(posted.sender_id)
            && !self.with_inner(|inner| {
                inner.revealed.iter().any(|(room, seq)| *seq == posted.seq && *room == posted.room)
            })
    }

    /// The favourites of the user that are joined, in their order. Tracked.
    pub fn joined_favourites(&self) -> Vec<RoomAddress> {
        let mut favourites = self.favourites.get();
        self.rooms.with(|rooms| favourites.retain(|room| rooms.contains_key(room)));
        favourites
    }

    /// Takes over what the server tells.
    pub(super) fn preferred(&self, told: Preferences) {
        let is_first = !self.with_inner(|inner| std::mem::replace(&mut inner.prefers, true));
        self.favourites.set(told.favourites);
        // Rooms that were muted while only the browser knew of it are the account's from now on.
        if is_first && told.muted.is_empty() {
            self.with_inner(|inner| inner.untold = self.muted.get_untracked());
        } else {
            self.muted.set(told.muted);
        }
        let changes = self.with_inner(|inner| inner.blocked != told.blocked);
        if changes {
            self.with_inner(|inner| inner.blocked = told.blocked);
            self.blocks().update(|count| *count += 1);
            let rooms = self.rooms.with_untracked(|rooms| rooms.keys().cloned().collect());
            self.with_inner(|inner| inner.reads.count_all_later(rooms));
        }
    }

    /// Takes the rooms that the server should know as muted.
    pub fn untold_muted(&self) -> Vec<RoomAddress> {
        self.with_inner(|inner| std::mem::take(&mut inner.untold))
    }

    /// New messages that are not wanted are no news.
    pub(super) fn ignore_blocked(&self, name: &RoomAddress, events: &[RoomEvent]) {
        for event in events {
            if let RoomEvent::Posted(posted) = event
                && self.is_blocked(posted.sender_id)
            {
                self.in_room(name, |room| room.unread.ignore(posted.seq));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{ServerFrame, Timestamp, UserName};

    use super::super::receive::tests::{general, on_a_page, sent};
    use super::super::room::tests::{event, posted, user};
    use super::*;

    fn told(muted: &[RoomAddress], blocked: &[u128]) -> ServerFrame {
        let person = |&id: &u128| Person { user_id: user(id), user: UserName::new("Mallory").unwrap() };
        ServerFrame::Preferences(Preferences {
            favourites: vec![RoomAddress::new("tea").unwrap(), general()],
            muted: muted.to_vec(),
            blocked: blocked.iter().map(person).collect(),
        })
    }

    #[test]
    fn what_was_muted_in_the_browser_is_told_once_to_a_server_that_knows_of_none() {
        on_a_page(|store, _| {
            store.mute(general(), true);
            store.receive(told(&[], &[]));
            assert!(store.is_muted(&general()));
            assert_eq!(store.untold_muted(), [general()]);
            assert_eq!(store.untold_muted(), []);
            store.receive(told(&[], &[]));
            assert!(!store.is_muted(&general()), "another device has ended it");
            assert_eq!(store.untold_muted(), []);
        });
    }

    #[test]
    fn what_the_server_knows_as_muted_replaces_what_the_browser_knew() {
        on_a_page(|store, _| {
            store.mute(general(), true);
            let tea = RoomAddress::new("tea").unwrap();
            store.receive(told(std::slice::from_ref(&tea), &[]));
            assert!(store.is_muted(&tea) && !store.is_muted(&general()));
            assert_eq!(store.untold_muted(), []);
            assert_eq!(store.joined_favourites(), [general()], "only what is joined is listed");
        });
    }

    #[test]
    fn messages_of_somebody_blocked_are_folded_and_no_news() {
        on_a_page(|store, orders| {
            let message = posted(4, 1, 0);
            store.receive(told(&[], &[]));
            store.receive(told(&[], &[message.sender_id.uuid().as_u128()]));
            sent(orders);
            store.receive(ServerFrame::Event(event(4)));
            assert_eq!(store.all_news(), 0);
            assert!(store.news().with_untracked(Vec::is_empty), "it is not read out");
            assert!(store.folds(&message));
            store.reveal(general(), Seq(4));
            assert!(!store.folds(&message));
            let (user_id, is_typing) = (message.sender_id, true);
            store.receive(ServerFrame::Typing { room: general(), user: message.sender, user_id, is_typing });
            let typing = store
                .room(&general())
                .unwrap()
                .with(|room| room.typists.is_stale(Timestamp::from_millis(i64::MAX)));
            assert!(!typing, "nor is their typing shown");
            store.receive(told(&[], &[]));
            assert!(!store.folds(&posted(5, 1, 0)));
        });
    }
}
