//! What one device was sent of private rooms, for the question whether it should have been.

use std::collections::{BTreeMap, BTreeSet};

use shared::account::Preferences;
use shared::{Events, History, Hit, Joined, Messages, RoomAddress, RoomEvent, RoomRole, Seq, ServerFrame};

/// What a device was sent of one private room.
#[derive(Debug, Default)]
pub struct Seen {
    /// Events that came live.
    pub live: BTreeSet<Seq>,
    /// Events that an answer held, each with the least position that the room certainly had when it was answered.
    pub read: BTreeMap<Seq, Seq>,
    /// Events that a search found.
    pub found: BTreeSet<Seq>,
    /// How far the device followed the room whenever it was told that it is no member.
    pub denied: BTreeSet<Seq>,
    /// Events of an answer in several frames, the last of which has not come.
    open: Vec<Seq>,
    /// Whether this connection follows the room.
    inside: bool,
    /// Whether this connection was told that the membership ended, and of no new one since.
    dismissed: bool,
    role: RoomRole,
}

/// What a device was sent of all private rooms.
#[derive(Debug, Default)]
pub struct Sightings(BTreeMap<RoomAddress, Seen>);

impl Sightings {
    /// Records a frame, and returns whether it tells of private rooms. `head` is how far the device follows its room.
    ///
    /// # Errors
    /// The frame must not have been sent on this connection, whatever the log says.
    pub fn look(&mut self, frame: &ServerFrame, head: Seq) -> Result<bool, String> {
        if let ServerFrame::SearchResults(results) = frame {
            return results.hits.iter().try_for_each(|hit| self.find(hit)).map(|()| true);
        }
        if let ServerFrame::Preferences(preferences) = frame {
            return self.preferred(preferences).map(|()| true);
        }
        let Some(room) = private_room(frame) else { return Ok(false) };
        let seen = self.0.entry(room.clone()).or_default();
        let must = |is_so: bool| {
            if is_so { Ok(()) } else { Err(format!("is not in {room} and was sent {frame:?}")) }
        };
        let as_it_must = match frame {
            ServerFrame::Event(event) => {
                seen.live.insert(event.seq());
                must(seen.inside)
            }
            ServerFrame::Joined(joined) => {
                seen.joined(joined);
                Ok(())
            }
            ServerFrame::Events(Events { events, more, .. }) => {
                seen.part(events, None, *more);
                must(seen.inside)
            }
            ServerFrame::History(History { events, end, .. }) => {
                seen.answer(places(events), head.max(*end));
                must(seen.inside)
            }
            ServerFrame::Messages(Messages { events, .. }) => {
                seen.answer(places(events), head);
                must(seen.inside)
            }
            ServerFrame::Entered { .. } => {
                seen.dismissed = false;
                Ok(())
            }
            // The answer to the one who leaves may come before or after what all of their devices are told.
            ServerFrame::Left { id: Some(_), .. } => Ok(()),
            ServerFrame::Left { .. } => {
                (seen.inside, seen.dismissed) = (false, true);
                Ok(())
            }
            ServerFrame::Standing { role, .. } => {
                seen.role = *role;
                must(!seen.dismissed)
            }
            ServerFrame::Read { .. } => must(!seen.dismissed),
            ServerFrame::Rooms { .. } | ServerFrame::RoomChanged(_) | ServerFrame::RoomRemoved { .. } => {
                Err(format!("was sent {room} in the list of rooms"))
            }
            _ => must(seen.inside),
        };
        as_it_must.map(|()| true)
    }

    fn find(&mut self, hit: &Hit) -> Result<(), String> {
        let Some(room) = hit.message.room().filter(|room| room.is_private()) else { return Ok(()) };
        let seen = self.0.entry(room.clone()).or_default();
        seen.found.extend(places(std::slice::from_ref(&hit.message)));
        if seen.dismissed { Err(format!("is not in {room} and found {:?}", hit.message)) } else { Ok(()) }
    }

    fn preferred(&self, preferences: &Preferences) -> Result<(), String> {
        let mut rooms = preferences.favourites.iter().chain(&preferences.muted);
        let hidden = rooms.find(|room| self.0.get(room).is_some_and(|seen| seen.dismissed));
        hidden.map_or(Ok(()), |room| Err(format!("is not in {room} and was sent {preferences:?}")))
    }

    /// The connection has ended.
    pub fn disconnected(&mut self) {
        for seen in self.0.values_mut() {
            (seen.inside, seen.dismissed) = (false, false);
            seen.open.clear();
        }
    }

    /// The device was told that it is no member, and follows the room up to `head`.
    pub fn denied(&mut self, room: &RoomAddress, head: Seq) {
        self.0.entry(room.clone()).or_default().denied.insert(head);
    }

    /// Whether this connection follows the room.
    pub fn is_inside(&self, room: &RoomAddress) -> bool {
        self.0.get(room).is_some_and(|seen| seen.inside)
    }

