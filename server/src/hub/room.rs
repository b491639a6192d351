//! A live room: who is in it, who listens, and what goes out to them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use shared::limits::{BIG_ROOM_MEMBERS, PAGE_BYTES};
use shared::{Member, PresenceStatus, RoomEvent, Seq, ServerFrame, UserId, UserName};

use super::hold::{Batch, Hold};
use super::link::Link;
use super::message::NotReleased;
use super::outbox::Kind;
use super::presence::Presence;
use super::turn::Turn;
use super::typing::Typing;
use super::wire;
use crate::room::RoomInfo;

/// One person's place in a room.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The name shown.
    pub name: UserName,
    /// Whether they are there.
    pub status: PresenceStatus,
    /// Everything up to here is read; none: not known on this node yet.
    pub read: Option<Seq>,
}

/// One connection that listens.
pub struct Subscriber {
    /// The connection's place in the hub.
    pub connection: usize,
    /// Whose connection it is.
    pub user: UserId,
    /// Where to send.
    pub link: Arc<Link>,
    protocol1: bool,
    hold: Hold,
}

impl Subscriber {
    fn hears(&self, audience: Audience) -> bool {
        let is_meant = match audience {
            Audience::Everyone => true,
            Audience::Protocol1 => self.protocol1,
            Audience::Demo => !self.protocol1,
        };
        is_meant && self.hold.is_live()
    }
}

/// Which clients a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All of them.
    Everyone,
    /// Those that said `"protocol": 1`.
    Protocol1,
    /// Those that did not.
    Demo,
}

/// A room with at least one member, or a permanent one.
pub struct Room {
    /// What never changes.
    pub info: Arc<RoomInfo>,
    /// Everybody in it, there or not.
    pub members: BTreeMap<UserId, Membership>,
    /// Who is typing.
    pub typing: Typing,
    /// Changes of members that are told once a second.
    pub presence: Presence,
    /// The last event handed out or read; none before the first of either.
    pub head: Option<Seq>,
    /// Single changes of a big room that connections asked for.
    pub watched: HashMap<usize, HashSet<UserId>>,
    subscribers: Vec<Subscriber>,
    places: HashMap<usize, usize>,
    pending: BytesMut,
    ends: Vec<(Seq, usize)>,
    /// Where the frames of changes are in `pending`: the demo's clients are not sent them.
    changes: Vec<Range<usize>>,
}

