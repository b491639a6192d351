//! User actions: each is drawn at random and targets one of the messages that the device shows.

use std::time::Duration;

use shared::{Action, ChangeMessage, Command, Emoji, MessageText, Posted, RoomAddress, Seq};
use tokio::time::Instant;

use super::DEVICES;
use super::state::{Asked, State};
use crate::outbox::Deed;
use crate::room::{Holds, Turn};

const EMOJI: [&str; 8] = ["👍", "❤️", "😂", "🎉", "👀", "🚀", "🇯🇵", "👩‍👩‍👧"];
const WORDS: [&str; 12] = [
    "会議は三時から",
    "running late",
    "了解です",
    "上海に行く",
    "see the log",
    "テスト中",
    "서울에서",
    "good morning",
    "東京タワー",
    "lunch?",
    "雨がひどい",
    "done",
];
/// At most this many messages per `GetMessages` request.
const FETCHED: usize = 10;
/// Messages per page of history.
const PAGE: u16 = 40;
/// Most actions target one of this many newest messages.
const RECENT: usize = 15;

/// How a device wants to end its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// With a close frame, like a page that is closed.
    Close,
    /// By dropping the socket without a close frame, like a process that exits.
    Drop,
    /// With a TCP reset, like a machine that loses its network.
    Reset,
    /// By dropping the socket and staying away for this long, like a machine that sleeps.
    Sleep(Duration),
}

/// The message that an action targets.
struct Target {
    room: RoomAddress,
    epoch: shared::Epoch,
    seq: Seq,
}

impl State {
    /// When the next action is due.
    pub(super) const fn act_at(&self) -> Instant {
        self.act_at
    }

    /// Performs a random action and schedules the next one.
    pub(super) fn act(&mut self) {
        let settings = &self.world.settings;
        let mean = Duration::from_secs_f64((settings.people * DEVICES) as f64 / settings.rate);
        self.act_at = Instant::now() + self.dice.around(mean);
        if self.acts_at_doors() {
            return;
        }
        match self.dice.below(1_000) {
            0..360 => self.post(1),
            360..375 => self.post(6),
            375..470 => self.reply(),
            470..560 => self.edit(),
            560..610 => self.delete(),
            610..730 => self.react(true),
            730..790 => self.react(false),
            790..820 => self.change(Action::PinMessage, false),
            820..840 => self.change(Action::UnpinMessage, false),
            840..900 => self.read(false),
            900..925 => self.read(true),
            925..970 => self.turn(),
            970..985 => self.fetch(),
            985..997 => self.leave(),
            _ => self.wish = Some(Wish::Sleep(self.dice.around(Duration::from_secs(25)))),
        }
    }

    /// Picks a random room. The first public one is the busiest by far.
    fn room(&mut self) -> RoomAddress {
        if let Some(room) = self.room_with_doors() {
            return room;
        }
        let rooms = self.world.rooms.len();
        let index = if self.dice.percent(50) { 0 } else { self.dice.below(rooms) };
        self.world.rooms[index].clone()
    }

    fn text(&mut self) -> Option<MessageText> {
        let mut text = format!("{:08x}", self.dice.number() as u32);
        for _ in 0..=self.dice.below(3) {
            text.push(' ');
            text.push_str(self.dice.pick(&WORDS)?);
        }
        if self.dice.percent(12) {
            let names = self.world.names();
            if let Some(name) = self.dice.pick(&names) {
                text.push_str(" @");
                text.push_str(name.as_str());
            }
        }
        if self.dice.percent(2) {
            text.push_str(" @room");
        }
        if self.dice.percent(1) {
            text.push_str(&" long".repeat(self.dice.below(700)));
        }
        MessageText::new(&text).ok()
    }

    fn post(&mut self, times: usize) {
        let room = self.room();
        for _ in 0..times {
            let Some(content) = self.text() else { return };
            self.write(Deed::Post { room: room.clone(), content, reply_to: None });
        }
    }

    fn reply(&mut self) {
        let (target, content) = (self.target(false), self.text());
        let Some((target, content)) = target.zip(content) else { return self.post(1) };
        self.write(Deed::Post { room: target.room, content, reply_to: Some(target.seq) });
    }

