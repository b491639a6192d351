//! Private rooms: memberships, roles and details change with their events.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{
    Author, Member, MembershipChange, NewDetails, NewMembership, NewPrivateRoom, Outcome, Store, Write,
};
use shared::{
    Action, Change, DetailsChange, Epoch, ErrorCode, Person, RoomAddress, RoomDetails, RoomEvent, RoomKind,
    RoomRole, Seq, ShortText, UserId, UserName,
};

use crate::people::session;
use crate::place::{Place, at, change, commit, events, id, open_room, post, seqs, stored, tick, time, user};

pub fn person(number: u128) -> Person {
    Person { user_id: user(number), user: UserName::new(&format!("user {number}")).unwrap() }
}

pub async fn people(store: &dyn Store, numbers: &[u128]) {
    let save = |&number: &u128| Write::SaveGuest {
        session: session(number, &format!("user {number}")),
        secret: [number as u8; 32],
        at: time(100),
    };
    commit(store, numbers.iter().map(save).collect()).await;
}

fn new_room(address: &str, author: u128, members: &[u128], client_id: Option<u128>) -> Write {
    let Person { user_id, user } = person(author);
    Write::CreateRoom(NewPrivateRoom {
        kind: RoomKind::Private,
        make: true,
        address: RoomAddress::new(address).unwrap(),
        epoch: Epoch::from_random(5),
        details: RoomDetails { title: ShortText::new("den").ok(), ..RoomDetails::default() },
        author: Author { id: user_id, name: user, client_message_id: client_id.map(id) },
        members: members.iter().map(|&number| person(number)).collect(),
        timestamp: at(1),
    })
}

pub async fn create(store: &dyn Store, address: &str, author: u128, members: &[u128]) -> Arc<RoomInfo> {
    match commit(store, vec![new_room(address, author, members, None)]).await.remove(0) {
        Outcome::Created(room, _) => room,
        other => panic!("{other:?}"),
    }
}

fn places(events: &[RoomEvent]) -> Vec<u64> {
    events.iter().map(|event| event.seq().0).collect()
}

pub fn membership(room: &Arc<RoomInfo>, by: u128, member: u128, change: MembershipChange) -> Write {
    let (room, by, member) = (room.clone(), person(by), person(member));
    Write::Membership(NewMembership { room, by, member, change, timestamp: at(2) })
}

pub fn removed(room: &Arc<RoomInfo>, by: u128, member: u128) -> Write {
    membership(room, by, member, MembershipChange::Removed { reason: ShortText::new("why").ok() })
}

async fn one(store: &dyn Store, write: Write) -> Result<Option<Change>, ErrorCode> {
    match commit(store, vec![write]).await.remove(0) {
        Outcome::RoomChanged(mut events) => Ok(events.pop().map(|changed| changed.change)),
        Outcome::Done => Ok(None),
        Outcome::Refused(code) => Err(code),
        other => panic!("{other:?}"),
    }
}

async fn members(store: &dyn Store, room: &RoomInfo) -> Vec<(UserId, RoomRole)> {
    let rooms = store.live_rooms().await.unwrap();
    let (_, members) = rooms.into_iter().find(|(info, _)| **info == *room).expect("the room is live");
    let mut members: Vec<_> = members.into_iter().map(|Member { user, role, .. }| (user.id, role)).collect();
    members.sort();
    members
}

pub async fn a_private_room_begins_with_its_members_and_comes_back(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2, 3]).await;
    let den = create(&*store, "~den", 1, &[2, 9, 2]).await;
    assert!(den.is_private() && !den.permanent);
    let expected = [(user(1), RoomRole::Moderator), (user(2), RoomRole::Member)];
    assert_eq!(members(&*store, &den).await, expected, "whom the store does not know is passed over");
    let events = events(&*store, &den, 0).await;
    assert_eq!(places(&events), [1, 2]);
    let RoomEvent::Changed(second) = &events[1] else { panic!("{events:?}") };
    assert_eq!((second.target, second.by.as_ref().unwrap().user_id), (Seq(2), user(1)));
    assert_eq!(second.change, Change::MemberAdded { member: person(2), role: RoomRole::Member });

    let store = place.reopen(store).await;
    assert_eq!(members(&*store, &den).await, expected);
    let rooms = store.live_rooms().await.unwrap();
    let back = rooms.iter().map(|(room, _)| room).find(|room| room.address.is_private()).unwrap();
    assert_eq!((&back.address, &back.details, back.kind), (&den.address, &den.details, den.kind));
    assert_eq!(crate::place::events(&*store, &den, 0).await, events);
}

pub async fn a_repeated_request_finds_the_room_that_it_made(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let first = commit(&*store, vec![new_room("~a", 1, &[], Some(7)), new_room("~b", 1, &[], Some(7))]).await;
    let [Outcome::Created(made, _), Outcome::Room(found)] = &first[..] else { panic!("{first:?}") };
    assert_eq!((made, &found.address), (found, &made.address));
    let other = commit(&*store, vec![new_room("~c", 2, &[], Some(7))]).await.remove(0);
    assert!(matches!(other, Outcome::Created(..)), "an id is one's own: {other:?}");
}

