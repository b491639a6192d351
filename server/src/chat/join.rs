//! Joining and leaving: subscribe first, then read the log, so that nothing is missed and nothing comes twice.

use std::collections::VecDeque;

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
            self.chat.hub.leave(self.connection, room.id).await?;
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
        let (snapshot, start, events) = self.missed(room, subscribed.head, since).await?;
        let mut at = events.last().map_or(start, |last| last.seq);
        let mut pages = pages(events);
        let first = pages.pop_front().unwrap_or_default();
        let mut frame = ServerFrame::Joined(Joined {
            room: room.address.clone(),
            epoch: room.epoch,
            seq: first.last().map_or(start, RoomEvent::seq),
            read_seq: subscribed.read,
            snapshot,
            events: first,
            more: false,
            member_count: subscribed.member_count,
            members: Vec::new(),
            id,
        });
        loop {
            let next = match pages.pop_front() {
                Some(page) => page,
                None => match self.chat.hub.release(self.connection, room.id, at, frame.clone()).await? {
                    Ok(()) => return Ok(()),
                    // More came than could be held back; it is in the log.
                    Err(_) => {
                        let events = self.chat.store.after(room, at, HISTORY_EVENTS).await?;
                        at = events.last().map_or(at, |last| last.seq);
                        pages = self::pages(events);
                        pages.pop_front().unwrap_or_default()
                    }
                },
            };
            match &mut frame {
                ServerFrame::Joined(Joined { more, .. }) | ServerFrame::Events { more, .. } => *more = true,
                _ => {}
            }
            self.link.answer(&frame);
            self.link.outbox.drained().await;
            frame = ServerFrame::Events {
                room: room.address.clone(),
                epoch: room.epoch,
                events: next,
                more: false,
            };
        }
    }

    /// Whether the client needs a fresh snapshot; the position that the events follow; the events.
    async fn missed(
        &self,
        room: &RoomInfo,
        head: Option<Seq>,
        since: Option<Position>,
    ) -> Result<(bool, Seq, Vec<Posted>), Error> {
        let since = since.filter(|position| position.epoch == room.epoch).map(|position| position.seq);
        if let Some(seq) = since.filter(|&seq| Some(seq) == head) {
            return Ok((false, seq, Vec::new()));
        }
        if let Some(seq) = since {
            let head = self.chat.store.head(room.id).await?;
            if seq <= head && head.0 - seq.0 <= RESUME_EVENTS {
                let events = self.chat.store.after(room, seq, RESUME_EVENTS as u16).await?;
                return Ok((false, seq, events));
            }
        }
        let events = self.chat.store.before(room, None, SNAPSHOT_EVENTS).await?;
        Ok((true, Seq::ZERO, events))
    }
}

/// Cuts events into pages of about [`PAGE_BYTES`].
fn pages(events: Vec<Posted>) -> VecDeque<Vec<RoomEvent>> {
    let mut pages = VecDeque::new();
    let (mut page, mut bytes) = (Vec::new(), 0);
    for event in events {
        let size = size(&event);
        if bytes + size > PAGE_BYTES && !page.is_empty() {
            pages.push_back(std::mem::take(&mut page));
            bytes = 0;
        }
        bytes += size;
        page.push(RoomEvent::Posted(event));
    }
    if !page.is_empty() {
        pages.push_back(page);
    }
    pages
}

/// What an event takes on the wire, in bytes, roughly.
pub(super) fn size(event: &Posted) -> usize {
    event.content.as_str().len() + EVENT_OVERHEAD
}
