//! Removal: deleted texts, expired messages, purged rooms.

use std::path::Path;
use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::server_time::ServerTime;
use hiroba::store::{Extent, NewChange, NewPost, Outcome, PageAt, Removed, Store, Write};
use shared::{Action, Change, Mentions, RoomEvent, Seq};

use crate::people::session;
use crate::place::{
    Place, at, call, change, changed, commit, edit, events, head, id, log, message, new_change, new_post,
    one, open_room, pins, post, react, reply, said, seqs, stored, these, tick, time, user, versions,
};
use crate::search::{catch_up, found};

/// Returns the names of the files in the folder that contain these bytes.
fn holds(folder: &Path, needle: &str) -> Vec<String> {
    let found = |entry: &std::fs::DirEntry| {
        let bytes = std::fs::read(entry.path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
    };
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(found);
    files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

pub async fn a_deleted_text_is_nowhere(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    // One text that shares a page with others, and one that takes pages of its own.
    let texts = ["first-secret-", "second-secret-", "third-secret-"];
    let long = |text: &str| format!("{text}{}{text}", "長".repeat(3_900));
    let batch = vec![
        call(&tea, 1, these([9]), texts[0]),
        call(&tea, 1, Mentions { users: Vec::new(), room: true }, &long(texts[0])),
        post(&tea, 1, None, "this one stays"),
    ];
    stored(&*store, batch).await;
    for (target, texts) in [(1, texts.map(str::to_owned)), (2, texts.map(long))] {
        for (number, text) in texts.iter().enumerate().skip(1) {
            let number = id(u128::from(target) * 10 + number as u128);
            let new = new_change(&tea, 1, number, target, edit(text));
            changed(&*store, vec![Write::Change(NewChange { mentions: these([9, 8]), ..new })]).await;
        }
        changed(
            &*store,
            vec![
                change(&tea, 2, None, target, react("👍")),
                change(&tea, 2, None, target, Action::PinMessage),
            ],
        )
        .await;
    }
    let before = store.unread(tea.id, user(9), Seq::ZERO, Seq(u64::MAX)).await.unwrap();
    assert_eq!((before.messages, before.mentions), (3, 2));
    let store = place.reopen(store).await;
    for text in texts {
        assert!(!holds(place.folder(), text).is_empty(), "otherwise this test would prove nothing");
    }

    let end = head(&*store, tea.id).await;
    let deleted = vec![
        change(&tea, 1, None, 1, Action::DeleteMessage),
        change(&tea, 1, None, 2, Action::DeleteMessage),
    ];
    for (deleted, seq) in changed(&*store, deleted).await.into_iter().zip([end.next(), end.next().next()]) {
        assert_eq!((deleted.seq, deleted.change), (seq, Change::Deleted));
    }
    for target in [1, 2] {
        let gone = message(&*store, &tea, target).await;
        assert!(gone.deleted && gone.content.is_none() && gone.mentions.is_empty() && !gone.pinned);
        assert_eq!((gone.reactions.len(), gone.edited_at), (0, None));
        assert_eq!(gone.changed_seq, Some(Seq(end.0 + target)));
        assert_eq!(versions(&*store, &tea, target).await, None);
    }
    assert_eq!(pins(&*store, &tea).await, []);
    let after = store.unread(tea.id, user(9), Seq::ZERO, Seq(u64::MAX)).await.unwrap();
    assert_eq!((after.messages, after.mentions), (1, 0));
    for event in events(&*store, &tea, 0).await {
        if let RoomEvent::Changed(changed) = event
            && let Change::Edited { content, mentions } = changed.change
        {
            assert!(content.is_none() && mentions.is_empty(), "the edits keep their places and nothing else");
        }
    }
    store.close().await;
    for text in texts {
        assert_eq!(holds(place.folder(), text), [""; 0], "{text}");
    }
}

fn stamped(room: &Arc<RoomInfo>, seconds: i64, content: &str) -> Write {
    Write::Post(NewPost { timestamp: at(seconds), ..new_post(room, 1, None, content) })
}

async fn trim(store: &dyn Store, room: &Arc<RoomInfo>, before: i64) -> Removed {
    match one(store, Write::Trim { room: room.clone(), before: time(before), at: at(1_000) }).await {
        Outcome::Removed(removed) => removed,
        other => panic!("{other:?}"),
    }
}

pub async fn old_messages_go_and_the_log_says_so(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let batch = vec![
        stamped(&tea, 1_000, "expired-secret"),
        change(&tea, 2, id(1), 1, react("👍")),
        tick(10),
        post(&tea, 1, None, "old"),
        change(&tea, 1, id(2), 3, edit("edited-secret")),
        change(&tea, 1, None, 3, Action::PinMessage),
        tick(20),
        stamped(&tea, 1, "young, whatever the clock showed"),
        post(&tea, 1, None, "young too"),
        reply(&tea, 2, 3, "reply"),
        change(&tea, 2, None, 6, react("🎉")),
        call(&tea, 1, these([9]), "@nine"),
        tick(30),
    ];
    commit(&*store, batch).await;
    let young = message(&*store, &tea, 6).await;
    let nothing = trim(&*store, &tea, 9).await;
    assert!(nothing.trimmed.is_none() && !nothing.more && nothing.messages == 0);

    let removed = trim(&*store, &tea, 25).await;
    let trimmed = removed.trimmed.expect("messages went");
    assert_eq!((trimmed.seq, trimmed.target, trimmed.change.clone()), (Seq(11), Seq(3), Change::Trimmed));
    assert!(trimmed.by.is_none() && !removed.more);
    assert_eq!(removed.messages, 2);
    assert_eq!(store.extent(tea.id).await.unwrap(), Extent { head: Seq(11), horizon: Seq(3) });
    let left = events(&*store, &tea, 0).await;
    assert_eq!(left.iter().map(|event| event.seq().0).collect::<Vec<_>>(), (4..=11).collect::<Vec<_>>());
    assert_eq!(left.last(), Some(&RoomEvent::Changed(trimmed)));
    assert_eq!(message(&*store, &tea, 6).await, young, "what is kept is as it was");
    let page = store.page(&tea, PageAt::Before(Seq(8)), 200, user(0)).await.unwrap();
    assert_eq!((page.start, seqs(&page.messages), page.more), (Seq::ZERO, vec![6, 7], false));
    assert_eq!(pins(&*store, &tea).await, []);
    assert_eq!(versions(&*store, &tea, 3).await, None);
    let count = store.unread(tea.id, user(9), Seq::ZERO, Seq(u64::MAX)).await.unwrap();
    assert_eq!((count.messages, count.mentions), (4, 1));
    let outcome = one(&*store, change(&tea, 1, None, 3, edit("again"))).await;
    assert!(matches!(outcome, Outcome::Refused(shared::ErrorCode::NoSuchMessage)), "{outcome:?}");
    assert!(!trim(&*store, &tea, 25).await.more, "nothing is left to do");
    assert_eq!(head(&*store, tea.id).await, Seq(11), "and nothing is said of it");
    store.close().await;
    for text in ["expired-secret", "edited-secret"] {
        assert_eq!(holds(place.folder(), text), [""; 0], "{text}");
    }
}

pub async fn a_log_counts_on_when_everything_in_it_was_old(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, (0..5).map(|_| post(&tea, 1, None, "old")).collect()).await;
    commit(&*store, vec![tick(100)]).await;
    let store = place.reopen(store).await;
    let removed = trim(&*store, &tea, 100).await;
    let trimmed = removed.trimmed.as_ref().unwrap();
    assert_eq!((trimmed.seq, trimmed.target), (Seq(6), Seq(5)));
    let store = place.reopen(store).await;
    assert_eq!(store.extent(tea.id).await.unwrap(), Extent { head: Seq(6), horizon: Seq(5) });
    assert_eq!(log(&*store, &tea, 0).await, []);
    let next = stored(&*store, vec![post(&tea, 1, None, "new")]).await;
    assert_eq!((next[0].seq, first[4].seq), (Seq(7), Seq(5)));
}

pub async fn many_old_messages_go_in_pieces(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let another = post(&sake, 1, None, "another room's");
    stored(&*store, (0..2_500).map(|_| post(&tea, 1, None, "old")).chain([another]).collect()).await;
    commit(&*store, vec![tick(10), post(&tea, 1, None, "young"), tick(30)]).await;
    let mut pieces = 0;
    let mut horizon = Seq::ZERO;
    loop {
        let removed = trim(&*store, &tea, 20).await;
        if let Some(trimmed) = removed.trimmed {
            assert!((1..=1_000).contains(&removed.messages), "others need not wait: {}", removed.messages);
            assert_eq!(trimmed.target.0 - horizon.0, removed.messages);
            horizon = trimmed.target;
            pieces += 1;
        }
        // The room stays usable between the pieces.
        assert_eq!(seqs(&log(&*store, &tea, 2_500).await), [2_501]);
        assert_eq!(
            store.page(&tea, PageAt::After(Seq::ZERO), 1, user(0)).await.unwrap().messages[0].seq,
            horizon.next()
        );
        if !removed.more {
            break;
        }
    }
    assert_eq!((pieces, horizon), (3, Seq(2_500)));
    assert_eq!(log(&*store, &sake, 0).await.len(), 1);
    let events = events(&*store, &tea, 2_500).await;
    assert_eq!(events.iter().map(|event| event.seq().0).collect::<Vec<_>>(), [2_501, 2_502, 2_503, 2_504]);
}

/// Purges until nothing is left to remove. Returns the number of messages removed, and of pieces.
async fn purge(store: &dyn Store, before: ServerTime) -> (u64, usize) {
    let (mut messages, mut pieces) = (0, 0);
    while let Some(&room) = store.deserted(before).await.unwrap().first() {
        loop {
            match one(store, Write::Purge { room, before }).await {
                Outcome::Removed(removed) if removed.more => messages += removed.messages,
                Outcome::Removed(removed) => {
                    assert_eq!(removed.messages, 0);
                    break;
                }
                other => panic!("{other:?}"),
            }
            pieces += 1;
        }
    }
    (messages, pieces)
}

fn empty_since(room: &Arc<RoomInfo>, seconds: i64) -> Write {
    Write::SetLive { room: room.id, empty_since: Some(time(seconds)) }
}

pub async fn an_abandoned_room_goes_and_its_name_begins_anew(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let sake = open_room(&*store, "sake", 2, false).await;
    let general = open_room(&*store, "general", 3, true).await;
    let save = Write::SaveGuest { session: session(1, "alice"), secret: [1; 32], at: time(1) };
    let read = |room: &Arc<RoomInfo>| Write::SetRead { room: room.id, user: user(1), read: Seq(1) };
    let batch = vec![
        save,
        call(&tea, 1, these([9]), "purged-secret"),
        change(&tea, 2, id(1), 1, react("👍")),
        change(&tea, 1, id(2), 1, edit("edited-secret")),
        post(&tea, 1, id(3), "b"),
        post(&sake, 1, None, "c"),
        post(&general, 1, None, "d"),
        read(&tea),
        read(&sake),
        empty_since(&tea, 100),
        empty_since(&sake, 101),
        empty_since(&general, 10),
    ];
    commit(&*store, batch).await;
    assert_eq!(purge(&*store, time(99)).await, (0, 0), "not yet");
    let (first, _) = purge(&*store, time(100)).await;
    assert_eq!(first, 2);
    assert_eq!(store.read_mark(tea.id, user(1)).await.unwrap(), None);
    assert_eq!(store.read_mark(sake.id, user(1)).await.unwrap(), Some(Seq(1)));
    for room in [&sake, &general] {
        assert_eq!(log(&*store, room, 0).await.len(), 1, "others stay");
    }

    let again = open_room(&*store, "tea", 7, false).await;
    assert_ne!((again.id, again.epoch), (tea.id, tea.epoch));
    assert_eq!((head(&*store, again.id).await, log(&*store, &again, 0).await), (Seq::ZERO, vec![]));
    assert_eq!(store.read_mark(again.id, user(1)).await.unwrap(), None);
    // The ids of purged messages may be used again.
    let outcomes =
        commit(&*store, vec![post(&again, 1, id(3), "anew"), post(&again, 2, id(1), "anew")]).await;
    assert!(matches!(&outcomes[..], [Outcome::Posted(one), _] if one.seq == Seq(1)), "{outcomes:?}");
    store.close().await;
    for text in ["purged-secret", "edited-secret"] {
        assert_eq!(holds(place.folder(), text), [""; 0], "{text}");
    }
}

pub async fn only_a_room_that_is_still_deserted_is_purged(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let general = open_room(&*store, "general", 3, true).await;
    let rooms = [&tea, &sake, &general];
    commit(&*store, rooms.iter().map(|room| post(room, 1, None, "kept")).collect()).await;
    commit(&*store, vec![empty_since(&tea, 100), empty_since(&sake, 101), empty_since(&general, 10)]).await;
    assert_eq!(store.deserted(time(99)).await.unwrap(), []);
    assert_eq!(store.deserted(time(100)).await.unwrap(), [tea.id]);
    // Somebody joins between the query and the purge.
    open_room(&*store, "tea", 9, false).await;
    for room in rooms {
        let outcome = one(&*store, Write::Purge { room: room.id, before: time(100) }).await;
        assert!(matches!(&outcome, Outcome::Removed(removed) if !removed.more && removed.messages == 0));
        assert_eq!(log(&*store, room, 0).await.len(), 1);
    }
}

pub async fn what_is_written_after_everything_was_removed_is_found(place: &Place) {
    let mut store = place.open().await;
    for (round, name) in ["a", "b", "a", "c"].into_iter().enumerate() {
        let room = open_room(&*store, name, round as u64, false).await;
        let batch = vec![
            post(&room, 1, None, "word"),
            post(&room, 1, None, "word"),
            change(&room, 1, None, 1, react("👍")),
        ];
        commit(&*store, batch).await;
        catch_up(&*store).await;
        assert_eq!(found(&*store, "word").await.len(), 2, "{round}");
        commit(&*store, vec![empty_since(&room, 1)]).await;
        if round % 2 == 1 {
            // Makes the store look up the end of the log again.
            store = place.reopen(store).await;
        }
        assert_eq!(purge(&*store, time(2)).await.0, 2);
        store = place.reopen(store).await;
    }
}

pub async fn a_big_abandoned_room_goes_in_pieces_and_its_name_at_once(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, (0..2_100).map(|_| post(&tea, 1, None, "old")).collect()).await;
    changed(&*store, vec![change(&tea, 1, None, 2_100, react("👍"))]).await;
    commit(&*store, vec![empty_since(&tea, 1)]).await;
    let outcome = one(&*store, Write::Purge { room: tea.id, before: time(1) }).await;
    assert!(matches!(&outcome, Outcome::Removed(Removed { more: true, messages, .. }) if *messages <= 1_000));
    let again = open_room(&*store, "tea", 2, false).await;
    assert_ne!((again.id, again.epoch), (tea.id, tea.epoch), "the name is free after the first piece");
    stored(&*store, vec![post(&again, 1, None, "anew")]).await;
    let names = async |store: &dyn Store| {
        let rooms = store.rooms().await.unwrap();
        let live = store.live_rooms().await.unwrap();
        let name = |info: &Arc<RoomInfo>| info.address.to_string();
        (
            rooms.iter().map(name).collect::<Vec<_>>(),
            live.iter().map(|(info, _)| name(info)).collect::<Vec<_>>(),
        )
    };
    let tea_only = (vec!["tea".to_owned()], vec!["tea".to_owned()]);
    assert_eq!(names(&*store).await, tea_only, "nobody sees what is on its way out");

    let store = place.reopen(store).await;
    let (messages, pieces) = purge(&*store, time(1)).await;
    assert!(messages >= 1_100 && pieces >= 2, "{messages} in {pieces} pieces");
    assert_eq!(head(&*store, tea.id).await, Seq::ZERO);
    assert_eq!(log(&*store, &again, 0).await.iter().map(said).collect::<Vec<_>>(), ["anew"]);
    assert_eq!(names(&*store).await, tea_only);
}
