//! What the server's frames change.

use leptos::prelude::*;
use shared::{
    ClientMessageId, Command, History, Joined, Position, RoomAddress, RoomEvent, ServerFrame, Timestamp,
    UserId,
};

use super::place::Taken;
use super::room::{Lack, Room};
use super::{Asked, Store, now};

impl Store {
    /// Takes in one frame.
    pub fn receive(&self, frame: ServerFrame) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(welcome),
            ServerFrame::Joined(joined) => self.joined(joined),
            ServerFrame::Event(event) => self.event(&event),
            ServerFrame::Events(events) => {
                let name = events.room;
                let Some(me) = self.me_untracked() else { return };
                let lack = self.in_room(&name, |room| room.events(events.epoch, &events.events, me));
                self.followed(&name, &events.events, lack.unwrap_or_default());
            }
            ServerFrame::History(history) => self.history(&history),
            ServerFrame::Messages(messages) => self.told_messages(messages),
            ServerFrame::Versions { versions, id, .. } => self.told_versions(id.as_ref(), versions),
            ServerFrame::SearchResults(results) => self.found(results),
            ServerFrame::Typing { room, user, user_id, is_typing } => {
                self.in_room(&room, |room| room.typists.set(user_id, user, is_typing, now()));
            }
            ServerFrame::UserJoined { room, user, user_id, member_count, .. } => {
                self.in_room(&room, |room| room.members.joined(user_id, user, member_count));
            }
            ServerFrame::UserLeft { room, user_id, member_count, .. } => {
                self.in_room(&room, |room| {
                    room.members.left(user_id, member_count);
                    room.typists.remove(user_id);
                });
            }
            ServerFrame::Presence { room, user, user_id, status, .. } => {
                self.in_room(&room, |room| room.members.status(user_id, user, status));
            }
            ServerFrame::Members { room, members, .. } => {
                self.in_room(&room, |room| room.members.page(members));
                self.watch_members(&room);
            }
            ServerFrame::MemberCounts { room, member_count, .. } => {
                self.in_room(&room, |room| room.members.numbers(member_count));
            }
            ServerFrame::Ack { room, seq, client_message_id, .. } => {
                if let Some(id) = client_message_id {
                    self.outbox.update(|outbox| outbox.stored(id, seq));
                    self.settle(&room, &[]);
                }
            }
            ServerFrame::Entered { room } if self.room_untracked(&room).is_none() => self.join(room),
            ServerFrame::Left { room, .. } => self.left(&room),
            ServerFrame::Rooms { rooms, more, .. } => {
                let after = self.directory.try_update(|directory| directory.page(rooms, more)).flatten();
                if let Some(after) = after.and_then(|room| room.public()) {
                    self.ask(Command::ListRooms { after: Some(after), limit: None });
                }
            }
            ServerFrame::RoomChanged(summary) => self.directory.update(|d| d.changed(summary)),
            ServerFrame::RoomRemoved { room } => self.directory.update(|d| d.removed(&room)),
            ServerFrame::Read { room, seq, unread, id } => self.read(&room, seq, unread, id.as_ref()),
            ServerFrame::Error { failure, .. } => self.refused(failure),
            ServerFrame::Entered { .. }
            | ServerFrame::Pong { .. }
            | ServerFrame::Done { .. }
            | ServerFrame::Unknown => {}
        }
    }

    fn joined(&self, joined: Joined) {
        let Some(me) = self.me_untracked() else { return };
        let name = joined.room.clone();
        let (epoch, events) = (joined.epoch, joined.events.clone());
        self.answered(joined.id.as_ref());
        let room = self.room_untracked(&name);
        let known = room.is_some();
        let room = room.unwrap_or_else(|| ArcRwSignal::new(Room::unknown()));
        let lack = room.try_update(|room| room.joined(joined, me)).unwrap_or_default();
        if !known {
            self.rooms.update(|rooms| {
                rooms.insert(name.clone(), room.clone());
            });
        }
        self.in_log(&name, epoch);
        if self.open.get_untracked().is_none() {
            self.turn_to(Some(name.clone()));
        }
        if self.open.get_untracked().as_ref() == Some(&name) {
            self.show_members(&name);
            if room.with_untracked(Room::has_arrived) {
                self.pursue(&name);
            } else {
                self.visit(&name);
            }
        }
        self.followed(&name, &events, lack);
    }

    /// What names messages of another log than this one leads nowhere.
    fn in_log(&self, name: &RoomAddress, epoch: shared::Epoch) {
        self.outbox.update(|outbox| outbox.new_log(name, epoch));
        self.search.update(|search| search.new_log(name, epoch));
        if self.replying.with_untracked(|replying| replying.get(name).is_some_and(|to| to.epoch != epoch)) {
            self.replying.update(|replying| {
                replying.remove(name);
            });
        }
    }

    fn event(&self, event: &RoomEvent) {
        let name = match event {
            RoomEvent::Posted(posted) => &posted.room,
            RoomEvent::Changed(changed) => &changed.room,
            RoomEvent::Unknown { .. } => return,
        };
        let Some(me) = self.me_untracked() else { return };
        let lack = self.in_room(name, |room| room.event(event, me)).unwrap_or_default();
        self.followed(name, std::slice::from_ref(event), lack);
    }

    /// Events came in: tells those who wait for them, and asks for what is missing.
    fn followed(&self, name: &RoomAddress, events: &[RoomEvent], lack: Lack) {
        for event in events {
            self.listings_follow(name, event);
        }
        let mine = |event: &RoomEvent| match event {
            RoomEvent::Changed(changed) => changed.client_message_id,
            _ => None,
        };
        let changes: Vec<ClientMessageId> = events.iter().filter_map(mine).collect();
        self.settle(name, &changes);
        self.fetch_quoted(name);
        self.heal(name.clone(), lack.hole);
        if lack.count {
            self.count_unread(name);
        }
    }

    fn history(&self, history: &History) {
        if let Some(Asked::Page(room, page)) = self.answered(history.id.as_ref()) {
            let taken = self.in_room(&room, |room| room.page(page, history));
            if taken == Some(Taken::NoSuchMessage) {
                self.no_such_message(&room);
            }
            self.fetch_quoted(&room);
        }
    }

    /// Takes out of the outbox what the log has, and the `changes`, and sends what follows.
    fn settle(&self, name: &RoomAddress, changes: &[ClientMessageId]) {
        if self.outbox.with_untracked(|outbox| outbox.of(name).next().is_some())
            && let Some(me) = self.me_untracked()
            && let Some(room) = self.room_untracked(name)
        {
            let (mut ids, head) = room.with_untracked(|room| (room.own_ids(me), room.log().head()));
            ids.extend(changes);
            self.outbox.update(|outbox| outbox.settle(name, &ids, head));
        }
        self.send_pending();
    }

    fn heal(&self, room: RoomAddress, hole: Option<Position>) {
        if hole.is_some() {
            let command = Command::JoinRoom { room: room.clone(), since: hole };
            self.ask_for(command, Some(Asked::Join(room)));
        }
    }

    /// Asks again for what is missing in rooms whose time for that has come.
    pub(super) fn heal_again(&self, now: Timestamp) {
        for (name, room) in self.rooms.get_untracked() {
            if room.with_untracked(|room| room.heals_at(now)) {
                let hole = room.try_update(Room::heal);
                self.heal(name, hole);
            }
        }
    }

    pub(super) fn left(&self, name: &RoomAddress) {
        self.rooms.update(|rooms| {
            rooms.remove(name);
        });
        self.outbox.update(|outbox| outbox.discard_room(name));
        self.replying.update(|replying| {
            replying.remove(name);
        });
        self.marks.update_value(|marks| {
            marks.remove(name);
        });
        if self.open.get_untracked().as_ref() == Some(name) {
            self.turn_to(self.rooms.with_untracked(|rooms| rooms.keys().next().cloned()));
        }
    }

    fn me_untracked(&self) -> Option<UserId> {
        self.identity.with_untracked(|identity| identity.as_ref()?.id)
    }
}

