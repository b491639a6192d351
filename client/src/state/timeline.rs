//! The rows of a conversation: what is in the log, then what is on its way.

use std::collections::HashMap;
use std::sync::Arc;

use shared::{ClientMessageId, MessageText, Posted, RoomLog, Seq, Timestamp, UserId, UserName};

use super::calendar::Day;
use super::outbox::{Delivery, Pending, Reason};

/// Messages of one author closer than this stand under one name, in milliseconds.
const GROUP_WITHIN: i64 = 5 * 60 * 1_000;
/// Rows on the page at most; the page moves over longer rooms like a window.
pub const WINDOW: usize = 300;

/// What a row is, for as long as it is on the page; being stored does not change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// One's own message.
    Own(ClientMessageId),
    /// Any other message of the log.
    At(Seq),
}

/// How a message is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In the log, or on its way there for certain.
    None,
    /// Not stored yet.
    Pending,
    /// Not sent again by itself.
    Failed(Reason),
}

/// One message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub key: RowKey,
    /// Its place, once it has one.
    pub seq: Option<Seq>,
    /// Whose it is.
    pub author_id: Option<UserId>,
    /// Whose it is, by name.
    pub author: UserName,
    /// Whether it is one's own.
    pub own: bool,
    /// What it says.
    pub text: MessageText,
    /// When it was stored, or else written.
    pub at: Timestamp,
    /// How it is marked.
    pub mark: Mark,
    /// The day that begins with it.
    pub new_day: Option<Day>,
    /// Whether the author's name is shown.
    pub heads_group: bool,
}

/// The rows that are on the page, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    rows: Vec<Arc<Row>>,
    index: HashMap<RowKey, usize>,
    /// Loaded messages above the window.
    pub hidden_above: bool,
    /// Loaded messages below the window.
    pub hidden_below: bool,
}

/// Who looks, and how their days run.
pub struct Reader<'a> {
    /// The person's id, once the server has told it.
    pub id: Option<UserId>,
    /// The person's name.
    pub name: &'a UserName,
    /// The day of a moment.
    pub day: &'a dyn Fn(Timestamp) -> Day,
}

impl Timeline {
    /// The last [`WINDOW`] messages up to `end`, or the latest ones and what is `pending`.
    pub fn new<'a>(
        log: &RoomLog,
        pending: impl Iterator<Item = &'a Pending>,
        end: Option<Seq>,
        reader: &Reader<'_>,
    ) -> Self {
        let shown = |posted: &&Posted| end.is_none_or(|end| posted.seq <= end);
        let mut newest: Vec<&Posted> = log.messages().rev().filter(shown).take(WINDOW + 1).collect();
        let hidden_above = newest.len() > WINDOW;
        newest.truncate(WINDOW);
        let mut timeline = Self {
            hidden_above,
            hidden_below: end.is_some_and(|end| log.messages().next_back().is_some_and(|m| m.seq > end)),
            ..Self::default()
        };
        for posted in newest.into_iter().rev() {
            timeline.push(stored(posted, reader), reader);
        }
        if !timeline.hidden_below {
            for pending in pending {
                timeline.push(waiting(pending, reader), reader);
            }
        }
        timeline
    }

    /// The rows.
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// The row of `key`.
    pub fn get(&self, key: RowKey) -> Option<&Arc<Row>> {
        self.index.get(&key).and_then(|&at| self.rows.get(at))
    }

    fn push(&mut self, mut row: Row, reader: &Reader<'_>) {
        // The echo came before the ack, or a client gave two messages one id: the first one stays.
        if self.index.contains_key(&row.key) {
            return;
        }
        let day = (reader.day)(row.at);
        let before = self.rows.last();
        let same_day = before.is_some_and(|before| (reader.day)(before.at) == day);
        row.new_day = (!same_day).then_some(day);
        row.heads_group = !same_day
            || before.is_none_or(|before| {
                before.author_id != row.author_id || row.at.millis() - before.at.millis() > GROUP_WITHIN
            });
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
        author: posted.sender.clone(),
        own,
        text: posted.content.clone(),
        at: posted.timestamp,
        mark: Mark::None,
        new_day: None,
        heads_group: true,
    }
}

