//! The rows of a timeline: the window of the log, followed by pending messages.

use std::fmt;
use std::sync::Arc;

use shared::{
    ClientMessageId, MessageText, Person, Posted, Reaction, RoomLog, Seq, Timestamp, UserId, UserName,
};

use super::pending::{Delivery, Pending, Reason, What};
use super::profiles::Present;
use super::sorted_map::SortedMap;
use crate::calendar::Day;

/// Messages of one author within this interval are grouped under one name, in milliseconds.
const GROUP_WITHIN: i64 = 5 * 60 * 1_000;

/// Identifies a row for as long as it is on the page; it stays the same when the message is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// The user's own message.
    Own(ClientMessageId),
    /// Any other message in the log.
    At(Seq),
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(id) => id.fmt(f),
            Self::At(seq) => seq.fmt(f),
        }
    }
}

/// The delivery mark of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In the log, or certain to get there.
    None,
    /// The message, or its new text, is not stored yet.
    Pending,
    /// The message or its new text is not sent again automatically; the id is the one to retry or discard it with.
    Failed(ClientMessageId, Reason),
}

/// One message as displayed, including the user's changes that the log does not contain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent facts about one row")]
pub struct Row {
    pub key: RowKey,
    /// Its seq, once it has one.
    pub seq: Option<Seq>,
    pub author_id: Option<UserId>,
    pub author: UserName,
    /// Whether the user is the author.
    pub own: bool,
    /// The text; `None` if it was deleted.
    pub text: Option<MessageText>,
    /// When it was stored; while pending, when it was written.
    pub at: Timestamp,
    /// When its text was last edited.
    pub edited_at: Option<Timestamp>,
    /// The message that it replies to.
    pub reply_to: Option<Seq>,
    /// Whether it mentions the user.
    pub calls_me: bool,
    pub pinned: bool,
    pub reactions: Vec<Reaction>,
    pub mark: Mark,
    /// The day that begins with this message.
    pub new_day: Option<Day>,
    /// Whether it is the first message that was unread when the visit began.
    pub first_new: bool,
    /// Whether it is folded, because the user does not want messages of its author.
    pub folded: bool,
    /// Whether the author's name is shown.
    pub heads_group: bool,
}

/// The rows on the page, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    rows: Vec<Arc<Row>>,
    index: SortedMap<RowKey, usize>,
    /// Index of the first row that is shown.
    first: usize,
}

/// The reader and their calendar.
pub struct Reader<'a> {
    /// The user's id, once the server has sent it.
    pub id: Option<UserId>,
    pub name: &'a UserName,
    /// People who changed their name.
    pub present: &'a SortedMap<UserId, Present>,
    /// The calendar day of a time.
    pub day: &'a dyn Fn(Timestamp) -> Day,
    /// Whether a message is folded.
    pub folds: &'a dyn Fn(&Posted) -> bool,
    /// Messages after this seq were unread when the visit began.
    pub divider: Option<Seq>,
    /// Whether pending messages are shown below the window.
    pub with_pending: bool,
}

