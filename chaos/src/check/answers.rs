//! Checks acks and errors against the store: an acked write is stored exactly once, a refused one is not stored.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use shared::{Action, ChangeMessage, ClientMessageId, ErrorCode, MessageId, RoomAddress, Seq, UserId};

use super::Findings;
use crate::database::{Database, StoredChange, StoredMessage, StoredRoom};
use crate::device::Device;
use crate::outbox::{Deed, Fate, Write, name};
use crate::world::Complaints;

const EDIT: i64 = 1;
const DELETION: i64 = 2;
const REACTION: i64 = 3;
const REACTION_END: i64 = 4;
const PIN: i64 = 5;
const PIN_END: i64 = 6;

pub(super) fn compare(
    devices: &[Arc<Device>],
    database: &Database,
    findings: &Findings,
    complaints: &Complaints,
) {
    let store = Store::new(database);
    for id in &store.twice {
        findings.double.add();
        complaints.add(format!("{id} is stored twice"));
    }
    let mut claimed = 0;
    let mut texts = HashMap::new();
    for device in devices {
        device.with(|state| {
            texts.extend(
                state.outbox().writes().iter().filter_map(|write| Some((write.id, text(&write.deed)?))),
            );
        });
    }
    for device in devices {
        let (users, is_gone) = (device.person.users(), device.person.is_gone());
        device.with(|state| {
            let mut last: BTreeMap<RoomAddress, Seq> = BTreeMap::new();
            for write in state.outbox().writes() {
                let check = Check { store: &store, users: &users, texts: &texts, write, findings };
                claimed += u64::from(store.has(write.id));
                if is_gone && write.fate == Fate::Pending {
                    // Nobody waits for the answer any more.
                    continue;
                }
                if let Err(what) = check.answer(&mut last) {
                    complaints.add(format!("{}: {what}; {write:?}", device.name()));
                }
            }
        });
    }
    let stored = store.messages.len() + store.changes.len();
    if claimed != stored as u64 {
        findings.double.add();
        complaints.add(format!("{stored} messages and changes are stored, {claimed} of them were written"));
    }
}

fn text(deed: &Deed) -> Option<String> {
    match deed {
        Deed::Post { content, .. } => Some(content.as_str().to_owned()),
        Deed::Change(ChangeMessage { action: Action::EditMessage { content }, .. }) => {
            Some(content.as_str().to_owned())
        }
        Deed::Change(_) => None,
    }
}

/// Stored messages and changes, indexed by client message id.
struct Store<'a> {
    database: &'a Database,
    messages: HashMap<ClientMessageId, (&'a RoomAddress, Seq, &'a StoredMessage)>,
    changes: HashMap<ClientMessageId, (&'a RoomAddress, &'a StoredChange)>,
    by_target: HashMap<(&'a RoomAddress, Seq), Vec<&'a StoredChange>>,
    twice: Vec<String>,
}

impl<'a> Store<'a> {
    fn new(database: &'a Database) -> Self {
        let (messages, changes, by_target) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut this = Self { database, messages, changes, by_target, twice: Vec::new() };
        for (room, stored) in &database.rooms {
            for (&seq, message) in &stored.messages {
                let name = |id: ClientMessageId| this.messages.insert(id, (room, seq, message)).is_some();
                if message.client_id.is_none_or(name) {
                    this.twice.push(format!("{message:?}"));
                }
            }
            for change in &stored.changes {
                this.by_target.entry((room, change.target)).or_default().push(change);
                let name = |id: ClientMessageId| this.changes.insert(id, (room, change)).is_some();
                if !database.is_farewell(change) && change.client_id.is_none_or(name) {
                    this.twice.push(format!("{change:?}"));
                }
            }
        }
        this
    }

    fn has(&self, id: ClientMessageId) -> bool {
        self.messages.contains_key(&id) || self.changes.contains_key(&id)
    }

    fn room(&self, room: &RoomAddress) -> Option<&'a StoredRoom> {
        self.database.rooms.get(room)
    }

    fn message(&self, room: &RoomAddress, seq: Seq) -> Option<&'a StoredMessage> {
        self.room(room)?.messages.get(&seq)
    }
}

struct Check<'a> {
    store: &'a Store<'a>,
    users: &'a [UserId],
    texts: &'a HashMap<ClientMessageId, String>,
    write: &'a Write,
    findings: &'a Findings,
}

