//! Reports of messages.

use std::sync::Arc;

use shared::{Epoch, Person, Seq, ShortText, Timestamp, UserId};

use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;

/// A message that somebody reports.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub room: Arc<RoomInfo>,
    /// The message.
    pub target: Seq,
    pub by: Person,
    pub reason: Option<ShortText>,
    /// When the server received it.
    pub timestamp: Timestamp,
}

/// A report that somebody settles.
#[derive(Debug, Clone)]
pub struct ResolvedReport {
    pub id: u64,
    pub room: Arc<RoomInfo>,
    pub by: Person,
    pub note: Option<ShortText>,
    /// Whether the author of the message may settle it too.
    pub also_own: bool,
    pub timestamp: Timestamp,
    /// The current server time.
    pub at: ServerTime,
}

/// Which reports to return; `None` allows all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportFilter {
    pub room: Option<RoomId>,
    /// Those that are open, or those that are not.
    pub open: Option<bool>,
    /// Those about messages of others.
    pub not_about: Option<UserId>,
}

/// The open reports of a room: how many are about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReports {
    pub room: RoomId,
    pub epoch: Epoch,
    pub about: About,
}

/// Numbers of reports by whom they are about.
pub type About = Vec<(UserId, u32)>;
