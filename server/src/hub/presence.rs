//! Joins, leaves and presence of a room: told at once while the room is small, as counts once a second when it is
//! big, and never more than one change of status a second and person.

use std::collections::HashMap;

use shared::limits::DEMO_CHANGES_PER_SECOND;
use shared::{PresenceStatus, Seq, ServerFrame, UserId, UserName};

use super::outbox::Kind;
use super::room::{Audience, Membership, Room};
use super::turn::Turn;

/// What is to be told with the next second.
#[derive(Debug, Default)]
pub struct Presence {
    /// Whose status changed, with the status the others were told last.
    changed: HashMap<UserId, PresenceStatus>,
    /// The numbers of a big room changed.
    counts: bool,
    /// Single changes of a big room for the demo's clients, at most [`DEMO_CHANGES_PER_SECOND`].
    unrolled: Vec<(UserId, ServerFrame)>,
}

impl Presence {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && !self.counts && self.unrolled.is_empty()
    }
}

impl Room {
    /// Adds a member and tells the others, with the status unless it is the one that is expected of somebody who
    /// joins. False if they were one already.
    pub fn join(
        &mut self,
        user: UserId,
        name: &UserName,
        status: PresenceStatus,
        read: Option<Seq>,
        turn: &mut Turn,
    ) -> bool {
        if self.members.contains_key(&user) {
            return false;
        }
        self.members.insert(user, Membership { name: name.clone(), status, read });
        let frame = ServerFrame::UserJoined {
            room: self.info.address.clone(),
            user: name.clone(),
            user_id: user,
            timestamp: turn.wall,
            member_count: Some(self.members.len() as u64),
        };
        self.tell(user, frame, Kind::Live, turn);
        if status != PresenceStatus::Online {
            let frame = self.presence_frame(user, turn);
            self.tell_presence(user, frame, turn);
        }
        true
    }

    /// Removes a member and tells the others. False if they were none.
    pub fn leave(&mut self, user: UserId, turn: &mut Turn) -> bool {
        let Some(member) = self.members.remove(&user) else { return false };
        if self.typing.stop(user) {
            self.say_typing(user, &member.name, false, turn);
        }
        self.presence.changed.remove(&user);
        let frame = ServerFrame::UserLeft {
            room: self.info.address.clone(),
            user: member.name,
            user_id: user,
            timestamp: turn.wall,
            member_count: Some(self.members.len() as u64),
        };
        self.tell(user, frame, Kind::Live, turn);
        true
    }

    /// Notes a member's status; the others learn of it with the next second, if it still differs then.
    pub fn set_status(&mut self, user: UserId, status: PresenceStatus) {
        let Some(member) = self.members.get_mut(&user) else { return };
        if member.status != status {
            self.presence.changed.entry(user).or_insert(member.status);
            member.status = status;
        }
    }

    /// Tells at once that a member went offline: the connection of a demo client, or a clean goodbye.
    pub fn go_offline(&mut self, user: UserId, turn: &mut Turn) {
        let Some(member) = self.members.get_mut(&user) else { return };
        let told = self.presence.changed.remove(&user).unwrap_or(member.status);
        member.status = PresenceStatus::Offline;
        if told != PresenceStatus::Offline {
            let frame = self.presence_frame(user, turn);
            self.tell_presence(user, frame, turn);
        }
    }

    /// Once a second: what has changed since.
    pub fn tell_changes(&mut self, turn: &mut Turn) {
        let mut frames = Vec::new();
        for (user, told) in std::mem::take(&mut self.presence.changed) {
            if self.members.get(&user).is_some_and(|member| member.status != told) {
                frames.extend(self.presence_frame(user, turn).map(|frame| (user, frame)));
            }
        }
        if self.is_big() {
            for (user, frame) in frames {
                self.tell(user, frame, Kind::Ephemeral, turn);
            }
        } else {
            self.say_all(&frames, Audience::Everyone, Kind::Ephemeral, turn);
        }
        if std::mem::take(&mut self.presence.counts) {
            let online = self.members.values().filter(|m| m.status != PresenceStatus::Offline).count();
            let frame = ServerFrame::MemberCounts {
                room: self.info.address.clone(),
                member_count: self.members.len() as u64,
                online_count: online as u64,
                timestamp: turn.wall,
            };
            self.say(&frame, Audience::Protocol1, None, Kind::Ephemeral, turn);
        }
        let unrolled = std::mem::take(&mut self.presence.unrolled);
        self.say_all(&unrolled, Audience::Demo, Kind::Ephemeral, turn);
    }

    fn presence_frame(&self, user_id: UserId, turn: &Turn) -> Option<ServerFrame> {
        let member = self.members.get(&user_id)?;
        Some(ServerFrame::Presence {
            room: self.info.address.clone(),
            user: member.name.clone(),
            user_id,
            status: member.status,
            timestamp: turn.wall,
        })
    }

    fn tell_presence(&mut self, user: UserId, frame: Option<ServerFrame>, turn: &mut Turn) {
        if let Some(frame) = frame {
            self.tell(user, frame, Kind::Ephemeral, turn);
        }
    }

    fn tell(&mut self, user: UserId, frame: ServerFrame, kind: Kind, turn: &mut Turn) {
        if !self.is_big() {
            self.say(&frame, Audience::Everyone, Some(user), kind, turn);
            return;
        }
        self.presence.counts = true;
        self.say_to_watchers(user, &frame, turn);
        if self.presence.unrolled.len() < DEMO_CHANGES_PER_SECOND {
            self.presence.unrolled.push((user, frame));
        }
    }
}
