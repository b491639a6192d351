//! Unread counts and the read marks they start from.

use std::sync::Arc;

use hiroba::room::{RoomId, RoomInfo};
use hiroba::store::{NewChange, Store, Write};
use shared::limits::UNREAD_COUNTED;
use shared::{Action, Mentions, Seq};

use crate::people::session;
use crate::place::{
    Place, call, change, changed, commit, edit, head, new_change, open_room, post, react, stored, these,
    time, user,
};

const ME: u128 = 9;

/// Returns the unread messages and mentions of `ME` after `read`.
async fn unread(store: &dyn Store, room: &Arc<RoomInfo>, read: u64) -> (u32, u32) {
    let head = head(store, room.id).await;
    let count = store.unread(room.id, user(ME), Seq(read), head).await.unwrap();
    assert_eq!(count.counted_seq, head);
    (count.messages, count.mentions)
}

pub async fn messages_of_others_after_the_mark_are_unread(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let batch = vec![
        post(&tea, 1, None, "1"),
        post(&tea, ME, None, "2, my own"),
        post(&tea, 2, None, "3"),
        change(&tea, 2, None, 1, react("👍")),
        post(&tea, 1, None, "5"),
        post(&sake, 1, None, "elsewhere"),
    ];
    commit(&*store, batch).await;
    assert_eq!(unread(&*store, &tea, 0).await, (3, 0));
    assert_eq!(unread(&*store, &tea, 1).await, (2, 0));
    assert_eq!(unread(&*store, &tea, 3).await, (1, 0));
    assert_eq!(unread(&*store, &tea, 4).await, (1, 0));
    assert_eq!(unread(&*store, &tea, 5).await, (0, 0));
    assert_eq!(unread(&*store, &tea, 500).await, (0, 0));
    assert_eq!(unread(&*store, &sake, 0).await, (1, 0));
    let count = store.unread(tea.id, user(ME), Seq(0), Seq(3)).await.unwrap();
    assert_eq!((count.messages, count.counted_seq), (2, Seq(3)), "only as far as was asked for");

    changed(&*store, vec![change(&tea, 2, None, 3, Action::DeleteMessage)]).await;
    assert_eq!(unread(&*store, &tea, 0).await, (2, 0), "a deleted message is not unread");
    changed(&*store, vec![change(&tea, 1, None, 5, edit("edited"))]).await;
    assert_eq!(unread(&*store, &tea, 0).await, (2, 0), "an edited one stays one");
}

pub async fn messages_that_call_are_counted_apart(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let everybody = || Mentions { users: vec![user(ME), user(1)], room: true };
    let batch = vec![
        call(&tea, 1, these([ME]), "1"),
        call(&tea, 1, these([2, 3]), "2"),
        call(&tea, 1, Mentions { users: Vec::new(), room: true }, "3"),
        call(&tea, 1, everybody(), "4, by name and with everybody"),
        call(&tea, ME, everybody(), "5, my own"),
        call(&tea, 1, these([2, ME]), "6"),
    ];
    stored(&*store, batch).await;
    assert_eq!(unread(&*store, &tea, 0).await, (5, 4));
    assert_eq!(unread(&*store, &tea, 1).await, (4, 3));
    assert_eq!(unread(&*store, &tea, 4).await, (1, 1));

    let edit_to = |target, mentions| {
        Write::Change(NewChange {
            moderates: false,
            mentions,
            ..new_change(&tea, 1, None, target, edit(&format!("new {target}")))
        })
    };
    changed(&*store, vec![edit_to(1, these([2])), edit_to(2, these([ME])), edit_to(3, these([]))]).await;
    assert_eq!(unread(&*store, &tea, 0).await, (5, 3), "edited texts call whom they call now");
    changed(&*store, vec![change(&tea, 1, None, 4, Action::DeleteMessage)]).await;
    let store = place.reopen(store).await;
    assert_eq!(unread(&*store, &tea, 0).await, (4, 2), "deleted ones call nobody");
    assert_eq!(unread(&*store, &tea, 2).await, (2, 1));
}

pub async fn unread_messages_are_counted_up_to_a_hundred(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let all = UNREAD_COUNTED + 20;
    stored(&*store, (0..all).map(|_| call(&tea, 1, these([ME]), "@me")).collect()).await;
    assert_eq!(unread(&*store, &tea, 0).await, (UNREAD_COUNTED, UNREAD_COUNTED));
    assert_eq!(unread(&*store, &tea, 20).await, (UNREAD_COUNTED, UNREAD_COUNTED));
    assert_eq!(unread(&*store, &tea, 21).await, (UNREAD_COUNTED - 1, UNREAD_COUNTED - 1));
}

pub async fn a_read_mark_outlives_the_membership_and_dies_with_the_guest(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let save = |number: u128, secret: u8, seconds: i64| Write::SaveGuest {
        session: session(number, "guest"),
        secret: [secret; 32],
        at: time(seconds),
    };
    let member = |number: u128, member: bool| Write::SetMember { room: tea.id, user: user(number), member };
    let read = |number: u128, seq: u64| Write::SetRead { room: tea.id, user: user(number), read: Seq(seq) };
    let mark = async |store: &dyn Store, number: u128| store.read_mark(tea.id, user(number)).await.unwrap();
    commit(&*store, vec![save(1, 1, 10), save(2, 2, 20), member(1, true), member(2, true)]).await;
    assert_eq!(mark(&*store, 1).await, None, "nothing is known yet");
    commit(&*store, vec![read(1, 41), read(2, 3), read(1, 40)]).await;
    commit(&*store, vec![member(1, false), member(2, false)]).await;
    let store = place.reopen(store).await;
    assert_eq!((mark(&*store, 1).await, mark(&*store, 2).await), (Some(Seq(40)), Some(Seq(3))));
    commit(&*store, vec![member(1, true)]).await;
    let live = store.live_rooms().await.unwrap();
    let (_, members) = live.iter().find(|(info, _)| info.id == tea.id).unwrap();
    assert_eq!(members[0].read, Some(Seq(40)), "who comes back has it");

    commit(&*store, vec![Write::ForgetGuests { before: time(10) }]).await;
    assert_eq!((mark(&*store, 1).await, mark(&*store, 2).await), (None, Some(Seq(3))));
    commit(&*store, vec![save(1, 3, 30)]).await;
    assert_eq!(mark(&*store, 1).await, None, "somebody new");
    let nowhere = Write::SetRead { room: RoomId(tea.id.0 + 1), user: user(2), read: Seq(1) };
    commit(&*store, vec![nowhere, read(2, 4)]).await;
    assert_eq!(mark(&*store, 2).await, Some(Seq(4)), "a mark in no room fails no batch");
}
