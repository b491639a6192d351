//! Links let people into a room as an invitation does, for a while and so many.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{MembershipChange, NewMembership, Outcome, RoomLink, RoomLinkUse, Store, Write};
use shared::limits::LINKS_PER_ROOM;
use shared::{Change, ErrorCode};
use uuid::Uuid;

use crate::accounts::at;
use crate::doors::{create, membership, people, person, removed};
use crate::place::{Place, commit, one, open_room, user};

fn link(number: u8, room: &Arc<RoomInfo>, made_by: u128, uses_left: u32) -> RoomLink {
    let ((_, made_at), (ends_at, expires_at)) = (at(100 + i64::from(number)), at(1_000));
    let (id, room, made_by) = (Uuid::from_u128(number.into()), room.clone(), user(made_by));
    RoomLink { id, room, made_by, made_at, ends_at, expires_at, uses_left }
}

fn add(number: u8, link: RoomLink) -> Write {
    Write::AddRoomLink { link, secret: [number; 32], at: at(100) }
}

fn used(number: u8, room: &Arc<RoomInfo>, by: u128, member: u128) -> RoomLinkUse {
    let (room, by, member, change) = (room.clone(), person(by), person(member), MembershipChange::Added);
    let membership = NewMembership { room, by, member, change, timestamp: at(200).1 };
    RoomLinkUse { secret: [number; 32], at: at(200), membership: Some(membership) }
}

async fn enter(store: &dyn Store, used: RoomLinkUse) -> Result<Option<Change>, ErrorCode> {
    match one(store, Write::UseRoomLink(used)).await {
        Outcome::RoomChanged(mut events) => Ok(events.pop().map(|changed| changed.change)),
        Outcome::Done => Ok(None),
        Outcome::Refused(code) => Err(code),
        other => panic!("{other:?}"),
    }
}

pub async fn a_link_lets_in_as_many_as_it_says_and_members_do_not_count(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2, 3, 4, 5]).await;
    let den = create(&*store, "~den", 1, &[]).await;
    let new = link(1, &den, 1, 2);
    assert!(matches!(one(&*store, add(1, new.clone())).await, Outcome::Done));
    let store = place.reopen(store).await;
    assert_eq!(store.room_link(&[1; 32], at(999)).await.unwrap(), Some(new.clone()));
    assert_eq!(store.room_link(&[2; 32], at(200)).await.unwrap(), None);
    let change = enter(&*store, used(1, &den, 1, 2)).await.unwrap();
    assert!(matches!(change, Some(Change::MemberAdded { member, .. }) if member == person(2)));
    assert_eq!(enter(&*store, used(1, &den, 1, 2)).await, Ok(None), "they are in already");
    assert_eq!(store.room_link(&[1; 32], at(200)).await.unwrap().map(|link| link.uses_left), Some(1));
    enter(&*store, used(1, &den, 1, 3)).await.unwrap();
    assert_eq!(enter(&*store, used(1, &den, 1, 4)).await, Err(ErrorCode::LinkEnded));
    assert!(!store.is_member(den.id, user(4)).await.unwrap());
    // Into a public room a link is only counted.
    let tea = open_room(&*store, "tea", 1, false).await;
    commit(&*store, vec![add(2, link(2, &tea, 1, 1))]).await;
    let once = || RoomLinkUse { membership: None, ..used(2, &tea, 1, 4) };
    assert_eq!(enter(&*store, once()).await, Ok(None));
    assert_eq!(enter(&*store, once()).await, Err(ErrorCode::LinkEnded));
}

