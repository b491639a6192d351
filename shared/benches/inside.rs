//! What both sides do for every event and every text: `cargo bench -p shared`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap ends the measurement")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use shared::search::{Query, document_terms};
use shared::{
    Change, Changed, ClientMessageId, Emoji, Epoch, Mentions, MessageId, MessageText, Person, Position,
    Posted, Request, RoomEvent, RoomKind, RoomLog, RoomName, Seq, ServerFrame, Timestamp, UserId, UserName,
};
use uuid::Uuid;

const EVENTS: u64 = 1_000;
const CONTENT: &str =
    "来週の会議の資料を https://example.com/ に置きました。Please have a look before lunch!";

fn posted(seq: u64) -> RoomEvent {
    RoomEvent::Posted(Posted {
        room: RoomName::general().into(),
        sender: UserName::new("花子").unwrap(),
        sender_id: UserId::new(Uuid::from_u128(1)),
        content: Some(MessageText::new(CONTENT).unwrap()),
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
    })
}

fn changed(seq: u64, target: u64, change: Change) -> RoomEvent {
    RoomEvent::Changed(Changed {
        room: RoomName::general().into(),
        seq: Seq(seq),
        target: Seq(target),
        by: Some(Person {
            user_id: UserId::new(Uuid::from_u128(seq.into())),
            user: UserName::new("太郎").unwrap(),
        }),
        timestamp: Timestamp::from_millis(1_700_000_000_000),
        client_message_id: None,
        change,
    })
}

fn epoch() -> Epoch {
    Epoch::from_random(7)
}

fn reducer(c: &mut Criterion) {
    let messages: Vec<RoomEvent> = (1..=EVENTS).map(posted).collect();
    // Every second event changes the message before it.
    let mixed: Vec<RoomEvent> = (1..=EVENTS)
        .map(|seq| match seq % 4 {
            2 => changed(seq, seq - 1, Change::ReactionAdded(Emoji::new("👍").unwrap())),
            0 => changed(seq, seq - 1, Change::Pinned),
            _ => posted(seq),
        })
        .collect();
    let mut group = c.benchmark_group("reducer");
    group.throughput(Throughput::Elements(EVENTS));
    for (name, events) in [("messages", &messages), ("messages and changes", &mixed)] {
        group.bench_function(name, |b| {
            b.iter_batched(
                || RoomLog::empty(epoch(), Seq::ZERO),
                |mut log| {
                    for event in events {
                        black_box(log.apply(event));
                    }
                    log
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.bench_function("snapshot", |b| {
        let at = Position { epoch: epoch(), seq: Seq(EVENTS) };
        b.iter(|| RoomLog::from_snapshot(at, Seq::ZERO, black_box(&messages)));
    });
    group.finish();
}

fn search(c: &mut Criterion) {
    let author = UserName::new("花子").unwrap();
    let mut group = c.benchmark_group("search");
    group.throughput(Throughput::Bytes(CONTENT.len() as u64));
    group.bench_function("terms of a message", |b| {
        b.iter(|| document_terms(&author, 1, RoomKind::Public, black_box(CONTENT), false));
    });
    let query = Query::parse("会議 lunch").unwrap();
    group.bench_function("look at a message", |b| b.iter(|| query.matches(black_box(CONTENT))));
    group.bench_function("mark what was found", |b| b.iter(|| query.highlights(black_box(CONTENT))));
    group.finish();
    c.bench_function("search/read a query", |b| {
        b.iter(|| Query::parse(black_box("会議 lun* from:花子 \"a phrase\" before:2026-11-24")));
    });
}

fn wire(c: &mut Criterion) {
    let request = format!(
        r#"{{"type":"chat","room":"general","content":"{CONTENT}","client_message_id":"019aaf5e-3b7c-7d11-9d2f-5a1b0c3e4f60","id":7}}"#
    );
    let frame = serde_json::to_string(&ServerFrame::Event(posted(7))).unwrap();
    c.bench_function("wire/read a request", |b| b.iter(|| Request::parse(black_box(&request))));
    c.bench_function("wire/read a frame", |b| {
        b.iter(|| serde_json::from_str::<ServerFrame>(black_box(&frame)));
    });
}

criterion_group!(benches, reducer, search, wire);
criterion_main!(benches);
