//! Muted rooms: their messages do not count as news, unless they mention the user.

use leptos::prelude::*;
use shared::RoomAddress;

use super::Store;
use super::room::Room;

impl Store {
    /// Whether the room is muted.
    pub fn is_muted(&self, room: &RoomAddress) -> bool {
        self.muted.with(|muted| muted.contains(room))
    }

    /// Mutes the room, or ends that.
    pub fn mute(&self, room: RoomAddress, mute: bool) {
        self.muted.update(|muted| {
            muted.retain(|other| *other != room);
            if mute {
                muted.push(room);
            }
        });
    }

    /// The unread messages of a joined room that are news, and how many of them mention the user.
    pub fn news_of(&self, name: &RoomAddress) -> (u32, u32) {
        let count = |room: &Room| (room.unread().messages(), room.unread().mentions());
        let (messages, mentions) = self.room(name).map(|room| room.with(count)).unwrap_or_default();
        (if self.is_muted(name) { mentions } else { messages }, mentions)
    }

    /// The number of unread messages in all rooms that are news.
    pub fn all_news(&self) -> u32 {
        self.rooms.with(|rooms| rooms.keys().map(|name| self.news_of(name).0).sum())
    }
}

#[cfg(test)]
mod tests {
    use shared::{Seq, ServerFrame, UnreadCount};

    use super::super::receive::tests::{general, on_a_page};

    #[test]
    fn only_a_mention_is_news_in_a_muted_room() {
        on_a_page(|store, _| {
            let count = |messages, mentions| {
                let unread = UnreadCount { messages, mentions, counted_seq: Seq(3) };
                store.receive(ServerFrame::Read { room: general(), seq: Seq(1), unread, id: None });
            };
            count(2, 0);
            store.mute(general(), true);
            assert_eq!((store.news_of(&general()), store.all_news()), ((0, 0), 0));
            count(2, 1);
            assert_eq!((store.news_of(&general()), store.all_news()), ((1, 1), 1));
            store.mute(general(), false);
            assert_eq!((store.news_of(&general()), store.all_news()), ((2, 1), 2));
        });
    }
}