    fn edit(&mut self) {
        // Mostly own messages: the server refuses edits of other people's.
        let own = !self.dice.percent(4);
        if let Some(content) = self.text() {
            self.change(Action::EditMessage { content }, own);
        }
    }

    fn delete(&mut self) {
        let own = !self.dice.percent(4);
        self.change(Action::DeleteMessage, own);
    }

    fn react(&mut self, on: bool) {
        let Some(emoji) = self.dice.pick(&EMOJI).and_then(|emoji| Emoji::new(emoji).ok()) else { return };
        self.change(if on { Action::AddReaction { emoji } } else { Action::RemoveReaction { emoji } }, false);
    }

    fn change(&mut self, action: Action, own: bool) {
        let with_epoch = self.dice.percent(50);
        let Some(target) = self.target(own) else { return };
        self.write(Deed::Change(ChangeMessage {
            action,
            room: target.room,
            target: target.seq,
            epoch: with_epoch.then_some(target.epoch),
            client_message_id: None,
        }));
    }

    /// Picks a shown message, mostly a recent one.
    fn target(&mut self, own: bool) -> Option<Target> {
        let name = self.room();
        let (me, recent, draw) = (self.person.user(), self.dice.percent(70), self.dice.number() as usize);
        let log = &self.rooms.get(&name)?.log;
        let fits = |posted: &&Posted| !own || Some(posted.sender_id) == me;
        let newest_first = || log.messages().rev().filter(fits);
        let choices = newest_first().take(if recent { RECENT } else { usize::MAX }).count();
        let seq = newest_first().nth(draw.checked_rem(choices)?)?.seq;
        Some(Target { epoch: log.position().epoch, room: name, seq })
    }

    /// Half of the people never mark anything as unread, so their read marks only move forward.
    pub(super) fn moves_back(&self) -> bool {
        self.person.number.is_multiple_of(2)
    }

    fn read(&mut self, unread: bool) {
        let unread = unread && self.moves_back();
        let newest = self.dice.percent(60);
        let name = self.room();
        let head = self.rooms.get(&name).map_or(Seq::ZERO, |room| room.log.head());
        let seq = if newest && !unread { head } else { Seq(self.dice.below(head.0 as usize) as u64 + 1) };
        self.mark(&name, seq, unread);
    }

    /// Requests another page of a room's history.
    fn turn(&mut self) {
        let name = self.room();
        let draw = self.dice.below(100);
        let place = self.dice.number();
        let Some(room) = self.rooms.get(&name) else { return };
        if self.holds == Holds::All || !room.live || self.turns(&name) {
            return;
        }
        let (start, end, head) = (room.log.start(), room.log.end(), room.log.head());
        let (mut before, mut after, mut around) = (None, None, None);
        let turn = match draw {
            0..40 if !start.is_zero() => {
                before = Some(start.next());
                Turn::Older
            }
            40..70 if end < head => {
                after = Some(end);
                Turn::Newer
            }
            70..85 if self.holds == Holds::Window => {
                around = Some(Seq(place % (head.0 + 1)));
                Turn::Elsewhere
            }
            85.. => Turn::Elsewhere,
            _ => return,
        };
        let command = Command::History { room: name.clone(), before, after, around, limit: Some(PAGE) };
        self.ask(command, Asked::Page(name, turn));
    }

    /// Requests messages that are quoted but not shown.
    fn fetch(&mut self) {
        let name = self.room();
        let Some(room) = self.rooms.get(&name).filter(|room| room.live) else { return };
        let quoted = room.log.messages().rev().filter_map(|posted| posted.reply_to);
        let seqs: Vec<Seq> = quoted.filter(|&seq| room.log.message(seq).is_none()).take(FETCHED).collect();
        if !seqs.is_empty() {
            self.ask(Command::GetMessages { room: name.clone(), seqs }, Asked::Fetch(name));
        }
    }

    fn leave(&mut self) {
        self.wish = Some(match self.dice.below(3) {
            0 => Wish::Close,
            1 => Wish::Drop,
            _ => Wish::Reset,
        });
        self.world.numbers.dropped_by_client.add();
    }
}
