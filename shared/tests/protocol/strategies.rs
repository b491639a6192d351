//! Strategies for all types of the wire.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::Value;
use shared::account::{Preferences, Profile};
use shared::limits::{Limits, PROFILE_COLOURS};
use shared::{
    Action, Auth, Change, ChangeMessage, Changed, ClientMessageId, Command, DetailsChange, Emoji, Epoch,
    ErrorCode, Events, Failure, History, Hit, Joined, Member, Mentions, MessageId, MessageText, Messages,
    Muted, NewRoom, Person, Position, Posted, PresenceStatus, Privilege, Reaction, ReactorAt, Reactors,
    Request, RequestId, Restriction, RestrictionKind, ResumeRoom, RoomAddress, RoomDetails, RoomEvent,
    RoomKind, RoomName, RoomRole, RoomSummary, SearchResults, Seq, ServerFrame, ShortText, Timestamp,
    UnreadCount, UserId, UserName, Version, Versions, Welcome, Whom,
};
use uuid::Uuid;

const NAME: &str = "[a-zA-Zぁ-んァ-ヶ一-龠ｱ-ﾝ０-９Ａ-Ｚ가-힣éß\u{301}🙂 ._'\"\\\\-]{1,32}";

pub fn user_name() -> impl Strategy<Value = UserName> {
    NAME.prop_filter_map("no name", |raw| UserName::new(&raw).ok())
}

pub fn room_name() -> impl Strategy<Value = RoomName> {
    NAME.prop_filter_map("no name", |raw| RoomName::new(&raw).ok())
}

pub fn room() -> impl Strategy<Value = RoomAddress> {
    prop_oneof![
        room_name().prop_map(RoomAddress::from),
        "~[a-z0-9]{1,20}".prop_map(|raw| RoomAddress::new(&raw).expect("a private room"))
    ]
}

pub fn text() -> impl Strategy<Value = MessageText> {
    any::<String>().prop_filter_map("blank", |raw| MessageText::new(&raw).ok())
}

fn line() -> impl Strategy<Value = ShortText> {
    any::<String>().prop_filter_map("no line", |raw| ShortText::new(&raw).ok())
}

fn profile() -> impl Strategy<Value = Profile> {
    let times = (of(timestamp()), of(timestamp()));
    let texts = (of(line()), of(emoji()), of(line()), of(line()));
    (texts, times, of(0..PROFILE_COLOURS)).prop_map(
        |(texts, (status_until, do_not_disturb_until), colour)| {
            let (reading, status_emoji, status, time_zone) = texts;
            Profile { reading, status_emoji, status, status_until, colour, do_not_disturb_until, time_zone }
        },
    )
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn user_id() -> impl Strategy<Value = UserId> {
    uuid().prop_map(UserId::new)
}

fn client_message_id() -> impl Strategy<Value = ClientMessageId> {
    uuid().prop_map(ClientMessageId::new)
}

pub fn seq() -> impl Strategy<Value = Seq> {
    any::<u64>().prop_map(Seq)
}

fn epoch() -> impl Strategy<Value = Epoch> {
    any::<u64>().prop_map(Epoch::from_random)
}

fn position() -> impl Strategy<Value = Position> {
    (epoch(), seq()).prop_map(|(epoch, seq)| Position { epoch, seq })
}

/// Years 1 to 9999.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_i64..=253_402_300_799_999).prop_map(Timestamp::from_millis)
}

pub fn request_id() -> impl Strategy<Value = RequestId> {
    prop_oneof![
        any::<u64>().prop_map(RequestId::Number),
        "[ -~あ-ん]{0,21}".prop_map(|text| RequestId::Text(text.into()))
    ]
}

fn status() -> impl Strategy<Value = PresenceStatus> {
    prop_oneof![
        Just(PresenceStatus::Online),
        Just(PresenceStatus::Away),
        Just(PresenceStatus::Offline),
        Just(PresenceStatus::Unknown)
    ]
}

fn member() -> impl Strategy<Value = Member> {
    (user_id(), user_name(), status(), room_role()).prop_map(|(user_id, username, status, role)| Member {
        user_id,
        username,
        status,
        role,
    })
}

fn room_role() -> impl Strategy<Value = RoomRole> {
    proptest::sample::select(RoomRole::ALL)
}

