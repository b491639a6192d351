//! Joining and leaving rooms: subscribe first, then read the log, so that no event is missed or delivered twice.

use std::sync::Arc;

use shared::limits::{HISTORY_EVENTS, RESUME_EVENTS, ROOMS_PER_PERSON, SNAPSHOT_EVENTS};
use shared::{
    Events, Joined, Position, RequestId, RoomAddress, RoomEvent, RoomKind, Seq, ServerFrame, UnreadCount,
};

use super::Session;
use super::moderation::restricted;
use super::read_marks::Snapshot;
use crate::error::Error;
use crate::hub::{HubClosed, NotReleased, NotSubscribed, Restricted, Subscribed};
use crate::room::RoomInfo;
use crate::store::{Page, PageAt};

impl Session {
    /// Joins a room and sends `joined` with the events that the client lacks. A demo client gets no answer; it receives
    /// live events from now on.
    pub async fn join(
        &self,
        address: &RoomAddress,
        since: Option<Position>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.chat.rates.join(self.user)?;
        let since = since.or(self.deferred.take(address));
        self.enter(address, since, id).await
    }

    /// [`Self::join`] without the rate limit.
    pub(super) async fn enter(
        &self,
        address: &RoomAddress,
        since: Option<Position>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        // Backpressure: do not read the log or buffer live events for a client that does not read.
        self.handle.outbox.has_room().await;
        let mut room = match self.find_room(address).await? {
            Some(room) => room,
            // Do not create a room that its first member may not enter.
            None if self.chat.hub.count_rooms(self.user).await?.0 >= ROOMS_PER_PERSON => {
                return Err(Error::TooManyRooms(address.clone()));
            }
            None => self.chat.open_room(address).await?,
        };
        let mut subscribed = self.subscribe(&room).await?;
        loop {
            let named_now = match self.find_room(address).await {
                Ok(Some(room)) => Ok(room),
                Err(error) => Err(error),
                Ok(None) => self.chat.open_room(address).await,
            };
            let named_now = match named_now {
                Ok(named_now) => named_now,
                Err(error) => {
                    self.chat.hub.unsubscribe(self.connection, room.id).await?;
                    return Err(error);
                }
            };
            if named_now == room {
                break;
            }
            // The log was purged before the hub knew of the new member.
            self.chat.hub.leave(self.connection, room.id).await?;
            room = named_now;
            subscribed = self.subscribe(&room).await?;
        }
        if self.handle.is_demo() {
            return Ok(());
        }
        if subscribed.is_unstored
            && self.login.is_some()
            && let Err(error) = self.chat.store_changes().await
        {
            // An account is told of a membership only when it lasts.
            if subscribed.is_new {
                self.chat.hub.leave(self.connection, room.id).await?;
            } else {
                self.chat.hub.unsubscribe(self.connection, room.id).await?;
            }
            return Err(error);
        }
        let caught_up = self.catch_up(&room, subscribed, since, id).await;
        if caught_up.is_err() {
            // Do not leave a subscription half open when it cannot be answered.
            self.chat.hub.unsubscribe(self.connection, room.id).await?;
        }
        caught_up
    }

    /// Finds a public room that is open, or a private one of the user.
    async fn find_room(&self, address: &RoomAddress) -> Result<Option<Arc<RoomInfo>>, Error> {
        match address.public() {
            Some(name) => Ok(self.chat.rooms.get(&name)),
            None => {
                let own = self.chat.hub.own_room(self.connection, address.clone()).await?;
                Ok(Some(own.ok_or_else(|| Error::NotAMember(address.clone()))?))
            }
        }
    }

    async fn subscribe(&self, room: &Arc<RoomInfo>) -> Result<Subscribed, Error> {
        let held = !self.handle.is_demo();
        match self.chat.hub.subscribe(self.connection, room.clone(), held).await? {
            Ok(subscribed) => Ok(subscribed),
            Err(NotSubscribed::TooManyRooms) => Err(Error::TooManyRooms(room.address.clone())),
            Err(NotSubscribed::NotAMember) => Err(Error::NotAMember(room.address.clone())),
            Err(NotSubscribed::Banned(left)) => Err(restricted(Restricted::Banned(left), room)),
            Err(NotSubscribed::Gone) => Err(HubClosed.into()),
        }
    }

    /// Leaves a room, on all connections of the person. A direct conversation only leaves their list.
    pub async fn leave(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        self.deferred.take(address);
        let room = self.handle.room(address).ok_or_else(|| Error::NotAMember(address.clone()))?;
        if room.kind == RoomKind::Private {
            self.leave_private(&room).await?;
            self.handle.answer(&ServerFrame::Left { room: room.address.clone(), id, by: None, reason: None });
            return Ok(());
        }
        let has_left = if room.kind == RoomKind::Direct {
            self.chat.hub.close_conversation(self.connection, room.id).await?
        } else {
            self.chat.hub.leave(self.connection, room.id).await?
        };
        if !has_left {
            return Err(Error::NotAMember(address.clone()));
        }
        if self.login.is_some() {
            // If the store refuses now, it is told again later: nobody can be kept in a room.
            let _ = self.chat.store_changes().await;
        }
        if !self.handle.is_demo() {
            self.handle.answer(&ServerFrame::Left { room: room.address.clone(), id, by: None, reason: None });
        }
        Ok(())
    }

