//! Private rooms: what they are called, who lets whom in, and being shown the door.

use leptos::prelude::*;
use shared::{
    Command, NewRoom, Person, Privilege, RoomAddress, ServerFrame, ShortText, Timestamp, UserId, UserName,
};

use super::Store;
use super::notices::About;
use super::requests::NoAnswer;
use super::room::doors::Barrier;
use super::sorted_map::SortedMap;

impl Store {
    /// What the joined private rooms are called; also the conversations, once the code that names them is there.
    pub fn titles(&self) -> RwSignal<SortedMap<RoomAddress, String>> {
        self.inner.with_value(|inner| inner.titles)
    }

    /// Whether a joined room can only be read. Tracked.
    pub fn is_archived(&self, room: &RoomAddress) -> bool {
        self.archived().with(|archived| archived.contains(room))
    }

    fn archived(&self) -> RwSignal<Vec<RoomAddress>> {
        self.inner.with_value(|inner| inner.archived)
    }

    /// The joined rooms in the order of the list: favourites and what is unread, the conversations, and then the others.
    /// Tracked.
    pub fn listed(&self) -> Vec<RoomAddress> {
        let mut rooms = self.raised().get();
        rooms.append(&mut self.conversations().get());
        rooms.append(&mut self.plain_rooms());
        self.rooms.with(|joined| rooms.retain(|room| joined.contains_key(room)));
        rooms
    }

    /// The joined rooms that stand nowhere else in the list: by what they are called, then those that can only be read.
    /// Tracked.
    pub fn plain_rooms(&self) -> Vec<RoomAddress> {
        let mut rooms = self.rooms.with(|rooms| rooms.keys().cloned().collect::<Vec<_>>());
        self.titles().with(|titles| {
            let called =
                |room: &RoomAddress| titles.get(room).map_or(room.as_str(), String::as_str).to_owned();
            // Names are in order already; there are few titles.
            for room in titles.keys() {
                rooms.retain(|other| other != room);
                let title = called(room);
                let at = rooms.iter().position(|other| called(other) > title).unwrap_or(rooms.len());
                rooms.insert(at, room.clone());
            }
        });
        let raised = self.raised().get();
        rooms.retain(|room| !room.is_direct() && !raised.contains(room));
        let (mut closed, mut rooms): (Vec<_>, Vec<_>) =
            rooms.into_iter().partition(|room| self.is_archived(room));
        rooms.append(&mut closed);
        rooms
    }

    /// Whether the user may do this in a joined room. Tracked.
    pub fn may(&self, room: &RoomAddress, privilege: Privilege) -> bool {
        self.room(room).is_some_and(|room| room.with(|room| room.doors.may(privilege)))
    }

    /// Why the user cannot write in a room at present. Tracked.
    pub fn barrier(&self, room: &RoomAddress, now: Timestamp) -> Option<Barrier> {
        self.room(room)?.with(|room| room.doors.barrier(now))
    }

    /// Whether the user may neither write in a room nor change anything in it. Tracked.
    pub fn is_closed(&self, room: &RoomAddress, now: Timestamp) -> bool {
        matches!(self.barrier(room, now), Some(Barrier::Archived | Barrier::Muted(..)))
    }

    /// The others in the joined rooms, each once.
    pub fn acquaintances(&self) -> Vec<(UserId, UserName)> {
        let mut people = SortedMap::default();
        for room in self.rooms.get_untracked().values() {
            room.with_untracked(|room| {
                people.extend(room.members.known().map(|member| (member.user_id, member.username.clone())));
            });
        }
        people.into_iter().filter(|(id, _)| Some(*id) != self.me_untracked()).collect()
    }

    /// Creates a private room and opens it; `then` is told of it before, or why there is none.
    pub fn create_room(
        &self,
        new: NewRoom,
        then: impl FnOnce(Result<&RoomAddress, NoAnswer>) + Send + Sync + 'static,
    ) {
        let store = *self;
        self.request(Command::CreateRoom(new), move |answer| match answer {
            Ok(ServerFrame::Joined(joined)) => {
                then(Ok(&joined.room));
                store.turn_to(Some(joined.room.clone()));
            }
            Ok(_) => {}
            Err(why) => then(Err(why)),
        });
    }

