//! A list of messages of a room that the server makes: the pinned ones, or the replies to a message.

use shared::{Change, Command, Epoch, Messages, Posted, RoomAddress, RoomEvent, Seq};

use super::following::follow;
use crate::core::progress::Progress;

/// What a listing contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// The pinned messages.
    Pins,
    /// The replies to this message.
    Replies(Seq),
}

/// A list of messages of a room, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    pub room: RoomAddress,
    pub listed: Listed,
    /// The log that the messages are of, once there are any.
    epoch: Option<Epoch>,
    /// The messages in their current state.
    pub messages: Vec<Posted>,
    /// Whether there are further pages.
    pub more: bool,
    pub progress: Progress,
}

impl Listing {
    /// An empty listing that was just requested.
    pub const fn of(room: RoomAddress, listed: Listed) -> Self {
        Self { room, listed, epoch: None, messages: Vec::new(), more: false, progress: Progress::Loading }
    }

    /// Inserts a page. The first one replaces the content; further pages are older for pins, newer for replies.
    pub fn page(&mut self, page: Messages, first: bool) {
        if first {
            self.messages.clear();
        }
        self.epoch = Some(page.epoch);
        for event in page.events {
            let RoomEvent::Posted(posted) = event else { continue };
            let at = self.messages.partition_point(|known| known.seq < posted.seq);
            if self.messages.get(at).is_none_or(|known| known.seq != posted.seq) {
                self.messages.insert(at, posted);
            }
        }
        self.more = page.more;
        self.progress = Progress::Done;
    }

    /// The log of the room is this one. Returns true if the listing is of another one and must be requested again.
    pub fn in_log(&mut self, epoch: Epoch) -> bool {
        let other = self.epoch.is_some_and(|of| of != epoch);
        if other {
            self.messages.clear();
        }
        other
    }

    /// The request for the next page, or for the first one.
    pub fn command(&self, further: bool) -> Command {
        let (room, there) = (self.room.clone(), self.messages.iter().filter(|_| further));
        match self.listed {
            // Pins are listed from the newest back.
            Listed::Pins => {
                let before = there.map(|posted| posted.seq).next().unwrap_or(Seq::BEYOND);
                Command::ListPins { room, after: None, before: Some(before) }
            }
            Listed::Replies(target) => {
                Command::ListReplies { room, target, after: there.map(|posted| posted.seq).next_back() }
            }
        }
    }

    /// Applies an event; `message` is the changed message, if known. Returns true if the listing must be requested
    /// again.
    pub fn follow(&mut self, event: &RoomEvent, message: Option<&Posted>) -> bool {
        match event {
            RoomEvent::Posted(posted) => {
                if self.listed == posted.reply_to.map_or(Listed::Pins, Listed::Replies)
                    && posted.reply_to.is_some()
                    && !self.more
                    && self.messages.last().is_none_or(|last| last.seq < posted.seq)
                {
                    self.messages.push(posted.clone());
                }
                false
            }
            RoomEvent::Changed(changed) => {
                self.messages.retain_mut(|posted| follow(posted, changed));
                if self.listed != Listed::Pins {
                    return false;
                }
                self.messages.retain(|posted| posted.pinned);
                if changed.change != Change::Pinned || self.has(changed.target) {
                    return false;
                }
                let Some(message) = message.filter(|message| message.pinned) else { return true };
                let at = self.messages.partition_point(|posted| posted.seq < message.seq);
                // A pin among those not loaded yet arrives with its page.
                if at > 0 || !self.more {
                    self.messages.insert(at, message.clone());
                }
                false
            }
            RoomEvent::Unknown { .. } => false,
        }
    }

    fn has(&self, seq: Seq) -> bool {
        self.messages.iter().any(|posted| posted.seq == seq)
    }
}

#[cfg(test)]
mod tests {
    use shared::Emoji;

    use super::*;
    use crate::core::room::tests::{changed, posted};

