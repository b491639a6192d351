//! Who may do what in a room: one table decides, and docs/permissions.md is made from it.

use shared::account::Role;
use shared::{Privilege, RoomKind, RoomRole};

/// Something that is done to or in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Create a room of this kind.
    Create,
    /// Come in without having been invited.
    Join,
    /// Read what is in it: messages, members, pins, versions, search.
    Read,
    /// Write, reply, react, pin, and change or delete one's own messages.
    Write,
    Leave,
    Invite,
    RemoveMember,
    SetRoomRole,
    EditRoom,
    /// Delete what somebody else wrote.
    DeleteMessage,
    /// Ban and mute members, lift that again, and see who is restricted.
    Restrict,
    /// Make members wait between two messages, and not wait oneself.
    SlowMode,
    /// Close the room for writing, or open it again.
    Archive,
    /// Keep the room when nobody is in it.
    KeepRoom,
    /// Report a message of somebody else.
    Report,
    /// See reports of messages, and settle them.
    SeeReports,
    /// Make a link that lets people in.
    Link,
}

/// The least that somebody must be. Each may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Least {
    /// A guest too.
    Anybody,
    /// Somebody with an account.
    Account,
    /// A moderator of the room, or an administrator or owner of the installation.
    Moderator,
    /// An administrator or owner of the installation.
    Admin,
    /// Nobody: it makes no sense in rooms of this kind.
    Nobody,
}

/// Who somebody is, for a decision about one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The role in the installation; `None` for a guest.
    pub role: Option<Role>,
    pub room_role: RoomRole,
}

impl Standing {
    /// Orders people in a room: nobody removes or restricts somebody of a higher rank.
    pub fn rank(self) -> (Option<Role>, RoomRole) {
        match self.role {
            Some(role) if role >= Role::Admin => (Some(role), RoomRole::Member),
            // Members of the installation and guests differ by their role in the room only.
            _ => (None, self.room_role),
        }
    }
}

/// For each action, what one must be in a public room, in a private one, and in a direct conversation. Of the last two all
/// of it is for members only: to everybody else they do not exist.
pub const TABLE: [(Action, Least, Least, Least); 17] = [
    (Action::Create, Least::Anybody, Least::Account, Least::Account),
    (Action::Join, Least::Anybody, Least::Nobody, Least::Nobody),
    (Action::Read, Least::Anybody, Least::Anybody, Least::Anybody),
    (Action::Write, Least::Anybody, Least::Anybody, Least::Anybody),
    (Action::Leave, Least::Anybody, Least::Anybody, Least::Anybody),
    (Action::Invite, Least::Nobody, Least::Account, Least::Nobody),
    (Action::RemoveMember, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::SetRoomRole, Least::Admin, Least::Moderator, Least::Nobody),
    (Action::EditRoom, Least::Account, Least::Account, Least::Nobody),
    (Action::DeleteMessage, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::Restrict, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::SlowMode, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::Archive, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::KeepRoom, Least::Admin, Least::Admin, Least::Nobody),
    (Action::Report, Least::Anybody, Least::Anybody, Least::Anybody),
    (Action::SeeReports, Least::Moderator, Least::Moderator, Least::Nobody),
    (Action::Link, Least::Moderator, Least::Account, Least::Nobody),
];

impl Action {
    /// Returns the least that somebody must be to do this in a room of that kind.
    pub fn least(self, kind: RoomKind) -> Least {
        let row = TABLE.iter().find(|(action, ..)| *action == self);
        row.map_or(Least::Nobody, |&(_, public, private, direct)| match kind {
            RoomKind::Public => public,
            RoomKind::Private => private,
            RoomKind::Direct => direct,
        })
    }

    /// Returns whether somebody may do this in a room of that kind.
    pub fn is_allowed(self, kind: RoomKind, who: Standing) -> bool {
        let is_admin = who.role >= Some(Role::Admin);
        match self.least(kind) {
            Least::Anybody => true,
            Least::Account => who.role.is_some(),
            Least::Moderator => is_admin || who.room_role == RoomRole::Moderator,
            Least::Admin => is_admin,
            Least::Nobody => false,
        }
    }
}

