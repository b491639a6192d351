//! A reference model of a stored room, as simple as possible, that the reducer is compared with.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use shared::{
    Change, Changed, Emoji, Mentions, MessageId, MessageText, Person, Posted, Reaction, RoomAddress,
    RoomEvent, Seq, Timestamp, UnreadCount, UserId, UserName, limits::UNREAD_COUNTED,
};
use uuid::Uuid;

pub const PEOPLE: u8 = 4;

/// An attempted action. Targets index the messages from the oldest one, modulo their number.
#[derive(Debug, Clone)]
pub enum Act {
    Post { who: u8, calls: u8, times: u8 },
    Edit { target: u32, calls: u8 },
    Delete { target: u32 },
    React { who: u8, target: u32, emoji: u8 },
    Unreact { who: u8, target: u32, emoji: u8 },
    Pin { target: u32, pinned: bool },
    Trim { target: u32 },
    FromTheFuture,
}

pub fn act() -> impl Strategy<Value = Act> {
    let target = any::<u32>;
    let (who, calls, emoji) = (0..PEOPLE, 0..8_u8, 0..3_u8);
    prop_oneof![
        8 => (who.clone(), calls.clone()).prop_map(|(who, calls)| Act::Post { who, calls, times: 1 }),
        1 => (who.clone(), calls.clone(), 1..70_u8)
            .prop_map(|(who, calls, times)| Act::Post { who, calls, times }),
        3 => (target(), calls).prop_map(|(target, calls)| Act::Edit { target, calls }),
        2 => target().prop_map(|target| Act::Delete { target }),
        4 => (who.clone(), target(), emoji.clone())
            .prop_map(|(who, target, emoji)| Act::React { who, target, emoji }),
        3 => (who, target(), emoji).prop_map(|(who, target, emoji)| Act::Unreact { who, target, emoji }),
        2 => (target(), any::<bool>()).prop_map(|(target, pinned)| Act::Pin { target, pinned }),
        1 => target().prop_map(|target| Act::Trim { target }),
        1 => Just(Act::FromTheFuture),
    ]
}

pub fn model(acts: usize) -> impl Strategy<Value = Model> {
    vec(act(), 0..acts).prop_map(|acts| {
        let mut model = Model::default();
        for act in &acts {
            model.act(act);
        }
        model
    })
}

pub fn person(who: u8) -> UserId {
    UserId::new(Uuid::from_u128(u128::from(who) + 1))
}

fn reactor(who: u8) -> Person {
    Person { user_id: person(who), user: UserName::new(&format!("u{who}")).expect("a name") }
}

fn emoji(which: u8) -> Emoji {
    Emoji::new(["👍", "❤️", "🇯🇵"][usize::from(which) % 3]).expect("an emoji")
}

/// The two lowest bits select the mentioned users; 7 mentions everybody as well.
fn mentions(calls: u8) -> Mentions {
    let users = (0..2).filter(|who| calls & (1 << who) != 0).map(person).collect();
    Mentions { users, room: calls == 7 }
}

fn text(seq: Seq) -> MessageText {
    MessageText::new(&format!("text {seq}")).expect("a text")
}

/// All events of a room as sent live.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub events: Vec<RoomEvent>,
}