    fn room() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    #[test]
    fn pins_come_and_go_live() {
        let mut pins = Listing::of(room(), Listed::Pins);
        let mut pinned = posted(3, 1, 0);
        let pin = changed(9, 3, Change::Pinned);
        assert!(pins.follow(&RoomEvent::Changed(pin.clone()), None), "a message that is not known");
        pinned.change(&pin);
        assert!(!pins.follow(&RoomEvent::Changed(pin), Some(&pinned)));
        assert_eq!(pins.messages.len(), 1);
        let like = changed(10, 3, Change::ReactionAdded(Emoji::new("👍").unwrap()));
        pins.follow(&RoomEvent::Changed(like), None);
        assert_eq!(pins.messages[0].reactions.len(), 1);
        pins.follow(&RoomEvent::Changed(changed(11, 3, Change::Unpinned)), None);
        assert!(pins.messages.is_empty());
    }

    fn page(seqs: &[u64], more: bool) -> Messages {
        let events = seqs.iter().map(|&seq| RoomEvent::Posted(posted(seq, 1, 0))).collect();
        Messages { room: room(), epoch: Epoch::from_random(5), events, more, id: None }
    }

    fn seqs(listing: &Listing) -> Vec<u64> {
        listing.messages.iter().map(|posted| posted.seq.0).collect()
    }

    #[test]
    fn pins_are_asked_for_from_the_newest_back_and_replies_from_the_oldest_on() {
        let mut pins = Listing::of(room(), Listed::Pins);
        let before = |command| match command {
            Command::ListPins { before, after: None, .. } => before,
            other => panic!("{other:?}"),
        };
        assert_eq!(before(pins.command(false)), Some(Seq::BEYOND));
        pins.page(page(&[7, 9], true), true);
        assert_eq!(before(pins.command(true)), Some(Seq(7)));
        pins.page(page(&[2, 5], false), false);
        assert_eq!((seqs(&pins), pins.more), (vec![2, 5, 7, 9], false));
        assert_eq!(before(pins.command(false)), Some(Seq::BEYOND), "from the beginning again");

        let mut replies = Listing::of(room(), Listed::Replies(Seq(1)));
        replies.page(page(&[2, 5], true), true);
        assert!(matches!(replies.command(true), Command::ListReplies { after: Some(Seq(5)), .. }));
        replies.page(page(&[7], false), false);
        assert_eq!(seqs(&replies), [2, 5, 7]);
    }

    #[test]
    fn a_pin_among_those_not_loaded_yet_leaves_no_hole() {
        let mut pins = Listing::of(room(), Listed::Pins);
        pins.page(page(&[7, 9], true), true);
        let pin = |pins: &mut Listing, seq| {
            let change = changed(20, seq, Change::Pinned);
            let mut message = posted(seq, 1, 0);
            message.change(&change);
            pins.follow(&RoomEvent::Changed(change), Some(&message))
        };
        for posted in &mut pins.messages {
            posted.pinned = true;
        }
        assert!(!pin(&mut pins, 3));
        assert_eq!(seqs(&pins), [7, 9], "3 comes with its page, and 4 to 6 too");
        assert!(!pin(&mut pins, 8));
        assert_eq!(seqs(&pins), [7, 8, 9]);
    }

    #[test]
    fn messages_of_another_log_are_gone() {
        let mut pins = Listing::of(room(), Listed::Pins);
        assert!(!pins.in_log(Epoch::from_random(6)), "nothing has come yet");
        pins.page(page(&[7, 9], false), true);
        assert!(!pins.in_log(Epoch::from_random(5)));
        assert_eq!(seqs(&pins), [7, 9]);
        assert!(pins.in_log(Epoch::from_random(6)));
        assert_eq!(seqs(&pins), [0; 0]);
    }

    #[test]
    fn replies_grow_live() {
        let mut replies = Listing::of(room(), Listed::Replies(Seq(3)));
        let reply = |seq, to| Posted { reply_to: Some(Seq(to)), ..posted(seq, 1, 0) };
        replies.follow(&RoomEvent::Posted(reply(4, 3)), None);
        replies.follow(&RoomEvent::Posted(reply(5, 4)), None);
        replies.follow(&RoomEvent::Posted(posted(6, 1, 0)), None);
        assert_eq!(replies.messages.iter().map(|posted| posted.seq).collect::<Vec<_>>(), [Seq(4)]);
    }
}
