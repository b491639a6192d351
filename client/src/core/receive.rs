//! Applies frames from the server.

use leptos::prelude::*;
use shared::{
    Change, ClientMessageId, Command, ErrorCode, Failure, Joined, Position, RoomAddress, RoomEvent,
    ServerFrame, Timestamp, UserId,
};

use super::Store;
use super::followers::Happening;
use super::notices::About;
use super::now;
use super::room::{Missing, Room};

impl Store {
    /// Applies one frame.
    pub fn receive(&self, frame: ServerFrame) {
        let frame = match frame {
            ServerFrame::Error { failure, .. } => return self.fail(failure),
            frame => frame,
        };
        self.answered(&frame);
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(welcome),
            ServerFrame::Preferences(told) => self.preferred(told),
            ServerFrame::Joined(joined) => self.joined(joined),
            ServerFrame::Event(event) => self.event(&event),
            ServerFrame::Events(events) => {
                let name = events.room;
                let Some(me) = self.me_untracked() else { return };
                let before = self.followed_to(&name);
                let missing = self.in_room(&name, |room| room.events(events.epoch, &events.events, me));
                self.followed(&name, before, &events.events, missing.unwrap_or_default());
            }
            ServerFrame::Typing { room, user, user_id, is_typing } if !self.is_blocked(user_id) => {
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
            ServerFrame::UserChanged { user, user_id, profile } => {
                self.introduced(user_id, &user, profile);
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
            ServerFrame::Entered { room, by } if self.room_untracked(&room).is_none() => match by {
                Some(by) => self.invited(room, by),
                None => self.join(room),
            },
            ServerFrame::Left { room, by: Some(by), reason, .. } => self.removed(&room, by, reason),
            ServerFrame::Left { room, .. } => self.left(&room),
            ServerFrame::Standing { room, role, may, muted, reports } => {
                self.in_room(&room, |room| room.doors.stand(role, may, (muted, reports), now()));
            }
            ServerFrame::Announcement { by, content, .. } => {
                self.notify(About::Announced { by: by.user, content });
            }
            ServerFrame::Rooms { rooms, more, .. } => {
                let after = self.directory.try_update(|directory| directory.page(rooms, more)).flatten();
                if let Some(after) = after.and_then(|room| room.public()) {
                    self.ask(Command::ListRooms { after: Some(after), limit: None });
                }
            }
            ServerFrame::RoomChanged(summary) => self.directory.update(|d| d.changed(summary)),
            ServerFrame::RoomRemoved { room } => self.directory.update(|d| d.removed(&room)),
            ServerFrame::Read { room, seq, unread, id } => self.read(&room, seq, unread, id.is_none()),
            // Answers that only whoever asked has a use for.
            ServerFrame::History(_)
            | ServerFrame::Messages(_)
            | ServerFrame::Versions(_)
            | ServerFrame::Reactors(_)
            | ServerFrame::SearchResults(_)
            | ServerFrame::Error { .. }
            | ServerFrame::Entered { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Renewed { .. }
            | ServerFrame::Pong { .. }
            | ServerFrame::Done { .. }
            | ServerFrame::Restrictions { .. }
            | ServerFrame::Unknown => {}
        }
    }

    fn joined(&self, joined: Joined) {
        let Some(me) = self.me_untracked() else { return };
        let name = joined.room.clone();
        let (epoch, events) = (joined.epoch, joined.events.clone());
        let before = self.followed_to(&name);
        let room = self.room_untracked(&name);
        let known = room.is_some();
        let room = room.unwrap_or_else(|| ArcRwSignal::new(Room::unknown()));
        let missing = room.try_update(|room| room.joined(joined, me)).unwrap_or_default();
        if !known {
            self.rooms.update(|rooms| {
                rooms.insert(name.clone(), room.clone());
            });
        }
        self.entitle(&name);
        self.in_log(&name, epoch);
        self.keep_mark(&name, me);
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
            // `visit` resets a mark that was set by hand.
            self.keep_mark(&name, me);
        }
        self.followed(&name, before, &events, missing);
    }

    /// Drops everything that refers to messages of another log than `epoch`.
    fn in_log(&self, name: &RoomAddress, epoch: shared::Epoch) {
        self.outbox.maybe_update(|outbox| outbox.new_log(name, epoch));
        self.tell_followers(name, Happening::Log(epoch));
        self.edits().maybe_update(|edits| edits.new_log(name, epoch));
        self.with_inner(|inner| inner.reads.new_log(name, epoch));
        if self.replying.with_untracked(|replying| replying.get(name).is_some_and(|to| to.epoch != epoch)) {
            self.replying.update(|replying| {
                replying.remove(name);
            });
        }
    }

    fn event(&self, event: &RoomEvent) {
        if let RoomEvent::Posted(posted) = event {
            self.writes(posted);
        }
        let name = match event {
            RoomEvent::Posted(posted) => &posted.room,
            RoomEvent::Changed(changed) => &changed.room,
            RoomEvent::Unknown { .. } => return,
        };
        let Some(me) = self.me_untracked() else { return };
        let before = self.followed_to(name);
        let missing = self.in_room(name, |room| {
            if matches!(event, RoomEvent::Posted(posted) if posted.sender_id == me) {
                room.doors.wrote(now());
            }
            room.event(event, me)
        });
        self.followed(name, before, std::slice::from_ref(event), missing.unwrap_or_default());
    }

    fn followed_to(&self, name: &RoomAddress) -> Option<Position> {
        self.room_untracked(name)?.with_untracked(Room::followed_to)
    }

    /// Called after events arrived in a room that was followed up to `before`: updates everything that depends on them,
    /// and requests what is missing.
    fn followed(&self, name: &RoomAddress, before: Option<Position>, events: &[RoomEvent], missing: Missing) {
        self.ignore_blocked(name, events);
        self.hear(name, before, events);
        for event in events {
            self.tell_followers(name, Happening::Event(event));
            if let RoomEvent::Changed(changed) = event {
                self.edits().maybe_update(|edits| match changed.change {
                    Change::Deleted => edits.end(name, changed.target),
                    Change::Trimmed => edits.end_to(name, changed.target),
                    _ => false,
                });
                if matches!(changed.change, Change::DetailsChanged(_)) {
                    self.entitle(name);
                    self.outbox.maybe_update(|outbox| outbox.waits_no_longer(name));
                }
            }
        }
        let id = |event: &RoomEvent| match event {
            RoomEvent::Posted(posted) => posted.client_message_id,
            RoomEvent::Changed(changed) => changed.client_message_id,
            RoomEvent::Unknown { .. } => None,
        };
        let ids: Vec<ClientMessageId> = events.iter().filter_map(id).collect();
        self.settle(name, &ids);
        self.fetch_quoted(name);
        self.heal(name.clone(), missing.hole);
        if missing.count {
            self.count_unread(name);
        }
    }

    /// Queues new messages of others in the open room to be announced.
    fn hear(&self, name: &RoomAddress, before: Option<Position>, events: &[RoomEvent]) {
        if self.open.get_untracked().as_ref() == Some(name)
            && let (Some(me), Some(room)) = (self.me_untracked(), self.room_untracked(name))
        {
            let news = room.with_untracked(|room| {
                let news = room.news(before, events, me).into_iter();
                news.filter(|posted| !self.is_blocked(posted.sender_id)).cloned().collect::<Vec<_>>()
            });
            if !news.is_empty() {
                self.news().update(|all| all.extend(news));
            }
        }
    }

    /// Handles a refusal: of a message or change of one's own, or of another request.
    fn fail(&self, failure: Failure) {
        let Some(id) = failure.client_message_id else { return self.refused(failure) };
        let given_up = self.outbox.try_update(|outbox| outbox.refused(id, &failure, now()));
        if let (ErrorCode::SlowMode, Some(room)) = (failure.code, &failure.room) {
            let until = super::outbox::retries_at(&failure, now());
            self.in_room(room, |room| room.doors.wait(until));
        }
        if given_up == Some(true) {
            self.notify(About::Refused(failure));
        }
        self.send_pending();
    }

    /// Removes from the outbox what the log contains and the client ids that came in (`ids`), and sends what follows.
    fn settle(&self, name: &RoomAddress, ids: &[ClientMessageId]) {
        if let Some(room) = self.room_untracked(name) {
            let head = room.with_untracked(|room| room.log().head());
            self.outbox.maybe_update(|outbox| outbox.settle(name, ids, head));
        }
        self.send_pending();
    }

    fn heal(&self, room: RoomAddress, hole: Option<Position>) {
        if hole.is_some() {
            self.join_since(room, hole);
        }
    }

    /// Retries to fill holes in rooms where the retry is due.
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
        self.with_inner(|inner| inner.reads.forget(name));
        self.close_doors(name);
        if self.open.get_untracked().as_ref() == Some(name) {
            self.turn_to_first();
        }
    }

