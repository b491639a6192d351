//! Paging through lists: each page fits into a frame, and together they make up the list.

use hiroba::store::{Page, PageAt, PageCursor, Write};
use shared::limits::{PAGE_BYTES, REACTION_KINDS, REACTORS_PAGE, reactors_listed};
use shared::{Action, Emoji, Seq, UserName};

use crate::place::{
    Place, change, changed, edit, new_change, open_room, post, react, seqs, smiley, stored, unreact, user,
};

pub async fn a_message_with_all_reactions_there_may_be_fits_into_a_frame(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    // Control characters take six bytes each on the wire.
    stored(&*store, vec![post(&tea, 1, None, &format!("a{}", "\u{1}".repeat(3_999)))]).await;
    let crowd = 55;
    for who in 1..=crowd {
        let kinds = (0..REACTION_KINDS).map(|kind| {
            let mut write = new_change(&tea, who, None, 1, react(&smiley(kind)));
            write.author.name = UserName::new(&"🙂".repeat(32)).unwrap();
            Write::Change(write)
        });
        changed(&*store, kinds.collect()).await;
    }
    let page = store.page(&tea, PageAt::Latest, 200, user(crowd)).await.unwrap();
    assert_eq!(page.messages[0].seq, Seq(1));
    let bytes = serde_json::to_vec(&page.messages[0]).unwrap().len();
    assert!(bytes < PAGE_BYTES, "{bytes} bytes");
    assert_eq!(page.messages[0].reactions.len(), REACTION_KINDS);
    let listed = reactors_listed(REACTION_KINDS) as u128;
    for reaction in &page.messages[0].reactions {
        assert_eq!(reaction.count, crowd as u64, "the number is right always");
        let users: Vec<_> = reaction.users.iter().map(|reactor| reactor.user_id).collect();
        assert_eq!(users, (1..=listed).chain([crowd]).map(user).collect::<Vec<_>>());
    }
}

pub async fn who_reacted_is_told_page_by_page(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a"), post(&tea, 1, None, "b")]).await;
    let crowd = REACTORS_PAGE as u128 + 30;
    // The highest user id reacts first.
    for who in (1..=crowd).rev() {
        changed(
            &*store,
            vec![change(&tea, who, None, 1, react("👍")), change(&tea, who, None, 1, react("🎉"))],
        )
        .await;
    }
    changed(&*store, vec![change(&tea, 7, None, 1, unreact("👍"))]).await;
    let page = async |target: u64, emoji: &str, after: u64| {
        let emoji = Emoji::new(emoji).unwrap();
        store.reactors(&tea, Seq(target), &emoji, Seq(after)).await.unwrap()
    };
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let Page { items, more } = page(1, "👍", after).await.unwrap();
        assert!(items.len() <= REACTORS_PAGE && items.is_sorted_by_key(|reactor| reactor.seq));
        after = items.last().unwrap().seq.0;
        found.extend(items.into_iter().map(|reactor| reactor.user_id));
        if !more {
            break;
        }
    }
    assert_eq!(found, (1..=crowd).rev().filter(|&who| who != 7).map(user).collect::<Vec<_>>());
    assert_eq!(page(1, "👍", after).await, Some(Page { items: Vec::new(), more: false }));
    assert_eq!(page(2, "👍", 0).await, Some(Page { items: Vec::new(), more: false }));
    assert_eq!((page(3, "👍", 0).await, page(999, "👍", 0).await), (None, None), "no message");
    changed(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    assert_eq!(page(1, "👍", 0).await, None, "it was deleted");
}

pub async fn a_list_is_read_from_both_sides_in_parts_that_fit(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let long = |number: usize| format!("{number} {}", "長".repeat(3_900));
    stored(&*store, (0..24).map(|number| post(&tea, 1, None, &long(number))).collect()).await;
    changed(&*store, (1..=24).map(|target| change(&tea, 2, None, target, Action::PinMessage)).collect())
        .await;
    changed(&*store, (0..20).map(|number| change(&tea, 1, None, 1, edit(&long(number + 90)))).collect())
        .await;
    for (list, expected) in
        [("pins", (1..=24).collect::<Vec<_>>()), ("versions", [1].into_iter().chain(49..69).collect())]
    {
        let part = async |side| {
            if list == "pins" {
                let Page { items, more } = store.pins(&tea, side, user(0)).await.unwrap();
                return (seqs(&items), more, serde_json::to_vec(&items).unwrap().len());
            }
            let Page { items, more } = store.versions(&tea, Seq(1), side).await.unwrap().unwrap();
            let bytes = serde_json::to_vec(&items).unwrap().len();
            (items.iter().map(|version| version.seq.0).collect(), more, bytes)
        };
        let (mut up, mut after) = (Vec::new(), 0);
        loop {
            let (found, more, bytes) = part(PageCursor::After(Seq(after))).await;
            assert!(bytes < PAGE_BYTES * 5 / 4, "{list}: {bytes}");
            assert!(found.is_sorted() && (!more || bytes > PAGE_BYTES / 2), "{list}: {found:?}");
            after = found.last().copied().unwrap_or(after);
            up.extend(found);
            if !more {
                break;
            }
        }
        let (mut down, mut before) = (Vec::new(), u64::MAX);
        loop {
            let (found, more, bytes) = part(PageCursor::Before(Seq(before))).await;
            assert!(bytes < PAGE_BYTES * 5 / 4, "{list}: {bytes}");
            before = found.first().copied().unwrap_or(before);
            down.splice(0..0, found);
            if !more {
                break;
            }
        }
        assert_eq!((&up, &down), (&expected, &expected), "{list}");
    }
}