/// The actions that a client is told of, so that it offers what is possible.
const TOLD: [(Privilege, Action); 10] = [
    (Privilege::Invite, Action::Invite),
    (Privilege::RemoveMember, Action::RemoveMember),
    (Privilege::SetRoomRole, Action::SetRoomRole),
    (Privilege::EditRoom, Action::EditRoom),
    (Privilege::DeleteMessage, Action::DeleteMessage),
    (Privilege::Restrict, Action::Restrict),
    (Privilege::SlowMode, Action::SlowMode),
    (Privilege::Archive, Action::Archive),
    (Privilege::KeepRoom, Action::KeepRoom),
    (Privilege::Link, Action::Link),
];

/// Returns what somebody may do in a room beyond reading and writing.
pub fn privileges(kind: RoomKind, who: Standing) -> Vec<Privilege> {
    let allowed = TOLD.iter().filter(|(_, action)| action.is_allowed(kind, who));
    allowed.map(|(privilege, _)| *privilege).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: [(&str, Option<Role>, RoomRole); 5] = [
        ("guest", None, RoomRole::Member),
        ("member", Some(Role::Member), RoomRole::Member),
        ("moderator of the room", Some(Role::Member), RoomRole::Moderator),
        ("admin", Some(Role::Admin), RoomRole::Member),
        ("owner", Some(Role::Owner), RoomRole::Member),
    ];

    const fn about(action: Action) -> (&'static str, &'static str) {
        match action {
            Action::Create => ("create", "create a room of this kind, open a conversation"),
            Action::Join => ("join", "come in without an invitation"),
            Action::Read => ("read", "read messages, members, pins, versions; find them by search"),
            Action::Write => ("write", "write, reply, react, pin; change and delete one's own"),
            Action::Leave => ("leave", "leave; take a conversation out of one's own list"),
            Action::Invite => ("invite", "make somebody a member"),
            Action::RemoveMember => ("remove_member", "end somebody else's membership"),
            Action::SetRoomRole => {
                ("set_room_role", "make somebody a moderator of the room, or not any more")
            }
            Action::EditRoom => ("edit_room", "change title, topic and description"),
            Action::DeleteMessage => ("delete_message", "delete what somebody else wrote"),
            Action::Restrict => ("restrict", "ban and mute members who may not do more, lift it, see who is"),
            Action::SlowMode => ("slow_mode", "make members wait between two messages, and not wait oneself"),
            Action::Archive => ("archive", "close the room for writing, or open it again"),
            Action::KeepRoom => ("keep_room", "keep the room when nobody is in it"),
            Action::Report => ("report", "report a message of somebody else"),
            Action::SeeReports => ("see_reports", "see reports of messages in this room, and settle them"),
            Action::Link => ("link", "make a link that lets people in"),
        }
    }

    /// The tables of docs/permissions.md.
    fn tables() -> String {
        let kinds = [
            (RoomKind::Public, "Public rooms"),
            (RoomKind::Private, "Private rooms, for their members"),
            (RoomKind::Direct, "Direct conversations, for their people"),
        ];
        let table = |(kind, heading): (RoomKind, &str)| {
            let names = WHO.map(|(name, ..)| name).join(" | ");
            let head = format!("| action | | {names} |\n|---|---|{}\n", ":-:|".repeat(WHO.len()));
            let rows = TABLE.map(|(action, ..)| {
                let (name, text) = about(action);
                let cells = WHO.map(|(_, role, room_role)| {
                    if action.is_allowed(kind, Standing { role, room_role }) { "yes" } else { "–" }
                });
                format!("| `{name}` | {text} | {} |\n", cells.join(" | "))
            });
            format!("## {heading}\n\n{head}{}", rows.concat())
        };
        kinds.map(table).join("\n")
    }

    /// `HIROBA_WRITE=1` writes the tables anew.
    #[test]
    fn the_document_is_made_from_the_table() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/permissions.md");
        let document = std::fs::read_to_string(file).unwrap();
        let head = document.split("## Public rooms").next().unwrap();
        let expected = format!("{head}{}", tables());
        if std::env::var_os("HIROBA_WRITE").is_some() {
            std::fs::write(file, &expected).unwrap();
        } else {
            assert_eq!(document, expected, "run this test with HIROBA_WRITE=1");
        }
    }

    #[test]
    fn whoever_may_more_may_also_less() {
        for (action, ..) in TABLE {
            for &kind in RoomKind::ALL {
                let may = |(_, role, room_role)| action.is_allowed(kind, Standing { role, room_role });
                let [guest, member, moderator, admin, owner] = WHO.map(may);
                assert!(guest <= member && member <= admin && admin == owner, "{action:?} {kind:?}");
                assert!(member <= moderator, "{action:?} {kind:?}");
            }
        }
    }
}