    pub(super) fn me_untracked(&self) -> Option<UserId> {
        self.identity.with_untracked(|identity| identity.id)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use futures_channel::mpsc::UnboundedReceiver;
    use shared::{
        Action, Change, ChangeMessage, Changed, Emoji, Epoch, ErrorCode, Failure, History, MessageId,
        MessageText, Posted, Request, RequestId, Seq, UnreadCount, UserName, Welcome,
    };

    use super::super::Order;
    use super::super::changes::Quoted;
    use super::super::identity::Identity;
    use super::super::notices::About;
    use super::super::room::tests::{changed, event, posted, resumed_at, snapshot, user};
    use super::super::room::viewport::Goal;
    use super::*;

    pub(in super::super) fn general() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    pub(in super::super) fn welcome(name: &str, resumed: bool) -> ServerFrame {
        ServerFrame::Welcome(Welcome {
            client_id: user(9),
            username: UserName::new(name).unwrap(),
            message: String::new(),
            timestamp: Timestamp::from_millis(0),
            protocol: Some(1),
            session: Some("secret".to_owned()),
            resumed,
            expires_at: None,
            limits: None,
            server: None,
            id: None,
        })
    }

    /// Runs `act` on a page signed in as Me and joined to `general`.
    pub(in super::super) fn on_a_page(act: impl FnOnce(Store, &mut UnboundedReceiver<Order>)) {
        Owner::new().with(|| {
            let (store, mut orders) = Store::new(Identity::newcomer(UserName::new("Me").unwrap()));
            store.connecting();
            store.receive(welcome("Me", false));
            store.receive(ServerFrame::Joined(snapshot(1..=3, 3)));
            sent(&mut orders);
            act(store, &mut orders);
        });
    }

    pub(in super::super) fn sent(orders: &mut UnboundedReceiver<Order>) -> Vec<Command> {
        std::iter::from_fn(|| orders.try_recv().ok())
            .filter_map(|order| match order {
                Order::Send(Request { command, .. }) => Some(command),
                Order::Renew(_) | Order::Wake | Order::SignOut => None,
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
    fn a_name_that_went_to_an_account_is_replaced_everywhere() {
        on_a_page(|store, _| {
            let name = |name| UserName::new(name).unwrap();
            let (room, timestamp) = (general(), Timestamp::from_millis(0));
            let member_count = None;
            store.receive(ServerFrame::UserJoined {
                room,
                user: name("Bob"),
                user_id: user(5),
                timestamp,
                member_count,
            });
            store.receive(ServerFrame::UserChanged { user: name("Bob-2"), user_id: user(5), profile: None });
            let members = store.room_untracked(&general()).unwrap();
            let is_called = |room: &Room| room.members.known().any(|member| member.username == name("Bob-2"));
            assert!(members.with_untracked(is_called));
            store.receive(ServerFrame::UserChanged { user: name("Me-2"), user_id: user(9), profile: None });
            assert_eq!(store.identity.get_untracked().name, name("Me-2"));
            let about = store.notices.with_untracked(|notices| notices.list()[0].about.clone());
            assert_eq!(about, About::Renamed { asked: name("Me"), got: name("Me-2") });
            // Somebody who is in none of the rooms wrote long ago.
            store.receive(ServerFrame::UserChanged {
                user: name("Robert"),
                user_id: user(77),
                profile: None,
            });
            let old = Posted { sender: name("Bob"), sender_id: user(77), ..posted(1, 1, 0) };
            assert_eq!(store.by_present_name(old.clone()).sender, name("Robert"));
            // Renamed again while nobody told it, and writes now.
            let new = Posted { sender: name("Carol"), sender_id: user(77), ..posted(1, 1, 0) };
            store.receive(ServerFrame::Event(RoomEvent::Posted(new)));
            assert_eq!(store.by_present_name(old.clone()).sender, name("Carol"));
            store.call_deleted("退会したユーザー");
            store.receive(ServerFrame::UserChanged {
                user: name("deleted user"),
                user_id: user(77),
                profile: None,
            });
            assert_eq!(store.by_present_name(old).sender, name("退会したユーザー"));
        });
    }

    #[test]
    fn what_was_under_way_when_the_connection_broke_is_sent_again_once_the_room_is_back() {
        on_a_page(|store, orders| {
            store.post(general(), MessageText::new("hello").unwrap());
            let first = posts(orders);
            assert_eq!(first.len(), 1);
            store.waiting(Timestamp::from_millis(0), false);
            store.connecting();
            store.receive(welcome("Me", true));
            assert_eq!(posts(orders), [], "the room is not back yet");
            store.receive(ServerFrame::Joined(resumed_at(3)));
            assert_eq!(posts(orders), first, "the same message under the same id");
        });
    }

    #[test]
    fn a_resume_offers_the_session_and_the_position_of_each_room() {
        on_a_page(|store, _| {
            let auth = store.auth(None);
            assert_eq!(auth.session.as_deref(), Some("secret"));
            let rooms = auth.rooms.unwrap();
            assert_eq!(rooms[0].since, Some(Position { epoch: Epoch::from_random(5), seq: Seq(3) }));
        });
    }

    /// The messages to be announced since the last call.
    fn news(store: Store) -> Vec<u64> {
        let news = std::mem::take(&mut *store.news().write_untracked());
        news.iter().map(|posted| posted.seq.0).collect()
    }

    #[test]
    fn what_others_say_in_the_open_room_is_news_once_and_what_is_loaded_is_not() {
        on_a_page(|store, _| {
            assert_eq!(news(store), [0; 0], "what was there already");
            store.receive(ServerFrame::Event(event(4)));
            store.receive(ServerFrame::Event(event(4)));
            assert_eq!(news(store), [4]);
            store.waiting(Timestamp::from_millis(0), false);
            store.receive(welcome("Me", true));
            store.receive(ServerFrame::Joined(resumed_at(4)));
            assert_eq!(news(store), [0; 0]);
            let kitchen = RoomAddress::new("kitchen").unwrap();
            store.receive(ServerFrame::Joined(Joined { room: kitchen, ..snapshot(1..=9, 9) }));
            assert_eq!(news(store), [0; 0], "another room");
        });
    }

    #[test]
    fn news_are_heard_also_while_the_window_is_away_from_the_end() {
        on_a_page(|store, _| {
            let page = shared::reduce::Page { start: Seq::ZERO, end: Seq(1), events: &[event(1)] };
            store.in_room(&general(), |room| room.log.show(&page));
            assert_eq!(
                store.room(&general()).map(|room| room.with(|room| room.log().is_at_head())),
                Some(false)
            );
            store.receive(ServerFrame::Event(event(4)));
            assert_eq!(news(store), [4]);
        });
    }

    #[test]
    fn a_hole_is_asked_for_from_the_last_event_before_it() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Event(event(6)));
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
            let (store, _orders) = Store::new(Identity::newcomer(UserName::new("Bob").unwrap()));
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
            store.receive(ServerFrame::Left { room: kitchen, id: None, by: None, reason: None });
            assert_eq!(store.open.get_untracked(), Some(general()));
        });
    }
    pub(in super::super) fn general_is(store: Store, is: impl Fn(&Room) -> bool) -> bool {
        store.room_untracked(&general()).is_some_and(|room| room.with_untracked(is))
    }

