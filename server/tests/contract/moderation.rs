//! Bans, mutes and the audit log change together with what they are about.

use std::sync::Arc;

use hiroba::room::{RoomId, RoomInfo};
use hiroba::store::{
    Act, AuditEntry, AuditFilter, MembershipChange, NewDetails, NewMembership, NewRestriction, Outcome,
    RestrictionChange, Store, Write,
};
use shared::limits::RESTRICTIONS_PER_ROOM;
use shared::{
    Action, Change, DetailsChange, ErrorCode, Person, RestrictionKind, Seq, ShortText, UserId, UserName, Whom,
};

use crate::doors::{create, people};
use crate::place::{Place, at, commit, new_change, one, open_room, post, stored, tick, time, user};

fn person(number: u128) -> Person {
    Person { user_id: user(number), user: UserName::new(&format!("user {number}")).unwrap() }
}

/// Restricts somebody at the second 10.
fn restrict(
    room: &Arc<RoomInfo>,
    member: u128,
    kind: RestrictionKind,
    seconds: Option<u32>,
) -> NewRestriction {
    let reason = ShortText::new("spam").ok();
    NewRestriction {
        room: room.clone(),
        by: person(1),
        member: person(member),
        kind,
        change: RestrictionChange::Set { seconds, reason, is_removal: false },
        is_member: false,
        timestamp: at(10),
    }
}

fn lift(room: &Arc<RoomInfo>, member: u128, kind: RestrictionKind) -> Write {
    let change = RestrictionChange::Lifted;
    Write::Restriction(NewRestriction { change, ..restrict(room, member, kind, None) })
}

async fn held(store: &dyn Store, seconds: i64) -> Vec<(RoomId, UserId, RestrictionKind)> {
    let all = store.restrictions(at(seconds)).await.unwrap();
    let mut all: Vec<_> = all.into_iter().map(|(room, one)| (room, one.user_id, one.kind)).collect();
    all.sort();
    all
}

async fn acts(store: &dyn Store, filter: &AuditFilter) -> Vec<AuditEntry> {
    store.audit(filter, None, 100).await.unwrap()
}

pub async fn a_restriction_is_kept_until_it_ends_or_is_lifted(place: &Place) {
    let store = place.open().await;
    let (tea, den) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "den", 2, false).await);
    let set = |room, member, kind, seconds| Write::Restriction(restrict(room, member, kind, seconds));
    let (ban, mute) = (RestrictionKind::Ban, RestrictionKind::Mute);
    let batch = vec![
        set(&tea, 2, ban, Some(5)),
        set(&tea, 2, mute, Some(50)),
        set(&den, 2, ban, None),
        set(&tea, 3, mute, Some(5)),
        // A newer one replaces the older one.
        set(&tea, 3, mute, Some(60)),
    ];
    assert!(commit(&*store, batch).await.iter().all(|outcome| matches!(outcome, Outcome::Done)));
    let store = place.reopen(store).await;
    let (t, d) = (tea.id, den.id);
    let all = [(t, user(2), ban), (t, user(2), mute), (t, user(3), mute), (d, user(2), ban)];
    assert_eq!(held(&*store, 14).await, all);
    assert_eq!(held(&*store, 15).await, all[1..], "its five seconds are over");
    assert_eq!(held(&*store, 1_000).await, all[3..]);
    let told = store.restrictions(at(20)).await.unwrap().remove(0).1;
    assert_eq!((told.user, told.by), (person(2).user, person(1)));
    assert_eq!((told.until, told.timestamp), (Some(at(60)), at(10)));
    assert_eq!(told.reason, ShortText::new("spam").ok());
    commit(&*store, vec![lift(&den, 2, ban), lift(&den, 2, ban), lift(&tea, 2, mute)]).await;
    assert_eq!(held(&*store, 20).await, all[2..3]);
    // A room that is removed takes them along: another one may get its number.
    commit(&*store, vec![Write::SetLive { room: tea.id, empty_since: Some(time(1)) }, tick(500)]).await;
    while let Outcome::Removed(removed) = one(&*store, Write::Purge { room: tea.id, before: time(400) }).await
        && removed.more
    {}
    assert_eq!(held(&*store, 20).await, []);
}

pub async fn a_ban_ends_the_membership_with_its_event(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let new = |is_member| {
        Write::Restriction(NewRestriction { is_member, ..restrict(&tea, 2, RestrictionKind::Ban, None) })
    };
    assert!(matches!(one(&*store, new(false)).await, Outcome::Done));
    let Outcome::RoomChanged(mut events) = one(&*store, new(true)).await else { panic!("no event") };
    let changed = events.remove(0);
    assert!(events.is_empty(), "{events:?}");
    let reason = ShortText::new("spam").ok();
    assert_eq!(changed.change, Change::MemberRemoved { member: person(2), reason });
    assert_eq!((changed.seq, changed.by), (Seq(1), Some(person(1))));
    assert_eq!(crate::place::events(&*store, &tea, 0).await.len(), 1);
}

pub async fn a_ban_that_ended_before_somebody_came_in_is_over(place: &Place) {
    let store = place.open().await;
    people(&*store, &[1, 2]).await;
    let den = create(&*store, "~den", 1, &[2]).await;
    let ban = NewRestriction { is_member: true, ..restrict(&den, 2, RestrictionKind::Ban, Some(60)) };
    assert!(matches!(one(&*store, Write::Restriction(ban)).await, Outcome::RoomChanged(_)));
    let invited = |seconds| {
        let (by, member) = (person(1), person(2));
        let (change, timestamp) = (MembershipChange::Added, at(seconds));
        Write::Membership(NewMembership { room: den.clone(), by, member, change, timestamp })
    };
    assert!(matches!(one(&*store, invited(20)).await, Outcome::Refused(ErrorCode::Banned)));
    assert!(matches!(one(&*store, invited(100)).await, Outcome::RoomChanged(_)));
    // Whatever the clock says later.
    assert_eq!(held(&*store, 20).await, []);
}