impl Check<'_> {
    fn answer(&self, last: &mut BTreeMap<RoomAddress, Seq>) -> Result<(), String> {
        let (findings, write) = (self.findings, self.write);
        let wrong = |what: String| {
            findings.wrong_answers.add();
            Err(what)
        };
        match (write.fate, &write.deed) {
            (Fate::Pending, _) => wrong("was never answered".to_owned()),
            (Fate::Refused(code), _) => {
                findings.refusals.add();
                // Whoever is no member any more is not told that it was stored before.
                let is_untold = code == ErrorCode::NotAMember && write.sent > 1;
                if self.store.has(write.id) && !is_untold {
                    return wrong("was refused and is there".to_owned());
                }
                self.refusal(code).or_else(wrong)
            }
            (Fate::Acked { seq, message }, Deed::Post { room, .. }) => {
                findings.acks.add();
                if write.calm && last.insert(room.clone(), seq).is_some_and(|before| before >= seq) {
                    findings.out_of_order.add();
                    return Err("stands before what was written earlier".to_owned());
                }
                let Some(&found) = self.store.messages.get(&write.id) else {
                    findings.missing.add();
                    return Err("was acknowledged and is not there".to_owned());
                };
                if found.1 == seq && found.2.message_id == message && self.is_post(found.0, found.2) {
                    return Ok(());
                }
                wrong(format!("is stored otherwise: {found:?}"))
            }
            (Fate::Acked { seq, message }, Deed::Change(change)) => {
                findings.acks.add();
                match self.store.changes.get(&write.id) {
                    Some(&(room, found)) => {
                        if *room == change.room && found.seq == seq && self.is_change(change, found, message)
                        {
                            return Ok(());
                        }
                        wrong(format!("is stored otherwise: {found:?}"))
                    }
                    None if self.changed_nothing(change, seq, message) => Ok(()),
                    None => {
                        findings.missing.add();
                        Err(format!("was acknowledged as {} and is not there", name(&change.action)))
                    }
                }
            }
        }
    }

    fn is_post(&self, place: &RoomAddress, found: &StoredMessage) -> bool {
        let Deed::Post { room, content, reply_to } = &self.write.deed else { return false };
        let first = found.original.as_ref().unwrap_or(&found.content);
        let same_text = if found.deleted { first.is_empty() } else { first == content.as_str() };
        place == room && same_text && found.reply_to == *reply_to && self.users.contains(&found.author)
    }

    fn is_change(&self, change: &ChangeMessage, found: &StoredChange, message: MessageId) -> bool {
        let target = self.store.message(&change.room, change.target);
        let deleted = target.is_some_and(|target| target.deleted);
        let what = match (&change.action, found.kind) {
            (Action::EditMessage { content }, EDIT) => {
                found.content.as_deref() == if deleted { None } else { Some(content.as_str()) }
            }
            (Action::AddReaction { emoji }, REACTION) | (Action::RemoveReaction { emoji }, REACTION_END) => {
                found.emoji.as_deref() == Some(emoji.as_str())
            }
            (Action::DeleteMessage, DELETION)
            | (Action::PinMessage, PIN)
            | (Action::UnpinMessage, PIN_END) => true,
            _ => false,
        };
        what && found.target == change.target
            && target.is_some_and(|target| target.message_id == message)
            && found.author.is_some_and(|author| self.users.contains(&author))
    }

    /// Whether the change was a no-op: at `seq` the message already was as the change would have made it.
    fn changed_nothing(&self, change: &ChangeMessage, seq: Seq, message: MessageId) -> bool {
        let Some(target) = self.store.message(&change.room, change.target) else { return false };
        let key = (&change.room, change.target);
        let before: Vec<&StoredChange> =
            self.store.by_target.get(&key).into_iter().flatten().copied().collect();
        let before: Vec<&StoredChange> = before.into_iter().filter(|one| one.seq <= seq).collect();
        if target.message_id != message || before.last().map_or(change.target, |one| one.seq) != seq {
            return false;
        }
        let last =
            |kinds: [i64; 2]| before.iter().rev().find(|one| kinds.contains(&one.kind)).map(|one| one.kind);
        let reaction = |emoji: &str| {
            let own = |one: &&&StoredChange| {
                one.emoji.as_deref() == Some(emoji)
                    && one.author.is_some_and(|author| self.users.contains(&author))
            };
            before.iter().rev().find(own).map(|one| one.kind)
        };
        match &change.action {
            Action::EditMessage { content } => {
                let edit = before.iter().rev().find(|one| one.kind == EDIT).and_then(|one| one.client_id);
                let text = edit.or(target.client_id).and_then(|id| self.texts.get(&id));
                text.is_some_and(|text| text == content.as_str())
            }
            Action::DeleteMessage => before.last().is_some_and(|one| one.kind == DELETION),
            Action::AddReaction { emoji } => reaction(emoji.as_str()) == Some(REACTION),
            Action::RemoveReaction { emoji } => reaction(emoji.as_str()) != Some(REACTION),
            Action::PinMessage => last([PIN, PIN_END]) == Some(PIN),
            Action::UnpinMessage => last([PIN, PIN_END]) != Some(PIN),
        }
    }

    fn refusal(&self, code: ErrorCode) -> Result<(), String> {
        let deed = &self.write.deed;
        let target = deed.target().and_then(|seq| self.store.message(deed.room(), seq));
        let owned = target.is_some_and(|target| self.users.contains(&target.author));
        let right = match (code, deed) {
            (ErrorCode::NoSuchMessage, _) => target.is_none_or(|target| target.deleted),
            (ErrorCode::Forbidden, Deed::Change(change)) => {
                let for_authors = matches!(change.action, Action::EditMessage { .. } | Action::DeleteMessage);
                for_authors && !owned
            }
            (ErrorCode::NotAMember, _) => self.store.room(deed.room()).is_some_and(|room| {
                let doors = room.doors.as_ref();
                doors.is_some_and(|doors| {
                    self.users
                        .iter()
                        .any(|&user| doors.standings(user).since(self.write.from, |role| role.is_none()))
                })
            }),
            (ErrorCode::TooMany, Deed::Change(change)) => change.action == Action::PinMessage,
            _ => false,
        };
        if right { Ok(()) } else { Err(format!("was refused wrongly with {}", code.as_str())) }
    }
}