    /// The commands sent since the last call, with their request ids.
    pub(in super::super) fn requests(
        orders: &mut UnboundedReceiver<Order>,
    ) -> Vec<(Option<RequestId>, Command)> {
        std::iter::from_fn(|| orders.try_recv().ok())
            .filter_map(|order| match order {
                Order::Send(Request { id, command }) => Some((id, command)),
                Order::Renew(_) | Order::Wake | Order::SignOut => None,
            })
            .collect()
    }

    fn ack(seq: u64, id: Option<ClientMessageId>) -> ServerFrame {
        ServerFrame::Ack {
            message_id: MessageId::new(uuid::Uuid::from_u128(u128::from(seq))),
            room: general(),
            seq: Seq(seq),
            timestamp: Timestamp::from_millis(0),
            client_message_id: id,
            id: None,
        }
    }

    fn text(words: &str) -> MessageText {
        MessageText::new(words).unwrap()
    }

    #[test]
    fn what_was_done_offline_is_sent_in_order_once_the_room_is_back() {
        on_a_page(|store, orders| {
            store.waiting(Timestamp::from_millis(0), false);
            store.post(general(), text("one"));
            store.react(&general(), Seq(2), Emoji::new("👍").unwrap(), true);
            store.post(general(), text("two"));
            store.delete(&general(), Seq(3));
            assert_eq!(sent(orders), []);
            store.connecting();
            store.receive(welcome("Me", true));
            store.receive(ServerFrame::Joined(resumed_at(3)));
            let mut order = Vec::new();
            for seq in 4..=7 {
                let under_way: Vec<Command> = sent(orders)
                    .into_iter()
                    .filter(|command| matches!(command, Command::Post { .. } | Command::Change(_)))
                    .collect();
                assert_eq!(under_way.len(), 1, "one after the other");
                let id = match &under_way[0] {
                    Command::Post { content, client_message_id, .. } => {
                        order.push(content.to_string());
                        *client_message_id
                    }
                    Command::Change(ChangeMessage { action, epoch, target, client_message_id, .. }) => {
                        assert_eq!(*epoch, Some(Epoch::from_random(5)));
                        let sign = if matches!(action, Action::DeleteMessage) { "delete" } else { "react" };
                        order.push(format!("{sign} {target}"));
                        *client_message_id
                    }
                    _ => None,
                };
                store.receive(ack(seq, id));
            }
            assert_eq!(order, ["one", "react 2", "two", "delete 3"]);
        });
    }

