//! Keeping order: removing, banning and muting members, slow mode and archived rooms, announcements.

use std::sync::Arc;
use std::time::Duration;

use shared::account::Role;
use shared::limits::REMOVED_FOR_SECONDS;
use shared::{
    Change, Changed, ErrorCode, Failure, MessageText, Person, RequestId, Restriction, RestrictionKind,
    RoomAddress, RoomKind, RoomRole, ServerFrame, ShortText, UserId, Whom,
};
use tokio::time::Instant;

use super::accounts::whole;
use super::permissions::{Action, Standing, privileges};
use super::{Chat, Session};
use crate::error::Error;
use crate::hub::{Found, Restricted, wall_clock};
use crate::room::RoomInfo;
use crate::store::{Act, MembershipChange, NewMembership, NewRestriction, Outcome, RestrictionChange, Write};

/// A ban or mute that somebody asks for.
pub struct Wanted {
    pub kind: RestrictionKind,
    /// How long; `None`: until it is lifted.
    pub seconds: Option<u32>,
    pub reason: Option<ShortText>,
}

impl Session {
    /// Ends somebody else's membership. Into a public room they may come back after a while.
    ///
    /// # Errors
    /// The user may not, or it cannot be stored.
    pub async fn remove_member(
        &self,
        address: &RoomAddress,
        user: UserId,
        reason: Option<ShortText>,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::RemoveMember).await?;
        self.chat.rates.moderate(self.user)?;
        if let Some((name, _)) = self.chat.hub.member(room.id, user).await? {
            self.check_rank(&room, user).await?;
            let member = Person { user_id: user, user: name };
            if room.kind == RoomKind::Public {
                let seconds = Some(REMOVED_FOR_SECONDS);
                let change = RestrictionChange::Set { seconds, reason, is_removal: true };
                self.set_restriction(&room, member, RestrictionKind::Ban, change).await?;
            } else {
                self.change_membership(&room, member, MembershipChange::Removed { reason }).await?;
            }
        }
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Bans or mutes somebody in a room.
    ///
    /// # Errors
    /// The user may not, the other one is not known, or it cannot be stored.
    pub async fn restrict(
        &self,
        address: &RoomAddress,
        whom: Whom,
        wanted: Wanted,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Restrict).await?;
        self.chat.rates.moderate(self.user)?;
        let Found { person: member, .. } = self.somebody(whom).await?;
        self.check_rank(&room, member.user_id).await?;
        let Wanted { kind, seconds, reason } = wanted;
        let change = RestrictionChange::Set { seconds, reason, is_removal: false };
        self.set_restriction(&room, member, kind, change).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Ends a ban or a mute.
    ///
    /// # Errors
    /// The user may not, nobody of that name is known here, or it cannot be stored.
    pub async fn lift_restriction(
        &self,
        address: &RoomAddress,
        whom: Whom,
        kind: RestrictionKind,
        id: Option<RequestId>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Restrict).await?;
        self.chat.rates.moderate(self.user)?;
        let is_meant = |one: &Restriction| {
            one.kind == kind
                && match &whom {
                    Whom::Id(id) => one.user_id == *id,
                    Whom::Name(name) => one.user.key() == name.key(),
                }
        };
        // A guest may have gone, and an account may have another name by now.
        let restricted = self.chat.restrictions.list(&room, wall_clock()).into_iter().find(is_meant);
        let member = match restricted {
            Some(Restriction { user_id, user, .. }) => Person { user_id, user },
            None => self.somebody(whom).await?.person,
        };
        self.check_rank(&room, member.user_id).await?;
        self.set_restriction(&room, member, kind, RestrictionChange::Lifted).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Lists the bans and mutes of a room.
    ///
    /// # Errors
    /// The user may not.
    pub async fn list_restrictions(&self, address: &RoomAddress, id: Option<RequestId>) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Restrict).await?;
        let restrictions = self.chat.restrictions.list(&room, wall_clock());
        self.answer_in(&room, &ServerFrame::Restrictions { room: address.clone(), restrictions, id })
    }

    /// Tells everybody on the server something.
    ///
    /// # Errors
    /// The user is no administrator, or it cannot be recorded.
    pub async fn announce(&self, content: MessageText, id: Option<RequestId>) -> Result<(), Error> {
        if self.role().await? < Some(Role::Admin) {
            return Err(
                Failure::new(ErrorCode::Forbidden, "only administrators may announce something").into()
            );
        }
        self.chat.rates.moderate(self.user)?;
        let (by, timestamp) = (self.person(), wall_clock());
        let write = Write::Audit { by: by.clone(), act: Act::Announce, timestamp };
        self.chat.settled(write).await?;
        self.chat.hub.announce(ServerFrame::Announcement { by, content, timestamp }).await?;
        self.handle.answer(&ServerFrame::Done { id });
        Ok(())
    }

    /// Checks that the user may write in a room at present.
    pub(super) fn check_silence(&self, room: &RoomInfo) -> Result<(), Error> {
        match self.chat.restrictions.silenced(room, self.user, wall_clock()) {
            None => Ok(()),
            Some(why) => Err(restricted(why, room)),
        }
    }

    /// Checks that the user has paused long enough for a room in slow mode. Who may change the pause need not.
    pub(super) async fn check_pause(&self, room: &RoomInfo) -> Result<(), Error> {
        if !self.chat.restrictions.is_slow(room) || self.may(room, Action::SlowMode).await? {
            return Ok(());
        }
        self.chat.restrictions.pause(room, self.user, Instant::now()).map_err(|left| {
            let message = "members of this room wait between two messages";
            let failure = Failure::new(ErrorCode::SlowMode, message).in_room(room.address.clone());
            Failure { retry_after_ms: Some(rounded_up(left)), ..failure }.into()
        })
    }

    async fn set_restriction(
        &self,
        room: &Arc<RoomInfo>,
        member: Person,
        kind: RestrictionKind,
        change: RestrictionChange,
    ) -> Result<(), Error> {
        let (chat, user) = (self.chat.clone(), member.user_id);
        let new = NewRestriction {
            room: room.clone(),
            by: self.person(),
            member,
            kind,
            change,
            // Found out when nobody can come in any more.
            is_member: false,
            timestamp: wall_clock(),
        };
        whole(async move { chat.set_restriction(new).await }).await?;
        if kind == RestrictionKind::Mute
            && let Some((_, role)) = self.chat.hub.member(room.id, user).await?
        {
            self.chat.tell_standing(room, user, role).await?;
        }
        Ok(())
    }

    /// Checks that somebody is not more in a room than the user who does something to them.
    async fn check_rank(&self, room: &RoomInfo, user: UserId) -> Result<(), Error> {
        if user == self.user {
            return Err(Failure::new(ErrorCode::Forbidden, "you cannot do this to yourself").into());
        }
        let own = Standing { role: self.role().await?, room_role: self.room_role(room, self.user).await? };
        let theirs = Standing {
            role: self.chat.accounts.role(user).await?,
            room_role: self.room_role(room, user).await?,
        };
        if own.rank() >= theirs.rank() {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::Forbidden, "they may do more in this room than you").into())
    }

    async fn room_role(&self, room: &RoomInfo, user: UserId) -> Result<RoomRole, Error> {
        Ok(self.chat.hub.member(room.id, user).await?.map(|(_, role)| role).unwrap_or_default())
    }
}

