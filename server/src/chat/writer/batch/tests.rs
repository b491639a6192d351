//! Which batches wait, and for whom.

use std::io;
use std::pin::pin;
use std::sync::Arc;

use shared::{
    Action, Epoch, Mentions, MessageId, MessageText, RoomKind, RoomName, Seq, Timestamp, UserId, UserName,
};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::super::previous::PreviousBatch;
use super::*;
use crate::delivery::{ConnectionHandle, Outbox, TryWrite};
use crate::hub::Requester;
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::{NewChange, NewPost};

/// Longer than any test runs.
const LONG: Duration = Duration::from_mins(1);

/// A socket that accepts everything.
struct Sink;

impl TryWrite for Sink {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
}

struct Person {
    handle: Arc<ConnectionHandle>,
    room: Arc<RoomInfo>,
}

impl Person {
    fn in_room(id: u32) -> Self {
        let address = RoomName::general().into();
        let room = RoomInfo {
            id: RoomId(id),
            address,
            kind: RoomKind::Public,
            people: Arc::default(),
            epoch: Epoch::from_random(1),
            permanent: false,
            details: Arc::default(),
        };
        Self {
            handle: Arc::new(ConnectionHandle::new(Outbox::new(Box::new(Sink)), None, 0)),
            room: Arc::new(room),
        }
    }

    fn author(&self) -> Author {
        Author { connection: self.handle.id, room: self.room.id }
    }

    fn edit(&self, text: &str) -> (Write, ReplyTo) {
        let change = NewChange {
            moderates: false,
            room: self.room.clone(),
            author: writer(),
            target: Seq(1),
            action: Action::EditMessage { content: MessageText::new(text).unwrap() },
            mentions: Mentions::default(),
            timestamp: Timestamp::from_millis(0),
        };
        (
            Write::Change(change),
            ReplyTo::Connection(Requester { handle: self.handle.clone(), id: None, since: Instant::now() }),
        )
    }

    fn message(&self) -> (Write, ReplyTo) {
        self.says("はい")
    }

    fn says(&self, text: &str) -> (Write, ReplyTo) {
        let post = NewPost {
            room: self.room.clone(),
            author: writer(),
            message_id: MessageId::new(Uuid::from_u128(2)),
            content: MessageText::new(text).unwrap(),
            reply_to: None,
            mentions: Mentions::default(),
            timestamp: Timestamp::from_millis(0),
        };
        (
            Write::Post(post),
            ReplyTo::Connection(Requester { handle: self.handle.clone(), id: None, since: Instant::now() }),
        )
    }
}

fn writer() -> crate::store::Author {
    crate::store::Author {
        id: UserId::new(Uuid::from_u128(1)),
        name: UserName::new("花子").unwrap(),
        client_message_id: None,
    }
}

fn write() -> (Write, ReplyTo) {
    (Write::ForgetGuests { before: ServerTime::from_millis(0) }, ReplyTo::Task(oneshot::channel().0))
}

fn authors(people: &[&Person]) -> HashSet<Author> {
    people.iter().map(|person| person.author()).collect()
}

/// A previous batch whose delivery took this long. It ended at a time in the future that no test reaches, so that a
/// wait does not time out even on a slow machine.
fn handed_out(people: &[&Person], earlier: &[&Person], took: Duration) -> History {
    handed_out_at(Instant::now() + LONG, people, earlier, took)
}

fn handed_out_at(at: Instant, people: &[&Person], earlier: &[&Person], took: Duration) -> History {
    History { previous: Some(before(at, people, earlier, took)), ..History::default() }
}

fn before(at: Instant, people: &[&Person], earlier: &[&Person], took: Duration) -> PreviousBatch {
    let (done, handed_out) = oneshot::channel();
    done.send(HandedOut { at, took }).unwrap();
    PreviousBatch { handed_out, authors: authors(people), earlier: authors(earlier) }
}

/// Returns the size of the batch when `second` writes only after a batch that does not wait would have left.
async fn sharing(first: &Person, second: &Person, history: &mut History) -> usize {
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    writers.send(first.message()).await.unwrap();
    let (batch, ()) = tokio::join!(Batch::next(&mut queue, history), async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        writers.send(second.message()).await.unwrap();
    });
    batch.unwrap().writes.len()
}

/// Whether the only writer is committed without waiting for others.
async fn goes(person: &Person, history: &mut History) -> bool {
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    writers.send(person.message()).await.unwrap();
    timeout(LONG / 10, Batch::next(&mut queue, history)).await.is_ok()
}

