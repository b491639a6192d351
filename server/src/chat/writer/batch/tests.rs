//! Who waits for whom.

use std::io;
use std::pin::pin;

use shared::{Epoch, Mentions, MessageId, MessageText, RoomName, Timestamp, UserId, UserName};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::*;
use crate::hub::outbox::{Outbox, Transport};
use crate::hub::{Link, Origin};
use crate::room::RoomInfo;
use crate::store::NewPost;

/// Longer than any test runs.
const LONG: Duration = Duration::from_mins(1);

/// A socket that takes everything.
struct Sink;

impl Transport for Sink {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
}

struct Person {
    link: Arc<Link>,
    room: Arc<RoomInfo>,
}

impl Person {
    fn in_room(id: u32) -> Self {
        let address = RoomName::general().into();
        let room = RoomInfo { id: RoomId(id), address, epoch: Epoch::from_random(1), permanent: false };
        Self { link: Arc::new(Link::new(Outbox::new(Box::new(Sink)), 0)), room: Arc::new(room) }
    }

    fn author(&self) -> Author {
        Author { connection: Arc::as_ptr(&self.link).addr(), room: self.room.id }
    }

    fn message(&self) -> (Write, Asker) {
        let author = crate::store::Author {
            id: UserId::new(Uuid::from_u128(1)),
            name: UserName::new("花子").unwrap(),
            client_message_id: None,
        };
        let post = NewPost {
            room: self.room.clone(),
            author,
            message_id: MessageId::new(Uuid::from_u128(2)),
            content: MessageText::new("はい").unwrap(),
            reply_to: None,
            mentions: Mentions::default(),
            timestamp: Timestamp::from_millis(0),
        };
        (Write::Post(post), Asker::Author(Origin { link: self.link.clone(), id: None }))
    }
}

fn write() -> (Write, Asker) {
    (Write::ForgetGuests { before: Timestamp::from_millis(0) }, Asker::Nobody)
}

fn authors(people: &[&Person]) -> HashSet<Author> {
    people.iter().map(|person| person.author()).collect()
}

/// A batch of these that took so long. It ends in a future that no test reaches, so that who waits does so however slow
/// the machine is.
fn handed_out(people: &[&Person], earlier: &[&Person], took: Duration) -> Before {
    handed_out_at(Instant::now() + LONG, people, earlier, took)
}

fn handed_out_at(at: Instant, people: &[&Person], earlier: &[&Person], took: Duration) -> Before {
    let (done, handed_out) = oneshot::channel();
    done.send(HandedOut { at, took }).unwrap();
    Before { handed_out, authors: authors(people), earlier: authors(earlier) }
}

/// How many share a batch when the second person of the two writes a moment after the first.
async fn sharing(first: &Person, second: &Person, before: Before) -> usize {
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    writers.send(first.message()).await.unwrap();
    let mut before = Some(before);
    let (batch, ()) = tokio::join!(Batch::next(&mut queue, &mut before), async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        writers.send(second.message()).await.unwrap();
    });
    batch.unwrap().writes.len()
}

#[tokio::test]
async fn a_small_batch_waits_until_the_one_before_is_handed_out() {
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    let (done, handed_out) = oneshot::channel();
    let mut before = Some(Before { handed_out, authors: HashSet::new(), earlier: HashSet::new() });
    writers.send(write()).await.unwrap();
    {
        let mut next = pin!(Batch::next(&mut queue, &mut before));
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
    assert_eq!(Batch::next(&mut queue, &mut None).await.unwrap().writes.len(), 1, "nobody is waited for");
}

#[tokio::test]
async fn a_batch_of_some_size_waits_for_nothing() {
    let (writers, mut queue) = mpsc::channel(2 * MOST);
    let (_done, handed_out) = oneshot::channel();
    let mut before = Some(Before { handed_out, authors: HashSet::new(), earlier: HashSet::new() });
    for _ in 0..=MOST {
        writers.send(write()).await.unwrap();
    }
    assert_eq!(Batch::next(&mut queue, &mut before).await.unwrap().writes.len(), MOST);
    drop(writers);
    assert_eq!(Batch::next(&mut queue, &mut None).await.unwrap().writes.len(), 1);
    assert!(Batch::next(&mut queue, &mut None).await.is_none());
}

#[tokio::test]
async fn who_answers_at_once_is_waited_for() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let both = [&one, &two];
    assert_eq!(sharing(&one, &two, handed_out(&both, &both, LONG)).await, 2);
    // Those of the batch before last are here: the others will be.
    assert_eq!(sharing(&one, &two, handed_out(&[&two], &[&one], LONG)).await, 2);
}

#[tokio::test]
async fn nobody_waits_for_those_who_do_not_answer_share_no_socket_or_are_served_quickly() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let (elsewhere, gone) = (Person::in_room(2), [Person::in_room(1), Person::in_room(1)]);
    let (both, gone) = ([&one, &two], [&gone[0], &gone[1]]);
    assert_eq!(sharing(&one, &two, handed_out(&both, &[], LONG)).await, 1, "nobody is known");
    assert_eq!(sharing(&one, &two, handed_out(&both, &gone, LONG)).await, 1, "they did not answer");
    assert_eq!(sharing(&one, &two, handed_out(&both, &both, WORTH_WAITING / 2)).await, 1, "it was quick");
    let apart = [&one, &elsewhere];
    assert_eq!(sharing(&one, &elsewhere, handed_out(&apart, &apart, LONG)).await, 1, "another room");
    assert_eq!(sharing(&two, &one, handed_out(&[&two], &[&two], LONG)).await, 1, "all are here");
}

#[tokio::test]
async fn the_wait_ends() {
    let (one, two) = (Person::in_room(1), Person::in_room(1));
    let both = [&one, &two];
    let (writers, mut queue) = mpsc::channel(ENOUGH);
    writers.send(one.message()).await.unwrap();
    let start = Instant::now();
    let mut before = Some(handed_out_at(start, &both, &both, LONG));
    let batch = timeout(LONG, Batch::next(&mut queue, &mut before)).await.expect("it ends");
    assert_eq!(batch.unwrap().writes.len(), 1);
    assert!((LONGEST_WAIT..LONG / 4).contains(&start.elapsed()));
}
