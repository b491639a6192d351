//! Unsaved content of text boxes other than the drafts: texts of messages being edited, and the carets.

use shared::{Epoch, RoomAddress, Seq};

/// The selection in a text box, in UTF-16 code units as in browsers; both ends are equal for a mere caret.
pub type Selection = (u32, u32);

/// One text box.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    room: RoomAddress,
    /// The log that `seq` refers to.
    epoch: Epoch,
    /// The message; [`Seq::ZERO`] stands for the composer, whose text is a draft.
    seq: Seq,
    /// The text and the selection, once something was written.
    written: Option<(String, Selection)>,
    /// Editing has started, and the box is not shown yet.
    fresh: bool,
}

/// All edits, the one started last at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Starts an edit, or returns to one that was started before.
    pub fn begin(&mut self, room: RoomAddress, epoch: Epoch, seq: Seq) {
        match self.0.iter().position(|edit| edit.room == room && edit.seq == seq) {
            Some(at) => self.0[at..].rotate_left(1),
            None => self.0.push(Edit { room, epoch, seq, written: None, fresh: true }),
        }
    }

    /// Ends an edit, saved or cancelled. Returns true if there was one.
    pub fn end(&mut self, room: &RoomAddress, seq: Seq) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.seq == seq)
    }

    /// The messages up to `last` are gone. Returns true if any was being edited.
    pub fn end_to(&mut self, room: &RoomAddress, last: Seq) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.seq != Seq::ZERO && edit.seq <= last)
    }

    /// The room was left. Returns true if anything was being edited there.
    pub fn end_room(&mut self, room: &RoomAddress) -> bool {
        self.drop_if(|edit| edit.room == *room)
    }

    /// The room now has the log of `epoch`; messages of another log are gone. Returns true if any was being edited.
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.epoch != epoch && edit.seq != Seq::ZERO)
    }

    /// Stores the content of the box; `None` if it is still the message's text.
    pub fn write(&mut self, room: &RoomAddress, seq: Seq, written: Option<(String, Selection)>) {
        if let Some(edit) = self.0.iter_mut().find(|edit| edit.room == *room && edit.seq == seq) {
            edit.written = written;
        }
    }

    /// Stores the selection in the draft of a room.
    pub fn select(&mut self, room: RoomAddress, selection: Selection) {
        self.end(&room, Seq::ZERO);
        let written = Some((String::new(), selection));
        // At the front, because it is not an edit that was started last.
        self.0.insert(0, Edit { room, epoch: Epoch::from_random(0), seq: Seq::ZERO, written, fresh: false });
    }

    /// Called when the box is shown. Returns true the first time.
    pub fn take_fresh(&mut self, room: &RoomAddress, seq: Seq) -> bool {
        let edit = self.0.iter_mut().find(|edit| edit.room == *room && edit.seq == seq);
        edit.is_some_and(|edit| std::mem::take(&mut edit.fresh))
    }

    /// Whether this message is being edited.
    pub fn has(&self, room: &RoomAddress, seq: Seq) -> bool {
        self.find(room, seq).is_some()
    }

    /// Whether this is the edit started last.
    pub fn is_last(&self, room: &RoomAddress, seq: Seq) -> bool {
        self.0.last().is_some_and(|edit| edit.room == *room && edit.seq == seq)
    }

    /// The stored text and selection of this message's box.
    pub fn written(&self, room: &RoomAddress, seq: Seq) -> Option<(String, Selection)> {
        self.find(room, seq)?.written.clone()
    }

    /// The number of messages with unsaved text, in `room` or in all rooms.
    pub fn count(&self, room: Option<&RoomAddress>) -> usize {
        let of = |edit: &&Edit| {
            edit.seq != Seq::ZERO && edit.written.is_some() && room.is_none_or(|room| edit.room == *room)
        };
        self.0.iter().filter(of).count()
    }

    /// Serializes to strings for browser storage, [`FIELDS`] for each edit. That adds less code to the download than a
    /// format of its own.
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

    /// Restores what [`Self::kept`] has serialized.
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

/// Number of strings per edit in [`Edits::kept`].
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
