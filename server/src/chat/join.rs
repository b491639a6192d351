//! Joining and leaving: subscribe first, then read the log, so that nothing is missed and nothing comes twice.

use shared::limits::{HISTORY_EVENTS, PAGE_BYTES, RESUME_EVENTS, ROOMS_PER_CONNECTION, SNAPSHOT_EVENTS};
use shared::{Joined, Position, Posted, RequestId, RoomAddress, RoomEvent, Seq, ServerFrame};

use super::Session;
use crate::error::Error;
use crate::hub::Subscribed;
use crate::room::RoomInfo;

/// What one event takes on the wire beside its text, in bytes, roughly.
const EVENT_OVERHEAD: usize = 400;

impl Session {
    /// Joins a room and tells the client where it is and what the client lacks. A client of the demo is told
    /// nothing; it sees what happens from now on.
    pub async fn join(
        &self,
        address: &RoomAddress,
        since: Option<Position>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        self.chat.rates.join(self.user)?;
        self.enter(address, since, id).await
    }

    /// [`Self::join`] without its rate, for rooms that come with signing in.
    pub(super) async fn enter(
        &self,
        address: &RoomAddress,
        since: Option<Position>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        if self.link.room(address).is_none() && self.link.room_count() >= ROOMS_PER_CONNECTION {
            return Err(Error::TooManyRooms(address.clone()));
        }
        let room = self.chat.room(address).await?;
        let held = self.link.protocol1();
        let subscribed = self.chat.hub.subscribe(self.connection, room.clone(), held).await?;
        if !held {
            return Ok(());
        }
        let caught_up = self.catch_up(&room, subscribed, since, id).await;
        if caught_up.is_err() {
            // A subscription that cannot be answered must not stay half open.
            self.chat.hub.unsubscribe(self.connection, room.id).await?;
        }
        caught_up
    }

    /// Leaves a room, with all connections of the person.
    pub async fn leave(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.link.room(address).ok_or_else(|| Error::NotAMember(address.clone()))?;
        if !self.chat.hub.leave(self.connection, room.id).await? {
            return Err(Error::NotAMember(address.clone()));
        }
        if self.link.protocol1() {
            self.link.answer(&ServerFrame::Left { room: room.address.clone(), id });
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
            epoch: room.epoch,
            seq: Seq::ZERO,
            read_seq: subscribed.read,
            snapshot: false,
            events: Vec::new(),
            more: false,
            member_count: subscribed.member_count,
            members: Vec::new(),
            id,
        };
        match since {
            Some(seq) if subscribed.head == Some(seq) => {
                let page = Page { events: Vec::new(), end: seq, more: false };
                self.resume(room, joined, page).await
            }
            Some(seq) if self.is_near(room, seq).await? => {
                let page = self.page(room, seq).await?;
                self.resume(room, joined, page).await
            }
            Some(_) | None => self.snapshot(room, joined).await,
        }
    }

    /// Whether the events after `seq` are few enough to be told one by one.
    async fn is_near(&self, room: &RoomInfo, seq: Seq) -> Result<bool, Error> {
        let head = self.chat.store.head(room.id).await?;
        Ok(seq <= head && head.0 - seq.0 <= RESUME_EVENTS)
    }

    /// Tells what came after the client's position, page by page as the socket takes them.
    async fn resume(&self, room: &RoomInfo, joined: Joined, first: Page) -> Result<(), Error> {
        let mut page = first;
        let mut frame = ServerFrame::Joined(Joined { seq: page.end, events: page.events, ..joined });
        loop {
            if !page.more
                && self.chat.hub.release(self.connection, room.id, page.end, frame.clone()).await?.is_ok()
            {
                return Ok(());
            }
            if let ServerFrame::Joined(Joined { more, .. }) | ServerFrame::Events { more, .. } = &mut frame {
                *more = true;
            }
            self.link.answer(&frame);
            self.link.outbox.drained().await;
            page = self.page(room, page.end).await?;
            let (room, epoch, events) = (room.address.clone(), room.epoch, page.events);
            frame = ServerFrame::Events { room, epoch, events, more: false };
        }
    }

    /// Tells the latest messages, in one frame that stands for everything before it.
    async fn snapshot(&self, room: &RoomInfo, joined: Joined) -> Result<(), Error> {
        loop {
            let mut events = self.chat.store.before(room, None, SNAPSHOT_EVENTS).await?;
            events.drain(..events.len() - fitting(events.iter().rev()));
            let seq = events.last().map_or(Seq::ZERO, |last| last.seq);
            let events = events.into_iter().map(RoomEvent::Posted).collect();
            let frame = ServerFrame::Joined(Joined { seq, snapshot: true, events, ..joined.clone() });
            if self.chat.hub.release(self.connection, room.id, seq, frame).await?.is_ok() {
                return Ok(());
            }
            // More came meanwhile than could be held back: the latest are others now.
        }
    }

    async fn page(&self, room: &RoomInfo, after: Seq) -> Result<Page, Error> {
        let mut events = self.chat.store.after(room, after, HISTORY_EVENTS).await?;
        let found = events.len();
        events.truncate(fitting(events.iter()));
        Ok(Page {
            end: events.last().map_or(after, |last| last.seq),
            more: events.len() < found || found == usize::from(HISTORY_EVENTS),
            events: events.into_iter().map(RoomEvent::Posted).collect(),
        })
    }
}

/// Consecutive events of a log, about [`PAGE_BYTES`] at most.
struct Page {
    events: Vec<RoomEvent>,
    /// The last of them, or the position they would follow.
    end: Seq,
    /// There are further ones, as far as is known.
    more: bool,
}

/// How many of these events fit into a page: at least one.
pub(super) fn fitting<'a>(events: impl Iterator<Item = &'a Posted>) -> usize {
    let mut bytes = 0;
    let mut count = 0;
    for event in events {
        bytes += event.content.as_str().len() + EVENT_OVERHEAD;
        if bytes > PAGE_BYTES && count > 0 {
            break;
        }
        count += 1;
    }
    count
}