fn waiting(pending: &Pending, reader: &Reader<'_>) -> Row {
    let (seq, mark) = match pending.delivery {
        Delivery::Waiting | Delivery::Sent => (None, Mark::Pending),
        Delivery::Stored(seq) => (Some(seq), Mark::None),
        Delivery::Failed(reason) => (None, Mark::Failed(reason)),
    };
    Row {
        key: RowKey::Own(pending.id),
        seq,
        author_id: reader.id,
        author: reader.name.clone(),
        own: true,
        text: pending.text.clone(),
        at: pending.written,
        mark,
        new_day: None,
        heads_group: true,
    }
}

#[cfg(test)]
mod tests {
    use shared::{Epoch, Position, RoomEvent};

    use super::super::outbox::Outbox;
    use super::super::room::tests::{posted, user};
    use super::*;

    const MINUTE: i64 = 60_000;

    fn log(messages: Vec<Posted>) -> RoomLog {
        let events: Vec<RoomEvent> = messages.into_iter().map(RoomEvent::Posted).collect();
        let seq = events.last().map_or(Seq::ZERO, RoomEvent::seq);
        RoomLog::from_snapshot(Position { epoch: Epoch::from_random(1), seq }, &events)
    }

    fn timeline(log: &RoomLog, outbox: &Outbox, end: Option<Seq>) -> Timeline {
        let room = posted(1, 1, 0).room;
        let name = UserName::new("Me").unwrap();
        let reader = Reader { id: Some(user(9)), name: &name, day: &|at| Day::of(at, 0) };
        Timeline::new(log, outbox.of(&room), end, &reader)
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
            timeline(&log, &Outbox::default(), None).rows().iter().map(|row| row.heads_group).collect();
        assert_eq!(heads, [true, false, true, true]);
    }

    #[test]
    fn a_new_day_begins_a_group() {
        let midnight = 24 * 60 * MINUTE;
        let log = log(vec![posted(1, 1, midnight - 1), posted(2, 1, midnight)]);
        let timeline = timeline(&log, &Outbox::default(), None);
        let days: Vec<Option<Day>> = timeline.rows().iter().map(|row| row.new_day).collect();
        assert_eq!(days, [Some(Day(0)), Some(Day(1))]);
        assert!(timeline.rows()[1].heads_group);
    }

    #[test]
    fn a_message_keeps_its_key_from_writing_to_the_log() {
        let own = posted(1, 9, 0);
        let id = own.client_message_id.unwrap();
        let mut outbox = Outbox::default();
        outbox.write(id, own.room.clone(), own.content.clone(), own.timestamp);
        let empty = RoomLog::empty(Epoch::from_random(1), Seq::ZERO);
        let before = timeline(&empty, &outbox, None);
        assert_eq!((before.rows()[0].key, before.rows()[0].mark), (RowKey::Own(id), Mark::Pending));
        // The echo is there, the ack not yet: never twice on the page.
        let after = timeline(&log(vec![own]), &outbox, None);
        assert_eq!(after.rows().len(), 1);
        assert_eq!((after.rows()[0].key, after.rows()[0].mark), (RowKey::Own(id), Mark::None));
        assert_eq!(after.get(RowKey::Own(id)), after.rows().first());
    }

    #[test]
    fn a_long_room_shows_a_window() {
        let log = log((1..=1_000).map(|seq| posted(seq, 1, 0)).collect());
        let latest = timeline(&log, &Outbox::default(), None);
        assert_eq!((latest.rows().len(), latest.hidden_above, latest.hidden_below), (WINDOW, true, false));
        let start = timeline(&log, &Outbox::default(), Some(Seq(300)));
        assert_eq!((start.rows().len(), start.hidden_above, start.hidden_below), (WINDOW, false, true));
    }
}
