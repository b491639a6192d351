//! Direct conversations: the same people are one, and what somebody took out of their list comes back with a message.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{Author, Member, NewPrivateRoom, Outcome, Store, Write};
use shared::{Epoch, ErrorCode, Person, RoomAddress, RoomDetails, RoomKind, RoomRole, Seq};

use crate::doors::{people, person};
use crate::place::{Place, at, commit, id, post, tick, time, user};

fn conversation(address: &str, author: u128, others: &[u128], make: bool) -> Write {
    let Person { user_id, user } = person(author);
    Write::CreateRoom(NewPrivateRoom {
        kind: RoomKind::Direct,
        make,
        address: RoomAddress::new(address).unwrap(),
        epoch: Epoch::from_random(5),
        details: RoomDetails::default(),
        author: Author { id: user_id, name: user, client_message_id: None },
        members: others.iter().map(|&number| person(number)).collect(),
        timestamp: at(1),
    })
}

async fn made(store: &dyn Store, write: Write) -> Arc<RoomInfo> {
    match commit(store, vec![write]).await.remove(0) {
        Outcome::Created(room, _) => room,
        other => panic!("{other:?}"),
    }
}

/// Who does not have a conversation in their list, of those who are members.
async fn closed(store: &dyn Store, room: &RoomInfo) -> Vec<(u128, bool)> {
    let rooms = store.live_rooms().await.unwrap();
    let (_, members) = rooms.into_iter().find(|(info, _)| **info == *room).expect("the room is live");
    let state = |number| {
        let member = members.iter().find(|member| member.user.id == user(number));
        member.map(|Member { closed, role, .. }| {
            assert_eq!(*role, RoomRole::Member, "nobody has a role");
            (number, *closed)
        })
    };
    (1..=3).filter_map(state).collect()
}

pub async fn the_same_people_are_one_conversation(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2, 3]).await;
    let batch = vec![
        conversation("~a", 1, &[2], true),
        conversation("~b", 2, &[1], true),
        conversation("~c", 2, &[1, 3], true),
    ];
    let outcomes = commit(&*store, batch).await;
    let [Outcome::Created(talk, events), Outcome::Room(again), Outcome::Created(group, _)] = &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!((talk, &talk.address, events.len()), (again, &again.address, 2));
    assert_eq!((talk.kind, &talk.people[..]), (RoomKind::Direct, &[user(1), user(2)][..]));
    assert_eq!(group.people.len(), 3);
    let store = place.reopen(store).await;
    let found = commit(&*store, vec![conversation("~d", 3, &[2, 1, 3], false)]).await.remove(0);
    assert!(matches!(&found, Outcome::Room(room) if room == group), "{found:?}");
    let refused = commit(&*store, vec![conversation("~e", 3, &[2], false)]).await.remove(0);
    assert!(matches!(refused, Outcome::Refused(ErrorCode::TooMany)), "{refused:?}");
}

pub async fn a_conversation_is_in_the_list_from_its_first_message_on(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let talk = made(&*store, conversation("~a", 1, &[2], true)).await;
    assert_eq!(closed(&*store, &talk).await, [(1, false), (2, true)]);
    commit(&*store, vec![post(&talk, 1, id(1), "hello")]).await;
    assert_eq!(closed(&*store, &talk).await, [(1, false), (2, false)]);
    let close = |closed| Write::SetClosed { room: talk.id, user: user(1), closed };
    commit(&*store, vec![close(Some(Seq(3)))]).await;
    assert_eq!(closed(&*store, &talk).await, [(1, true), (2, false)]);
    let store = place.reopen(store).await;
    assert_eq!(closed(&*store, &talk).await, [(1, true), (2, false)]);
    commit(&*store, vec![close(None)]).await;
    assert_eq!(closed(&*store, &talk).await, [(1, false), (2, false)]);
    commit(&*store, vec![close(Some(Seq(3))), post(&talk, 2, id(2), "there?")]).await;
    assert_eq!(closed(&*store, &talk).await, [(1, false), (2, false)], "a message is newer");
}

pub async fn people_may_begin_anew_when_their_conversation_was_removed(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let talk = made(&*store, conversation("~a", 1, &[2], true)).await;
    commit(&*store, vec![tick(100), Write::SetLive { room: talk.id, empty_since: Some(time(100)) }]).await;
    commit(&*store, vec![Write::Purge { room: talk.id, before: time(200) }]).await;
    let other = made(&*store, conversation("~b", 2, &[1], true)).await;
    assert_ne!(talk.address, other.address);
}