#[cfg(test)]
mod tests {
    use futures_channel::mpsc::UnboundedReceiver;
    use shared::{Epoch, MessageText, Request, Seq, UserName, Welcome};

    use super::super::Order;
    use super::super::room::tests::{posted, snapshot, user};
    use super::*;

    fn general() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    fn welcome(name: &str, resumed: bool) -> ServerFrame {
        ServerFrame::Welcome(Welcome {
            client_id: user(9),
            username: UserName::new(name).unwrap(),
            message: String::new(),
            timestamp: Timestamp::from_millis(0),
            protocol: Some(1),
            session: Some("secret".to_owned()),
            resumed,
            limits: None,
            server: None,
            id: None,
        })
    }

    /// Runs `act` on a page of somebody called Me who is in `general`.
    fn on_a_page(act: impl FnOnce(Store, &mut UnboundedReceiver<Order>)) {
        Owner::new().with(|| {
            let (store, mut orders) = Store::new();
            store.enter(UserName::new("Me").unwrap());
            store.connecting();
            store.receive(welcome("Me", false));
            store.receive(ServerFrame::Joined(snapshot(1..=3, 3)));
            sent(&mut orders);
            act(store, &mut orders);
        });
    }

    fn sent(orders: &mut UnboundedReceiver<Order>) -> Vec<Command> {
        std::iter::from_fn(|| orders.try_recv().ok())
            .filter_map(|order| match order {
                Order::Send(Request { command, .. }) => Some(command),
                Order::Wake | Order::SignOut => None,
            })
            .collect()
    }

