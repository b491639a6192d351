//! Links that let somebody in, and roles.

use hiroba::server_time::ServerTime;
use hiroba::store::{Account, AccountStore, Link, LinkKind, NotCreated};
use shared::account::{EntranceChange, Role, SignUp};
use shared::{Timestamp, UserId};
use uuid::Uuid;

use crate::accounts::{account, at, create, name, operator, session};
use crate::place::{Place, user};

pub fn link(number: u8, kind: LinkKind, ends: i64, uses_left: Option<u32>, made_by: Option<UserId>) -> Link {
    let ((_, made_at), (ends_at, expires_at)) = (at(100 + i64::from(number)), at(ends));
    Link { id: Uuid::from_u128(number.into()), kind, made_by, made_at, ends_at, expires_at, uses_left }
}

pub async fn add(store: &dyn AccountStore, number: u8, link: &Link) {
    assert!(store.add_link(link, &[number; 32], at(100)).await.unwrap());
}

async fn sign_up(
    store: &dyn AccountStore,
    number: u128,
    link: u8,
    at: (ServerTime, Timestamp),
) -> Result<Role, NotCreated> {
    let text = format!("person {number}");
    let (account, looks) = (account(number, &text), [text]);
    let created = store.create_account(&account, &looks, None, Some(&[link; 32]), at).await.unwrap();
    created?;
    Ok(store.account(user(number)).await.unwrap().unwrap().role)
}

pub async fn an_invitation_lets_in_as_many_as_it_says(place: &Place) {
    let store = place.open().await;
    let invitation = link(1, LinkKind::Invitation, 1_000, Some(2), None);
    add(&*store, 1, &invitation).await;
    let store = place.reopen(store).await;
    assert_eq!(store.link(&[1; 32], at(999)).await.unwrap(), Some(invitation));
    assert_eq!(sign_up(&*store, 1, 1, at(101)).await, Ok(Role::Member));
    let left = store.invitations(at(101)).await.unwrap();
    assert_eq!(left.iter().map(|(link, _)| link.uses_left).collect::<Vec<_>>(), [Some(1)]);
    assert_eq!(create(&*store, 2, "person 1", &["person 1"]).await, Err(NotCreated::NameTaken));
    assert_eq!(sign_up(&*store, 2, 1, at(102)).await, Ok(Role::Member));
    assert_eq!(sign_up(&*store, 3, 1, at(103)).await, Err(NotCreated::LinkEnded));
    assert_eq!(store.account(user(3)).await.unwrap(), None);
    assert!(store.invitations(at(103)).await.unwrap().is_empty());

    add(&*store, 2, &link(2, LinkKind::Invitation, 1_000, None, None)).await;
    for number in 10..15 {
        assert_eq!(sign_up(&*store, number, 2, at(200)).await, Ok(Role::Member));
    }
}

pub async fn a_link_ends_by_either_clock_and_when_it_is_withdrawn(place: &Place) {
    let store = place.open().await;
    let day = link(1, LinkKind::Invitation, 1_000, Some(1), None);
    add(&*store, 1, &day).await;
    for ended in [at(1_000), (at(1_000).0, at(100).1), (at(100).0, at(1_000).1)] {
        assert_eq!(store.link(&[1; 32], ended).await.unwrap(), None);
        assert!(store.invitations(ended).await.unwrap().is_empty());
        assert_eq!(sign_up(&*store, 1, 1, ended).await, Err(NotCreated::LinkEnded));
    }
    assert!(store.withdraw(day.id).await.unwrap() && !store.withdraw(day.id).await.unwrap());
    assert_eq!(sign_up(&*store, 1, 1, at(200)).await, Err(NotCreated::LinkEnded));
    let owner = link(2, LinkKind::Owner, 1_000, Some(1), None);
    add(&*store, 2, &owner).await;
    assert!(!store.withdraw(owner.id).await.unwrap(), "it is no invitation");
}