impl Timeline {
    /// The rows for the window of `log` and for `pending`.
    pub fn new<'a>(log: &RoomLog, pending: impl Iterator<Item = &'a Pending>, reader: &Reader<'_>) -> Self {
        let (changes, messages): (Vec<_>, Vec<_>) = pending.partition(|pending| pending.target().is_some());
        let mut timeline = Self::default();
        // The first unread message may be before the window.
        let mut divider = reader.divider.filter(|&divider| log.start() <= divider);
        for posted in log.messages() {
            let mine: Vec<_> =
                changes.iter().filter(|pending| pending.target() == Some(posted.seq)).collect();
            let mut row =
                if mine.is_empty() { stored(posted, reader) } else { changed(posted.clone(), &mine, reader) };
            row.first_new = divider.take_if(|&mut divider| posted.seq > divider).is_some();
            timeline.push(row, reader);
        }
        // The oldest message is hidden and only determines whether a group or a day begins after it: messages loaded
        // before it later change no row on the page.
        let hides = !log.start().is_zero() && timeline.rows.len() > 1 && !timeline.rows[0].first_new;
        timeline.first = usize::from(hides);
        if reader.with_pending {
            for pending in messages {
                timeline.extend(waiting(pending, reader), reader);
            }
        }
        timeline
    }

    /// The visible rows.
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows[self.first..]
    }

    pub fn get(&self, key: RowKey) -> Option<&Arc<Row>> {
        self.index.get(&key).and_then(|&at| self.rows.get(at))
    }

    fn extend(&mut self, row: Option<Row>, reader: &Reader<'_>) {
        if let Some(row) = row {
            self.push(row, reader);
        }
    }

    fn push(&mut self, mut row: Row, reader: &Reader<'_>) {
        // The echo came before the ack, or a client used one id for two messages: keep the first one.
        if self.index.contains_key(&row.key) {
            return;
        }
        let day = (reader.day)(row.at);
        let before = self.rows.last();
        let same_day = before.is_some_and(|before| (reader.day)(before.at) == day);
        row.new_day = (!same_day).then_some(day);
        row.heads_group = !row.folded
            && (!same_day
                || row.first_new
                || row.reply_to.is_some()
                || before.is_none_or(|before| {
                    before.author_id != row.author_id
                        || before.author != row.author
                        || row.at.millis() - before.at.millis() > GROUP_WITHIN
                        || before.folded
                }));
        self.index.insert(row.key, self.rows.len());
        self.rows.push(Arc::new(row));
    }
}

fn stored(posted: &Posted, reader: &Reader<'_>) -> Row {
    let own = Some(posted.sender_id) == reader.id;
    let key = match posted.client_message_id {
        Some(id) if own => RowKey::Own(id),
        _ => RowKey::At(posted.seq),
    };
    Row {
        key,
        seq: Some(posted.seq),
        author_id: Some(posted.sender_id),
        author: reader.present.get(&posted.sender_id).map_or(&posted.sender, |present| &present.name).clone(),
        own,
        text: posted.content.clone(),
        at: posted.timestamp,
        edited_at: posted.edited_at,
        reply_to: posted.reply_to,
        calls_me: !own && reader.id.is_some_and(|id| posted.mentions.call(id)),
        pinned: posted.pinned,
        reactions: posted.reactions.clone(),
        mark: Mark::None,
        new_day: None,
        first_new: false,
        folded: (reader.folds)(posted),
        heads_group: true,
    }
}

/// A message with its pending changes applied.
fn changed(mut posted: Posted, changes: &[&&Pending], reader: &Reader<'_>) -> Row {
    let mut mark = Mark::None;
    if let Some(user_id) = reader.id {
        let me = Person { user_id, user: reader.name.clone() };
        for change in changes {
            change.preview(&mut posted, &me);
            if change.has_words() {
                mark = mark_of(change);
            }
        }
    }
    Row { mark, ..stored(&posted, reader) }
}

fn waiting(pending: &Pending, reader: &Reader<'_>) -> Option<Row> {
    let What::Message { text, reply_to } = &pending.what else { return None };
    Some(Row {
        key: RowKey::Own(pending.id),
        seq: match pending.delivery {
            Delivery::Stored(seq) => Some(seq),
            _ => None,
        },
        author_id: reader.id,
        author: reader.name.clone(),
        own: true,
        text: Some(text.clone()),
        at: pending.written,
        edited_at: None,
        reply_to: reply_to.map(|reply| reply.seq),
        calls_me: false,
        pinned: false,
        reactions: Vec::new(),
        mark: mark_of(pending),
        new_day: None,
        first_new: false,
        folded: false,
        heads_group: true,
    })
}

const fn mark_of(pending: &Pending) -> Mark {
    match pending.delivery {
        Delivery::Waiting | Delivery::Sent => Mark::Pending,
        Delivery::Stored(_) => Mark::None,
        Delivery::Failed(reason) => Mark::Failed(pending.id, reason),
    }
}

#[cfg(test)]
mod tests {
    use shared::{Emoji, Epoch, ErrorCode, Failure, Position, RoomEvent};

    use super::super::outbox::Outbox;
    use super::super::pending::MessageChange;
    use super::super::room::tests::{posted, user};
    use super::*;

    const MINUTE: i64 = 60_000;

