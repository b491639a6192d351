//! The path of an event from the hub to the sockets of a room: `cargo bench -p server --bench outbox`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap ends the measurement")]

use std::hint::black_box;
use std::io;

use bytes::{Bytes, BytesMut};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hiroba::delivery::TryWrite;
use hiroba::delivery::encode;
use hiroba::delivery::outbox::{Flushed, Outbox, Priority};
use shared::{
    ClientMessageId, Mentions, MessageId, MessageText, Posted, RoomEvent, RoomName, Seq, ServerFrame,
    Timestamp, UserId, UserName,
};
use uuid::Uuid;

const MEMBERS: u64 = 500;
/// Events per turn of the hub.
const TURN: u64 = 8;

/// Accepts everything, or as much as it has room for.
struct Sink {
    room: usize,
}

impl TryWrite for Sink {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.room);
        if count == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.room -= count;
        black_box(bytes);
        Ok(count)
    }
}

fn room(room: usize) -> Vec<Outbox> {
    (0..MEMBERS).map(|_| Outbox::new(Box::new(Sink { room }))).collect()
}

fn event(seq: u64) -> ServerFrame {
    ServerFrame::Event(RoomEvent::Posted(Posted {
        room: RoomName::general().into(),
        sender: UserName::new("花子").unwrap(),
        sender_id: UserId::new(Uuid::from_u128(1)),
        content: Some(MessageText::new("来週の会議の資料を置きました。Please have a look!").unwrap()),
        timestamp: Timestamp::from_millis(1_700_000_000_000),
        seq: Seq(seq),
        message_id: MessageId::new(Uuid::from_u128(seq.into())),
        client_message_id: Some(ClientMessageId::new(Uuid::from_u128(seq.into()))),
        reply_to: None,
        mentions: Mentions::default(),
        changed_seq: None,
        edited_at: None,
        deleted: false,
        pinned: false,
        reactions: Vec::new(),
    }))
}

/// Returns the events of a turn as one buffer that all members share.
fn turn() -> Bytes {
    let mut out = BytesMut::new();
    (1..=TURN).for_each(|seq| encode::put_text(&mut out, &event(seq)));
    out.freeze()
}

fn encoding(c: &mut Criterion) {
    let mut group = c.benchmark_group("wire");
    group.throughput(Throughput::Elements(TURN));
    let events: Vec<ServerFrame> = (1..=TURN).map(event).collect();
    group.bench_function("events of a turn", |b| {
        b.iter_batched(
            || BytesMut::with_capacity(8 * 1024),
            |mut out| {
                for event in &events {
                    encode::put_text(&mut out, black_box(event));
                }
                out.freeze()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn fan_out(c: &mut Criterion) {
    let bytes = turn();
    let mut group = c.benchmark_group("500 members");
    group.throughput(Throughput::Elements(MEMBERS));
    let open = room(usize::MAX);
    group.bench_function("append and flush", |b| {
        b.iter(|| {
            for outbox in &open {
                black_box(outbox.append(bytes.clone(), Priority::Live));
            }
            open.iter().for_each(Outbox::flush);
        });
    });
    group.bench_function("append and flush to full sockets", |b| {
        b.iter_batched(
            || {
                let full = room(1_000);
                for outbox in &full {
                    outbox.send(bytes.clone(), Priority::Live);
                }
                full
            },
            |full| {
                for _ in 0..8 {
                    for outbox in &full {
                        black_box(outbox.append(bytes.clone(), Priority::Live));
                    }
                    full.iter().for_each(Outbox::flush);
                }
                full
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// Measures how a connection that was blocked with a full queue catches up.
fn catching_up(c: &mut Criterion) {
    let bytes = turn();
    let count = 200 * 1024 / bytes.len();
    let mut group = c.benchmark_group("catching up");
    group.throughput(Throughput::Bytes((count * bytes.len()) as u64));
    group.bench_function("200 KiB", |b| {
        b.iter_batched(
            || {
                let outbox = Outbox::new(Box::new(Sink { room: usize::MAX }));
                for _ in 0..count {
                    outbox.append(bytes.clone(), Priority::Live);
                }
                outbox
            },
            |outbox| {
                assert_eq!(outbox.resume(), Flushed::Empty);
                outbox
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, encoding, fan_out, catching_up);
criterion_main!(benches);