pub async fn the_link_of_the_owner_makes_one(place: &Place) {
    let store = place.open().await;
    assert!(!store.has_owner().await.unwrap());
    add(&*store, 1, &link(1, LinkKind::Owner, 1_000, Some(1), None)).await;
    add(&*store, 2, &link(2, LinkKind::Owner, 1_000, Some(1), None)).await;
    assert_eq!(sign_up(&*store, 1, 1, at(200)).await, Err(NotCreated::LinkEnded), "there is one at a time");
    assert_eq!(sign_up(&*store, 1, 2, at(200)).await, Ok(Role::Owner));
    assert_eq!(sign_up(&*store, 2, 2, at(200)).await, Err(NotCreated::LinkEnded));
    assert!(store.has_owner().await.unwrap());
    store.set_disabled(user(1), true, &operator()).await.unwrap();
    assert!(!store.has_owner().await.unwrap(), "nobody signs in to it");

    create(&*store, 3, "old", &["old"]).await.unwrap();
    add(&*store, 3, &link(3, LinkKind::Owner, 1_000, Some(1), None)).await;
    add(&*store, 4, &link(4, LinkKind::Invitation, 1_000, Some(1), None)).await;
    assert!(!store.claim_ownership(user(3), &[4; 32], at(200)).await.unwrap(), "an invitation is none");
    assert!(!store.claim_ownership(user(3), &[3; 32], at(1_000)).await.unwrap());
    assert!(store.claim_ownership(user(3), &[3; 32], at(200)).await.unwrap());
    assert!(!store.claim_ownership(user(3), &[3; 32], at(200)).await.unwrap());
    let Account { role, .. } = store.account(user(3)).await.unwrap().unwrap();
    assert_eq!(role, Role::Owner);
    let (_, role) = store.session_user(session(3, 0).id, at(0).0).await.unwrap().unwrap();
    assert_eq!(role, Role::Owner);
}

pub async fn a_link_for_a_password_ends_every_session(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    store.set_role(user(2), Role::Admin, &operator()).await.unwrap();
    let reset = |number| link(number, LinkKind::Reset(user(1)), 1_000, Some(1), Some(user(2)));
    add(&*store, 1, &reset(1)).await;
    add(&*store, 2, &reset(2)).await;
    let by_link = async |number: u8, seconds| {
        store.reset_by_link(&[number; 32], "$new", &session(9, 9), at(seconds)).await.unwrap()
    };
    assert_eq!(by_link(1, 200).await, None, "a newer one replaces it");
    assert_eq!(sign_up(&*store, 5, 2, at(200)).await, Err(NotCreated::LinkEnded));
    assert_eq!(by_link(2, 1_000).await, None, "too late");
    let (found, ended) = by_link(2, 200).await.unwrap();
    assert_eq!((found.user.name, ended), (name("alice"), vec![session(1, 0).id]));
    assert_eq!(store.account(user(1)).await.unwrap().unwrap().password, "$new");
    assert!(store.session_user(session(9, 0).id, at(0).0).await.unwrap().is_some());
    assert!(store.session_user(session(2, 0).id, at(0).0).await.unwrap().is_some(), "bob's stays");
    assert_eq!(by_link(2, 200).await, None, "once");

    add(&*store, 3, &reset(3)).await;
    store.change_password(user(1), "$new", "$newer", session(9, 0).id).await.unwrap().unwrap();
    assert_eq!(by_link(3, 200).await, None, "a changed password ends it too");
}

