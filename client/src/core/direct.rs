//! Direct conversations: what they are called, how they are listed, and how one begins.

use std::cmp::Reverse;

use leptos::prelude::*;
use shared::account::DELETED;
use shared::sort::sort_by_key;
use shared::{Member, NewRoom, PresenceStatus, RoomAddress, RoomDetails, RoomKind, UserId, UserName};

use super::Store;
use super::requests::NoAnswer;
use super::room::Room;

/// People that the name of a conversation has; of the others it has the number.
const NAMED: usize = 3;

impl Store {
    /// The joined conversations in the order of the list, which [`Self::sorted_conversations`] tells.
    pub fn conversations(&self) -> RwSignal<Vec<RoomAddress>> {
        self.inner.with_value(|inner| inner.conversations)
    }

    /// The rooms that stand above the conversations in the list: favourites, then what is unread.
    pub fn raised(&self) -> RwSignal<Vec<RoomAddress>> {
        self.inner.with_value(|inner| inner.raised)
    }

    /// The conversations that are no favourites, unread ones first, then those with the newest messages. Tracked.
    pub fn sorted_conversations(&self) -> Vec<RoomAddress> {
        let favourites = self.favourites.get();
        let is_listed = |room: &&RoomAddress| room.is_direct() && !favourites.contains(room);
        let mut rooms: Vec<_> = self.rooms.with(|rooms| rooms.keys().filter(is_listed).cloned().collect());
        sort_by_key(&mut rooms, |room| {
            let last = |room: &Room| room.log().messages().next_back().map(|posted| posted.timestamp);
            let newest = self.room(room).and_then(|room| room.with(last));
            // One in which nothing was written yet has just been opened.
            (self.news_of(room).0 == 0, newest.is_some(), Reverse(newest))
        });
        rooms
    }

    /// Calls the conversations by the present names of their others. Tracked.
    pub fn name_conversations(&self, between: &str, notes: &str) {
        self.introductions().track();
        for room in self.rooms.with(|rooms| rooms.keys().cloned().collect::<Vec<_>>()) {
            let Some(state) = self.room(&room).filter(|_| room.is_direct()) else { continue };
            let people = state.with(|state| state.doors.people.clone());
            if people.is_empty() {
                // Not joined yet, as after a reload.
                continue;
            }
            let title = self.names(&people, between).unwrap_or_else(|| notes.to_owned());
            if self.titles().with_untracked(|titles| titles.get(&room) != Some(&title)) {
                self.titles().update(|titles| drop(titles.insert(room, title)));
            }
        }
    }

    /// The presence of the one other person of a conversation. Tracked.
    pub fn partner(&self, room: &RoomAddress) -> Option<PresenceStatus> {
        let (me, room) = (self.me(), self.room(room)?);
        room.with(|room| match &room.doors.people[..] {
            [one, other] => {
                let id = if Some(one.user_id) == me { other.user_id } else { one.user_id };
                Some(room.members.status_of(id))
            }
            _ => None,
        })
    }

    /// The others in a conversation, if there are any.
    fn names(&self, people: &[Member], between: &str) -> Option<String> {
        let me = self.me_untracked();
        let others = people.iter().filter(|person| Some(person.user_id) != me);
        let mut names: Vec<String> = others.map(|person| self.called(person)).collect();
        names.sort_unstable();
        let more = names.len().saturating_sub(NAMED);
        let first = names[..names.len() - more].join(between);
        (!names.is_empty()).then(|| if more > 0 { format!("{first} +{more}") } else { first })
    }

    /// What somebody is called at present.
    fn called(&self, person: &Member) -> String {
        let name = self.present_name(person.user_id).unwrap_or_else(|| person.username.clone());
        let nobody = self.with_inner(|inner| inner.nobody.clone());
        nobody.filter(|_| name.as_str() == DELETED).unwrap_or(name).to_string()
    }

    /// The conversation of the user with exactly these others, if it is in the list.
    pub fn conversation_with(&self, others: &[UserId]) -> Option<RoomAddress> {
        let me = self.me_untracked();
        let is_one = |id: &UserId| Some(*id) == me || others.contains(id);
        let wanted = 1 + others.iter().filter(|id| Some(**id) != me).count();
        let rooms = self.rooms.get_untracked();
        let mut rooms = rooms.iter().filter(|(address, _)| address.is_direct());
        let found = rooms.find(|(_, room)| {
            let people = room.with_untracked(|room| room.doors.people.clone());
            people.len() == wanted && people.iter().all(|person| is_one(&person.user_id))
        });
        found.map(|(address, _)| address.clone())
    }

    /// Opens the conversation with these people; `then` is told of it before, or why there is none.
    pub fn converse(
        &self,
        user_ids: Vec<UserId>,
        usernames: Vec<UserName>,
        then: impl FnOnce(Result<&RoomAddress, NoAnswer>) + Send + Sync + 'static,
    ) {
        let (kind, details) = (RoomKind::Direct, RoomDetails::default());
        self.create_room(NewRoom { kind, details, user_ids, usernames, client_message_id: None }, then);
    }
}