impl Chat {
    /// Begins or ends a restriction in memory and in the store.
    async fn set_restriction(&self, new: NewRestriction) -> Result<(), Error> {
        let NewRestriction { room, by, member, kind, change, timestamp, .. } = new.clone();
        let (restrictions, Person { user_id, user }) = (&self.restrictions, member);
        let RestrictionChange::Set { seconds, reason, .. } = change else {
            self.settled(Write::Restriction(new)).await?;
            restrictions.lift(&room, user_id, kind);
            return Ok(());
        };
        let all = restrictions.list(&room, timestamp);
        let before = all.into_iter().find(|one| (one.user_id, one.kind) == (user_id, kind));
        let until = seconds.map(|seconds| timestamp.later(Duration::from_secs(seconds.into())));
        // From now on nobody comes in, so that whoever is removed by the write stays out. Whether they are a member is asked
        // after that: somebody who came in since it was asked would stay.
        restrictions.begin(&room, Restriction { user_id, user, kind, until, by, reason, timestamp });
        let stored = self.store_restriction(new).await;
        if stored.is_err() {
            match before {
                Some(before) => restrictions.begin(&room, before),
                None => restrictions.lift(&room, user_id, kind),
            }
        }
        stored
    }

    async fn store_restriction(&self, new: NewRestriction) -> Result<(), Error> {
        let is_member = self.hub.member(new.room.id, new.member.user_id).await?.is_some();
        if new.room.kind == RoomKind::Public && new.kind == RestrictionKind::Ban && is_member {
            // Memberships of public rooms are stored behind.
            self.store_changes().await?;
        }
        self.settled(Write::Restriction(NewRestriction { is_member, ..new })).await
    }

    /// Has a change stored.
    ///
    /// # Errors
    /// The store refused it, or cannot be used.
    pub(super) async fn settled(&self, write: Write) -> Result<(), Error> {
        let room = match &write {
            Write::Membership(NewMembership { room, .. })
            | Write::Restriction(NewRestriction { room, .. }) => Some(room.clone()),
            _ => None,
        };
        let outcome = self.writer.commit(write).await?;
        match (outcome, room) {
            (Outcome::Refused(code), _) => Err(Error::NotStored(code)),
            (Outcome::RoomChanged(events), Some(room)) => {
                for Changed { change, .. } in events {
                    if let Change::RoleChanged { member, role } = change {
                        self.tell_standing(&room, member.user_id, role).await?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Tells somebody what they are in a room and may do there.
    pub(super) async fn tell_standing(
        &self,
        room: &RoomInfo,
        user: UserId,
        room_role: RoomRole,
    ) -> Result<(), Error> {
        let standing = Standing { role: self.accounts.role(user).await?, room_role };
        let may = privileges(room.kind, standing);
        let reports = self.reports.told(room, user, standing);
        Ok(self.hub.tell_standing(room.id, user, room_role, may, reports).await?)
    }
}

/// Returns the error for somebody who may not write or come in.
pub(super) fn restricted(why: Restricted, room: &RoomInfo) -> Error {
    let (code, message, left) = match why {
        Restricted::Banned(left) => (ErrorCode::Banned, "you are banned from this room", left),
        Restricted::Muted(left) => (ErrorCode::Muted, "you are muted in this room", left),
        Restricted::Archived => (ErrorCode::Archived, "this room is archived: it can only be read", None),
    };
    let failure = Failure::new(code, message).in_room(room.address.clone());
    Failure { retry_after_ms: left.map(rounded_up), ..failure }.into()
}

/// In milliseconds, so that whoever waits this long is not refused again.
fn rounded_up(left: Duration) -> u64 {
    left.as_millis() as u64 + 1
}