    async fn catch_up(
        &self,
        room: &RoomInfo,
        subscribed: Subscribed,
        since: Option<Position>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let since = since.filter(|position| position.epoch == room.epoch).map(|position| position.seq);
        let joined = Joined {
            room: room.address.clone(),
            kind: room.kind,
            details: (*subscribed.details).clone(),
            people: subscribed.people.clone(),
            role: subscribed.role,
            may: self.privileges(room.kind, subscribed.role),
            muted: None,
            reports: self.open_reports(room, subscribed.role).await?,
            epoch: room.epoch,
            seq: Seq::ZERO,
            start: Seq::ZERO,
            read_seq: Seq::ZERO,
            unread: UnreadCount::default(),
            snapshot: false,
            events: Vec::new(),
            more: false,
            member_count: subscribed.member_count,
            members: Vec::new(),
            id,
        };
        let (role, reports) = (subscribed.role, joined.reports);
        let missed = match since {
            Some(since) => self.missed(room, since, subscribed.head).await?.map(|page| (since, page)),
            None => None,
        };
        match missed {
            Some((since, page)) => self.resume(room, &subscribed, joined, since, page).await?,
            None => self.snapshot(room, &subscribed, joined).await?,
        }
        if self.open_reports(room, role).await? != reports {
            // The number changed while the log was read.
            self.chat.tell_standing(room, self.user, role).await?;
        }
        Ok(())
    }

    /// Returns the first page of events after `seq`. `None` if some of them are gone or there are more than
    /// [`RESUME_EVENTS`]. `head` is the last event of the room that this node knows of.
    async fn missed(&self, room: &RoomInfo, seq: Seq, head: Option<Seq>) -> Result<Option<Resumed>, Error> {
        let head = match head {
            Some(head) if seq <= head => head,
            // The client may have read further than this node has delivered.
            _ => self.chat.store.extent(room.id).await?.head,
        };
        if seq > head || head.0 - seq.0 > RESUME_EVENTS {
            return Ok(None);
        }
        if seq == head {
            return Ok(Some(Resumed { events: Vec::new(), end: seq, more: false }));
        }
        let page = self.resumed(room, seq).await?;
        // Retention removes events from the beginning.
        let is_whole = page.events.first().is_some_and(|event| event.seq() == seq.next());
        Ok(is_whole.then_some(page))
    }

    /// Sends the events after the client's position, page by page as the socket accepts them.
    async fn resume(
        &self,
        room: &RoomInfo,
        subscribed: &Subscribed,
        joined: Joined,
        since: Seq,
        first: Resumed,
    ) -> Result<(), Error> {
        self.tell_changed();
        let mut page = first;
        let messages = page.events.iter().filter_map(|event| match event {
            RoomEvent::Posted(posted) => Some(posted),
            RoomEvent::Changed(_) | RoomEvent::Unknown { .. } => None,
        });
        let told = Snapshot { start: since, end: page.end, messages: messages.collect() };
        let (read_seq, unread) = self.standing(room, subscribed, &told, Seq::ZERO).await?;
        self.introduce_authors_in(&page.events);
        let mut frame =
            ServerFrame::Joined(Joined { seq: page.end, read_seq, unread, events: page.events, ..joined });
        loop {
            if !page.more && self.release(room, page.end, frame.clone()).await? {
                return Ok(());
            }
            if let ServerFrame::Joined(Joined { more, .. }) | ServerFrame::Events(Events { more, .. }) =
                &mut frame
            {
                *more = true;
            }
            self.answer_read(room, &frame).await?;
            self.handle.outbox.has_room().await;
            page = self.resumed(room, page.end).await?;
            self.introduce_authors_in(&page.events);
            let (room, epoch, events) = (room.address.clone(), room.epoch, page.events);
            frame = ServerFrame::Events(Events { room, epoch, events, more: page.more });
            page.events = Vec::new();
        }
    }

    /// Sends the latest messages in their current state.
    async fn snapshot(&self, room: &RoomInfo, subscribed: &Subscribed, joined: Joined) -> Result<(), Error> {
        loop {
            let page = self.chat.store.page(room, PageAt::Latest, SNAPSHOT_EVENTS, self.user).await?;
            let told =
                Snapshot { start: page.start, end: page.end, messages: page.messages.iter().collect() };
            let (read_seq, unread) = self.standing(room, subscribed, &told, page.start).await?;
            self.introduce_authors(&page.messages);
            let frame = ServerFrame::Joined(Joined {
                seq: page.end,
                start: page.start,
                read_seq,
                unread,
                snapshot: true,
                events: page.messages.into_iter().map(RoomEvent::Posted).collect(),
                ..joined.clone()
            });
            if self.release(room, page.end, frame).await? {
                return Ok(());
            }
            // More live events arrived than the catch-up buffer holds, so the latest messages have changed: read again.
        }
    }

    /// Sends `frame` and lets live events through. Returns false if more of the log must be read first.
    ///
    /// # Errors
    /// The person left the room while the log was read. The caller answers the join with this error.
    async fn release(&self, room: &RoomInfo, at: Seq, frame: ServerFrame) -> Result<bool, Error> {
        self.check_reader(room).await?;
        match self.chat.hub.release(self.connection, room.id, at, frame).await? {
            Ok(()) => Ok(true),
            Err(NotReleased::Behind(_)) => Ok(false),
            Err(NotReleased::Left) => Err(Error::NotAMember(room.address.clone())),
        }
    }

    async fn resumed(&self, room: &RoomInfo, after: Seq) -> Result<Resumed, Error> {
        let Page { items: events, more } =
            self.chat.store.after(room, after, HISTORY_EVENTS, self.user).await?;
        Ok(Resumed { end: events.last().map_or(after, RoomEvent::seq), more, events })
    }
}

/// Consecutive events of a log, as many as fit into a frame.
struct Resumed {
    events: Vec<RoomEvent>,
    /// The last of these events, or the position that they would follow.
    end: Seq,
    more: bool,
}