#[cfg(test)]
mod tests {
    use shared::{Command, Joined, RoomEvent, RoomRole, ServerFrame, Timestamp, UnreadCount};

    use super::super::receive::tests::{on_a_page, sent};
    use super::super::room::tests::{posted, snapshot, user};
    use super::*;

    fn address(number: u64) -> RoomAddress {
        RoomAddress::new(&format!("~~{number}")).unwrap()
    }

    fn person(id: u128, name: &str) -> Member {
        let (username, status) = (UserName::new(name).unwrap(), PresenceStatus::Online);
        Member { user_id: user(id), username, status, role: RoomRole::Member }
    }

    /// A conversation with its last message at `time`, of which `unread` are unread.
    fn joined(number: u64, others: &[Member], time: i64, unread: u32) -> ServerFrame {
        let room = address(number);
        let mut last = posted(3, 3, 0);
        last.room = room.clone();
        last.timestamp = Timestamp::from_millis(time);
        let mut people = others.to_vec();
        people.push(person(9, "Me"));
        let counted = snapshot(1..=3, 3);
        ServerFrame::Joined(Joined {
            room,
            kind: RoomKind::Direct,
            people,
            events: vec![RoomEvent::Posted(last)],
            unread: UnreadCount { messages: unread, mentions: 0, ..counted.unread },
            ..counted
        })
    }

    fn names(store: Store, number: u64) -> String {
        untrack(|| store.name_conversations(", ", "notes"));
        store.titles().with_untracked(|titles| titles.get(&address(number)).cloned()).unwrap_or_default()
    }

    #[test]
    fn unread_conversations_come_first_and_then_the_newest() {
        on_a_page(|store, _| {
            store.receive(joined(1, &[person(5, "Anna")], 10, 0));
            store.receive(joined(2, &[person(6, "Bob")], 30, 0));
            store.receive(joined(3, &[person(7, "Carol")], 20, 1));
            let listed = || untrack(|| store.sorted_conversations());
            assert_eq!(listed(), [address(3), address(2), address(1)]);
            store.conversations().set(listed());
            let mut all = untrack(|| store.listed());
            assert_eq!(all.pop().as_ref().map(RoomAddress::as_str), Some("general"), "before the rooms");
            assert_eq!(all, listed());
            store.favourites.set(vec![address(2)]);
            assert_eq!(listed(), [address(3), address(1)], "a favourite stands elsewhere");
            store.favourites.set(Vec::new());
            store.receive(ServerFrame::Left { room: address(2), id: None, by: None, reason: None });
            assert_eq!(listed(), [address(3), address(1)]);
        });
    }

    #[test]
    fn people_are_called_by_their_present_names() {
        on_a_page(|store, _| {
            store.call_deleted("退会したユーザー");
            store.receive(joined(1, &[person(5, "Anna"), person(6, DELETED)], 10, 0));
            assert_eq!(names(store, 1), "Anna, 退会したユーザー");
            let user_changed = |name: &str| ServerFrame::UserChanged {
                user: UserName::new(name).unwrap(),
                user_id: user(5),
                profile: None,
            };
            store.receive(user_changed("Hanna"));
            assert_eq!(names(store, 1), "Hanna, 退会したユーザー");
            store.receive(user_changed(DELETED));
            assert_eq!(names(store, 1), "退会したユーザー, 退会したユーザー");
        });
    }

    #[test]
    fn of_many_people_three_are_named() {
        on_a_page(|store, _| {
            let people = ["Anna", "Bob", "Carol", "Dan", "Eve"];
            let people: Vec<_> = (11..).zip(people).map(|(id, name)| person(id, name)).collect();
            store.receive(joined(1, &people, 10, 0));
            assert_eq!(names(store, 1), "Anna, Bob, Carol +2");
            store.receive(joined(2, &[], 10, 0));
            assert_eq!(names(store, 2), "notes");
            assert_eq!(store.conversation_with(&[user(9)]), Some(address(2)));
        });
    }

    #[test]
    fn a_conversation_is_found_by_its_people_and_else_asked_for() {
        on_a_page(|store, orders| {
            store.receive(joined(1, &[person(5, "Anna"), person(6, "Bob")], 10, 0));
            assert_eq!(store.conversation_with(&[user(6), user(5)]), Some(address(1)));
            assert_eq!(store.conversation_with(&[user(5)]), None);
            store.converse(vec![user(5)], Vec::new(), |_| ());
            let asked = sent(orders);
            let [Command::CreateRoom(new)] = &asked[..] else { panic!("{asked:?}") };
            assert_eq!((new.kind, &new.user_ids[..]), (RoomKind::Direct, &[user(5)][..]));
        });
    }
}