pub async fn a_link_for_a_password_ends_with_any_change_of_who_may_do_what(place: &Place) {
    let store = place.open().await;
    for number in [1_u128, 2] {
        create(&*store, number, &format!("p{number}"), &[&format!("p{number}")]).await.unwrap();
    }
    store.set_role(user(2), Role::Owner, &operator()).await.unwrap();
    let reset = |number| link(number, LinkKind::Reset(user(1)), 1_000, Some(1), Some(user(2)));
    let is_there = async |number: u8| store.link(&[number; 32], at(200)).await.unwrap().is_some();
    add(&*store, 1, &reset(1)).await;
    store.set_role(user(1), Role::Owner, &operator()).await.unwrap();
    assert!(!is_there(1).await, "it was made for a member");
    add(&*store, 2, &reset(2)).await;
    store.set_role(user(2), Role::Admin, &operator()).await.unwrap();
    assert!(!is_there(2).await, "who made it may not any more");
    add(&*store, 3, &link(3, LinkKind::Owner, 1_000, Some(1), None)).await;
    add(&*store, 4, &reset(4)).await;
    store.set_disabled(user(1), true, &operator()).await.unwrap();
    store.set_disabled(user(1), false, &operator()).await.unwrap();
    assert!(!is_there(4).await && is_there(3).await);
    store.set_role(user(1), Role::Owner, &operator()).await.unwrap();
    assert!(!is_there(3).await, "there is an owner");
    store.set_role(user(2), Role::Member, &operator()).await.unwrap();
    let late = link(5, LinkKind::Invitation, 1_000, Some(1), Some(user(2)));
    assert!(
        !store.add_link(&late, &[5; 32], at(100)).await.unwrap(),
        "who makes it lost the right meanwhile"
    );
}

pub async fn who_may_not_invite_any_more_has_invited_nobody(place: &Place) {
    let store = place.open().await;
    for number in [1, 2, 3] {
        create(&*store, number.into(), &format!("admin {number}"), &[&format!("admin {number}")])
            .await
            .unwrap();
        store.set_role(user(number.into()), Role::Admin, &operator()).await.unwrap();
        let by = Some(user(number.into()));
        add(&*store, number, &link(number, LinkKind::Invitation, 1_000, Some(1), by)).await;
    }
    let makers = async || {
        let found = store.invitations(at(100)).await.unwrap();
        found.into_iter().map(|(_, maker)| maker.unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(makers().await, ["admin 3", "admin 2", "admin 1"]);
    store.set_role(user(1), Role::Owner, &operator()).await.unwrap();
    store.set_role(user(2), Role::Member, &operator()).await.unwrap();
    store.set_disabled(user(3), true, &operator()).await.unwrap();
    assert_eq!(makers().await, ["admin 1"]);
}

pub async fn what_the_owner_decided_is_kept(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.entrance().await.unwrap(), EntranceChange::default());
    let decided = EntranceChange { guests: Some(false), sign_up: Some(SignUp::Closed) };
    store.set_entrance(decided, &operator()).await.unwrap();
    store.set_entrance(EntranceChange { guests: Some(true), sign_up: None }, &operator()).await.unwrap();
    let store = place.reopen(store).await;
    let kept = EntranceChange { guests: Some(true), sign_up: Some(SignUp::Closed) };
    assert_eq!(store.entrance().await.unwrap(), kept);
}

pub async fn links_are_found_by_who_made_them_and_whose_password_they_are_for(place: &Place) {
    let store = place.open().await;
    for (number, text) in [(1, "alice"), (2, "bob"), (3, "carol")] {
        create(&*store, number, text, &[text]).await.unwrap();
        store.set_role(user(number), Role::Admin, &operator()).await.unwrap();
    }
    let links = [
        link(1, LinkKind::Invitation, 1_000, Some(1), Some(user(1))),
        link(2, LinkKind::Reset(user(2)), 1_000, Some(1), Some(user(1))),
        link(3, LinkKind::Reset(user(1)), 1_000, Some(1), None),
        link(4, LinkKind::Invitation, 1_000, None, Some(user(2))),
    ];
    for (number, link) in (1..).zip(&links) {
        add(&*store, number, link).await;
    }
    assert_eq!(store.links_of(user(1)).await.unwrap(), links[..3]);
    assert_eq!(store.links_of(user(2)).await.unwrap(), [links[1].clone(), links[3].clone()]);
    assert!(store.links_of(user(3)).await.unwrap().is_empty());
}