    fn log(messages: Vec<Posted>) -> RoomLog {
        let events: Vec<RoomEvent> = messages.into_iter().map(RoomEvent::Posted).collect();
        let seq = events.last().map_or(Seq::ZERO, RoomEvent::seq);
        let start = events.first().map_or(Seq::ZERO, |event| event.seq().before());
        RoomLog::from_snapshot(Position { epoch: Epoch::from_random(1), seq }, start, &events)
    }

    fn timeline(log: &RoomLog, outbox: &Outbox) -> Timeline {
        divided(log, outbox, None)
    }

    fn divided(log: &RoomLog, outbox: &Outbox, divider: Option<Seq>) -> Timeline {
        let room = posted(1, 1, 0).room;
        let name = UserName::new("Me").unwrap();
        let reader = Reader {
            id: Some(user(9)),
            name: &name,
            present: &SortedMap::default(),
            day: &|at| Day::of(at, 0),
            folds: &|_| false,
            divider,
            with_pending: log.is_at_head(),
        };
        Timeline::new(log, outbox.of(&room), &reader)
    }

    #[test]
    fn one_author_within_five_minutes_is_named_once() {
        let log = log(vec![
            posted(1, 1, 0),
            posted(2, 1, 5 * MINUTE),
            posted(3, 1, 10 * MINUTE + 1),
            posted(4, 2, 10 * MINUTE + 2),
        ]);
        let heads: Vec<bool> =
            timeline(&log, &Outbox::default()).rows().iter().map(|row| row.heads_group).collect();
        assert_eq!(heads, [true, false, true, true]);
    }

    #[test]
    fn another_name_of_the_same_author_is_shown() {
        let renamed = Posted { sender: UserName::new("Hanako-2").unwrap(), ..posted(2, 1, 1) };
        let log = log(vec![posted(1, 1, 0), renamed]);
        assert!(timeline(&log, &Outbox::default()).rows()[1].heads_group);
    }

    #[test]
    fn a_new_day_begins_a_group() {
        let midnight = 24 * 60 * MINUTE;
        let log = log(vec![posted(1, 1, midnight - 1), posted(2, 1, midnight)]);
        let timeline = timeline(&log, &Outbox::default());
        let days: Vec<Option<Day>> = timeline.rows().iter().map(|row| row.new_day).collect();
        assert_eq!(days, [Some(Day(0)), Some(Day(1))]);
        assert!(timeline.rows()[1].heads_group);
    }

    #[test]
    fn a_message_keeps_its_key_from_writing_to_the_log() {
        let own = posted(1, 9, 0);
        let id = own.client_message_id.unwrap();
        let mut outbox = Outbox::default();
        let what = What::Message { text: own.content.clone().unwrap(), reply_to: None };
        outbox.write(id, own.room.clone(), what, own.timestamp);
        let empty = RoomLog::empty(Epoch::from_random(1), Seq::ZERO);
        let before = timeline(&empty, &outbox);
        assert_eq!((before.rows()[0].key, before.rows()[0].mark), (RowKey::Own(id), Mark::Pending));
        // The echo is there, the ack is not yet: never twice on the page.
        let after = timeline(&log(vec![own]), &outbox);
        assert_eq!(after.rows().len(), 1);
        assert_eq!((after.rows()[0].key, after.rows()[0].mark), (RowKey::Own(id), Mark::None));
        assert_eq!(after.get(RowKey::Own(id)), after.rows().first());
    }

    #[test]
    fn the_divider_is_above_the_first_new_message_and_begins_a_group() {
        let log = log((10..=15).map(|seq| posted(seq, 1, 0)).collect());
        let rows = divided(&log, &Outbox::default(), Some(Seq(12)));
        let new: Vec<Option<Seq>> =
            rows.rows().iter().filter(|row| row.first_new).map(|row| row.seq).collect();
        assert_eq!(new, [Some(Seq(13))]);
        assert!(rows.rows()[2].heads_group);
        let above = divided(&log, &Outbox::default(), Some(Seq(3)));
        assert!(above.rows().iter().all(|row| !row.first_new), "it is above the window");
    }