fn details() -> impl Strategy<Value = RoomDetails> {
    let line = || of("[ -~あ-ん]{1,21}".prop_map(|text| ShortText::known(&text).expect("a text")));
    (line(), line(), line(), 0..9_u32, any::<bool>(), any::<bool>()).prop_map(
        |(title, topic, description, slow_seconds, archived, permanent)| RoomDetails {
            title,
            topic,
            description,
            slow_seconds,
            archived,
            permanent,
        },
    )
}

fn reason() -> impl Strategy<Value = Option<ShortText>> {
    of("[ -~あ-ん]{1,21}".prop_map(|text| ShortText::known(&text).expect("a text")))
}

fn muted() -> impl Strategy<Value = Option<Muted>> {
    of((of(any::<u64>()), reason()).prop_map(|(left_ms, reason)| Muted { left_ms, reason }))
}

fn restriction() -> impl Strategy<Value = Restriction> {
    let kind = proptest::sample::select(RestrictionKind::ALL);
    (reactor(), kind, of(timestamp()), reactor(), reason(), timestamp()).prop_map(
        |(person, kind, until, by, reason, timestamp)| Restriction {
            user_id: person.user_id,
            user: person.user,
            kind,
            until,
            by,
            reason,
            timestamp,
        },
    )
}

pub fn emoji() -> impl Strategy<Value = Emoji> {
    let some = ["👍", "❤️", "👩‍👩‍👧", "🇯🇵", "1️⃣", "👍🏽"];
    proptest::sample::select(some.to_vec()).prop_map(|raw| Emoji::new(raw).expect("an emoji"))
}

fn reactor() -> impl Strategy<Value = Person> {
    (user_id(), user_name()).prop_map(|(user_id, user)| Person { user_id, user })
}

fn reaction() -> impl Strategy<Value = Reaction> {
    (emoji(), any::<u64>(), vec(reactor(), 0..3)).prop_map(|(emoji, count, users)| Reaction {
        emoji,
        count,
        users,
    })
}

fn mentions() -> impl Strategy<Value = Mentions> {
    (vec(user_id(), 0..3), any::<bool>()).prop_map(|(users, room)| Mentions { users, room })
}

