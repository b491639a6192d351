//! What is in the boxes of the page beside the drafts: the texts of messages that are being changed, and the carets.

use shared::{Epoch, RoomAddress, Seq};

/// What is selected in a box; both ends are the same where only the caret stands. In UTF-16, as browsers count.
pub type Selection = (u32, u32);

/// One box.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    room: RoomAddress,
    /// The log that `seq` counts in.
    epoch: Epoch,
    /// The message; none is the box to write in, whose text is a draft.
    seq: Seq,
    /// What is in it, and what is selected in it, once something was written.
    written: Option<(String, Selection)>,
    /// Begun, and its box is not there yet.
    fresh: bool,
}

/// All of them, the one begun last at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// The author begins, or comes back to what they have begun.
    pub fn begin(&mut self, room: RoomAddress, epoch: Epoch, seq: Seq) {
        match self.0.iter().position(|edit| edit.room == room && edit.seq == seq) {
            Some(at) => self.0[at..].rotate_left(1),
            None => self.0.push(Edit { room, epoch, seq, written: None, fresh: true }),
        }
    }

    /// The text is saved, or given up. True: there was one.
    pub fn end(&mut self, room: &RoomAddress, seq: Seq) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.seq == seq)
    }

    /// The messages up to this one are gone. True: there was one.
    pub fn end_to(&mut self, room: &RoomAddress, last: Seq) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.seq != Seq::ZERO && edit.seq <= last)
    }

    /// The room is left. True: there was one.
    pub fn end_room(&mut self, room: &RoomAddress) -> bool {
        self.drop_if(|edit| edit.room == *room)
    }

    /// The room's log is the one of `epoch` now: messages of another one are nowhere. True: there was one.
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.epoch != epoch && edit.seq != Seq::ZERO)
    }

    /// Keeps what is in the box; nothing if that is still the message's text.
    pub fn write(&mut self, room: &RoomAddress, seq: Seq, written: Option<(String, Selection)>) {
        if let Some(edit) = self.0.iter_mut().find(|edit| edit.room == *room && edit.seq == seq) {
            edit.written = written;
        }
    }

    /// Keeps what is selected in the draft of a room.
    pub fn select(&mut self, room: RoomAddress, selection: Selection) {
        self.end(&room, Seq::ZERO);
        let written = Some((String::new(), selection));
        // At the beginning: nobody has begun it last.
        self.0.insert(0, Edit { room, epoch: Epoch::from_random(0), seq: Seq::ZERO, written, fresh: false });
    }

    /// Its box is there. True: for the first time.
    pub fn take_fresh(&mut self, room: &RoomAddress, seq: Seq) -> bool {
        let edit = self.0.iter_mut().find(|edit| edit.room == *room && edit.seq == seq);
        edit.is_some_and(|edit| std::mem::take(&mut edit.fresh))
    }

    /// Whether the text of this message is being changed.
    pub fn has(&self, room: &RoomAddress, seq: Seq) -> bool {
        self.find(room, seq).is_some()
    }

    /// Whether it is the one that was begun last.
    pub fn is_last(&self, room: &RoomAddress, seq: Seq) -> bool {
        self.0.last().is_some_and(|edit| edit.room == *room && edit.seq == seq)
    }

    /// What was in the box of this message, and what was selected.
    pub fn written(&self, room: &RoomAddress, seq: Seq) -> Option<(String, Selection)> {
        self.find(room, seq)?.written.clone()
    }

    /// How many messages have something written in `room`, or anywhere.
    pub fn count(&self, room: Option<&RoomAddress>) -> usize {
        let of = |edit: &&Edit| {
            edit.seq != Seq::ZERO && edit.written.is_some() && room.is_none_or(|room| edit.room == *room)
        };
        self.0.iter().filter(of).count()
    }

    /// As texts that a browser keeps, [`FIELDS`] for each. The page downloads less code than for a format of its own.
    pub fn kept(&self) -> Vec<String> {
        let mut kept = Vec::new();
        for Edit { room, epoch, seq, written, .. } in &self.0 {
            if let Some((text, (start, end))) = written {
                let numbers = [epoch.get(), seq.0, u64::from(*start), u64::from(*end)];
                kept.push(room.to_string());
                kept.extend(numbers.map(|number| number.to_string()));
                kept.push(text.clone());
            }
        }
        kept
    }

    /// From such texts.
    pub fn from_kept(kept: &[String]) -> Self {
        let edit = |fields: &[String]| {
            let [room, epoch, seq, start, end, text] = fields else { return None };
            Some(Edit {
                room: RoomAddress::new(room).ok()?,
                epoch: Epoch::from_random(epoch.parse().ok()?),
                seq: Seq(seq.parse().ok()?),
                written: Some((text.clone(), (start.parse().ok()?, end.parse().ok()?))),
                fresh: false,
            })
        };
        Self(kept.chunks(FIELDS).filter_map(edit).collect())
    }

    fn find(&self, room: &RoomAddress, seq: Seq) -> Option<&Edit> {
        self.0.iter().find(|edit| edit.room == *room && edit.seq == seq)
    }

    fn drop_if(&mut self, of: impl Fn(&Edit) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|edit| !of(edit));
        self.0.len() < before
    }
}