    #[test]
    fn a_refused_change_is_told_and_forgotten() {
        on_a_page(|store, orders| {
            store.delete(&general(), Seq(2));
            let Some(Command::Change(change)) = sent(orders).pop() else { panic!("nothing was sent") };
            let mut failure = Failure::new(ErrorCode::Forbidden, "");
            failure.client_message_id = change.client_message_id;
            store.receive(ServerFrame::Error {
                failure: failure.clone(),
                timestamp: Timestamp::from_millis(0),
            });
            assert_eq!(store.outbox.with_untracked(super::super::outbox::Outbox::unsent), 0);
            assert_eq!(
                store.notices.with_untracked(|all| all.list()[0].about.clone()),
                About::Refused(failure)
            );
        });
    }

    #[test]
    fn a_change_is_done_when_its_event_is_there_whether_or_not_the_ack_is() {
        on_a_page(|store, orders| {
            store.pin(&general(), Seq(2), true);
            let Some(Command::Change(change)) = sent(orders).pop() else { panic!("nothing was sent") };
            let client_message_id = change.client_message_id;
            let pinned = Changed { client_message_id, ..changed(4, 2, Change::Pinned) };
            store.receive(ServerFrame::Event(RoomEvent::Changed(pinned)));
            assert_eq!(store.outbox.with_untracked(super::super::outbox::Outbox::unsent), 0);
            store.receive(ack(4, client_message_id));
            assert!(general_is(store, |room| room.message(Seq(2)).is_some_and(|posted| posted.pinned)));
        });
    }