    fn posts(orders: &mut UnboundedReceiver<Order>) -> Vec<Command> {
        sent(orders).into_iter().filter(|command| matches!(command, Command::Post { .. })).collect()
    }

    #[test]
    fn a_newcomer_lands_in_the_room_that_the_server_joins() {
        on_a_page(|store, _| {
            assert_eq!(store.open.get_untracked(), Some(general()));
            assert!(store.connection.get_untracked().is_online());
        });
    }

    #[test]
    fn what_was_under_way_when_the_connection_broke_is_sent_again_once_the_room_is_back() {
        on_a_page(|store, orders| {
            store.post(general(), MessageText::new("hello").unwrap());
            let first = posts(orders);
            assert_eq!(first.len(), 1);
            store.waiting(Timestamp::from_millis(0));
            store.connecting();
            store.receive(welcome("Me", true));
            assert_eq!(posts(orders), [], "the room is not back yet");
            store.receive(ServerFrame::Joined(Joined {
                snapshot: false,
                events: Vec::new(),
                ..snapshot(3..=3, 3)
            }));
            assert_eq!(posts(orders), first, "the same message under the same id");
        });
    }

    #[test]
    fn a_resume_offers_the_session_and_the_position_of_each_room() {
        on_a_page(|store, _| {
            let auth = store.auth().unwrap();
            assert_eq!(auth.session.as_deref(), Some("secret"));
            let rooms = auth.rooms.unwrap();
            assert_eq!((rooms[0].epoch, rooms[0].seq), (Epoch::from_random(5), Seq(3)));
        });
    }

    #[test]
    fn a_hole_is_asked_for_from_the_last_event_before_it() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Message(posted(6, 1, 0)));
            let since = |command: &Command| match command {
                Command::JoinRoom { since, .. } => *since,
                _ => None,
            };
            assert_eq!(sent(orders).iter().find_map(since).map(|position| position.seq), Some(Seq(3)));
        });
    }

    #[test]
    fn another_name_than_asked_for_is_explained() {
        Owner::new().with(|| {
            let (store, _orders) = Store::new();
            store.enter(UserName::new("Bob").unwrap());
            store.receive(welcome("Bob-2", false));
            let about = store.notices.with_untracked(|notices| notices.list()[0].about.clone());
            let name = |name| UserName::new(name).unwrap();
            assert_eq!(about, About::Renamed { asked: name("Bob"), got: name("Bob-2") });
        });
    }

    #[test]
    fn leaving_the_open_room_opens_another() {
        on_a_page(|store, _| {
            let kitchen = RoomAddress::new("kitchen").unwrap();
            store.open(kitchen.clone());
            store.receive(ServerFrame::Joined(Joined { room: kitchen.clone(), ..snapshot(1..=1, 1) }));
            assert_eq!(store.open.get_untracked(), Some(kitchen.clone()));
            store.receive(ServerFrame::Left { room: kitchen, id: None });
            assert_eq!(store.open.get_untracked(), Some(general()));
        });
    }
}