    #[test]
    fn what_is_loaded_before_changes_no_row_that_is_shown() {
        let later = timeline(&log((11..=15).map(|seq| posted(seq, 1, 0)).collect()), &Outbox::default());
        let all = timeline(&log((1..=15).map(|seq| posted(seq, 1, 0)).collect()), &Outbox::default());
        assert_eq!(later.rows(), &all.rows()[11..]);
        assert_eq!(all.rows().len(), 15, "before the first message of the room there is nothing");
        let new = divided(
            &log((11..=15).map(|seq| posted(seq, 1, 0)).collect()),
            &Outbox::default(),
            Some(Seq(10)),
        );
        assert!(new.rows()[0].first_new, "the first new one is shown all the same");
    }

    fn change(outbox: &mut Outbox, number: u128, change: MessageChange) -> ClientMessageId {
        let id = ClientMessageId::new(uuid::Uuid::from_u128(number));
        let what = What::Change { target: Seq(1), epoch: Epoch::from_random(1), change };
        outbox.write(id, posted(1, 1, 0).room, what, Timestamp::from_millis(7));
        id
    }

    #[test]
    fn ones_own_changes_show_before_the_server_has_them() {
        let log = log(vec![posted(1, 9, 0)]);
        let mut outbox = Outbox::default();
        let emoji = Emoji::new("👍").unwrap();
        change(&mut outbox, 1, MessageChange::React { emoji: emoji.clone(), on: true });
        change(&mut outbox, 2, MessageChange::Edit(MessageText::new("better").unwrap()));
        let row = timeline(&log, &outbox).rows()[0].clone();
        assert_eq!(row.text.as_ref().unwrap().as_str(), "better");
        assert_eq!((row.edited_at, row.mark), (Some(Timestamp::from_millis(7)), Mark::Pending));
        assert_eq!((row.reactions[0].count, row.reactions[0].users[0].user_id), (1, user(9)));
        change(&mut outbox, 3, MessageChange::React { emoji, on: false });
        change(&mut outbox, 4, MessageChange::Delete);
        let row = timeline(&log, &outbox).rows()[0].clone();
        assert_eq!((row.text.clone(), row.reactions.len()), (None, 0));
    }

    #[test]
    fn a_reaction_is_counted_once_when_its_event_is_there_before_the_ack() {
        let mut liked = posted(1, 1, 0);
        let emoji = Emoji::new("👍").unwrap();
        let me = Person { user_id: user(9), user: UserName::new("Me").unwrap() };
        liked.reactions = vec![Reaction { emoji: emoji.clone(), count: 1, users: vec![me] }];
        let mut outbox = Outbox::default();
        change(&mut outbox, 1, MessageChange::React { emoji, on: true });
        assert_eq!(timeline(&log(vec![liked]), &outbox).rows()[0].reactions[0].count, 1);
    }

    #[test]
    fn a_refused_edit_stays_with_its_words_until_somebody_decides() {
        let log = log(vec![posted(1, 9, 0)]);
        let mut outbox = Outbox::default();
        let id = change(&mut outbox, 1, MessageChange::Edit(MessageText::new("better").unwrap()));
        assert!(!outbox.refused(id, &Failure::new(ErrorCode::Unavailable, ""), Timestamp::from_millis(0)));
        let row = timeline(&log, &outbox).rows()[0].clone();
        assert_eq!(row.mark, Mark::Failed(id, Reason::Refused(ErrorCode::Unavailable)));
        assert_eq!(row.text.as_ref().unwrap().as_str(), "better");
        outbox.discard(id);
        assert_eq!(timeline(&log, &outbox).rows()[0].text.as_ref().unwrap().as_str(), "message 1");
    }

    #[test]
    fn what_is_written_while_the_window_is_elsewhere_is_not_put_into_it() {
        let mut log = log((1..=10).map(|seq| posted(seq, 1, 0)).collect());
        log.trim_new(5);
        let mut outbox = Outbox::default();
        let text = MessageText::new("hello").unwrap();
        let id = ClientMessageId::new(uuid::Uuid::from_u128(1));
        let what = What::Message { text, reply_to: None };
        outbox.write(id, posted(1, 1, 0).room, what, Timestamp::from_millis(0));
        assert_eq!(timeline(&log, &outbox).rows().len(), 5);
    }
}
