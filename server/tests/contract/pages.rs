//! Pages of history contain every message in their range, and nothing else.

use hiroba::store::{LogPage, PageAt};
use shared::limits::PAGE_BYTES;
use shared::{Action, Seq};

use crate::place::{Place, change, commit, open_room, post, react, seqs, stored, user};

/// The seqs of messages; the others are changes.
const MESSAGES: [u64; 9] = [1, 2, 5, 6, 10, 11, 12, 13, 17];
const HEAD: u64 = 19;

pub async fn a_page_holds_every_message_between_its_ends(place: &Place) {
    let store = place.open().await;
    let before = open_room(&*store, "before", 1, false).await;
    let tea = open_room(&*store, "tea", 2, false).await;
    let after = open_room(&*store, "after", 3, false).await;
    for room in [&before, &after] {
        stored(&*store, (0..9).map(|_| post(room, 1, None, "a neighbour's")).collect()).await;
    }
    for seq in 1..=HEAD {
        let write = if MESSAGES.contains(&seq) {
            post(&tea, 1, None, "a")
        } else if seq % 2 == 0 {
            change(&tea, seq.into(), None, 2, react("👍"))
        } else {
            change(&tea, seq.into(), None, 1, react("🎉"))
        };
        commit(&*store, vec![write]).await;
    }
    for limit in [1, 2, 3, 4, 8, 9, 10, 200] {
        let page = async |at| {
            let page = store.page(&tea, at, limit, user(0)).await.unwrap();
            whole(&page, &format!("{at:?}, {limit}"));
            page
        };
        let latest = page(PageAt::Latest).await;
        assert_eq!((latest.end, latest.messages.len()), (Seq(HEAD), usize::from(limit).min(MESSAGES.len())));
        for seq in (0..HEAD + 4).chain([u64::MAX]) {
            let (older, newer): (Vec<u64>, Vec<u64>) = MESSAGES.iter().partition(|&&message| message < seq);
            let found = page(PageAt::Before(Seq(seq))).await;
            assert_eq!(found.messages.len(), older.len().min(limit.into()));
            assert_eq!(found.end, Seq(HEAD.min(seq.saturating_sub(1))));
            assert_eq!(found.more, older.len() > limit.into());

            let newer_than: Vec<u64> = newer.into_iter().filter(|&message| message > seq).collect();
            let found = page(PageAt::After(Seq(seq))).await;
            assert_eq!(seqs(&found.messages), newer_than[..newer_than.len().min(limit.into())]);
            assert_eq!((found.start, found.more), (Seq(seq), newer_than.len() > limit.into()));

            let found = page(PageAt::Around(Seq(seq))).await;
            let more = MESSAGES.iter().any(|&message| Seq(message) > found.end);
            assert_eq!(found.more, more, "newer ones: {seq}, {limit}");
            assert!(found.messages.len() <= usize::from(limit).max(2));
            if MESSAGES.contains(&seq) {
                assert!(seqs(&found.messages).contains(&seq), "{seq} is in the page around it");
                let above = found.messages.iter().filter(|message| message.seq < Seq(seq)).count();
                assert_eq!(above, older.len().min(usize::from(limit / 2).max(1)), "half of them before it");
            }
        }
    }
}

fn whole(page: &LogPage, what: &str) {
    let within = |seq: &u64| page.start < Seq(*seq) && Seq(*seq) <= page.end;
    let expected: Vec<u64> = MESSAGES.into_iter().filter(within).collect();
    assert_eq!(seqs(&page.messages), expected, "{what}: {} to {}", page.start, page.end);
    if page.start > Seq::ZERO && !what.starts_with("After") {
        let first = page.messages.first().map_or(page.end.next(), |first| first.seq);
        assert!(MESSAGES.contains(&page.start.0) && page.start < first, "there is something before: {what}");
    }
}

pub async fn pages_put_together_are_the_room(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    for round in 0..30 {
        let batch = vec![
            post(&tea, 1, None, &"長".repeat(1 + round * 100)),
            change(&tea, 2, None, round as u64 * 2 + 1, Action::PinMessage),
        ];
        commit(&*store, batch).await;
    }
    let (mut down, mut end) = (Vec::new(), u64::MAX);
    loop {
        let page = store.page(&tea, PageAt::Before(Seq(end)), 7, user(0)).await.unwrap();
        assert!(page.messages.len() == 7 || !page.more || bytes(&page) > PAGE_BYTES / 2);
        down.splice(0..0, seqs(&page.messages));
        if !page.more {
            assert_eq!(page.start, Seq::ZERO);
            break;
        }
        end = page.start.next().0;
    }
    let (mut up, mut start) = (Vec::new(), Seq::ZERO);
    loop {
        let page = store.page(&tea, PageAt::After(start), 7, user(0)).await.unwrap();
        up.extend(seqs(&page.messages));
        start = page.end;
        if !page.more {
            assert_eq!(page.end, Seq(60));
            break;
        }
    }
    assert_eq!(down, (1..60).step_by(2).collect::<Vec<_>>());
    assert_eq!(down, up);
}

fn bytes(page: &LogPage) -> usize {
    page.messages.iter().map(|message| crate::place::said(message).len()).sum()
}

pub async fn a_page_of_long_texts_fits_into_a_frame_and_is_never_empty(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let long = "👩‍👩‍👧".repeat(880);
    assert!(long.len() > 15_000);
    stored(&*store, (0..20).map(|_| post(&tea, 1, None, &long)).collect()).await;
    for at in [PageAt::Latest, PageAt::Before(Seq(15)), PageAt::After(Seq(3)), PageAt::Around(Seq(10))] {
        let page = store.page(&tea, at, 200, user(0)).await.unwrap();
        assert!((3..=4).contains(&page.messages.len()), "{at:?}: {}", page.messages.len());
        assert!(page.more);
        let seqs = seqs(&page.messages);
        assert_eq!(seqs, (page.start.0 + 1..=page.end.0).collect::<Vec<_>>(), "{at:?}");
    }
}
