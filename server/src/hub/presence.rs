//! Joins, leaves and presence of a room: sent immediately while the room is small, as counts once a second when it is
//! big. At most one status change per second and user.

use std::collections::HashMap;

use shared::limits::DEMO_CHANGES_PER_SECOND;
use shared::{PresenceStatus, RoomRole, Seq, ServerFrame, UserId, UserName};

use super::room::{Audience, Membership, Room};
use super::turn::Turn;
use crate::delivery::outbox::Priority;

/// Changes to announce with the next second.
#[derive(Debug, Default)]
pub struct Presence {
    /// Users whose status changed, with the status that was announced last.
    changed: HashMap<UserId, PresenceStatus>,
    /// Whether the counts of a big room changed.
    counts: bool,
    /// Individual changes of a big room for demo clients, at most [`DEMO_CHANGES_PER_SECOND`].
    unrolled: Vec<(UserId, ServerFrame)>,
}

impl Presence {
    /// Whether there is nothing to announce.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && !self.counts && self.unrolled.is_empty()
    }
}

impl Room {
    /// Adds a member and tells the others, with the status unless it is `Online`, as expected of a user who joins.
    /// Returns `false` if the user was a member already.
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
        let (role, closed) = (RoomRole::Member, false);
        self.members.insert(user, Membership { name: name.clone(), status, read, role, closed });
        let frame = ServerFrame::UserJoined {
            room: self.info.address.clone(),
            user: name.clone(),
            user_id: user,
            timestamp: turn.wall,
            member_count: Some(self.members.len() as u64),
        };
        self.tell(user, frame, Priority::Live, turn);
        if status != PresenceStatus::Online {
            let frame = self.presence_frame(user, turn);
            self.tell_presence(user, frame, turn);
        }
        true
    }

    /// Sets what a member is in the room.
    pub fn set_role(&mut self, user: UserId, role: RoomRole) {
        if let Some(member) = self.members.get_mut(&user) {
            member.role = role;
        }
    }

    /// Removes a member and tells the others. Returns `false` if the user was not a member.
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
        self.tell(user, frame, Priority::Live, turn);
        true
    }

    /// Records a member's status. It is announced with the next second if it still differs then.
    pub fn set_status(&mut self, user: UserId, status: PresenceStatus) {
        let Some(member) = self.members.get_mut(&user) else { return };
        if member.status != status {
            self.presence.changed.entry(user).or_insert(member.status);
            member.status = status;
        }
    }

    /// Announces immediately that a member went offline: a demo client disconnected, or the connection closed cleanly.
    pub fn go_offline(&mut self, user: UserId, turn: &mut Turn) {
        let Some(member) = self.members.get_mut(&user) else { return };
        let told = self.presence.changed.remove(&user).unwrap_or(member.status);
        member.status = PresenceStatus::Offline;
        if told != PresenceStatus::Offline {
            let frame = self.presence_frame(user, turn);
            self.tell_presence(user, frame, turn);
        }
    }

    /// Once a second: announces the collected changes.
    pub fn tell_changes(&mut self, turn: &mut Turn) {
        let mut frames = Vec::new();
        for (user, told) in std::mem::take(&mut self.presence.changed) {
            if self.members.get(&user).is_some_and(|member| member.status != told) {
                frames.extend(self.presence_frame(user, turn).map(|frame| (user, frame)));
            }
        }
        if self.is_big() {
            for (user, frame) in frames {
                self.tell(user, frame, Priority::Ephemeral, turn);
            }
        } else {
            self.say_all(&frames, Audience::Everyone, Priority::Ephemeral, turn);
        }
        if std::mem::take(&mut self.presence.counts) {
            let online = self.members.values().filter(|m| m.status != PresenceStatus::Offline).count();
            let frame = ServerFrame::MemberCounts {
                room: self.info.address.clone(),
                member_count: self.members.len() as u64,
                online_count: online as u64,
                timestamp: turn.wall,
            };
            self.say(&frame, Audience::Current, None, Priority::Ephemeral, turn);
        }
        let unrolled = std::mem::take(&mut self.presence.unrolled);
        self.say_all(&unrolled, Audience::Demo, Priority::Ephemeral, turn);
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
            self.tell(user, frame, Priority::Ephemeral, turn);
        }
    }

    fn tell(&mut self, user: UserId, frame: ServerFrame, priority: Priority, turn: &mut Turn) {
        if !self.is_big() {
            self.say(&frame, Audience::Everyone, Some(user), priority, turn);
            return;
        }
        self.presence.counts = true;
        self.say_to_watchers(user, &frame, turn);
        if self.presence.unrolled.len() < DEMO_CHANGES_PER_SECOND {
            self.presence.unrolled.push((user, frame));
        }
    }
}