    /// Somebody invited the user to a room: joins it, and says so.
    pub(super) fn invited(&self, room: RoomAddress, by: Person) {
        self.join(room.clone());
        self.notify(About::Invited { room, by: by.user });
    }

    /// Somebody removed the user from a room.
    pub(super) fn removed(&self, room: &RoomAddress, by: Person, reason: Option<ShortText>) {
        let title = self.titles().with_untracked(|titles| titles.get(room).cloned());
        self.notify(About::Removed { room: room.clone(), title, by: by.user, reason });
        self.drop_drafts(room);
        self.left(room);
    }

    /// Asks to be let into a private room that is not among the joined ones; meanwhile the page stays where it is.
    pub(super) fn knock(&self, room: RoomAddress) {
        let store = *self;
        let command = Command::JoinRoom { room: room.clone(), since: None };
        self.request(command, move |answer| match answer {
            Ok(_) => {
                let target = store.with_inner(|inner| inner.target.clone().filter(|(of, _)| *of == room));
                store.turn_to(Some(room));
                store.spot.set(target.map(|(_, seq)| seq));
            }
            Err(NoAnswer::Refused(failure)) => {
                store.with_inner(|inner| inner.target = None);
                store.join_refused(room, failure);
                // The address may name that room.
                store.spot.set(None);
            }
            Err(NoAnswer::Offline) => store.notify(About::Offline),
        });
    }

    /// Called when a room may be called something else, or be used otherwise.
    pub(super) fn entitle(&self, name: &RoomAddress) {
        let Some(room) = self.room_untracked(name) else { return };
        self.list_archived(name, room.with_untracked(|room| room.doors.details.archived));
        if !name.is_private() {
            return;
        }
        let title = room.with_untracked(|room| room.doors.details.title.as_ref().map(ToString::to_string));
        let titles = self.titles();
        if let Some(title) = title
            && titles.with_untracked(|titles| titles.get(name) != Some(&title))
        {
            titles.update(|titles| drop(titles.insert(name.clone(), title)));
        }
    }

    fn list_archived(&self, name: &RoomAddress, is_archived: bool) {
        let archived = self.archived();
        if archived.with_untracked(|archived| archived.contains(name)) == is_archived {
            return;
        }
        archived.update(|archived| {
            archived.retain(|room| room != name);
            if is_archived {
                archived.push(name.clone());
            }
        });
    }