pub async fn a_membership_changes_with_its_event(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2, 3]).await;
    let den = create(&*store, "~den", 1, &[]).await;
    let added = |member| membership(&den, 1, member, MembershipChange::Added);
    let moderator = |member| membership(&den, 1, member, MembershipChange::Role(RoomRole::Moderator));
    assert_eq!(
        one(&*store, membership(&den, 2, 3, MembershipChange::Added)).await,
        Err(ErrorCode::NotAMember)
    );
    let member = Change::MemberAdded { member: person(2), role: RoomRole::Member };
    assert_eq!(one(&*store, added(2)).await, Ok(Some(member)));
    assert_eq!(one(&*store, added(2)).await, Ok(None), "they are one already");
    assert_eq!(one(&*store, added(9)).await, Err(ErrorCode::NoSuchUser));
    assert_eq!(one(&*store, moderator(3)).await, Err(ErrorCode::NoSuchUser));
    let raised = Change::RoleChanged { member: person(2), role: RoomRole::Moderator };
    assert_eq!(one(&*store, moderator(2)).await, Ok(Some(raised)));
    assert_eq!(one(&*store, moderator(2)).await, Ok(None));
    let gone = Change::MemberRemoved { member: person(2), reason: ShortText::new("why").ok() };
    assert_eq!(one(&*store, removed(&den, 1, 2)).await, Ok(Some(gone)));
    assert_eq!(one(&*store, removed(&den, 1, 2)).await, Ok(None));
    assert_eq!(one(&*store, added(2)).await.map(|change| change.is_some()), Ok(true));
    assert_eq!(members(&*store, &den).await[1], (user(2), RoomRole::Member), "a role does not come back");
    assert_eq!(places(&events(&*store, &den, 0).await), [1, 2, 3, 4, 5]);
}

pub async fn only_members_write_in_a_private_room(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let den = create(&*store, "~den", 1, &[2]).await;
    assert_eq!(seqs(&stored(&*store, vec![post(&den, 2, None, "mine")]).await), [3]);
    let batch = vec![
        post(&den, 3, None, "a stranger"),
        post(&den, 2, None, "before"),
        removed(&den, 1, 2),
        post(&den, 2, None, "after"),
        change(&den, 2, None, 3, Action::PinMessage),
        change(&den, 2, None, 3, Action::DeleteMessage),
        post(&den, 1, None, "still here"),
    ];
    let outcomes = commit(&*store, batch).await;
    let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused(ErrorCode::NotAMember));
    let refused: Vec<bool> = outcomes.iter().map(is_refused).collect();
    assert_eq!(refused, [true, false, false, true, true, false, false], "{outcomes:?}");
    assert_eq!(places(&events(&*store, &den, 3).await), [4, 5, 6, 7]);
}

pub async fn details_change_one_by_one_and_last(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1]).await;
    let den = create(&*store, "~den", 1, &[]).await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let topic = |room: &Arc<RoomInfo>, by, text: &str| {
        let change = DetailsChange { topic: Some(ShortText::new(text).ok()), ..DetailsChange::default() };
        Write::Details(NewDetails { room: room.clone(), by: person(by), change, timestamp: at(3) })
    };
    assert_eq!(one(&*store, topic(&den, 2, "x")).await, Err(ErrorCode::NotAMember));
    let details = RoomDetails { topic: ShortText::new("plans").ok(), ..(*den.details).clone() };
    assert_eq!(
        one(&*store, topic(&den, 1, "plans")).await,
        Ok(Some(Change::DetailsChanged(details.clone())))
    );
    assert_eq!(one(&*store, topic(&den, 1, "plans")).await, Ok(None));
    assert!(one(&*store, topic(&tea, 2, "for everybody")).await.unwrap().is_some());
    let store = place.reopen(store).await;
    let rooms = store.rooms().await.unwrap();
    let back = rooms.iter().find(|room| ***room == *den).unwrap();
    assert_eq!(*back.details, details);
    assert_eq!(open_room(&*store, "tea", 2, false).await.details.topic, ShortText::new("for everybody").ok());
}

pub async fn forgotten_guests_are_told_and_an_abandoned_den_goes(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let den = create(&*store, "~den", 1, &[2]).await;
    stored(&*store, vec![post(&den, 1, None, "a secret")]).await;
    let forget = commit(&*store, vec![Write::ForgetGuests { before: time(100) }]).await.remove(0);
    let Outcome::Forgotten(mut guests) = forget else { panic!("{forget:?}") };
    guests.sort();
    assert_eq!(guests, [user(1), user(2)]);
    assert_eq!(members(&*store, &den).await, []);
    commit(&*store, vec![Write::SetLive { room: den.id, empty_since: Some(time(1)) }, tick(500)]).await;
    while let Outcome::Removed(removed) =
        commit(&*store, vec![Write::Purge { room: den.id, before: time(400) }]).await.remove(0)
        && removed.more
    {}
    assert!(store.rooms().await.unwrap().iter().all(|room| room.id != den.id));
}