impl Model {
    pub fn head(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    /// Performs an action. An action that is impossible or changes nothing adds no event.
    pub fn act(&mut self, act: &Act) {
        match act {
            &Act::Post { who, calls, times } => {
                for _ in 0..times {
                    self.post(who, calls);
                }
            }
            Act::Edit { target, calls } => {
                let change =
                    Change::Edited { content: Some(text(self.head().next())), mentions: mentions(*calls) };
                self.change(*target, None, |_| Some(change.clone()));
            }
            Act::Delete { target } => self.change(*target, None, |_| Some(Change::Deleted)),
            &Act::React { who, target, emoji: which } => self.change(target, Some(who), |message| {
                (!has_reacted(message, who, &emoji(which))).then(|| Change::ReactionAdded(emoji(which)))
            }),
            &Act::Unreact { who, target, emoji: which } => self.change(target, Some(who), |message| {
                has_reacted(message, who, &emoji(which)).then(|| Change::ReactionRemoved(emoji(which)))
            }),
            &Act::Pin { target, pinned } => self.change(target, Some(0), |message| {
                let change = if pinned { Change::Pinned } else { Change::Unpinned };
                (message.pinned != pinned).then_some(change)
            }),
            Act::Trim { target } => {
                let messages = self.messages(self.head());
                if let Some(&target) = nth(&messages, target % (messages.len() as u32 / 4 + 1)) {
                    self.trim(target);
                }
            }
            Act::FromTheFuture => {
                let seq = self.head().next();
                self.events.push(RoomEvent::Unknown { seq, kind: "topic_changed".into() });
            }
        }
    }

    /// Removes everything up to `target` by age.
    pub fn trim(&mut self, target: Seq) {
        self.changed(target, None, Change::Trimmed);
    }

    fn post(&mut self, who: u8, calls: u8) {
        let seq = self.head().next();
        let Person { user_id, user } = reactor(who);
        self.events.push(RoomEvent::Posted(Posted {
            room: room(),
            sender: user,
            sender_id: user_id,
            content: Some(text(seq)),
            timestamp: Timestamp::from_millis(seq.0 as i64),
            seq,
            message_id: MessageId::new(Uuid::from_u128(u128::from(seq.0))),
            client_message_id: None,
            reply_to: None,
            mentions: mentions(calls),
            changed_seq: None,
            edited_at: None,
            deleted: false,
            pinned: false,
            reactions: Vec::new(),
        }));
    }

    fn change(&mut self, target: u32, who: Option<u8>, change: impl Fn(&Posted) -> Option<Change>) {
        let messages = self.messages(self.head());
        let Some(message) = nth(&messages, target).map(|seq| &messages[seq]) else { return };
        if let Some(change) = change(message).filter(|_| !message.deleted) {
            // Edits and deletions are by the author.
            let by = who
                .map_or_else(|| Person { user_id: message.sender_id, user: message.sender.clone() }, reactor);
            self.changed(message.seq, Some(by), change);
        }
    }

    fn changed(&mut self, target: Seq, by: Option<Person>, change: Change) {
        let seq = self.head().next();
        let timestamp = Timestamp::from_millis(seq.0 as i64);
        self.events.push(RoomEvent::Changed(Changed {
            room: room(),
            seq,
            target,
            by,
            timestamp,
            client_message_id: None,
            change,
        }));
    }

    fn changes(&self, head: Seq) -> impl DoubleEndedIterator<Item = &Changed> {
        self.events[..head.0 as usize].iter().filter_map(|event| match event {
            RoomEvent::Changed(changed) => Some(changed),
            _ => None,
        })
    }

    /// Returns the last event that was removed by age when the log ended at `head`.
    pub fn horizon(&self, head: Seq) -> Seq {
        let trims = self.changes(head).filter(|changed| changed.change == Change::Trimmed);
        trims.map(|changed| changed.target).max().unwrap_or_default()
    }

    /// Returns all messages in their state when the log ended at `head`.
    pub fn messages(&self, head: Seq) -> BTreeMap<Seq, Posted> {
        let horizon = self.horizon(head);
        let posted = self.events[..head.0 as usize].iter().filter_map(|event| match event {
            RoomEvent::Posted(posted) if posted.seq > horizon => Some(posted),
            _ => None,
        });
        let mut changes = BTreeMap::<Seq, Vec<&Changed>>::new();
        for changed in self.changes(head).filter(|changed| changed.change != Change::Trimmed) {
            changes.entry(changed.target).or_default().push(changed);
        }
        posted
            .map(|posted| (posted.seq, present(posted, changes.get(&posted.seq).map_or(&[], Vec::as_slice))))
            .collect()
    }

    /// Returns the events after `after` as sent in a resume when the log ends at `head`: messages in their state at
    /// that time, edits of removed or deleted messages without their texts. `None` if some of them were removed.
    pub fn resume(&self, after: Seq, head: Seq) -> Option<Vec<RoomEvent>> {
        if after < self.horizon(head) {
            return None;
        }
        let messages = self.messages(head);
        let events = self.events[after.0 as usize..head.0 as usize].iter().map(|event| match event {
            RoomEvent::Posted(posted) => RoomEvent::Posted(messages[&posted.seq].clone()),
            RoomEvent::Changed(changed) if matches!(changed.change, Change::Edited { .. }) => {
                let gone = messages.get(&changed.target).is_none_or(|message| message.deleted);
                let redacted = Change::Edited { content: None, mentions: Mentions::default() };
                let change = if gone { redacted } else { changed.change.clone() };
                RoomEvent::Changed(Changed { change, ..changed.clone() })
            }
            event => event.clone(),
        });
        Some(events.collect())
    }

    /// Returns the latest messages up to `end`, at most `limit`, read when the log ended at `head`.
    pub fn older(&self, head: Seq, end: Seq, limit: usize) -> OwnedPage {
        let end = end.min(head);
        let mut messages: Vec<Posted> =
            self.messages(head).into_values().take_while(|message| message.seq <= end).collect();
        let left = messages.len().saturating_sub(limit);
        let start = left.checked_sub(1).map_or(Seq::ZERO, |last| messages[last].seq);
        OwnedPage::new(start, end, messages.split_off(left))
    }

    /// Returns the first messages after `start`, at most `limit`, read when the log ended at `head`.
    pub fn newer(&self, head: Seq, start: Seq, limit: usize) -> OwnedPage {
        let mut messages: Vec<Posted> =
            self.messages(head).into_values().skip_while(|message| message.seq <= start).collect();
        let end = messages.get(limit).map_or(head.max(start), |next| next.seq.before());
        messages.truncate(limit);
        OwnedPage::new(start, end, messages)
    }

    /// Returns half of `limit` before `middle` and half from `middle` on, read when the log ended at `head`.
    pub fn around(&self, head: Seq, middle: Seq, limit: usize) -> OwnedPage {
        let above = self.older(head, middle.before(), limit / 2);
        let below = self.newer(head, above.end, limit - limit / 2);
        OwnedPage { start: above.start, end: below.end, events: [above.events, below.events].concat() }
    }

    /// Counts the unread messages of `me` after `read` and up to `end`, in their state at `head`.
    pub fn unread(&self, me: UserId, read: Seq, end: Seq, head: Seq) -> UnreadCount {
        let messages = self.messages(head);
        let unread = messages.range(read.next()..).take_while(|&(&seq, _)| seq <= end);
        let unread = unread.filter(|(_, message)| message.sender_id != me && !message.deleted);
        let (mut messages, mut called) = (0, 0);
        for (_, message) in unread {
            messages += 1;
            called += u32::from(message.mentions.call(me));
        }
        UnreadCount {
            messages: messages.min(UNREAD_COUNTED),
            mentions: called.min(UNREAD_COUNTED),
            counted_seq: end,
        }
    }
}

/// A page that owns its events.
#[derive(Debug, Clone)]
pub struct OwnedPage {
    pub start: Seq,
    pub end: Seq,
    pub events: Vec<RoomEvent>,
}

impl OwnedPage {
    fn new(start: Seq, end: Seq, messages: Vec<Posted>) -> Self {
        Self { start, end, events: messages.into_iter().map(RoomEvent::Posted).collect() }
    }

