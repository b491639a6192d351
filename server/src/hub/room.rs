//! A live room: its members, its subscribers, and what is sent to them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use shared::limits::{BIG_ROOM_MEMBERS, PAGE_BYTES};
use shared::{Member, PresenceStatus, RoomDetails, RoomEvent, RoomRole, Seq, ServerFrame, UserId, UserName};

use super::catch_up::{Batch, CatchUpBuffer};
use super::message::NotReleased;
use super::presence::Presence;
use super::turn::Turn;
use super::typing::Typing;
use crate::delivery::ConnectionHandle;
use crate::delivery::encode;
use crate::delivery::outbox::Priority;
use crate::room::RoomInfo;

/// A user's membership in a room.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The display name.
    pub name: UserName,
    pub status: PresenceStatus,
    /// Everything up to this seq is read; `None`: not known on this node yet.
    pub read: Option<Seq>,
    pub role: RoomRole,
    /// Whether it is a conversation that is not in the user's list.
    pub closed: bool,
}

/// A subscribed connection.
pub struct Subscriber {
    /// The connection's index in the hub.
    pub connection: usize,
    pub user: UserId,
    pub handle: Arc<ConnectionHandle>,
    is_demo: bool,
    catch_up: CatchUpBuffer,
}

impl Subscriber {
    fn hears(&self, audience: Audience) -> bool {
        let is_meant = match audience {
            Audience::Everyone => true,
            Audience::Current => !self.is_demo,
            Audience::Demo => self.is_demo,
        };
        is_meant && self.catch_up.is_live()
    }
}

/// The clients that a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    /// All but demo clients.
    Current,
    /// Demo clients only, see [`ConnectionHandle::is_demo`].
    Demo,
}

/// A room with at least one member, or a permanent one.
pub struct Room {
    /// The immutable part.
    pub info: Arc<RoomInfo>,
    /// What the room tells of itself at present.
    pub details: Arc<RoomDetails>,
    /// All members, connected or not.
    pub members: BTreeMap<UserId, Membership>,
    pub typing: Typing,
    /// Membership and presence changes that are announced once a second.
    pub presence: Presence,
    /// The last event handed out or read; `None` before the first of either.
    pub head: Option<Seq>,
    /// By connection, the members of a big room whose individual changes it asked for.
    pub watched: HashMap<usize, HashSet<UserId>>,
    subscribers: Vec<Subscriber>,
    places: HashMap<usize, usize>,
    pending: BytesMut,
    ends: Vec<(Seq, usize)>,
    /// Byte ranges of change events in `pending`, which demo clients are not sent.
    changes: Vec<Range<usize>>,
}