    #[test]
    fn an_answer_names_its_message_once() {
        on_a_page(|store, orders| {
            store.set_reply(&general(), Some(Seq(2)));
            assert_eq!(store.reply_to(&general()), Some(Seq(2)));
            store.post(general(), text("yes"));
            store.post(general(), text("no"));
            store.receive(ServerFrame::Event(RoomEvent::Posted(Posted {
                client_message_id: match &posts(orders)[..] {
                    [Command::Post { client_message_id, reply_to: Some(Seq(2)), .. }] => *client_message_id,
                    other => panic!("{other:?}"),
                },
                ..posted(4, 9, 0)
            })));
            assert!(matches!(&posts(orders)[..], [Command::Post { reply_to: None, .. }]));
        });
    }

    #[test]
    fn quoted_messages_are_asked_for_together_and_once() {
        on_a_page(|store, orders| {
            let answers =
                |seq, to| RoomEvent::Posted(Posted { reply_to: Some(Seq(to)), ..posted(seq, 1, 0) });
            let mut joined = snapshot(103..=105, 105);
            joined.events = vec![answers(103, 7), answers(104, 8), answers(105, 104)];
            store.receive(ServerFrame::Joined(joined));
            let asked: Vec<_> = requests(orders)
                .into_iter()
                .filter_map(|(id, command)| match command {
                    Command::GetMessages { seqs, .. } => Some((id, seqs)),
                    _ => None,
                })
                .collect();
            let [(id, seqs)] = &asked[..] else { panic!("{asked:?}") };
            assert_eq!(seqs[..], [Seq(7), Seq(8)]);
            assert_eq!(store.quoted(&general(), Seq(7)), Quoted::Loading);
            store.receive(ServerFrame::Messages(shared::Messages {
                room: general(),
                epoch: Epoch::from_random(5),
                events: vec![event(7)],
                more: false,
                id: id.clone(),
            }));
            assert!(
                matches!(store.quoted(&general(), Seq(7)), Quoted::Known(posted) if posted.seq == Seq(7))
            );
            assert_eq!(store.quoted(&general(), Seq(8)), Quoted::Missing);
            assert_eq!(sent(orders), [], "nothing is asked for twice");
        });
    }

