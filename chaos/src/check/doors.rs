//! Checks private rooms: what devices were sent of them, what was acknowledged, and what is stored of who is in them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use shared::{ClientMessageId, Command, ErrorCode, RoomAddress, RoomDetails, RoomRole, Seq, UserId, Whom};

use super::{Findings, Truth};
use crate::database::{Database, DoorEvent, Standings, StoredAccount, StoredDoors};
use crate::device::Device;
use crate::doors::{DoorRequest, Outcome};
use crate::world::Complaints;

pub(super) fn compare(
    devices: &[Arc<Device>],
    truth: &Truth,
    database: &Database,
    findings: &Findings,
    complaints: &Complaints,
) {
    let check = Check { database, findings, complaints, rooms: private(database) };
    for (name, doors) in &check.rooms {
        check.stored(name, doors);
    }
    let mut asked = HashMap::new();
    for device in devices {
        let is_gone = device.person.is_gone();
        device.with(|state| {
            for request in state.door_requests() {
                asked.extend(request.client_id().map(|id| (id, request.clone())));
                // Of somebody who has gone nobody waits for the answer any more.
                if is_gone && request.outcome == Outcome::Pending {
                    continue;
                }
                if let Err(what) = check.answer(device, request) {
                    findings.wrong_answers.add();
                    complaints.add(format!("{}: {what}; {request:?}", device.name()));
                }
            }
        });
        check.sent(device);
        if !is_gone {
            check.shown(device, truth);
        }
    }
    check.made(&asked);
}

fn private(database: &Database) -> BTreeMap<&RoomAddress, &StoredDoors> {
    database.rooms.iter().filter_map(|(name, room)| Some((name, room.doors.as_ref()?))).collect()
}

struct Check<'a> {
    database: &'a Database,
    findings: &'a Findings,
    complaints: &'a Complaints,
    rooms: BTreeMap<&'a RoomAddress, &'a StoredDoors>,
}

