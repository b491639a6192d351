//! Messages and their order.

use std::sync::Arc;

use hiroba::store::{Outcome, PageAt};
use shared::{ErrorCode, Seq};

use crate::place::{Place, commit, head, id, log, open_room, post, said, seqs, stored, user};

pub async fn every_room_counts_without_holes(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let batch = vec![
        post(&tea, 1, None, "a"),
        post(&sake, 1, None, "b"),
        post(&tea, 2, None, "c"),
        post(&tea, 1, None, "d"),
        post(&sake, 2, None, "e"),
    ];
    let first = stored(&*store, batch).await;
    assert_eq!(seqs(&first), [1, 1, 2, 3, 2]);
    let then = stored(&*store, vec![post(&sake, 1, None, "f"), post(&tea, 1, None, "g")]).await;
    assert_eq!(seqs(&then), [3, 4]);
    assert_eq!((head(&*store, tea.id).await, head(&*store, sake.id).await), (Seq(4), Seq(3)));
    assert_eq!(commit(&*store, Vec::new()).await.len(), 0);
    store.ready().await.unwrap();
}

pub async fn a_repeated_message_is_answered_as_the_first_time(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, vec![post(&tea, 1, id(7), "once")]).await.remove(0);
    let outcomes = commit(&*store, vec![post(&tea, 1, id(7), "once"), post(&tea, 1, id(8), "new")]).await;
    let [Outcome::Repeated(again), Outcome::Posted(new)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(*again, first, "the first ack again: place, id, time");
    assert_eq!(new.seq, Seq(2), "the repeated one takes no place");
    assert_eq!(log(&*store, &tea, 0).await.len(), 2);
}