    #[test]
    fn a_count_is_asked_for_once_at_a_time_and_again_when_the_answer_is_out_of_date() {
        on_a_page(|store, orders| {
            let counted = |seq| UnreadCount { messages: 2, mentions: 0, counted_seq: Seq(seq) };
            let told = |seq, id| ServerFrame::Read { room: general(), seq: Seq(1), unread: counted(seq), id };
            store.receive(told(3, None));
            let deleted =
                |seq, target| ServerFrame::Event(RoomEvent::Changed(changed(seq, target, Change::Deleted)));
            store.receive(deleted(4, 2));
            store.receive(deleted(5, 3));
            let asked = requests(orders);
            let [(id, Command::CountUnread { .. })] = &asked[..] else { panic!("{asked:?}") };
            store.receive(told(4, id.clone()));
            assert!(
                matches!(&sent(orders)[..], [Command::CountUnread { .. }]),
                "it was counted before the second"
            );
        });
    }

    #[test]
    fn a_second_device_that_reads_clears_the_number_and_the_divider() {
        on_a_page(|store, _| {
            let count = |messages, seq| UnreadCount { messages, mentions: 0, counted_seq: Seq(seq) };
            store.receive(ServerFrame::Read { room: general(), seq: Seq(1), unread: count(2, 3), id: None });
            store.visit(&general());
            assert!(general_is(store, |room| room.divider() == Some(Seq(1))));
            assert_eq!(store.all_news(), 2);
            store.receive(ServerFrame::Read { room: general(), seq: Seq(3), unread: count(0, 3), id: None });
            assert!(general_is(store, |room| room.divider().is_none()));
            assert_eq!(store.all_news(), 0);
        });
    }