pub async fn a_link_into_a_room_ends_by_either_clock_and_with_its_maker(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2, 3, 4]).await;
    let den = create(&*store, "~den", 1, &[2]).await;
    let other = create(&*store, "~other", 1, &[]).await;
    commit(&*store, vec![add(1, link(1, &den, 2, 5)), add(2, link(2, &den, 1, 5))]).await;
    for ended in [at(1_000), (at(1_000).0, at(100).1), (at(100).0, at(1_000).1)] {
        assert_eq!(store.room_link(&[1; 32], ended).await.unwrap(), None);
        assert!(store.room_links(den.id, ended).await.unwrap().is_empty());
        let late = RoomLinkUse { at: ended, ..used(1, &den, 2, 3) };
        assert_eq!(enter(&*store, late).await, Err(ErrorCode::LinkEnded));
    }
    let into = store.room_links(den.id, at(200)).await.unwrap();
    assert_eq!(into.iter().map(|link| link.made_by).collect::<Vec<_>>(), [user(1), user(2)], "newest first");
    assert_eq!(store.room_links_of(user(2), at(200)).await.unwrap(), [link(1, &den, 2, 5)]);
    assert_eq!(enter(&*store, used(1, &other, 2, 3)).await, Err(ErrorCode::LinkEnded), "another room");
    assert_eq!(enter(&*store, used(1, &den, 1, 3)).await, Err(ErrorCode::LinkEnded), "another maker");
    // Who is not in the room makes none.
    let stranger = one(&*store, add(3, link(3, &den, 3, 5))).await;
    assert!(matches!(stranger, Outcome::Refused(ErrorCode::NotAMember)), "{stranger:?}");
    // Those of somebody who was removed are gone, also when they come back, and those of others, which they may have seen.
    commit(&*store, vec![removed(&den, 1, 2), membership(&den, 1, 2, MembershipChange::Added)]).await;
    assert_eq!(enter(&*store, used(1, &den, 2, 3)).await, Err(ErrorCode::LinkEnded));
    assert_eq!(enter(&*store, used(2, &den, 1, 3)).await, Err(ErrorCode::LinkEnded));
    // Whoever leaves by themselves takes only their own along.
    let links = vec![add(5, link(5, &den, 2, 5)), add(2, link(2, &den, 1, 5))];
    commit(&*store, links).await;
    commit(&*store, vec![removed(&den, 2, 2), membership(&den, 1, 2, MembershipChange::Added)]).await;
    let left = store.room_links(den.id, at(200)).await.unwrap();
    assert_eq!(left.iter().map(|link| link.made_by).collect::<Vec<_>>(), [user(1)]);
    let withdraw = async |id: u8, made_by: Option<u128>| {
        let write = Write::WithdrawRoomLink {
            room: den.id,
            id: Uuid::from_u128(id.into()),
            made_by: made_by.map(user),
        };
        matches!(one(&*store, write).await, Outcome::Done)
    };
    assert!(!withdraw(2, Some(2)).await, "it is somebody else's");
    assert!(withdraw(2, None).await && !withdraw(2, None).await);
    assert_eq!(enter(&*store, used(2, &den, 1, 3)).await, Err(ErrorCode::LinkEnded));
}

pub async fn a_room_has_a_bounded_number_of_links(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1]).await;
    let den = create(&*store, "~den", 1, &[]).await;
    let many = (0..LINKS_PER_ROOM as u8).map(|number| add(number, link(number, &den, 1, 5))).collect();
    assert!(commit(&*store, many).await.iter().all(|outcome| matches!(outcome, Outcome::Done)));
    let number = LINKS_PER_ROOM as u8;
    let more = one(&*store, add(number, link(number, &den, 1, 5))).await;
    assert!(matches!(more, Outcome::Refused(ErrorCode::TooMany)), "{more:?}");
    // Those that have ended make room.
    let mut later = link(number, &den, 1, 5);
    (later.ends_at, later.expires_at) = at(9_000);
    let write = Write::AddRoomLink { link: later, secret: [number; 32], at: at(2_000) };
    assert!(matches!(one(&*store, write).await, Outcome::Done));
    assert_eq!(store.room_links(den.id, at(2_000)).await.unwrap().len(), 1);
}