pub fn posted() -> impl Strategy<Value = Posted> {
    let names = (room(), user_name(), user_id());
    let ids = (uuid().prop_map(MessageId::new), of(client_message_id()), of(seq()));
    let state = (of(seq()), of(timestamp()), any::<bool>(), any::<bool>(), vec(reaction(), 0..3));
    let said = (of(text()), mentions());
    (names, said, timestamp(), seq(), ids, state).prop_map(|(names, said, timestamp, seq, ids, state)| {
        let (room, sender, sender_id) = names;
        let (content, mentions) = said;
        let (message_id, client_message_id, reply_to) = ids;
        let (changed_seq, edited_at, deleted, pinned, reactions) = state;
        Posted {
            room,
            sender,
            sender_id,
            content,
            timestamp,
            seq,
            message_id,
            client_message_id,
            reply_to,
            mentions,
            changed_seq,
            edited_at,
            deleted,
            pinned,
            reactions,
        }
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (of(text()), mentions()).prop_map(|(content, mentions)| Change::Edited { content, mentions }),
        Just(Change::Deleted),
        emoji().prop_map(Change::ReactionAdded),
        emoji().prop_map(Change::ReactionRemoved),
        Just(Change::Pinned),
        Just(Change::Unpinned),
        Just(Change::Trimmed),
        (reactor(), room_role()).prop_map(|(member, role)| Change::MemberAdded { member, role }),
        (reactor(), reason()).prop_map(|(member, reason)| Change::MemberRemoved { member, reason }),
        (reactor(), room_role()).prop_map(|(member, role)| Change::RoleChanged { member, role }),
        details().prop_map(Change::DetailsChanged),
    ]
}

fn changed() -> impl Strategy<Value = Changed> {
    (room(), seq(), seq(), of(reactor()), timestamp(), of(client_message_id()), change()).prop_map(
        |(room, seq, target, by, timestamp, client_message_id, change)| Changed {
            room,
            seq,
            target,
            by,
            timestamp,
            client_message_id,
            change,
        },
    )
}

/// An event of a kind that this build knows.
fn known_event() -> impl Strategy<Value = RoomEvent> {
    prop_oneof![posted().prop_map(RoomEvent::Posted), changed().prop_map(RoomEvent::Changed)]
}

/// An event, sometimes of a kind that this build does not know.
pub fn event() -> impl Strategy<Value = RoomEvent> {
    prop_oneof![
        4 => known_event(),
        1 => (seq(), "x_[a-z_]{1,12}").prop_map(|(seq, kind)| RoomEvent::Unknown { seq, kind })
    ]
}

/// Moves an event to another position.
pub fn at(event: RoomEvent, seq: Seq) -> RoomEvent {
    match event {
        RoomEvent::Posted(posted) => RoomEvent::Posted(Posted { seq, ..posted }),
        RoomEvent::Changed(changed) => RoomEvent::Changed(Changed { seq, ..changed }),
        RoomEvent::Unknown { kind, .. } => RoomEvent::Unknown { seq, kind },
    }
}

fn welcome() -> impl Strategy<Value = Welcome> {
    let who = (user_id(), user_name(), any::<String>(), timestamp());
    let session = (of(any::<u32>()), of("[0-9a-f]{32}"), any::<bool>(), of(any::<bool>()));
    (who, session, (of("[0-9.]{5}"), of(timestamp())), of(request_id())).prop_map(
        |(
            (client_id, username, message, timestamp),
            (protocol, session, resumed, limits),
            (server, expires_at),
            id,
        )| {
            Welcome {
                client_id,
                username,
                message,
                timestamp,
                protocol,
                session,
                resumed,
                expires_at,
                limits: limits.map(Limits::standard),
                server,
                id,
            }
        },
    )
}

fn joined() -> impl Strategy<Value = Joined> {
    let place = (room(), epoch(), seq(), seq(), (seq(), unread_count()));
    let flags = (any::<bool>(), any::<bool>(), any::<u64>());
    let kinds = (proptest::sample::select(RoomKind::ALL), room_role());
    let privileges = vec(proptest::sample::select(Privilege::ALL), 0..3);
    let doors = (kinds, details(), privileges, (muted(), of(1_u32..9)), vec(member(), 0..3));
    (place, flags, vec(event(), 0..4), vec(member(), 0..4), of(request_id()), doors).prop_map(
        |(
            place,
            (snapshot, more, member_count),
            events,
            members,
            id,
            ((kind, role), details, may, (muted, reports), people),
        )| Joined {
            room: place.0,
            kind,
            details,
            people,
            role,
            may,
            muted,
            reports,
            epoch: place.1,
            seq: place.2,
            read_seq: place.3,
            start: place.4.0,
            unread: place.4.1,
            snapshot,
            events,
            more,
            member_count,
            members,
            id,
        },
    )
}

fn unread_count() -> impl Strategy<Value = UnreadCount> {
    (any::<u32>(), any::<u32>(), seq()).prop_map(|(messages, mentions, counted_seq)| UnreadCount {
        messages,
        mentions,
        counted_seq,
    })
}

fn error_code() -> impl Strategy<Value = ErrorCode> {
    proptest::sample::select(ErrorCode::ALL)
}

fn failure() -> impl Strategy<Value = Failure> {
    let about = (of("[a-z_]{1,10}"), of(room()), of(user_id()), of(any::<u64>()));
    (error_code(), any::<String>(), about, of(request_id()), of(client_message_id())).prop_map(
        |(code, message, (field, room, user_id, retry_after_ms), id, client_message_id)| Failure {
            field: field.map(Into::into),
            room,
            user_id,
            retry_after_ms,
            id,
            client_message_id,
            ..Failure::new(code, message)
        },
    )
}

/// Any server frame except [`ServerFrame::Unknown`].
pub fn server_frame() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![demo_frame(), answer(), room_frame()]
}

fn demo_frame() -> impl Strategy<Value = ServerFrame> {
    let person = || (room(), user_name(), user_id());
    prop_oneof![
        welcome().prop_map(ServerFrame::Welcome),
        known_event().prop_map(ServerFrame::Event),
        (person(), any::<bool>()).prop_map(|((room, user, user_id), is_typing)| ServerFrame::Typing {
            room,
            user,
            user_id,
            is_typing
        }),
        (person(), timestamp(), of(any::<u64>())).prop_map(
            |((room, user, user_id), timestamp, member_count)| ServerFrame::UserJoined {
                room,
                user,
                user_id,
                timestamp,
                member_count
            }
        ),
        (person(), timestamp(), of(any::<u64>())).prop_map(
            |((room, user, user_id), timestamp, member_count)| ServerFrame::UserLeft {
                room,
                user,
                user_id,
                timestamp,
                member_count
            }
        ),
        (person(), status(), timestamp()).prop_map(|((room, user, user_id), status, timestamp)| {
            ServerFrame::Presence { room, user, user_id, status, timestamp }
        }),
        (timestamp(), of(request_id())).prop_map(|(timestamp, id)| ServerFrame::Pong { timestamp, id }),
        (timestamp(), of(request_id())).prop_map(|(expires_at, id)| ServerFrame::Renewed { expires_at, id }),
        (user_name(), user_id(), of(profile())).prop_map(|(user, user_id, profile)| {
            ServerFrame::UserChanged { user, user_id, profile: profile.map(Arc::new) }
        }),
        (vec(room(), 0..3), vec(room(), 0..3), vec(reactor(), 0..3)).prop_map(
            |(favourites, muted, blocked)| {
                ServerFrame::Preferences(Preferences { favourites, muted, blocked })
            }
        ),
        (failure(), timestamp()).prop_map(|(failure, timestamp)| ServerFrame::Error { failure, timestamp }),
    ]
}