    #[test]
    fn what_is_read_is_gone_from_the_page_at_once_and_told_to_the_server() {
        on_a_page(|store, orders| {
            store.receive(ServerFrame::Event(event(4)));
            assert_eq!(store.all_news(), 1);
            store.see(&general());
            assert_eq!(store.all_news(), 0);
            let read = Command::MarkRead { room: general(), seq: Seq(4) };
            assert_eq!(sent(orders), [read]);
            store.mark_unread(&general(), Seq(3));
            store.receive(ServerFrame::Event(event(5)));
            store.see(&general());
            assert_eq!(sent(orders), [Command::MarkUnread { room: general(), seq: Seq(3) }], "it is held");
            assert_eq!(store.all_news(), 1);
        });
    }

    #[test]
    fn a_mark_that_was_moved_offline_is_told_later() {
        on_a_page(|store, orders| {
            store.waiting(Timestamp::from_millis(0), false);
            store.mark_unread(&general(), Seq(2));
            store.connecting();
            store.receive(welcome("Me", true));
            store.receive(ServerFrame::Joined(resumed_at(3)));
            assert!(sent(orders).contains(&Command::MarkUnread { room: general(), seq: Seq(2) }));
        });
    }

    #[test]
    fn an_address_of_a_message_leads_to_it_once_its_room_is_there() {
        Owner::new().with(|| {
            let (store, mut orders) = Store::new(Identity::newcomer(UserName::new("Me").unwrap()));
            store.go(general(), Some(Seq(40)));
            store.connecting();
            store.receive(welcome("Me", false));
            store.receive(ServerFrame::Joined(snapshot(951..=1_000, 1_000)));
            let asked = requests(&mut orders).into_iter().find_map(|(id, command)| match command {
                Command::History { around, .. } => Some((id, around)),
                _ => None,
            });
            let (id, around) = asked.unwrap();
            assert_eq!((around, store.spot.get_untracked()), (Some(Seq(40)), Some(Seq(40))));
            let mut history = History {
                room: general(),
                epoch: Epoch::from_random(5),
                start: Seq(9),
                end: Seq(69),
                events: (10..=69).map(event).collect(),
                more: true,
                id,
            };
            store.receive(ServerFrame::History(history.clone()));
            assert!(general_is(store, |room| room.aim().map(|aim| aim.goal) == Some(Goal::Message(Seq(40)))));

            store.jump(&general(), Seq(500));
            history.id = requests(&mut orders).pop().unwrap().0;
            store.receive(ServerFrame::History(history));
            assert_eq!(store.spot.get_untracked(), None, "it is not there");
            assert_eq!(
                store.notices.with_untracked(|notices| notices.list()[0].about.clone()),
                About::NoSuchMessage
            );
            assert!(matches!(&sent(&mut orders)[..], [Command::History { around: None, before: None, .. }]));
        });
    }

    #[test]
    fn another_log_takes_the_choice_of_what_to_answer_and_the_window() {
        on_a_page(|store, _| {
            store.set_reply(&general(), Some(Seq(2)));
            store.receive(ServerFrame::Joined(snapshot(4..=6, 6)));
            assert_eq!(store.reply_to(&general()), Some(Seq(2)), "the same log");
            store.receive(ServerFrame::Joined(Joined { epoch: Epoch::from_random(6), ..snapshot(1..=1, 1) }));
            assert_eq!(store.reply_to(&general()), None);
            assert!(general_is(store, |room| room.log().len() == 1));
        });
    }
}
