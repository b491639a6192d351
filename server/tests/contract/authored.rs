//! What is read for somebody who wants what the store holds of them.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{Authored, AuthoredEvent, Bond, Store, Write};
use shared::{Action, Change, Epoch, MessageText, RoomEvent, Seq};

use crate::place::{Place, change, commit, edit, new_post, open_room, post, react, said, unreact, user};

/// Everything by user 1, and in how many pages.
async fn authored(store: &dyn Store, room: &RoomInfo) -> (Vec<AuthoredEvent>, usize) {
    let (mut found, mut pages, mut after) = (Vec::new(), 0, Some(Seq::ZERO));
    while let Some(from) = after {
        let Authored { events, next } = store.authored(room, user(1), from).await.unwrap();
        assert!(events.iter().all(|own| own.event.seq() > from));
        found.extend(events);
        pages += 1;
        after = next;
    }
    (found, pages)
}

fn seqs(events: &[AuthoredEvent]) -> Vec<u64> {
    events.iter().map(|own| own.event.seq().0).collect()
}

pub async fn what_somebody_did_is_found_with_what_became_of_it(place: &Place) {
    let store = place.open().await;
    let (tea, talk) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "talk", 2, false).await);
    let batch = vec![
        post(&tea, 1, None, "first"),
        post(&tea, 2, None, "of somebody else"),
        change(&tea, 1, None, 1, edit("second")),
        change(&tea, 2, None, 1, react("👍")),
        change(&tea, 1, None, 2, react("🎉")),
        change(&tea, 1, None, 2, unreact("🎉")),
        change(&tea, 2, None, 2, edit("of somebody else again")),
        post(&tea, 1, None, "to be deleted"),
        change(&tea, 1, None, 8, edit("edited and to be deleted")),
        change(&tea, 1, None, 8, Action::DeleteMessage),
    ];
    commit(&*store, batch).await;
    let store = place.reopen(store).await;
    let (found, _) = authored(&*store, &tea).await;
    assert_eq!(seqs(&found), [1, 3, 5, 6, 8, 9, 10]);
    let RoomEvent::Posted(first) = &found[0].event else { panic!("{found:?}") };
    assert_eq!((said(first), first.changed_seq), ("second", Some(Seq(4))));
    assert!(first.reactions.is_empty(), "they are of others");
    assert_eq!(found[0].original.as_ref().map(MessageText::as_str), Some("first"));
    let kinds = found.iter().filter_map(|own| match &own.event {
        RoomEvent::Changed(changed) => Some((changed.target.0, changed.change.kind())),
        _ => None,
    });
    let expected = [
        (1, "message_edited"),
        (2, "reaction_added"),
        (2, "reaction_removed"),
        (8, "message_edited"),
        (8, "message_deleted"),
    ];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
    let RoomEvent::Posted(deleted) = &found[4].event else { panic!("{found:?}") };
    assert!(deleted.deleted && deleted.content.is_none() && found[4].original.is_none());
    let RoomEvent::Changed(edited) = &found[5].event else { panic!("{found:?}") };
    assert!(matches!(edited.change, Change::Edited { content: None, .. }), "its text is gone too");
    assert_eq!(store.authored(&talk, user(1), Seq::ZERO).await.unwrap(), Authored::default());
    let before = Arc::new(RoomInfo { epoch: Epoch::from_random(77), ..(*tea).clone() });
    assert_eq!(store.authored(&before, user(1), Seq::ZERO).await.unwrap(), Authored::default());
}

pub async fn much_that_somebody_wrote_comes_in_pages(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let long = "x".repeat(4_000);
    let mut batch = Vec::new();
    for number in 0..600_u64 {
        batch.push(post(&tea, 1 + u128::from(number % 3 == 0), None, &format!("{number}")));
    }
    batch.extend((0..40).map(|_| Write::Post(new_post(&tea, 1, None, &long))));
    // Longer than one query looks.
    batch.extend((0..21_000).map(|_| post(&tea, 2, None, "of somebody else")));
    batch.push(post(&tea, 1, None, "last"));
    for piece in batch.chunks(1_000) {
        commit(&*store, piece.to_vec()).await;
    }
    let (found, pages) = authored(&*store, &tea).await;
    let mut own: Vec<u64> = (0..600).filter(|number| number % 3 != 0).map(|number| number + 1).collect();
    own.extend(601..=640);
    own.push(21_641);
    assert_eq!(seqs(&found), own);
    assert!(pages >= 6, "{pages} pages");
}

pub async fn a_member_and_who_left_are_bound_to_a_room(place: &Place) {
    let store = place.open().await;
    let (tea, talk) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "talk", 2, false).await);
    crate::accounts::create(&*store, 1, "alice", &["alice"]).await.unwrap();
    crate::accounts::create(&*store, 2, "bob", &["bob"]).await.unwrap();
    let member =
        |room: &RoomInfo, number, member| Write::SetMember { room: room.id, user: user(number), member };
    let read =
        |room: &RoomInfo, number, read| Write::SetRead { room: room.id, user: user(number), read: Seq(read) };
    let batch = vec![
        member(&tea, 1, true),
        member(&talk, 1, true),
        member(&talk, 2, true),
        read(&talk, 1, 7),
        read(&talk, 2, 9),
        member(&talk, 1, false),
    ];
    commit(&*store, batch).await;
    let store = place.reopen(store).await;
    let expected = [
        Bond { room: tea.id, member: true, read: None },
        Bond { room: talk.id, member: false, read: Some(Seq(7)) },
    ];
    assert_eq!(store.bonds(user(1)).await.unwrap(), expected);
    assert!(store.bonds(user(3)).await.unwrap().is_empty());
}
