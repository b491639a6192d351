//! Slow consumers: those whose sockets do not accept data, never those that were sent a lot at once.

use std::sync::Arc;

use shared::limits::{LIVE_QUEUE_MOST_BYTES, SLOW_MILLIS, STALLED_MILLIS};
use shared::{MessageText, RoomEvent, ServerFrame};

use super::{Person, World, posted, room};
use crate::hub::Committed;
use crate::room::RoomInfo;

const ROOMS: u32 = 12;
/// Messages of a [`burst`], and about how many bytes they are on the wire.
const MESSAGES: usize = 60;
const BURST: usize = MESSAGES * 12_300;

/// A hub with an author and a reader in the same rooms.
struct Scene {
    world: World,
    rooms: Vec<Arc<RoomInfo>>,
    author: Person,
    reader: Person,
    seq: u64,
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let rooms: Vec<_> = (1..=ROOMS).map(|number| room(number, &format!("room {number}"))).collect();
        let (author, reader) = (world.guest("author"), world.guest("reader"));
        for room in &rooms {
            world.join(&author, room);
            world.join(&reader, room);
        }
        reader.texts();
        Self { world, rooms, author, reader, seq: 0 }
    }

    /// Delivers one commit: long messages in all rooms, few enough per room that none is written before the turn ends.
    fn burst(&mut self) {
        let content = MessageText::new(&"あ".repeat(4_000)).unwrap();
        let mut batch = Vec::new();
        for number in 0..MESSAGES {
            let room = &self.rooms[number % self.rooms.len()];
            self.seq += 1;
            let RoomEvent::Posted(mut message) = posted(&self.author, room, self.seq) else {
                panic!("a message was posted")
            };
            message.content = Some(content.clone());
            let event = Some(RoomEvent::Posted(message));
            batch.push(Committed { room: room.clone(), event, ack: None });
        }
        self.world.state.deliver(batch);
        self.world.state.finish_turn();
    }

    /// Lets a second pass in which the reader's socket accepts `bytes` bytes.
    fn second(&mut self, bytes: usize) {
        self.reader.socket.take_only(bytes);
        self.reader.handle.outbox.resume();
        self.reader.handle.set_heard(self.world.now);
        self.world.pass(1_000);
    }

    fn is_cut(&self) -> bool {
        self.reader.handle.outbox.is_closing()
    }
}

#[test]
fn what_one_turn_produces_reaches_whoever_takes_it() {
    let mut scene = Scene::new();
    scene.burst();
    assert!(!scene.is_cut(), "a reader was cut for what one turn produced");
    let messages = scene.reader.texts();
    let messages = messages.iter().filter(|frame| matches!(frame, ServerFrame::Event(_)));
    assert_eq!(messages.count(), MESSAGES);
}

#[test]
fn whoever_takes_it_bit_by_bit_gets_all_of_it() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(0);
    scene.burst();
    for _ in 0..SLOW_MILLIS / 1_000 + 5 {
        scene.second(BURST / 10);
    }
    assert!(!scene.is_cut());
    assert_eq!(scene.reader.texts().len(), MESSAGES);
}

#[test]
fn whoever_is_always_behind_and_keeps_up_is_not_slow() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(0);
    scene.burst();
    for _ in 0..40 {
        scene.burst();
        scene.second(BURST);
    }
    assert!(!scene.is_cut());
}

#[test]
fn whoever_takes_far_too_little_is_cut_after_ten_seconds() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(0);
    scene.burst();
    for _ in 0..SLOW_MILLIS / 1_000 {
        scene.second(1_000);
    }
    assert!(!scene.is_cut());
    scene.second(1_000);
    assert!(scene.is_cut());
}

#[test]
fn whoever_takes_nothing_is_cut_after_a_second() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(0);
    scene.burst();
    scene.world.pass(STALLED_MILLIS);
    assert!(!scene.is_cut());
    scene.world.pass(250);
    assert!(scene.is_cut());
    assert_eq!(scene.world.state.statistics().slow_consumers, 1);
    assert!(scene.reader.handle.outbox.queued_bytes() < 100, "what nobody will read is let go");
    scene.reader.socket.take_only(usize::MAX);
    scene.reader.handle.outbox.resume();
    let (_, controls) = scene.reader.socket.take();
    assert_eq!(controls[0].1[..2], 4008u16.to_be_bytes());
}

#[test]
fn whoever_takes_nothing_is_cut_at_once_when_very_much_waits() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(0);
    for _ in 0..LIVE_QUEUE_MOST_BYTES / BURST {
        scene.burst();
        assert!(!scene.is_cut());
    }
    scene.burst();
    assert!(scene.is_cut());
    assert_eq!(scene.world.state.statistics().slow_consumers, 1);
}

#[test]
fn a_little_that_waits_is_no_reason_however_long() {
    let mut scene = Scene::new();
    scene.reader.socket.take_only(BURST - 100_000);
    scene.burst();
    for _ in 0..40 {
        scene.second(0);
    }
    assert!(!scene.is_cut(), "the time that a write may take is the connection's affair");
}