pub async fn a_room_has_a_bounded_number_of_restrictions(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let set = |member: usize, seconds| {
        Write::Restriction(restrict(&tea, 100 + member as u128, RestrictionKind::Mute, Some(seconds)))
    };
    commit(&*store, (0..RESTRICTIONS_PER_ROOM).map(|member| set(member, 60)).collect()).await;
    let one_more = one(&*store, set(RESTRICTIONS_PER_ROOM, 60)).await;
    assert!(matches!(one_more, Outcome::Refused(ErrorCode::TooMany)), "{one_more:?}");
    assert!(matches!(one(&*store, set(0, 90)).await, Outcome::Done), "it replaces an older one");
    // Those that have ended make room.
    let later = NewRestriction { timestamp: at(75), ..restrict(&tea, 9, RestrictionKind::Mute, None) };
    assert!(matches!(one(&*store, Write::Restriction(later)).await, Outcome::Done));
    assert_eq!(held(&*store, 75).await.len(), 2);
}

pub async fn an_archived_room_is_kept_though_nobody_is_in_it(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "for the archive")]).await;
    let change = DetailsChange { archived: Some(true), slow_seconds: Some(30), ..DetailsChange::default() };
    commit(
        &*store,
        vec![Write::Details(NewDetails { room: tea.clone(), by: person(1), change, timestamp: at(3) })],
    )
    .await;
    commit(&*store, vec![Write::SetLive { room: tea.id, empty_since: Some(time(1)) }, tick(500)]).await;
    assert_eq!(store.deserted(time(400)).await.unwrap(), []);
    one(&*store, Write::Purge { room: tea.id, before: time(400) }).await;
    let store = place.reopen(store).await;
    let back = open_room(&*store, "tea", 9, false).await;
    assert_eq!(*back, *tea);
    assert!(back.details.archived && back.details.slow_seconds == 30);
}

pub async fn the_audit_log_tells_who_did_what_to_whom(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 2, None, "not nice"), post(&tea, 1, None, "my own")]).await;
    let delete = |seq, moderates| {
        let new = new_change(&tea, 1, None, seq, Action::DeleteMessage);
        Write::Change(hiroba::store::NewChange { moderates, ..new })
    };
    let edit =
        |change| Write::Details(NewDetails { room: tea.clone(), by: person(1), change, timestamp: at(12) });
    let archive = DetailsChange { archived: Some(true), ..DetailsChange::default() };
    let topic = DetailsChange { topic: Some(ShortText::new("cake").ok()), ..DetailsChange::default() };
    let batch = vec![
        delete(1, true),
        delete(2, true),
        Write::Restriction(restrict(&tea, 2, RestrictionKind::Mute, Some(60))),
        lift(&tea, 2, RestrictionKind::Mute),
        lift(&tea, 2, RestrictionKind::Mute),
        edit(topic),
        edit(archive.clone()),
        edit(archive),
        Write::Audit { by: person(3), act: Act::Announce, timestamp: at(13) },
    ];
    commit(&*store, batch).await;
    let store = place.reopen(store).await;
    let all = acts(&*store, &AuditFilter::default()).await;
    let told: Vec<Act> = all.iter().rev().map(|entry| entry.act.clone()).collect();
    let reason = ShortText::new("spam").ok();
    let kind = RestrictionKind::Mute;
    assert_eq!(
        told,
        [
            Act::DeleteMessage { seq: Seq(1) },
            Act::Restrict { kind, seconds: Some(60), reason },
            Act::LiftRestriction { kind },
            Act::EditRoom { slow_seconds: None, archived: Some(true), permanent: None },
            Act::Announce,
        ]
    );
    assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest first");
    let first = &all[4];
    let member = first.member.as_ref().map(|member| member.user_id);
    assert_eq!(
        (first.by.as_ref().map(|by| by.user_id), member, first.room.as_deref()),
        (Some(user(1)), Some(user(2)), Some("tea"))
    );
    let count = async |filter: AuditFilter| acts(&*store, &filter).await.len();
    let any = AuditFilter::default;
    assert_eq!(count(AuditFilter { by: Some(Whom::Id(user(3))), ..any() }).await, 1);
    assert_eq!(count(AuditFilter { member: Some(Whom::Id(user(2))), ..any() }).await, 3);
    let named = |text| Some(Whom::Name(UserName::new(text).unwrap()));
    assert_eq!(count(AuditFilter { by: named("USER 3"), ..any() }).await, 1);
    assert_eq!(count(AuditFilter { by: named("user"), member: named("user 2"), ..any() }).await, 0);
    assert_eq!(count(AuditFilter { room: Some("tea".to_owned()), ..any() }).await, 4);
    assert_eq!(count(AuditFilter { act: Some("restrict".to_owned()), ..any() }).await, 1);
    assert_eq!(count(AuditFilter { since: Some(at(11)), until: Some(at(13)), ..any() }).await, 1);
    let page = store.audit(&any(), Some(all[1].id), 2).await.unwrap();
    assert_eq!(page, all[2..4]);
}