impl Room {
    /// Creates a room without members.
    pub fn new(info: Arc<RoomInfo>) -> Self {
        Self {
            details: info.details.clone(),
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

    /// Whether joins, leaves and presence are sent as counts.
    pub fn is_big(&self) -> bool {
        self.members.len() > BIG_ROOM_MEMBERS
    }

    /// Returns at most `limit` members after `after`, and whether there are more.
    pub fn members_page(&self, after: Option<UserId>, limit: usize) -> (Vec<Member>, bool) {
        use std::ops::Bound::{Excluded, Unbounded};
        let mut rest = self.members.range((after.map_or(Unbounded, Excluded), Unbounded));
        let page = rest.by_ref().take(limit).map(|(&user_id, member)| Member {
            user_id,
            username: member.name.clone(),
            status: member.status,
            role: member.role,
        });
        (page.collect(), rest.next().is_some())
    }

    /// Subscribes `connection`, or restarts its subscription. If `catch_up` buffers, live events wait until
    /// [`Self::release`].
    pub fn subscribe(
        &mut self,
        connection: usize,
        user: UserId,
        handle: Arc<ConnectionHandle>,
        catch_up: CatchUpBuffer,
    ) {
        if let Some(&place) = self.places.get(&connection) {
            self.subscribers[place].catch_up = catch_up;
            return;
        }
        self.places.insert(connection, self.subscribers.len());
        let is_demo = handle.is_demo();
        self.subscribers.push(Subscriber { connection, user, handle, is_demo, catch_up });
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

    /// The subscribed connections.
    pub fn listeners(&self) -> impl Iterator<Item = usize> {
        self.places.keys().copied()
    }

    /// Whether `connection` is subscribed.
    pub fn has_subscriber(&self, connection: usize) -> bool {
        self.places.contains_key(&connection)
    }

    /// Sends `frame`, then the buffered events after `at`, and lets later events through.
    ///
    /// # Errors
    /// The read must reach further, or the connection is no longer subscribed.
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
        let waiting = subscriber.catch_up.release(at).map_err(NotReleased::Behind)?;
        self.head = self.head.max(Some(at));
        turn.append(&subscriber.handle, encode::text(frame), Priority::Answer);
        for bytes in waiting {
            turn.append(&subscriber.handle, bytes, Priority::Live);
        }
        Ok(())
    }

    /// Encodes a stored event, which is sent with the turn.
    pub fn publish(&mut self, event: &RoomEvent, turn: &mut Turn) {
        self.head = self.head.max(Some(event.seq()));
        if let RoomEvent::Posted(posted) = event
            && self.typing.stop(posted.sender_id)
        {
            self.say_typing(posted.sender_id, &posted.sender, false, turn);
        }
        let start = self.pending.len();
        encode::put_text(&mut self.pending, event);
        self.ends.push((event.seq(), self.pending.len()));
        if !matches!(event, RoomEvent::Posted(_)) {
            self.changes.push(start..self.pending.len());
        }
        if self.pending.len() >= PAGE_BYTES {
            // Flush before encoding more, so that sockets get data early and catch-up buffers are offered no larger
            // batch.
            self.seal(turn);
            turn.flush();
        }
    }

    /// Moves an author's read mark to their own message. Returns `false` if they are not a member.
    pub fn read_own(&mut self, author: UserId, seq: Seq) -> bool {
        self.members.get_mut(&author).map(|member| member.read = member.read.max(Some(seq))).is_some()
    }

    /// Appends this turn's events to every subscriber's outbox as one shared buffer.
    pub fn seal(&mut self, turn: &mut Turn) {
        if self.ends.is_empty() {
            return;
        }
        let batch = Batch { bytes: self.pending.split().freeze(), ends: self.ends.drain(..).collect() };
        let changes = std::mem::take(&mut self.changes);
        let mut messages: Option<Bytes> = None;
        turn.deliveries += (batch.ends.len() * self.subscribers.len()) as u64;
        for subscriber in &mut self.subscribers {
            if subscriber.is_demo && !changes.is_empty() {
                // Never held back: demo clients are not sent the past.
                let messages = messages.get_or_insert_with(|| without(&batch.bytes, &changes));
                if !messages.is_empty() {
                    turn.append(&subscriber.handle, messages.clone(), Priority::Live);
                }
            } else if let Some(bytes) = subscriber.catch_up.offer(&batch) {
                turn.append(&subscriber.handle, bytes, Priority::Live);
            }
        }
    }

    /// Sends a frame to an audience, except to one user.
    pub fn say(
        &mut self,
        frame: &ServerFrame,
        audience: Audience,
        except: Option<UserId>,
        priority: Priority,
        turn: &mut Turn,
    ) {
        self.seal(turn);
        let mut bytes: Option<Bytes> = None;
        for subscriber in &self.subscribers {
            if subscriber.hears(audience) && Some(subscriber.user) != except {
                let bytes = bytes.get_or_insert_with(|| encode::text(frame));
                turn.append(&subscriber.handle, bytes.clone(), priority);
            }
        }
    }

    /// Sends frames about users to an audience, to each subscriber only those about others. Subscribers that no frame
    /// is about share one buffer.
    pub fn say_all(
        &mut self,
        frames: &[(UserId, ServerFrame)],
        audience: Audience,
        priority: Priority,
        turn: &mut Turn,
    ) {
        if frames.is_empty() || self.subscribers.is_empty() {
            return;
        }
        self.seal(turn);
        let (mut all, mut about) = (BytesMut::new(), HashMap::<UserId, Vec<Range<usize>>>::new());
        for (user, frame) in frames {
            let start = all.len();
            encode::put_text(&mut all, frame);
            about.entry(*user).or_default().push(start..all.len());
        }
        let all = all.freeze();
        for subscriber in self.subscribers.iter().filter(|subscriber| subscriber.hears(audience)) {
            let own = about.get(&subscriber.user);
            let bytes = own.map_or_else(|| all.clone(), |own| without(&all, own));
            if !bytes.is_empty() {
                turn.append(&subscriber.handle, bytes, priority);
            }
        }
    }

    /// Tells the others that a user started or stopped typing.
    pub fn say_typing(&mut self, user_id: UserId, name: &UserName, is_typing: bool, turn: &mut Turn) {
        let room = self.info.address.clone();
        let frame = ServerFrame::Typing { room, user: name.clone(), user_id, is_typing };
        self.say(&frame, Audience::Everyone, Some(user_id), Priority::Ephemeral, turn);
    }

    /// Sends a frame about a member of a big room to the connections that watch that member.
    pub fn say_to_watchers(&mut self, user: UserId, frame: &ServerFrame, turn: &mut Turn) {
        if self.watched.is_empty() {
            return;
        }
        let bytes = encode::text(frame);
        let watching = self.watched.iter().filter(|(_, users)| users.contains(&user));
        for place in watching.filter_map(|(connection, _)| self.places.get(connection)) {
            turn.append(&self.subscribers[*place].handle, bytes.clone(), Priority::Ephemeral);
        }
    }
}

/// Returns `bytes` without `ranges`, which are in order.
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
