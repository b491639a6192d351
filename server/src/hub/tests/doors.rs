//! Private rooms in the hub.

use std::sync::Arc;

use shared::account::Preferences;
use shared::{
    Change, Changed, PresenceStatus, Restriction, RestrictionKind, RoomAddress, RoomEvent, RoomRole, Seq,
    ServerFrame, ShortText, Timestamp, UserId, UserName,
};

use super::{Person, World, private_room, statuses};
use crate::hub::user::LEAVES_AFTER;
use crate::hub::{NotSubscribed, UserKind};
use crate::room::RoomInfo;

fn named(id: UserId) -> shared::Person {
    shared::Person { user_id: id, user: UserName::new("somebody").unwrap() }
}

pub fn event(room: &Arc<RoomInfo>, seq: u64, by: UserId, change: Change) -> RoomEvent {
    RoomEvent::Changed(Changed {
        room: room.address.clone(),
        seq: Seq(seq),
        target: Seq(seq),
        by: Some(named(by)),
        timestamp: Timestamp::from_millis(0),
        client_message_id: None,
        change,
    })
}

fn added(room: &Arc<RoomInfo>, seq: u64, by: UserId, member: UserId) -> RoomEvent {
    event(room, seq, by, Change::MemberAdded { member: named(member), role: RoomRole::Member })
}

fn removed(room: &Arc<RoomInfo>, seq: u64, by: UserId, member: UserId) -> RoomEvent {
    let reason = ShortText::new("enough").ok();
    event(room, seq, by, Change::MemberRemoved { member: named(member), reason })
}

/// A private room with two accounts that follow it.
fn world() -> (World, Arc<RoomInfo>, Person, Person) {
    let mut world = World::new();
    let room = private_room(9);
    let (alice, bob) = (world.account("alice"), world.account("bob"));
    world.deliver(&room, vec![added(&room, 1, alice.id, alice.id), added(&room, 2, alice.id, bob.id)]);
    world.join(&alice, &room);
    world.join(&bob, &room);
    (world, room, alice, bob)
}

#[test]
fn only_members_come_in_and_no_list_has_it() {
    let (mut world, room, alice, bob) = world();
    let carol = world.account("carol");
    world.state.watch_directory(carol.connection);
    assert_eq!(world.state.subscribe(carol.connection, &room, false).unwrap_err(), NotSubscribed::NotAMember);
    assert_eq!(world.state.own_room(carol.connection, &room.address), None);
    assert_eq!(world.state.own_room(alice.connection, &room.address).as_ref(), Some(&room));
    assert!(world.state.directory.page(None, 10).0.is_empty());
    world.pass(2_000);
    assert!(carol.texts().is_empty());
    assert_eq!(world.state.statistics().rooms, 0);
    let entered = |person: &Person| {
        let is_entered = |frame: &ServerFrame| matches!(frame, ServerFrame::Entered { .. });
        person.texts().iter().filter(|frame| is_entered(frame)).count()
    };
    assert_eq!((entered(&alice), entered(&bob)), (0, 1), "who creates a room joins it by itself");
    world.state.check_invariants();
}

#[test]
fn whoever_is_removed_gets_what_came_before_and_nothing_after() {
    let (mut world, room, alice, bob) = world();
    let _ = (alice.texts(), bob.texts());
    let before = super::posted(&alice, &room, 3);
    let after = super::posted(&alice, &room, 5);
    world.deliver(&room, vec![before, removed(&room, 4, alice.id, bob.id), after]);
    let seqs = |frames: &[ServerFrame]| {
        let seq = |frame: &ServerFrame| match frame {
            ServerFrame::Event(event) => Some(event.seq().0),
            _ => None,
        };
        frames.iter().filter_map(seq).collect::<Vec<_>>()
    };
    let told = bob.texts();
    assert_eq!(seqs(&told), [3, 4]);
    assert!(
        matches!(told.last(), Some(ServerFrame::Left { by: Some(by), reason: Some(_), .. }) if by.user_id == alice.id),
        "{told:?}"
    );
    assert_eq!(seqs(&alice.texts()), [3, 4, 5]);
    assert!(bob.handle.room(&room.address).is_none());
    assert!(!bob.handle.answer_in(&room, &ServerFrame::Done { id: None }));
    assert!(alice.handle.answer_in(&room, &ServerFrame::Done { id: None }));
    assert_eq!(world.state.own_room(bob.connection, &room.address), None);
    world.state.check_invariants();
    // Invited again, they come in again.
    world.deliver(&room, vec![added(&room, 6, alice.id, bob.id)]);
    world.join(&bob, &room);
    world.state.check_invariants();
}