#[tokio::test]
async fn a_small_batch_waits_until_the_one_before_is_handed_out() {
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    let (done, handed_out) = oneshot::channel();
    let before = PreviousBatch { handed_out, authors: HashSet::new(), earlier: HashSet::new() };
    let mut history = History { previous: Some(before), ..History::default() };
    writers.send(write()).await.unwrap();
    {
        let mut next = pin!(Batch::next(&mut queue, &mut history));
        for _ in 0..10 {
            tokio::select! {
                biased;
                _ = &mut next => panic!("it did not wait"),
                () = tokio::task::yield_now() => {}
            }
        }
        writers.send(write()).await.unwrap();
        done.send(HandedOut { at: Instant::now(), took: LONG }).unwrap();
        assert_eq!(next.await.unwrap().writes.len(), 2, "who came meanwhile shares the commit");
    }
    writers.send(write()).await.unwrap();
    let next = Batch::next(&mut queue, &mut History::default()).await.unwrap();
    assert_eq!(next.writes.len(), 1, "nobody is waited for");
}

#[tokio::test]
async fn a_batch_of_some_size_waits_for_nothing() {
    let (writers, mut queue) = mpsc::channel(2 * MOST);
    let (_done, handed_out) = oneshot::channel();
    let before = PreviousBatch { handed_out, authors: HashSet::new(), earlier: HashSet::new() };
    let mut history = History { previous: Some(before), ..History::default() };
    for _ in 0..=MOST {
        writers.send(write()).await.unwrap();
    }
    assert_eq!(Batch::next(&mut queue, &mut history).await.unwrap().writes.len(), MOST);
    drop(writers);
    history.previous = None;
    assert_eq!(Batch::next(&mut queue, &mut history).await.unwrap().writes.len(), 1);
    assert!(Batch::next(&mut queue, &mut history).await.is_none());
}

#[tokio::test]
async fn a_batch_takes_a_mebibyte_of_text_be_it_new_or_edited() {
    let (person, text) = (Person::in_room(1), "x".repeat(4_000));
    for write in [Person::says, Person::edit] {
        let (writers, mut queue) = mpsc::channel(MOST);
        for _ in 0..MOST {
            writers.send(write(&person, &text)).await.unwrap();
        }
        let batch = Batch::next(&mut queue, &mut History::default()).await.unwrap();
        assert_eq!(batch.writes.len(), MOST_BYTES.div_ceil(text.len()));
    }
}

#[tokio::test]
async fn who_answers_at_once_is_waited_for() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let both = [&one, &two];
    assert_eq!(sharing(&one, &two, &mut handed_out(&both, &both, LONG)).await, 2);
    // The authors of the batch before the previous one have written again, so those of the previous one are expected
    // to.
    assert_eq!(sharing(&one, &two, &mut handed_out(&[&two], &[&one], LONG)).await, 2);
}

#[tokio::test]
async fn nobody_waits_for_those_who_do_not_answer_share_no_socket_or_are_served_quickly() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let (elsewhere, gone) = (Person::in_room(2), [Person::in_room(1), Person::in_room(1)]);
    let (both, gone, apart) = ([&one, &two], [&gone[0], &gone[1]], [&one, &elsewhere]);
    assert!(goes(&one, &mut handed_out(&both, &[], LONG)).await, "nobody is known");
    assert!(goes(&one, &mut handed_out(&both, &gone, LONG)).await, "they did not answer");
    assert!(goes(&one, &mut handed_out(&both, &both, WORTH_WAITING / 2)).await, "it was quick");
    assert!(goes(&one, &mut handed_out(&apart, &apart, LONG)).await, "the other one is in another room");
    assert!(
        goes(&two, &mut handed_out(&[&two, &elsewhere], &[&elsewhere], LONG)).await,
        "so are the answers"
    );
    assert!(goes(&two, &mut handed_out(&[&two], &[&two], LONG)).await, "all are here");
}

#[tokio::test]
async fn the_wait_ends() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let both = [&one, &two];
    let start = Instant::now();
    assert!(goes(&one, &mut handed_out_at(start, &both, &both, LONG)).await);
    assert!((LONGEST_WAIT..LONG / 20).contains(&start.elapsed()));
}

#[tokio::test]
async fn after_waits_in_vain_nobody_waits_for_a_while() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let both = [&one, &two];
    let mut history = History::default();
    for skipped in [1, 2, 4] {
        history.previous = Some(before(Instant::now(), &both, &both, LONG));
        assert!(goes(&one, &mut history).await);
        for _ in 0..skipped {
            history.previous = Some(before(Instant::now() + LONG, &both, &both, LONG));
            assert!(goes(&one, &mut history).await, "{skipped} do not wait");
        }
    }
    for _ in 0..3 {
        history.previous = Some(before(Instant::now() + LONG, &both, &both, LONG));
        assert_eq!(sharing(&one, &two, &mut history).await, 2, "who was not in vain is waited for again");
    }
}
