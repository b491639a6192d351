//! The lines of a download, one JSON object each.

use serde::Serialize;
use shared::account::{Account, Preferences, Profile, Role};
use shared::report::Report;
use shared::{
    Epoch, MessageText, RoomAddress, RoomEvent, Seq, SessionId, ShortText, Timestamp, UserId, UserName,
};
use uuid::Uuid;

use crate::room::RoomInfo;
use crate::store::{AuthoredEvent, Bond, Link, LinkKind, OpenSession, RoomLink};

/// Lines that were not sent yet, and how many there were.
#[derive(Default)]
pub(super) struct Lines {
    waiting: Vec<u8>,
    written: u64,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Account {
        user_id: UserId,
        name: UserName,
        role: Role,
        created_at: Timestamp,
        #[serde(skip_serializing_if = "Option::is_none")]
        mail: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        mail_waiting: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        profile: Option<Profile>,
        /// Those that nobody else gets yet.
        former_names: Vec<UserName>,
        exported_at: Timestamp,
    },
    Preferences(Preferences),
    Session {
        id: SessionId,
        /// The one that asked.
        current: bool,
        user_agent: Option<String>,
        address: Option<String>,
        opened_at: Option<Timestamp>,
        used_at: Option<Timestamp>,
    },
    Link {
        id: Uuid,
        kind: &'static str,
        /// Otherwise somebody else made it for the account.
        own: bool,
        made_at: Timestamp,
        expires_at: Timestamp,
        uses_left: Option<u32>,
    },
    RoomLink {
        id: Uuid,
        room: &'a RoomAddress,
        made_at: Timestamp,
        expires_at: Timestamp,
        uses_left: u32,
    },
    Report {
        room: &'a RoomAddress,
        /// Of the message, which is somebody else's.
        seq: Seq,
        reason: Option<&'a ShortText>,
        timestamp: Timestamp,
        open: bool,
    },
    Room {
        room: &'a RoomAddress,
        /// Of a private room that they are a member of.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a ShortText>,
        epoch: Epoch,
        member: bool,
        read_seq: Option<Seq>,
    },
    End {
        /// Lines before this one.
        lines: u64,
    },
}

#[derive(Serialize)]
struct Event<'a> {
    #[serde(flatten)]
    event: &'a RoomEvent,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a MessageText>,
}

impl Lines {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes the lines out.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.waiting)
    }

    pub(super) fn account(&mut self, account: Account, former_names: Vec<UserName>, exported_at: Timestamp) {
        let Account { user_id, name, role, created_at, mail, mail_waiting, profile, .. } = account;
        let profile = (profile != Profile::default()).then_some(profile);
        self.push(&Line::Account {
            user_id,
            name,
            role,
            created_at,
            mail,
            mail_waiting,
            profile,
            former_names,
            exported_at,
        });
    }

    pub(super) fn preferences(&mut self, preferences: Preferences) {
        if preferences != Preferences::default() {
            self.push(&Line::Preferences(preferences));
        }
    }

    pub(super) fn session(&mut self, session: OpenSession, current: bool) {
        self.push(&Line::Session {
            id: session.id,
            current,
            user_agent: session.device.user_agent,
            address: session.device.address.map(|address| address.to_string()),
            opened_at: session.opened_at,
            used_at: session.used_at,
        });
    }

    /// Whom a link for a password is for is told to nobody but them.
    pub(super) fn link(&mut self, link: &Link, user: UserId) {
        let kind = match link.kind {
            LinkKind::Owner => "owner",
            LinkKind::Invitation => "invitation",
            LinkKind::Reset(_) => "password",
            LinkKind::Mail(..) => "mail",
        };
        let &Link { id, made_by, made_at, expires_at, uses_left, .. } = link;
        self.push(&Line::Link { id, kind, own: made_by == Some(user), made_at, expires_at, uses_left });
    }

    pub(super) fn room_link(&mut self, link: &RoomLink) {
        let &RoomLink { id, ref room, made_at, expires_at, uses_left, .. } = link;
        self.push(&Line::RoomLink { id, room: &room.address, made_at, expires_at, uses_left });
    }

    /// What was reported is told to nobody but who settles it.
    pub(super) fn report(&mut self, report: &Report) {
        let Report { room, seq, reason, timestamp, resolved, .. } = report;
        let (seq, timestamp, open) = (*seq, *timestamp, resolved.is_none());
        self.push(&Line::Report { room, seq, reason: reason.as_ref(), timestamp, open });
    }

    pub(super) fn room(&mut self, room: &RoomInfo, bond: Option<&Bond>) {
        let (member, read_seq) = bond.map_or((false, None), |bond| (bond.member, bond.read));
        let title = room.details.title.as_ref().filter(|_| member);
        self.push(&Line::Room { room: &room.address, title, epoch: room.epoch, member, read_seq });
    }

    pub(super) fn event(&mut self, AuthoredEvent { event, original }: AuthoredEvent) {
        self.push(&Event { event: &event, original: original.as_ref() });
    }

    pub(super) fn end(&mut self) {
        self.push(&Line::End { lines: self.written });
    }

    fn push(&mut self, line: &impl Serialize) {
        // What has only texts as keys can be written to memory.
        if serde_json::to_writer(&mut self.waiting, line).is_ok() {
            self.waiting.push(b'\n');
            self.written += 1;
        }
    }
}