fn answer() -> impl Strategy<Value = ServerFrame> {
    let ack = (uuid().prop_map(MessageId::new), room(), seq(), timestamp(), of(client_message_id()));
    prop_oneof![
        (ack, of(request_id())).prop_map(|((message_id, room, seq, timestamp, client_message_id), id)| {
            ServerFrame::Ack { message_id, room, seq, timestamp, client_message_id, id }
        }),
        joined().prop_map(ServerFrame::Joined),
        (room(), of(request_id()), of(reactor()), reason())
            .prop_map(|(room, id, by, reason)| ServerFrame::Left { room, id, by, reason }),
        (room(), room_role(), vec(proptest::sample::select(Privilege::ALL), 0..3), (muted(), of(1_u32..9)))
            .prop_map(|(room, role, may, (muted, reports))| ServerFrame::Standing {
                room,
                role,
                may,
                muted,
                reports
            }),
        (room(), vec(restriction(), 0..3), of(request_id()))
            .prop_map(|(room, restrictions, id)| ServerFrame::Restrictions { room, restrictions, id }),
        (reactor(), text(), timestamp()).prop_map(|(by, content, timestamp)| ServerFrame::Announcement {
            by,
            content,
            timestamp
        }),
        (room(), of(reactor())).prop_map(|(room, by)| ServerFrame::Entered { room, by }),
        (vec(room_summary(), 0..4), any::<bool>(), of(request_id()))
            .prop_map(|(rooms, more, id)| ServerFrame::Rooms { rooms, more, id }),
        page().prop_map(ServerFrame::History),
        page().prop_map(|History { room, epoch, events, more, id, .. }| {
            ServerFrame::Messages(Messages { room, epoch, events, more, id })
        }),
        (room(), seq(), vec((seq(), text(), timestamp()), 0..3), any::<bool>(), of(request_id())).prop_map(
            |(room, target, versions, more, id)| {
                let version = |(seq, content, timestamp)| Version { seq, content, timestamp };
                let versions = versions.into_iter().map(version).collect();
                ServerFrame::Versions(Versions { room, target, versions, more, id })
            }
        ),
        ((room(), seq(), emoji()), vec((seq(), reactor()), 0..3), any::<bool>(), of(request_id())).prop_map(
            |((room, target, emoji), users, more, id)| {
                let user = |(seq, Person { user_id, user })| ReactorAt { seq, user_id, user };
                let users = users.into_iter().map(user).collect();
                ServerFrame::Reactors(Reactors { room, target, emoji, users, more, id })
            }
        ),
        (vec((epoch(), posted()), 0..3), of(any::<u64>()), any::<bool>(), of(request_id())).prop_map(
            |(hits, cursor, incomplete, id)| {
                let hit = |(epoch, posted)| Hit { epoch, message: RoomEvent::Posted(posted) };
                let hits = hits.into_iter().map(hit).collect();
                ServerFrame::SearchResults(SearchResults { hits, cursor, incomplete, id })
            }
        ),
        (room(), vec(member(), 0..4), any::<bool>(), of(request_id()))
            .prop_map(|(room, members, more, id)| ServerFrame::Members { room, members, more, id }),
        (room(), seq(), unread_count(), of(request_id()))
            .prop_map(|(room, seq, unread, id)| ServerFrame::Read { room, seq, unread, id }),
        of(request_id()).prop_map(|id| ServerFrame::Done { id }),
    ]
}

fn page() -> impl Strategy<Value = History> {
    let place = (room(), epoch(), seq(), seq());
    (place, vec(event(), 0..4), any::<bool>(), of(request_id())).prop_map(
        |((room, epoch, start, end), events, more, id)| History { room, epoch, start, end, events, more, id },
    )
}

