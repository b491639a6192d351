//! Read marks, which belong to the user and not to a connection, and the resolution of mentions.

use shared::mention::{self, Call, Called};
use shared::{Mentions, RequestId, Seq, ServerFrame, UnreadCount};

use super::message::{Mark, Marked, NotTold};
use super::state::State;
use super::user::User;
use crate::delivery::encode;
use crate::delivery::outbox::Priority;
use crate::room::RoomId;

impl State {
    /// Moves the read mark of a connection's user. Returns `None` if they are not in the room.
    pub fn move_mark(&mut self, connection: usize, id: RoomId, to: Mark) -> Option<Marked> {
        let user = self.connections.get(connection)?.user;
        let room = self.rooms.get_mut(&id)?;
        let head = room.head;
        let member = room.members.get_mut(&user)?;
        let known = member.read.unwrap_or(Seq::ZERO);
        let read = match to {
            Mark::Forward(seq) => known.max(seq.min(head.unwrap_or(Seq::ZERO))),
            Mark::To(seq) => seq.min(head.unwrap_or(Seq::ZERO)),
            Mark::Stay => known,
            Mark::Unless(seq) => member.read.unwrap_or(seq),
        };
        let moved = member.read != Some(read);
        member.read = Some(read);
        if moved && self.users.get(&user).is_some_and(User::is_stored) {
            self.changes.reads.insert((id, user), read);
        }
        Some(Marked { read, head, moved })
    }

    /// Sends the read mark and the unread count to all connections of a user; to the asking one as the answer to `id`.
    ///
    /// # Errors
    /// The mark moved, so the count is outdated; or the user is not in the room any more.
    pub fn tell_read(
        &mut self,
        connection: usize,
        id: RoomId,
        read: Seq,
        unread: UnreadCount,
        request: Option<RequestId>,
    ) -> Result<(), NotTold> {
        let Some(person) = self.connections.get(connection).map(|entry| entry.user) else { return Ok(()) };
        let room = self.rooms.get_mut(&id).ok_or(NotTold::Left)?;
        let user = self.users.get(&person).ok_or(NotTold::Left)?;
        let member = room.members.get(&person).ok_or(NotTold::Left)?;
        if let Some(now) = member.read.filter(|&now| now != read) {
            return Err(NotTold::Moved(now));
        }
        // Counted events must arrive before the count.
        room.seal(&mut self.turn);
        let frame = |id| ServerFrame::Read { room: room.info.address.clone(), seq: read, unread, id };
        let bytes = encode::text(&frame(None));
        for &other in user.connections.iter().filter(|&&other| other != connection) {
            let handle = &self.connections[other].handle;
            if room.has_subscriber(other) {
                self.turn.tell(handle, &bytes);
            }
        }
        if let Some(asking) = self.connections.get(connection) {
            self.turn.append(&asking.handle, encode::text(&frame(request)), Priority::Answer);
        }
        Ok(())
    }

    /// Resolves the mentions in a text to members of the room.
    pub fn find_mentions(&self, id: RoomId, calls: &[Call]) -> Mentions {
        let Some(room) = self.rooms.get(&id) else { return Mentions::default() };
        let member = |key: &str| self.names.owner(key).filter(|user| room.members.contains_key(user));
        let mut mentions = Mentions::default();
        for (_, called) in mention::resolve(calls, member) {
            match called {
                Called::Room => mentions.room = true,
                Called::Person(user) if !mentions.users.contains(&user) => mentions.users.push(user),
                Called::Person(_) => {}
            }
        }
        mentions
    }
}