/// Texts that one box is kept as.
const FIELDS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn room(name: &str) -> RoomAddress {
        RoomAddress::new(name).unwrap()
    }

    #[test]
    fn what_is_written_stays_while_another_message_is_edited_and_goes_with_its_room_or_log() {
        let (a, b, log) = (room("a"), room("b"), Epoch::from_random(1));
        let mut edits = Edits::default();
        edits.begin(a.clone(), log, Seq(1));
        edits.write(&a, Seq(1), Some(("better".to_owned(), (2, 4))));
        edits.begin(a.clone(), log, Seq(2));
        edits.begin(b.clone(), log, Seq(1));
        assert!(edits.has(&a, Seq(2)) && edits.is_last(&b, Seq(1)));
        edits.begin(a.clone(), log, Seq(1));
        assert_eq!(edits.written(&a, Seq(1)), Some(("better".to_owned(), (2, 4))));
        assert!(edits.is_last(&a, Seq(1)));
        assert_eq!((edits.count(Some(&a)), edits.count(Some(&b)), edits.count(None)), (1, 0, 1));
        assert!(!edits.new_log(&a, log) && edits.new_log(&a, Epoch::from_random(2)));
        assert!(!edits.has(&a, Seq(1)) && edits.has(&b, Seq(1)));
        edits.begin(a.clone(), log, Seq(7));
        edits.select(a.clone(), (1, 1));
        assert!(!edits.end_to(&a, Seq(6)) && edits.end_to(&a, Seq(7)), "no row shows it any more");
        assert!(edits.written(&a, Seq::ZERO).is_some(), "the caret of the draft stays");
        assert!(edits.end_room(&b) && !edits.end(&b, Seq(1)));
    }

    #[test]
    fn what_is_written_and_the_carets_of_drafts_are_the_same_after_a_reload() {
        let (a, log) = (room("a"), Epoch::from_random(1 << 60 | 7));
        let mut edits = Edits::default();
        edits.begin(a.clone(), log, Seq(3));
        assert!(edits.take_fresh(&a, Seq(3)) && !edits.take_fresh(&a, Seq(3)));
        edits.write(&a, Seq(3), Some(("two\nlines".to_owned(), (2, 4))));
        edits.select(a.clone(), (1, 1));
        edits.select(a.clone(), (5, 5));
        assert_eq!(edits.count(None), 1, "a caret is nothing that is lost");
        let again = Edits::from_kept(&edits.kept());
        assert_eq!(again, edits);
        assert_eq!(again.written(&a, Seq::ZERO), Some((String::new(), (5, 5))));
        assert_eq!(Edits::from_kept(&["a".to_owned(), "x".to_owned()]), Edits::default());
    }
}