impl Check<'_> {
    /// Memberships, roles and details are what the log leads to.
    fn stored(&self, name: &RoomAddress, doors: &StoredDoors) {
        let findings = self.findings;
        findings.private_rooms.add();
        let (mut members, mut details): (BTreeMap<UserId, RoomRole>, Option<&RoomDetails>) =
            Default::default();
        for (seq, event) in &doors.events {
            let (count, is_change) = match event {
                DoorEvent::Added(user, role) => (&findings.added, members.insert(*user, *role).is_none()),
                DoorEvent::Removed(user) => (&findings.removed, members.remove(user).is_some()),
                DoorEvent::Role(user, role) => {
                    let before = members.get_mut(user).map(|before| std::mem::replace(before, *role));
                    (&findings.roles, before.is_some_and(|before| before != *role))
                }
                DoorEvent::Details(told) => (&findings.details, details.replace(told) != Some(told)),
            };
            count.add();
            if !is_change {
                self.wrong(&format!("{name} at {seq}: {event:?} changes nothing"));
            }
        }
        // The memberships of an account end with it.
        members.retain(|user, _| !self.is_deleted(*user));
        if members != doors.members {
            self.wrong(&format!("{name} has the members {:?} instead of {members:?}", doors.members));
        }
        if doors.banned_members > 0 {
            self.wrong(&format!("{name} has {} members who are banned", doors.banned_members));
        }
        let topic = details.and_then(|details| details.topic.as_ref());
        if doors.details.topic.as_ref() != topic || details.is_some_and(|details| *details != doors.details) {
            self.wrong(&format!("{name} tells {:?} instead of {details:?}", doors.details));
        }
    }

    fn wrong(&self, what: &str) {
        self.findings.wrong_doors.add();
        self.complaints.add(what);
    }

    fn is_deleted(&self, user: UserId) -> bool {
        self.database.accounts.get(&user).is_some_and(|account| account.kind == StoredAccount::DELETED)
    }

    fn is_account(&self, user: UserId) -> bool {
        self.database.accounts.get(&user).is_some_and(|account| account.kind == StoredAccount::ACCOUNT)
    }

    /// Every room was asked for, and none twice.
    fn made(&self, asked: &HashMap<ClientMessageId, DoorRequest>) {
        let mut ids = BTreeMap::new();
        for (name, doors) in &self.rooms {
            let request = doors.client_id.and_then(|id| asked.get(&id));
            let is_as_asked = request.is_some_and(|request| match &request.command {
                Command::CreateRoom(new) => new.details.title == doors.details.title,
                _ => false,
            });
            if !is_as_asked {
                self.wrong(&format!("nobody asked for {name}: {:?}", doors.details));
            }
            if let Some(other) = ids.insert(doors.client_id, name) {
                self.findings.double.add();
                self.complaints.add(format!("{name} and {other} were made for one request"));
            }
        }
    }

    /// What was answered is in the log, after what the device knew when it asked.
    fn answer(&self, device: &Device, request: &DoorRequest) -> Result<(), String> {
        self.findings.door_answers.add();
        let Some(me) = device.person.user() else { return Err("was never signed in".to_owned()) };
        if let Command::CreateRoom(_) = &request.command {
            return self.creation(me, request);
        }
        let Some(room) = request.room() else { return Err("is about no room".to_owned()) };
        let Some(doors) = self.rooms.get(room) else {
            return Err("is about a room that is not there".to_owned());
        };
        let from = request.from;
        let own = doors.standings(me);
        let (is_done, may) = match &request.command {
            Command::Invite { whom: Whom::Id(user), .. } => (
                doors.standings(*user).since(from, |role| role.is_some()),
                own.since(from, |role| role.is_some()),
            ),
            Command::Invite { whom: Whom::Name(_), .. } => (true, own.since(from, |role| role.is_some())),
            Command::RemoveMember { user_id, .. } => (
                // That of a deleted account ends without an event.
                self.is_deleted(*user_id) || doors.standings(*user_id).since(from, |role| role.is_none()),
                own.since(from, |role| role == Some(RoomRole::Moderator)),
            ),
            Command::Restrict { whom: Whom::Id(user), .. } => (
                self.is_deleted(*user) || doors.standings(*user).since(from, |role| role.is_none()),
                own.since(from, |role| role == Some(RoomRole::Moderator)),
            ),
            Command::LiftRestriction { .. } => {
                (true, own.since(from, |role| role == Some(RoomRole::Moderator)))
            }
            Command::SetRoomRole { user_id, role: set, .. } => (
                doors.standings(*user_id).since(from, |role| role == Some(*set)),
                own.since(from, |role| role == Some(RoomRole::Moderator)),
            ),
            Command::EditRoom { change, .. } => {
                let topic = change.topic.clone().flatten();
                let told = doors.details_since(from).any(|details| details.topic == topic);
                (told, own.since(from, |role| role.is_some()))
            }
            Command::LeaveRoom { .. } => (own.since(from, |role| role.is_none()), true),
            _ => (false, false),
        };
        let is_of_accounts = matches!(request.command, Command::Invite { .. } | Command::EditRoom { .. });
        let may = may && (!is_of_accounts || device.person.account().is_some());
        match &request.outcome {
            Outcome::Pending => Err("was never answered".to_owned()),
            Outcome::Made(_) => Err("was answered with a new room".to_owned()),
            Outcome::Done if !may => Err("was carried out and must not have been".to_owned()),
            Outcome::Done if !is_done => {
                self.findings.missing.add();
                Err("was acknowledged and is not in the log".to_owned())
            }
            Outcome::Done => Ok(()),
            Outcome::Refused(code) => {
                self.refusal(me, request, *code, doors, &own, device.person.account().is_some())
            }
        }
    }

    fn creation(&self, me: UserId, request: &DoorRequest) -> Result<(), String> {
        let mut rooms = self.rooms.iter();
        let found =
            rooms.find(|(_, doors)| doors.client_id.is_some() && doors.client_id == request.client_id());
        match (&request.outcome, found) {
            (Outcome::Made(room), Some((name, doors))) if room == *name && doors.creator == Some(me) => {
                Ok(())
            }
            (Outcome::Made(_), _) => {
                self.findings.missing.add();
                Err(format!("was acknowledged and stored otherwise: {found:?}"))
            }
            // The creator was removed before the answer that arrived.
            (Outcome::Refused(ErrorCode::NotAMember), Some((_, doors)))
                if doors.standings(me).since(Seq::ZERO.next(), |role| role.is_none()) =>
            {
                Ok(())
            }
            // Somebody who was to be invited has gone.
            (Outcome::Refused(ErrorCode::NoSuchUser), None) => Ok(()),
            (outcome, _) => Err(format!("was answered wrongly: {outcome:?}")),
        }
    }

    fn refusal(
        &self,
        me: UserId,
        request: &DoorRequest,
        code: ErrorCode,
        doors: &StoredDoors,
        own: &Standings,
        is_account: bool,
    ) -> Result<(), String> {
        let from = request.from;
        let no_member = |standings: &Standings| standings.since(from, |role| role.is_none());
        let is_right = match (code, &request.command) {
            (ErrorCode::NotAMember, _) => no_member(own),
            (ErrorCode::Forbidden, Command::Invite { .. } | Command::EditRoom { .. }) => !is_account,
            (
                ErrorCode::Forbidden,
                Command::RemoveMember { .. }
                | Command::Restrict { .. }
                | Command::LiftRestriction { .. }
                | Command::SetRoomRole { .. },
            ) => {
                // Nobody restricts somebody who became more meanwhile, or themselves.
                let is_own = |whom: &Whom| *whom == Whom::Id(me);
                matches!(&request.command, Command::LiftRestriction { whom, .. } if is_own(whom))
                    || own.since(from, |role| role != Some(RoomRole::Moderator))
            }
            (ErrorCode::Banned, Command::Invite { whom: Whom::Id(user), .. }) => {
                doors.ever_banned.contains(user)
            }
            (ErrorCode::Banned, Command::Invite { whom: Whom::Name(_), .. }) => !doors.ever_banned.is_empty(),
            (
                ErrorCode::NoSuchUser,
                Command::Restrict { whom: Whom::Id(user), .. }
                | Command::LiftRestriction { whom: Whom::Id(user), .. },
            ) => !self.is_account(*user),
            // A guest who is away may be unknown, and an account may have got another name.
            (ErrorCode::NoSuchUser, Command::Invite { whom: Whom::Id(user), .. }) => !self.is_account(*user),
            (ErrorCode::NoSuchUser, Command::Invite { whom: Whom::Name(name), .. }) => {
                !self.database.accounts.values().any(|account| account.name == name.as_str())
                    || request.sent > 1
            }
            (ErrorCode::NoSuchUser, Command::SetRoomRole { user_id, .. }) => {
                no_member(&doors.standings(*user_id)) || self.is_deleted(*user_id)
            }
            _ => false,
        };
        if is_right { Ok(()) } else { Err(format!("was refused wrongly with {}", code.as_str())) }
    }

    /// Nothing of a room reached somebody who was no member, or not yet.
    fn sent(&self, device: &Device) {
        let Some(me) = device.person.user() else { return };
        device.with(|state| {
            for (name, seen) in state.sightings().rooms() {
                let standings = self.rooms.get(name).map(|doors| doors.standings(me)).unwrap_or_default();
                let count = seen.live.len() + seen.read.len() + seen.found.len();
                self.findings.sightings.add_many(count as u64);
                for &seq in seen.live.iter().filter(|&&seq| !standings.may_see(seq)) {
                    self.seen(device, &format!("was sent {seq} of {name} and was no member"));
                }
                for (&seq, &at) in seen.read.iter().filter(|&(&seq, &at)| !standings.may_read(seq, at)) {
                    self.seen(device, &format!("read {seq} of {name} when it was at {at} and was no member"));
                }
                for &seq in seen.found.iter().filter(|&&seq| !standings.may_read(seq, Seq(u64::MAX))) {
                    self.seen(device, &format!("found {seq} of {name} and was no member"));
                }
                let is_gone = self.is_deleted(me);
                for &from in seen
                    .denied
                    .iter()
                    .filter(|&&from| !is_gone && !standings.since(from, |role| role.is_none()))
                {
                    self.findings.wrong_answers.add();
                    self.complaints.add(format!(
                        "{} is a member of {name} since before {from} and was told otherwise",
                        device.name()
                    ));
                }
            }
        });
    }

    fn seen(&self, device: &Device, what: &str) {
        self.findings.seen.add();
        self.complaints.add(format!("{} {what}", device.name()));
    }

    /// A device shows the rooms that its user is a member of, and no others.
    fn shown(&self, device: &Device, truth: &Truth) {
        let Some(me) = device.person.user() else { return };
        for (name, doors) in self.rooms.iter().filter(|(name, _)| truth.contains_key(**name)) {
            let shows = device.with(|state| state.rooms().contains_key(*name));
            match (doors.standings(me).last(), shows) {
                (Some(_), false) => {
                    self.findings.missing.add();
                    self.complaints.add(format!("{} does not show {name}", device.name()));
                }
                (None, true) => self.seen(device, &format!("shows {name} and is no member")),
                _ => {}
            }
        }
    }
}