    /// A room is not joined any more: what it is called, and what was found in it, is nobody's business here.
    pub(super) fn close_doors(&self, name: &RoomAddress) {
        self.list_archived(name, false);
        if name.is_private() {
            self.titles().update(|titles| drop(titles.remove(name)));
            self.tell_followers(name, super::followers::Happening::Log(shared::Epoch::from_random(0)));
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        Change, Changed, Epoch, ErrorCode, Failure, Joined, RoomDetails, RoomEvent, RoomKind, RoomRole, Seq,
        Timestamp,
    };

    use super::super::receive::tests::{general, on_a_page, requests, sent};
    use super::super::room::tests::{changed, snapshot, user};
    use super::*;

    fn plans() -> RoomAddress {
        RoomAddress::new("~5b0c").unwrap()
    }

    fn person(id: u128, name: &str) -> Person {
        Person { user_id: user(id), user: UserName::new(name).unwrap() }
    }

    fn entitled(title: &str) -> RoomDetails {
        RoomDetails { title: ShortText::new(title).ok(), ..RoomDetails::default() }
    }

    fn joined() -> Joined {
        Joined {
            room: plans(),
            kind: RoomKind::Private,
            details: entitled("Plans"),
            role: RoomRole::Moderator,
            may: vec![Privilege::Invite],
            ..snapshot(1..=3, 3)
        }
    }

    fn here(change: Changed) -> ServerFrame {
        ServerFrame::Event(RoomEvent::Changed(Changed { room: plans(), ..change }))
    }

    fn notices(store: Store) -> Vec<About> {
        store
            .notices
            .with_untracked(|notices| notices.list().iter().map(|notice| notice.about.clone()).collect())
    }

    #[test]
    fn a_private_room_is_called_by_its_title_and_stands_in_its_place_of_the_list() {
        on_a_page(|store, _| {
            store.receive(ServerFrame::Joined(joined()));
            let title = || store.titles().with_untracked(|titles| titles.get(&plans()).cloned());
            assert_eq!(title().as_deref(), Some("Plans"));
            assert_eq!(untrack(|| store.listed()), [plans(), general()]);
            store.receive(here(changed(4, 4, Change::DetailsChanged(entitled("hidden plans")))));
            assert_eq!(title().as_deref(), Some("hidden plans"));
            assert_eq!(untrack(|| store.listed()), [general(), plans()]);
            // An older event that comes again changes nothing.
            store.receive(here(changed(3, 3, Change::DetailsChanged(entitled("Plans")))));
            assert_eq!(title().as_deref(), Some("hidden plans"));
        });
    }

    #[test]
    fn what_one_may_do_follows_what_the_server_tells() {
        on_a_page(|store, _| {
            store.receive(ServerFrame::Joined(joined()));
            let may = |privilege| untrack(|| store.may(&plans(), privilege));
            assert!(may(Privilege::Invite) && !may(Privilege::EditRoom));
            let (role, may_now) = (RoomRole::Member, vec![Privilege::EditRoom]);
            store.receive(ServerFrame::Standing {
                room: plans(),
                role,
                may: may_now,
                muted: None,
                reports: None,
            });
            assert!(!may(Privilege::Invite) && may(Privilege::EditRoom));
        });
    }

    #[test]
    fn whoever_is_invited_joins_and_is_told_by_whom() {
        on_a_page(|store, orders| {
            let by = person(5, "Hanako");
            store.receive(ServerFrame::Entered { room: plans(), by: Some(by.clone()) });
            let joins = requests(orders);
            let [(id, Command::JoinRoom { since: None, .. })] = &joins[..] else { panic!("{joins:?}") };
            store.receive(ServerFrame::Joined(Joined { id: id.clone(), ..joined() }));
            assert_eq!(notices(store), [About::Invited { room: plans(), by: by.user }]);
            assert_eq!(store.open.get_untracked(), Some(general()), "nobody is taken anywhere");
        });
    }

    #[test]
    fn a_room_that_another_device_joined_is_nothing_new() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Entered { room: plans(), by: None });
            assert_eq!(requests(orders).len(), 1);
            assert_eq!(notices(store), []);
        });
    }

    #[test]
    fn whoever_is_removed_is_told_and_keeps_nothing_of_the_room() {
        on_a_page(|store, _| {
            store.receive(ServerFrame::Joined(joined()));
            store.open(plans());
            store.drafts.update(|drafts| drop(drafts.insert(plans(), "not finished".to_owned())));
            let by = person(5, "Hanako");
            let reason = ShortText::new("by mistake").ok();
            let left =
                ServerFrame::Left { room: plans(), id: None, by: Some(by.clone()), reason: reason.clone() };
            store.receive(left);
            let title = Some("Plans".to_owned());
            assert_eq!(notices(store), [About::Removed { room: plans(), title, by: by.user, reason }]);
            assert_eq!(store.open.get_untracked(), Some(general()));
            assert!(store.losses(None).is_none());
            assert!(store.titles().with_untracked(SortedMap::is_empty));
        });
    }

    #[test]
    fn whoever_is_not_let_in_stays_where_they_are() {
        on_a_page(|store, orders| {
            store.jump(&plans(), Seq(7));
            assert_eq!(store.open.get_untracked(), Some(general()));
            let (id, _) = requests(orders).pop().unwrap();
            let failure = Failure { id, ..Failure::new(ErrorCode::NotAMember, "") };
            store.receive(ServerFrame::Error {
                failure: failure.clone(),
                timestamp: Timestamp::from_millis(0),
            });
            assert_eq!(store.open.get_untracked(), Some(general()));
            assert_eq!(notices(store), [About::NotJoined(plans(), failure)]);
            assert!(sent(orders).is_empty());
        });
    }

    #[test]
    fn whoever_is_let_in_arrives_at_the_message_that_they_came_for() {
        on_a_page(|store, orders| {
            store.jump(&plans(), Seq(2));
            let (id, _) = requests(orders).pop().unwrap();
            store.receive(ServerFrame::Joined(Joined { id, epoch: Epoch::from_random(6), ..joined() }));
            assert_eq!(store.open.get_untracked(), Some(plans()));
            assert_eq!(store.spot.get_untracked(), Some(Seq(2)));
        });
    }
}