fn room_summary() -> impl Strategy<Value = RoomSummary> {
    (room(), any::<u64>()).prop_map(|(room, member_count)| RoomSummary { room, member_count })
}

fn room_frame() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![
        (room(), epoch(), vec(event(), 0..4), any::<bool>()).prop_map(|(room, epoch, events, more)| {
            ServerFrame::Events(Events { room, epoch, events, more })
        }),
        room_summary().prop_map(ServerFrame::RoomChanged),
        room().prop_map(|room| ServerFrame::RoomRemoved { room }),
        (room(), any::<u64>(), any::<u64>(), timestamp()).prop_map(
            |(room, member_count, online_count, timestamp)| ServerFrame::MemberCounts {
                room,
                member_count,
                online_count,
                timestamp
            }
        ),
    ]
}

fn auth() -> impl Strategy<Value = Auth> {
    let rooms = vec((room(), of(position())).prop_map(|(room, since)| ResumeRoom { room, since }), 0..4);
    (of(user_name()), of(any::<u32>()), of("[0-9a-f]{32}"), of("[A-Za-z0-9._-]{9}"), of(rooms))
        .prop_filter_map("nobody", |(username, protocol, session, token, rooms)| {
            let is_somebody = username.is_some() || session.is_some() || token.is_some();
            is_somebody.then_some(Auth { username, protocol, session, token, rooms })
        })
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        text().prop_map(|content| Action::EditMessage { content }),
        Just(Action::DeleteMessage),
        emoji().prop_map(|emoji| Action::AddReaction { emoji }),
        emoji().prop_map(|emoji| Action::RemoveReaction { emoji }),
        Just(Action::PinMessage),
        Just(Action::UnpinMessage),
    ]
}

fn change_message() -> impl Strategy<Value = ChangeMessage> {
    (action(), room(), seq(), of(epoch()), of(client_message_id())).prop_map(
        |(action, room, target, epoch, client_message_id)| ChangeMessage {
            action,
            room,
            target,
            epoch,
            client_message_id,
        },
    )
}

/// Any command with values that the server accepts.
pub fn command() -> impl Strategy<Value = Command> {
    // Boxed: all of them together are too large for the stack of a test.
    prop_oneof![
        connection_command().boxed(),
        room_command().boxed(),
        moderation_command().boxed(),
        message_command().boxed(),
        read_command().boxed(),
    ]
}

/// After a position, before one, or neither.
fn side() -> impl Strategy<Value = (Option<Seq>, Option<Seq>)> {
    prop_oneof![of(seq()).prop_map(|after| (after, None)), seq().prop_map(|before| (None, Some(before)))]
}

fn message_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (room(), text(), of(client_message_id()), of(seq())).prop_map(
            |(room, content, client_message_id, reply_to)| Command::Post {
                room,
                content,
                client_message_id,
                reply_to
            }
        ),
        change_message().prop_map(Command::Change),
        (room(), vec(seq(), 0..50)).prop_map(|(room, seqs)| Command::GetMessages { room, seqs }),
        (room(), side()).prop_map(|(room, (after, before))| Command::ListPins { room, after, before }),
        (room(), seq(), of(seq())).prop_map(|(room, target, after)| Command::ListReplies {
            room,
            target,
            after
        }),
        (room(), seq(), side()).prop_map(|(room, target, (after, before))| Command::ListVersions {
            room,
            target,
            after,
            before
        }),
        (room(), seq(), emoji(), of(seq())).prop_map(|(room, target, emoji, after)| Command::ListReactors {
            room,
            target,
            emoji,
            after
        }),
        (any::<String>(), of(1..=50_u16), of(any::<u64>()))
            .prop_map(|(query, limit, cursor)| Command::Search { query, limit, cursor }),
    ]
}

fn connection_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        auth().prop_map(Command::Auth),
        (room(), any::<bool>()).prop_map(|(room, is_typing)| Command::Typing { room, is_typing }),
        (room(), of(position())).prop_map(|(room, since)| Command::JoinRoom { room, since }),
        room().prop_map(|room| Command::LeaveRoom { room }),
        Just(Command::Ping),
        (of(room_name()), of(1..=200_u16)).prop_map(|(after, limit)| Command::ListRooms { after, limit }),
        any::<bool>().prop_map(|online| Command::SetPresence {
            status: if online { PresenceStatus::Online } else { PresenceStatus::Away }
        }),
    ]
}