    pub fn page(&self) -> shared::Page<'_> {
        shared::Page { start: self.start, end: self.end, events: &self.events }
    }
}

pub fn room() -> RoomAddress {
    RoomAddress::new("general").expect("a room")
}

fn nth(messages: &BTreeMap<Seq, Posted>, target: u32) -> Option<&Seq> {
    (!messages.is_empty())
        .then(|| messages.keys().nth(target as usize % messages.len()).expect("one of them"))
}

fn has_reacted(message: &Posted, who: u8, emoji: &Emoji) -> bool {
    let of_kind = message.reactions.iter().filter(|reaction| reaction.emoji == *emoji);
    of_kind.flat_map(|reaction| &reaction.users).any(|reactor| reactor.user_id == person(who))
}

/// Applies all changes to a message, deriving each property independently.
fn present(posted: &Posted, changes: &[&Changed]) -> Posted {
    let deleted = changes.iter().any(|changed| changed.change == Change::Deleted);
    let last = changes.last().map(|changed| changed.seq);
    if deleted {
        let none = Posted { content: None, mentions: Mentions::default(), ..posted.clone() };
        return Posted { deleted, changed_seq: last, ..none };
    }
    let edit = changes.iter().rev().find_map(|changed| match &changed.change {
        Change::Edited { content, mentions } => Some((content.clone(), mentions.clone(), changed.timestamp)),
        _ => None,
    });
    let pin = changes.iter().rev().find(|c| matches!(c.change, Change::Pinned | Change::Unpinned));
    let (content, mentions, edited_at) = edit
        .map_or((posted.content.clone(), posted.mentions.clone(), None), |(content, mentions, time)| {
            (content, mentions, Some(time))
        });
    Posted {
        content,
        mentions,
        edited_at,
        changed_seq: last,
        pinned: pin.is_some_and(|changed| changed.change == Change::Pinned),
        reactions: reactions(changes),
        ..posted.clone()
    }
}

/// Returns the reactions: emoji in the order in which each last went from no users to some, users in order of reacting.
fn reactions(changes: &[&Changed]) -> Vec<Reaction> {
    let mut kinds = BTreeMap::<Emoji, (Seq, Vec<Person>)>::new();
    for changed in changes {
        let Some(by) = &changed.by else { continue };
        match &changed.change {
            Change::ReactionAdded(emoji) => {
                let kind = kinds.entry(emoji.clone()).or_insert_with(|| (changed.seq, Vec::new()));
                kind.1.push(by.clone());
            }
            Change::ReactionRemoved(emoji) => {
                if let Some(kind) = kinds.get_mut(emoji) {
                    kind.1.retain(|reactor| reactor != by);
                }
                kinds.retain(|_, (_, users)| !users.is_empty());
            }
            _ => {}
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (since, _))| *since);
    let reaction = |(emoji, (_, users)): (Emoji, (Seq, Vec<Person>))| Reaction {
        emoji,
        count: users.len() as u64,
        users,
    };
    kinds.into_iter().map(reaction).collect()
}
