//! Messages whose authors are changing the text, with what is written so far.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::{Epoch, RoomAddress, Seq};

/// What is selected in a box; both ends are the same where only the caret stands. In UTF-16, as browsers count.
pub type Selection = (u32, u32);

/// What is selected in the box of each room.
pub type Carets = BTreeMap<RoomAddress, Selection>;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    room: RoomAddress,
    /// The log that `seq` counts in.
    epoch: Epoch,
    seq: Seq,
    /// What is in the box, and what is selected in it, once something was written.
    written: Option<(String, Selection)>,
    /// Begun, and its box is not there yet.
    #[serde(skip)]
    fresh: bool,
}

/// All of them, the one begun last at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// The room is left. True: there was one.
    pub fn end_room(&mut self, room: &RoomAddress) -> bool {
        self.drop_if(|edit| edit.room == *room)
    }

    /// The room's log is the one of `epoch` now: messages of another one are nowhere. True: there was one.
    pub fn new_log(&mut self, room: &RoomAddress, epoch: Epoch) -> bool {
        self.drop_if(|edit| edit.room == *room && edit.epoch != epoch)
    }

    /// Keeps what is in the box; nothing if that is still the message's text.
    pub fn write(&mut self, room: &RoomAddress, seq: Seq, written: Option<(String, Selection)>) {
        if let Some(edit) = self.find_mut(room, seq) {
            edit.written = written;
        }
    }

    /// Its box is there. True: for the first time.
    pub fn take_fresh(&mut self, room: &RoomAddress, seq: Seq) -> bool {
        self.find_mut(room, seq).is_some_and(|edit| std::mem::take(&mut edit.fresh))
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

    /// How many have something written in `room`, or anywhere.
    pub fn count(&self, room: Option<&RoomAddress>) -> usize {
        let of = |edit: &&Edit| edit.written.is_some() && room.is_none_or(|room| edit.room == *room);
        self.0.iter().filter(of).count()
    }

    fn find(&self, room: &RoomAddress, seq: Seq) -> Option<&Edit> {
        self.0.iter().find(|edit| edit.room == *room && edit.seq == seq)
    }

    fn find_mut(&mut self, room: &RoomAddress, seq: Seq) -> Option<&mut Edit> {
        self.0.iter_mut().find(|edit| edit.room == *room && edit.seq == seq)
    }

    fn drop_if(&mut self, of: impl Fn(&Edit) -> bool) -> bool {
        let before = self.0.len();
        self.0.retain(|edit| !of(edit));
        self.0.len() < before
    }
}

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
        assert!(edits.end_room(&b) && !edits.end(&b, Seq(1)));
    }
}