    /// What the device was last told that the user is in a room.
    pub fn role(&self, room: &RoomAddress) -> RoomRole {
        self.0.get(room).map(|seen| seen.role).unwrap_or_default()
    }

    /// Everything that was seen, by room.
    pub const fn rooms(&self) -> &BTreeMap<RoomAddress, Seen> {
        &self.0
    }
}

impl Seen {
    fn joined(&mut self, joined: &Joined) {
        (self.inside, self.dismissed, self.role) = (true, false, joined.role);
        self.open.clear();
        self.part(&joined.events, Some(joined.seq), joined.more);
    }

    /// A part of an answer, which leads to the position `to` or to its last event.
    fn part(&mut self, events: &[RoomEvent], to: Option<Seq>, more: bool) {
        self.open.extend(places(events).chain(to));
        if !more {
            let all = std::mem::take(&mut self.open);
            let end = all.iter().copied().max().unwrap_or_default();
            self.answer(all.into_iter(), end);
        }
    }

    fn answer(&mut self, places: impl Iterator<Item = Seq>, at_least: Seq) {
        for place in places {
            let known = self.read.entry(place).or_insert(at_least);
            *known = at_least.min(*known);
        }
    }
}

/// The positions that events tell of: their own, and that of the last change that they contain.
fn places(events: &[RoomEvent]) -> impl Iterator<Item = Seq> {
    events.iter().flat_map(|event| {
        let changed = match event {
            RoomEvent::Posted(posted) => posted.changed_seq,
            RoomEvent::Changed(_) | RoomEvent::Unknown { .. } => None,
        };
        std::iter::once(event.seq()).chain(changed)
    })
}

/// The private room that a frame tells of, if it tells more than that a request was refused or a write is stored.
fn private_room(frame: &ServerFrame) -> Option<&RoomAddress> {
    let room = match frame {
        ServerFrame::Event(event) => event.room()?,
        ServerFrame::Joined(joined) => &joined.room,
        ServerFrame::Events(events) => &events.room,
        ServerFrame::History(history) => &history.room,
        ServerFrame::Messages(messages) => &messages.room,
        ServerFrame::Versions(versions) => &versions.room,
        ServerFrame::Reactors(reactors) => &reactors.room,
        ServerFrame::RoomChanged(summary) => &summary.room,
        ServerFrame::Rooms { rooms, .. } => {
            return rooms.iter().map(|one| &one.room).find(|one| one.is_private());
        }
        ServerFrame::Typing { room, .. }
        | ServerFrame::UserJoined { room, .. }
        | ServerFrame::UserLeft { room, .. }
        | ServerFrame::Presence { room, .. }
        | ServerFrame::Entered { room, .. }
        | ServerFrame::Left { room, .. }
        | ServerFrame::Standing { room, .. }
        | ServerFrame::Restrictions { room, .. }
        | ServerFrame::RoomRemoved { room }
        | ServerFrame::Members { room, .. }
        | ServerFrame::MemberCounts { room, .. }
        | ServerFrame::Read { room, .. } => room,
        _ => return None,
    };
    Some(room).filter(|room| room.is_private())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> ServerFrame {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_comes_after_a_dismissal_is_told() {
        let mut sightings = Sightings::default();
        let left = frame(r#"{"type":"left","room":"~a"}"#);
        let read = frame(
            r#"{"type":"read","room":"~a","seq":1,"unread":{"messages":0,"mentions":0,"counted_seq":1}}"#,
        );
        let typing = frame(
            r#"{"type":"typing","room":"~a","user":"b","user_id":"6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad","is_typing":true}"#,
        );
        assert!(sightings.look(&read, Seq(1)).is_ok(), "nothing is known against it");
        assert!(sightings.look(&typing, Seq(1)).is_err(), "this connection has not joined");
        sightings.look(&left, Seq(1)).unwrap();
        assert!(sightings.look(&read, Seq(1)).is_err());
        let preferred = frame(r#"{"type":"preferences","favourites":["b"],"muted":["~a"],"blocked":[]}"#);
        assert!(sightings.look(&preferred, Seq(1)).is_err());
        sightings.look(&frame(r#"{"type":"entered","room":"~a"}"#), Seq(1)).unwrap();
        assert!(sightings.look(&preferred, Seq(1)).is_ok());
        assert!(sightings.look(&read, Seq(1)).is_ok());
        let list = frame(r#"{"type":"room_changed","room":"~b","member_count":1}"#);
        assert!(sightings.look(&list, Seq(1)).is_err());
    }

    #[test]
    fn an_answer_in_parts_is_as_late_as_its_end() {
        let mut seen = Seen::default();
        let event = |seq| RoomEvent::Unknown { seq: Seq(seq), kind: "new".to_owned() };
        seen.part(&[event(3)], Some(Seq(3)), true);
        assert!(seen.read.is_empty());
        seen.part(&[event(4)], None, false);
        assert_eq!(seen.read, BTreeMap::from([(Seq(3), Seq(4)), (Seq(4), Seq(4))]));
    }
}