pub async fn a_repeated_message_in_one_batch_is_stored_once(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let batch = vec![
        post(&tea, 1, id(7), "once"),
        post(&tea, 1, id(7), "once"),
        post(&tea, 1, id(8), "other"),
        post(&tea, 1, id(7), "once"),
        post(&tea, 1, id(7), "something else"),
    ];
    let outcomes = commit(&*store, batch).await;
    let [
        Outcome::Posted(first),
        Outcome::Repeated(second),
        Outcome::Posted(other),
        Outcome::Repeated(third),
        last,
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert!(matches!(last, Outcome::Refused(ErrorCode::IdConflict)), "{last:?}");
    assert_eq!((first, first), (second, third));
    assert_eq!(other.seq, Seq(2));
}

pub async fn one_id_for_two_messages_is_refused_and_the_rest_of_the_batch_stored(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    stored(&*store, vec![post(&tea, 1, id(7), "the first")]).await;
    let batch = vec![
        post(&tea, 1, id(1), "before"),
        post(&tea, 1, id(7), "another text"),
        post(&sake, 1, id(7), "the first"),
        post(&tea, 1, id(2), "after"),
    ];
    let outcomes = commit(&*store, batch).await;
    let [
        Outcome::Posted(before),
        Outcome::Refused(ErrorCode::IdConflict),
        Outcome::Refused(ErrorCode::IdConflict),
        Outcome::Posted(after),
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!((before.seq, after.seq), (Seq(2), Seq(3)));
    assert_eq!(head(&*store, sake.id).await, Seq::ZERO);
    assert_eq!(said(&log(&*store, &tea, 0).await[0]), "the first");
}

pub async fn two_authors_may_use_the_same_id(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, vec![post(&tea, 1, id(7), "hers"), post(&tea, 2, id(7), "his")]).await;
    assert_eq!(seqs(&first), [1, 2]);
    let outcomes = commit(&*store, vec![post(&tea, 2, id(7), "his"), post(&tea, 1, id(7), "hers")]).await;
    let [Outcome::Repeated(his), Outcome::Repeated(hers)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((hers, his), (&first[0], &first[1]));
}

pub async fn messages_without_an_id_are_never_taken_for_one(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let same = || post(&tea, 1, None, "same");
    assert_eq!(seqs(&stored(&*store, vec![same(), same()]).await), [1, 2]);
    assert_eq!(seqs(&stored(&*store, vec![same()]).await), [3]);
}

pub async fn a_large_batch_keeps_its_order(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let (mut head, mut number) = (0, 0);
    // Sizes around those of the statements that an adapter may split a batch into.
    for size in [1, 2, 7, 8, 9, 49, 50, 51, 499, 500, 501, 1_000] {
        let batch = (0..size).map(|_| {
            number += 1;
            post(&tea, number % 3, id(number), &format!("{number}"))
        });
        let messages = stored(&*store, batch.collect()).await;
        assert_eq!(seqs(&messages), (head + 1..=head + size).collect::<Vec<_>>());
        head += size;
        let repeated = commit(&*store, vec![post(&tea, number % 3, id(number), &format!("{number}"))]).await;
        assert!(matches!(&repeated[..], [Outcome::Repeated(last)] if last.seq == Seq(head)), "{repeated:?}");
    }
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = log(&*store, &tea, after).await;
        let Some(last) = page.last() else { break };
        after = last.seq.0;
        all.extend(page);
    }
    assert_eq!(all.len() as u64, head);
    for (place, posted) in (1_u64..).zip(&all) {
        assert_eq!((posted.seq, said(posted)), (Seq(place), &*place.to_string()));
    }
}

pub async fn batches_at_the_same_time_share_one_order(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let writers = (0_u128..8).map(|writer| {
        let (store, tea) = (Arc::clone(&store), tea.clone());
        tokio::spawn(async move {
            let mut own = Vec::new();
            for number in 0..10 {
                let key = id(writer * 100 + number);
                own.extend(seqs(
                    &stored(&*store, vec![post(&tea, writer, key, "x"), post(&tea, writer, None, "y")]).await,
                ));
            }
            own
        })
    });
    let mut all = Vec::new();
    for writer in writers.collect::<Vec<_>>() {
        let own = writer.await.unwrap();
        assert!(own.is_sorted());
        all.extend(own);
    }
    all.sort_unstable();
    assert_eq!(all, (1..=160).collect::<Vec<_>>());
}

pub async fn pages_begin_and_end_where_they_are_asked_to(place: &Place) {
    let store = place.open().await;
    // Neighbouring rooms on both sides, whose messages must not show up.
    let before = open_room(&*store, "before", 1, false).await;
    let tea = open_room(&*store, "tea", 2, false).await;
    let after = open_room(&*store, "after", 3, false).await;
    for room in [&before, &tea, &after] {
        stored(&*store, (0..10).map(|n| post(room, 1, None, &format!("{n}"))).collect()).await;
    }
    let up = async |after: u64, limit: u16| {
        let events = store.after(&tea, Seq(after), limit, user(0)).await.unwrap().items;
        let page = store.page(&tea, PageAt::After(Seq(after)), limit, user(0)).await.unwrap();
        assert_eq!(events.iter().map(|event| event.seq().0).collect::<Vec<_>>(), seqs(&page.messages));
        seqs(&page.messages)
    };
    assert_eq!(up(0, 3).await, [1, 2, 3]);
    assert_eq!(up(3, 3).await, [4, 5, 6]);
    assert_eq!(up(0, 10).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(up(0, 200).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(up(9, 200).await, [10]);
    assert_eq!(up(10, 200).await, [0; 0]);
    assert_eq!(up(11, 200).await, [0; 0]);
    assert_eq!(up(u64::MAX, 200).await, [0; 0]);
    let down = async |before: Option<u64>, limit: u16| {
        let at = before.map_or(PageAt::Latest, |seq| PageAt::Before(Seq(seq)));
        seqs(&store.page(&tea, at, limit, user(0)).await.unwrap().messages)
    };
    assert_eq!(down(None, 3).await, [8, 9, 10]);
    assert_eq!(down(Some(8), 3).await, [5, 6, 7]);
    assert_eq!(down(Some(3), 200).await, [1, 2]);
    assert_eq!(down(Some(2), 200).await, [1]);
    assert_eq!(down(Some(1), 200).await, [0; 0]);
    assert_eq!(down(Some(0), 200).await, [0; 0]);
    assert_eq!(down(Some(11), 3).await, [8, 9, 10]);
    assert_eq!(down(Some(u64::MAX), 3).await, [8, 9, 10]);
    assert_eq!(head(&*store, tea.id).await, Seq(10));
}

pub async fn a_message_comes_back_as_it_was_stored(place: &Place) {
    let store = place.open().await;
    let room = open_room(&*store, "お茶 \u{1F375}", 1, false).await;
    let contents = [
        "こんにちは",
        " spaces ",
        "a\u{0}b",
        "'; DROP TABLE events; --",
        "e\u{301}",
        "\u{1F468}\u{200D}\u{1F469}",
    ];
    let batch =
        contents.iter().zip(1..).map(|(content, number)| post(&room, 1, id(number), content)).collect();
    let messages = stored(&*store, batch).await;
    assert_eq!(log(&*store, &room, 0).await, messages);
    assert_eq!(store.page(&room, PageAt::Latest, 10, user(0)).await.unwrap().messages, messages);
    assert!(messages.iter().zip(contents).all(|(posted, content)| said(posted) == content));
    let store = place.reopen(store).await;
    assert_eq!(log(&*store, &room, 0).await, messages);
}

pub async fn the_order_goes_on_after_a_restart(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, vec![post(&tea, 1, id(1), "a"), post(&tea, 1, id(2), "b")]).await;
    let store = place.reopen(store).await;
    let tea = open_room(&*store, "tea", 99, false).await;
    assert_eq!(head(&*store, tea.id).await, Seq(2));
    let outcomes = commit(&*store, vec![post(&tea, 1, id(2), "b"), post(&tea, 1, id(3), "c")]).await;
    let [Outcome::Repeated(again), Outcome::Posted(next)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((again, next.seq), (&first[1], Seq(3)));
}