impl Room {
    /// A room nobody is in yet.
    pub fn new(info: Arc<RoomInfo>) -> Self {
        Self {
            info,
            members: BTreeMap::new(),
            typing: Typing::default(),
            presence: Presence::default(),
            head: None,
            watched: HashMap::new(),
            subscribers: Vec::new(),
            places: HashMap::new(),
            pending: BytesMut::new(),
            ends: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Whether joins, leaves and presence go out as counts.
    pub fn is_big(&self) -> bool {
        self.members.len() > BIG_ROOM_MEMBERS
    }

    /// At most `limit` members after `after`, and whether there are more.
    pub fn members_page(&self, after: Option<UserId>, limit: usize) -> (Vec<Member>, bool) {
        use std::ops::Bound::{Excluded, Unbounded};
        let mut rest = self.members.range((after.map_or(Unbounded, Excluded), Unbounded));
        let page = rest.by_ref().take(limit).map(|(&user_id, member)| Member {
            user_id,
            username: member.name.clone(),
            status: member.status,
        });
        (page.collect(), rest.next().is_some())
    }

    /// Makes `connection` a listener, or one anew. Held back: live events wait until [`Self::release`].
    pub fn subscribe(&mut self, connection: usize, user: UserId, link: Arc<Link>, hold: Hold) {
        if let Some(&place) = self.places.get(&connection) {
            self.subscribers[place].hold = hold;
            return;
        }
        self.places.insert(connection, self.subscribers.len());
        let protocol1 = link.protocol1();
        self.subscribers.push(Subscriber { connection, user, link, protocol1, hold });
    }

    /// Ends a subscription; does nothing if there is none.
    pub fn unsubscribe(&mut self, connection: usize) {
        self.watched.remove(&connection);
        let Some(place) = self.places.remove(&connection) else { return };
        self.subscribers.swap_remove(place);
        if let Some(moved) = self.subscribers.get(place) {
            self.places.insert(moved.connection, place);
        }
    }

    /// Whether `connection` listens.
    pub fn has_subscriber(&self, connection: usize) -> bool {
        self.places.contains_key(&connection)
    }

    /// Sends `frame`, then what waited after `at`, and lets later events through.
    ///
    /// # Errors
    /// The read must reach further, or nobody listens any more.
    pub fn release(
        &mut self,
        connection: usize,
        at: Seq,
        frame: &ServerFrame,
        turn: &mut Turn,
    ) -> Result<(), NotReleased> {
        self.seal(turn);
        let Some(&place) = self.places.get(&connection) else { return Err(NotReleased::Left) };
        let subscriber = &mut self.subscribers[place];
        let waiting = subscriber.hold.release(at).map_err(NotReleased::Behind)?;
        self.head = self.head.max(Some(at));
        turn.append(&subscriber.link, wire::text(frame), Kind::Answer);
        for bytes in waiting {
            turn.append(&subscriber.link, bytes, Kind::Live);
        }
        Ok(())
    }

    /// Hands out a stored event. It leaves with the turn.
    pub fn publish(&mut self, event: &RoomEvent, turn: &mut Turn) {
        self.head = self.head.max(Some(event.seq()));
        if let RoomEvent::Posted(posted) = event
            && self.typing.stop(posted.sender_id)
        {
            self.say_typing(posted.sender_id, &posted.sender, false, turn);
        }
        let start = self.pending.len();
        wire::put_text(&mut self.pending, event);
        self.ends.push((event.seq(), self.pending.len()));
        if !matches!(event, RoomEvent::Posted(_)) {
            self.changes.push(start..self.pending.len());
        }
        if self.pending.len() >= PAGE_BYTES {
            // Sockets are given what there is before more is made; whoever is held back is offered no larger piece.
            self.seal(turn);
            turn.flush();
        }
    }

    /// Who posts has read up to their own message. False if they are no member.
    pub fn read_own(&mut self, author: UserId, seq: Seq) -> bool {
        self.members.get_mut(&author).map(|member| member.read = member.read.max(Some(seq))).is_some()
    }

    /// Appends the events of this turn to everybody: one piece of shared bytes for all of them.
    pub fn seal(&mut self, turn: &mut Turn) {
        if self.ends.is_empty() {
            return;
        }
        let batch = Batch { bytes: self.pending.split().freeze(), ends: self.ends.drain(..).collect() };
        let changes = std::mem::take(&mut self.changes);
        let mut messages: Option<Bytes> = None;
        turn.deliveries += (batch.ends.len() * self.subscribers.len()) as u64;
        for subscriber in &mut self.subscribers {
            if !subscriber.protocol1 && !changes.is_empty() {
                // Never held back: the demo's clients are not told what was before.
                let messages = messages.get_or_insert_with(|| without(&batch.bytes, &changes));
                if !messages.is_empty() {
                    turn.append(&subscriber.link, messages.clone(), Kind::Live);
                }
            } else if let Some(bytes) = subscriber.hold.offer(&batch) {
                turn.append(&subscriber.link, bytes, Kind::Live);
            }
        }
    }

    /// Sends a frame to the listeners of that audience, except those of one person.
    pub fn say(
        &mut self,
        frame: &ServerFrame,
        audience: Audience,
        except: Option<UserId>,
        kind: Kind,
        turn: &mut Turn,
    ) {
        self.seal(turn);
        let mut bytes: Option<Bytes> = None;
        for subscriber in &self.subscribers {
            if subscriber.hears(audience) && Some(subscriber.user) != except {
                let bytes = bytes.get_or_insert_with(|| wire::text(frame));
                turn.append(&subscriber.link, bytes.clone(), kind);
            }
        }
    }

    /// Sends frames about people to the listeners of that audience, each about others only: one piece of shared bytes
    /// for all whom none of them is about.
    pub fn say_all(
        &mut self,
        frames: &[(UserId, ServerFrame)],
        audience: Audience,
        kind: Kind,
        turn: &mut Turn,
    ) {
        if frames.is_empty() || self.subscribers.is_empty() {
            return;
        }
        self.seal(turn);
        let (mut all, mut about) = (BytesMut::new(), HashMap::<UserId, Vec<Range<usize>>>::new());
        for (user, frame) in frames {
            let start = all.len();
            wire::put_text(&mut all, frame);
            about.entry(*user).or_default().push(start..all.len());
        }
        let all = all.freeze();
        for subscriber in self.subscribers.iter().filter(|subscriber| subscriber.hears(audience)) {
            let own = about.get(&subscriber.user);
            let bytes = own.map_or_else(|| all.clone(), |own| without(&all, own));
            if !bytes.is_empty() {
                turn.append(&subscriber.link, bytes, kind);
            }
        }
    }

    /// Tells the others that somebody began or stopped typing.
    pub fn say_typing(&mut self, user_id: UserId, name: &UserName, is_typing: bool, turn: &mut Turn) {
        let room = self.info.address.clone();
        let frame = ServerFrame::Typing { room, user: name.clone(), user_id, is_typing };
        self.say(&frame, Audience::Everyone, Some(user_id), Kind::Ephemeral, turn);
    }

    /// Sends a frame about one member to the connections of a big room that watch them.
    pub fn say_to_watchers(&mut self, user: UserId, frame: &ServerFrame, turn: &mut Turn) {
        if self.watched.is_empty() {
            return;
        }
        let bytes = wire::text(frame);
        let watching = self.watched.iter().filter(|(_, users)| users.contains(&user));
        for place in watching.filter_map(|(connection, _)| self.places.get(connection)) {
            turn.append(&self.subscribers[*place].link, bytes.clone(), Kind::Ephemeral);
        }
    }
}

/// What is left of `bytes` outside of `ranges`, which are in order.
fn without(bytes: &Bytes, ranges: &[Range<usize>]) -> Bytes {
    let mut left = BytesMut::with_capacity(bytes.len());
    let mut from = 0;
    for range in ranges {
        left.extend_from_slice(&bytes[from..range.start]);
        from = range.end;
    }
    left.extend_from_slice(&bytes[from..]);
    left.freeze()
}
