//! The audit log: who did what to whom, for administrators.

use serde::{Deserialize, Serialize};
use shared::account::{Role, SignUp};
use shared::{Person, RestrictionKind, RoomRole, Seq, ShortText, Timestamp, Whom};

/// Something that a moderator, administrator or owner did, or whoever runs the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Ended somebody's membership.
    RemoveMember {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ShortText>,
    },
    Restrict {
        kind: RestrictionKind,
        /// `None`: until it is lifted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ShortText>,
    },
    LiftRestriction {
        kind: RestrictionKind,
    },
    SetRoomRole {
        role: RoomRole,
    },
    /// Changed how a room is used; what stayed as it was is `None`.
    EditRoom {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slow_seconds: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        archived: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        permanent: Option<bool>,
    },
    /// Deleted what somebody else wrote.
    DeleteMessage {
        seq: Seq,
    },
    /// Settled a report of a message of the member.
    ResolveReport {
        report: u64,
        seq: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<ShortText>,
    },
    Announce,
    /// Banned the member, or an address, from the server.
    Ban {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// `None`: until it is lifted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ShortText>,
    },
    LiftBan {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Gave an account another role.
    SetRole {
        role: Role,
    },
    /// Disabled an account, or enabled it again.
    SetDisabled {
        disabled: bool,
    },
    /// Decided who may come in; what stayed as it was is `None`.
    ChangeEntrance {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guests: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sign_up: Option<SignUp>,
    },
}

/// Who decided something about the installation, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// `None`: whoever runs the server.
    pub by: Option<Person>,
    pub timestamp: Timestamp,
}

/// An entry of the audit log. Rooms and people are named as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Increases with time.
    pub id: u64,
    pub timestamp: Timestamp,
    /// `None`: whoever runs the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    #[serde(flatten)]
    pub act: Act,
    /// The address of the room, if it happened in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// To whom it was done, if to somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Person>,
}

/// Which entries of the audit log to return; `None` allows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The `act`.
    pub act: Option<String>,
    /// Who did it; a name is that of then.
    pub by: Option<Whom>,
    /// To whom it was done.
    pub member: Option<Whom>,
    /// The address of the room.
    pub room: Option<String>,
    /// Not before this time.
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
}
