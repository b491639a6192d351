//! Guests, their memberships and read marks.

use hiroba::room::RoomId;
use hiroba::store::{Member, SecretHash, Session, Store, StoreError, User, Write};
use shared::{Seq, SessionId, UserId, UserName};
use uuid::Uuid;

use crate::place::{Place, commit, head, open_room, post, time, user};

const SECRET: SecretHash = [7; 32];

fn save(number: u128, name: &str, secret: SecretHash, seconds: i64) -> Write {
    Write::SaveGuest { session: session(number, name), secret, at: time(seconds) }
}

/// A session of user `number`, with the same number.
pub fn session(number: u128, name: &str) -> Session {
    let user = User { id: user(number), name: UserName::new(name).unwrap(), is_account: false };
    Session { id: SessionId::new(Uuid::from_u128(number)), user }
}

fn member(room: RoomId, number: u128, member: bool) -> Write {
    Write::SetMember { room, user: user(number), member }
}

fn read(room: RoomId, number: u128, seq: u64) -> Write {
    Write::SetRead { room, user: user(number), read: Seq(seq) }
}

async fn members(store: &dyn Store, room: RoomId) -> Vec<(UserId, String, Option<Seq>)> {
    let rooms = store.live_rooms().await.unwrap();
    let (_, members) = rooms.into_iter().find(|(info, _)| info.id == room).expect("the room is live");
    let mut members: Vec<_> =
        members.into_iter().map(|Member { user, read, .. }| (user.id, user.name.to_string(), read)).collect();
    members.sort();
    members
}

pub async fn a_guest_is_found_by_its_secret_within_its_time(place: &Place) {
    let store = place.open().await;
    commit(&*store, vec![save(1, "花子", SECRET, 100), save(2, "other", [8; 32], 100)]).await;
    let found = store.session(&SECRET, time(99)).await.unwrap().expect("within its time");
    assert_eq!(found, session(1, "花子"));
    assert!(store.session(&SECRET, time(100)).await.unwrap().is_none(), "its time is over");
    assert!(store.session(&[9; 32], time(0)).await.unwrap().is_none(), "an unknown secret");

    commit(&*store, vec![Write::Seen { users: vec![user(1)], at: time(200) }]).await;
    let store = place.reopen(store).await;
    assert!(store.session(&SECRET, time(199)).await.unwrap().is_some());
    assert!(store.session(&[8; 32], time(199)).await.unwrap().is_none());
}

pub async fn forgotten_guests_take_their_memberships_along(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let batch = vec![
        save(1, "old", SECRET, 100),
        save(2, "new", [8; 32], 101),
        member(tea.id, 1, true),
        member(tea.id, 2, true),
        read(tea.id, 1, 1),
        post(&tea, 1, None, "what was said stays"),
    ];
    commit(&*store, batch).await;
    commit(&*store, vec![Write::ForgetGuests { before: time(100) }]).await;
    assert!(store.session(&SECRET, time(0)).await.unwrap().is_none());
    assert!(store.session(&[8; 32], time(0)).await.unwrap().is_some());
    assert_eq!(members(&*store, tea.id).await, [(user(2), "new".to_owned(), None)]);
    assert_eq!(store.read_mark(tea.id, user(1)).await.unwrap(), None);
    assert_eq!(head(&*store, tea.id).await, Seq(1));
}

pub async fn memberships_and_read_marks_outlive_a_restart(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let sake = open_room(&*store, "sake", 2, false).await;
    let batch = vec![
        save(1, "alice", SECRET, 1),
        save(2, "bob", [8; 32], 1),
        member(tea.id, 1, true),
        read(tea.id, 1, 7),
        read(tea.id, 1, 41),
        member(tea.id, 1, true),
        read(tea.id, 2, 3),
        member(tea.id, 2, true),
        member(sake.id, 2, true),
        read(sake.id, 2, 5),
        member(sake.id, 2, false),
    ];
    commit(&*store, batch).await;
    let store = place.reopen(store).await;
    let expected = [(user(1), "alice".to_owned(), Some(Seq(41))), (user(2), "bob".to_owned(), Some(Seq(3)))];
    assert_eq!(members(&*store, tea.id).await, expected);
    assert_eq!(members(&*store, sake.id).await, []);
}

pub async fn a_membership_of_an_unknown_guest_is_passed_over(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let batch = vec![
        member(tea.id, 9, true),
        member(RoomId(tea.id.0 + 1_000), 9, true),
        read(tea.id, 9, 3),
        member(tea.id, 9, false),
        Write::Seen { users: vec![user(9)], at: time(1) },
        post(&tea, 1, None, "the batch is stored"),
    ];
    commit(&*store, batch).await;
    assert_eq!(members(&*store, tea.id).await, []);
    assert_eq!(head(&*store, tea.id).await, Seq(1));
}

pub async fn a_closed_store_refuses_and_stores_nothing(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    store.close().await;
    let refused = store.commit(&[post(&tea, 1, None, "too late")]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(store.ready().await.is_err());
    drop(store);
    let store = place.open().await;
    assert_eq!(head(&*store, tea.id).await, Seq::ZERO);
}