#[test]
fn whoever_was_removed_meanwhile_is_not_told_of_a_role() {
    let (mut world, room, alice, bob) = world();
    let (of_bob, before) = (named(bob.id), bob.texts().len());
    assert!(before > 0);
    let role = RoomRole::Moderator;
    world.deliver(&room, vec![event(&room, 3, alice.id, Change::RoleChanged { member: of_bob, role })]);
    world.state.tell_standing(room.id, bob.id, role, Vec::new(), None);
    world.state.tell_standing(room.id, bob.id, RoomRole::Member, Vec::new(), None);
    world.state.finish_turn();
    let told = bob.texts();
    assert!(
        matches!(told[..], [ServerFrame::Event(_), ServerFrame::Standing { role: RoomRole::Moderator, .. }]),
        "{told:?}"
    );
    world.deliver(&room, vec![removed(&room, 4, alice.id, bob.id)]);
    world.state.tell_standing(room.id, bob.id, role, Vec::new(), None);
    world.state.finish_turn();
    assert!(matches!(bob.texts().last(), Some(ServerFrame::Left { .. })), "nothing comes after the removal");
}

#[test]
fn a_guest_who_was_invited_stays_a_member_while_it_is_away() {
    let (mut world, room, alice, _bob) = world();
    let guest = world.guest("guest");
    let tea = super::room(3, "tea");
    world.join(&guest, &tea);
    world.deliver(&room, vec![added(&room, 3, alice.id, guest.id)]);
    world.join(&guest, &room);
    let _ = alice.texts();
    world.state.detach(guest.connection, false);
    world.pass(LEAVES_AFTER + 1_000);
    assert_eq!(statuses(&alice.texts()), [PresenceStatus::Offline]);
    assert!(world.state.member(room.id, guest.id).is_some());
    assert!(world.state.member(tea.id, guest.id).is_none(), "a public room is left");
    world.state.check_invariants();

    let again = world.attach(guest.id, "guest", UserKind::Guest);
    world.join(&again, &room);
    world.state.remove_guests(&[guest.id]);
    assert!(world.state.member(room.id, guest.id).is_some(), "it is here");
    world.state.detach(again.connection, true);
    assert!(world.state.member(room.id, guest.id).is_some());
    world.state.remove_guests(&[guest.id]);
    world.state.finish_turn();
    assert!(world.state.member(room.id, guest.id).is_none(), "the store has forgotten it");
    assert!(world.state.find_user(&shared::Whom::Name(UserName::new("guest").unwrap())).is_none());
    world.state.check_invariants();
}

#[test]
fn an_invitation_of_somebody_who_is_away_is_there_when_they_come() {
    let (mut world, room, alice, bob) = world();
    let carol = world.account("carol");
    world.state.detach(carol.connection, true);
    world.deliver(&room, vec![added(&room, 3, alice.id, carol.id)]);
    assert!(world.state.member(room.id, carol.id).is_some());
    let carol = world.attach(carol.id, "carol", UserKind::Account);
    assert!(world.state.memberships(carol.connection).contains(&room.address));
    world.state.close_account(bob.id);
    world.deliver(&room, vec![added(&room, 4, alice.id, bob.id)]);
    assert!(world.state.member(room.id, bob.id).is_none(), "the account is gone");
    world.state.check_invariants();
}

#[test]
fn whoever_was_removed_meanwhile_is_not_told_of_a_favourite() {
    let (mut world, room, alice, bob) = world();
    let told = |preferences: &Person| {
        let last = preferences.texts().pop();
        let Some(ServerFrame::Preferences(told)) = last else { panic!("{last:?}") };
        told
    };
    let tea = RoomAddress::new("tea").unwrap();
    let preferences = Preferences {
        favourites: vec![room.address.clone(), tea.clone()],
        muted: vec![room.address.clone()],
        blocked: Vec::new(),
    };
    world.state.tell_preferences(bob.id, None, preferences.clone());
    world.state.finish_turn();
    assert_eq!(told(&bob), preferences);
    world.deliver(&room, vec![removed(&room, 3, alice.id, bob.id)]);
    world.state.tell_preferences(bob.id, Some(bob.connection), preferences);
    world.state.finish_turn();
    assert_eq!(told(&bob), Preferences { favourites: vec![tea], ..Preferences::default() });
    let _ = alice.texts();
    world.state.tell_preferences(bob.id, Some(alice.connection), Preferences::default());
    world.state.finish_turn();
    assert!(alice.texts().is_empty() && bob.texts().is_empty());
}

#[test]
fn a_ban_that_ended_before_somebody_came_in_is_over_also_if_the_clock_is_set_back() {
    let (mut world, room, alice, bob) = world();
    let at = Timestamp::from_millis;
    let ban = Restriction {
        user_id: bob.id,
        user: UserName::new("bob").unwrap(),
        kind: RestrictionKind::Ban,
        until: Some(at(-1)),
        by: named(alice.id),
        reason: None,
        timestamp: at(-100),
    };
    world.state.restrictions.begin(&room, ban);
    world.deliver(&room, vec![removed(&room, 3, alice.id, bob.id), added(&room, 4, alice.id, bob.id)]);
    assert_eq!(world.state.restrictions.banned(&room, bob.id, at(-50)), None);
    world.state.set_clocks(world.now, at(-50));
    world.join(&bob, &room);
    assert!(bob.texts().iter().any(|frame| matches!(frame, ServerFrame::Entered { .. })));
}