fn room_command() -> impl Strategy<Value = Command> {
    let text = || "[a-zあ-ん]{1,21}".prop_map(|text| ShortText::known(&text).expect("a text"));
    let line = move || of(of(text()));
    let new = (text(), of(text()), of(text()), vec(user_id(), 0..3), of(client_message_id()));
    let people = prop_oneof![
        (vec(user_id(), 1..9), vec(user_name(), 0..3)),
        (Just(Vec::new()), vec(user_name(), 1..3)),
    ];
    let direct = (people, of(client_message_id()));
    let flag = || of(any::<bool>());
    let whom = || prop_oneof![user_id().prop_map(Whom::Id), user_name().prop_map(Whom::Name)];
    prop_oneof![
        new.prop_map(|(title, topic, description, user_ids, client_message_id)| {
            let details = RoomDetails { title: Some(title), topic, description, ..RoomDetails::default() };
            let (kind, usernames) = (RoomKind::Private, Vec::new());
            Command::CreateRoom(NewRoom { kind, details, user_ids, usernames, client_message_id })
        }),
        direct.prop_map(|((user_ids, usernames), client_message_id)| {
            let (kind, details) = (RoomKind::Direct, RoomDetails::default());
            Command::CreateRoom(NewRoom { kind, details, user_ids, usernames, client_message_id })
        }),
        (room(), whom()).prop_map(|(room, whom)| Command::Invite { room, whom }),
        (room(), user_id(), of(text())).prop_map(|(room, user_id, reason)| Command::RemoveMember {
            room,
            user_id,
            reason
        }),
        (room(), user_id(), room_role()).prop_map(|(room, user_id, role)| Command::SetRoomRole {
            room,
            user_id,
            role
        }),
        (room(), line(), line(), line(), of(0..9_u32), flag(), flag()).prop_map(
            |(room, title, topic, description, slow_seconds, archived, permanent)| {
                let change = DetailsChange { title, topic, description, slow_seconds, archived, permanent };
                Command::EditRoom { room, change }
            }
        ),
    ]
}

fn moderation_command() -> impl Strategy<Value = Command> {
    let kind = || proptest::sample::select(vec![RestrictionKind::Ban, RestrictionKind::Mute]);
    let whom = || prop_oneof![user_id().prop_map(Whom::Id), user_name().prop_map(Whom::Name)].boxed();
    let line = "[a-zあ-ん]{1,21}".prop_map(|text| ShortText::known(&text).expect("a text"));
    prop_oneof![
        (room(), whom(), kind(), of(1..=9_u32), of(line)).prop_map(|(room, whom, kind, seconds, reason)| {
            Command::Restrict { room, whom, kind, seconds, reason }
        }),
        (room(), whom(), kind()).prop_map(|(room, whom, kind)| Command::LiftRestriction { room, whom, kind }),
        room().prop_map(|room| Command::ListRestrictions { room }),
        text().prop_map(|content| Command::Announce { content }),
    ]
}

fn read_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (room(), 0..4_u8, seq(), of(1..=200_u16)).prop_map(|(room, direction, seq, limit)| {
            let at = |which| (direction == which).then_some(seq);
            Command::History { room, before: at(0), after: at(1), around: at(2), limit }
        }),
        (room(), of(user_id()), of(1..=100_u16)).prop_map(|(room, after, limit)| Command::Members {
            room,
            after,
            limit
        }),
        (room(), vec(user_id(), 0..5)).prop_map(|(room, user_ids)| Command::WatchMembers { room, user_ids }),
        (room(), seq()).prop_map(|(room, seq)| Command::MarkRead { room, seq }),
        (room(), seq()).prop_map(|(room, seq)| Command::MarkUnread { room, seq }),
        room().prop_map(|room| Command::CountUnread { room }),
    ]
}

pub fn request() -> impl Strategy<Value = Request> {
    (of(request_id()), command()).prop_map(|(id, command)| Request { id, command })
}

/// Any JSON, a few levels deep.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z]{1,6}", inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// Adds an unknown field to each object in `value`.
pub fn with_unknown_fields(value: Value, extra: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.into_iter().map(|(name, value)| (name, with_unknown_fields(value, extra)));
            let added = ("x_future".to_owned(), extra.clone());
            Value::Object([added].into_iter().chain(known).collect())
        }
        Value::Array(items) => items.into_iter().map(|item| with_unknown_fields(item, extra)).collect(),
        other => other,
    }
}
