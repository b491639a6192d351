//! Search where rooms are private: found is what the viewer may read at that moment, and nothing tells of the rest.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{
    Author, MembershipChange, NewChange, NewMembership, NewPost, NewPrivateRoom, Outcome, SearchPage, Write,
};
use shared::search::Query;
use shared::{
    Action, Emoji, Epoch, MessageText, Person, Posted, RoomAddress, RoomDetails, RoomKind, Seq, Timestamp,
    UserName,
};

use crate::people::session;
use crate::place::{Adapter, Place, at, commit, new_change, new_post, one, open_room, said, time, user};
use crate::search::catch_up;

pub const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "eve"];
const ALICE: usize = 0;
const BOB: usize = 1;
const EVE: usize = 4;

pub fn person(who: usize) -> Person {
    Person { user_id: user(who as u128), user: UserName::new(NAMES[who]).unwrap() }
}

fn author(who: usize) -> Author {
    let Person { user_id: id, user: name } = person(who);
    Author { id, name, client_message_id: None }
}

fn post_at(room: &Arc<RoomInfo>, who: usize, content: &str, timestamp: Timestamp) -> Write {
    Write::Post(NewPost { author: author(who), timestamp, ..new_post(room, 0, None, content) })
}

pub fn post(room: &Arc<RoomInfo>, who: usize, content: &str) -> Write {
    post_at(room, who, content, at(5))
}

pub fn change(room: &Arc<RoomInfo>, who: usize, target: Seq, action: Action) -> Write {
    Write::Change(NewChange { author: author(who), ..new_change(room, 0, None, target.0, action) })
}

pub fn edited(content: &str) -> Action {
    Action::EditMessage { content: MessageText::new(content).unwrap() }
}

pub fn membership(room: &Arc<RoomInfo>, by: usize, who: usize, change: MembershipChange) -> Write {
    let (room, by, member) = (room.clone(), person(by), person(who));
    Write::Membership(NewMembership { room, by, member, change, timestamp: at(6) })
}

pub const REMOVED: MembershipChange = MembershipChange::Removed { reason: None };

/// Returns a store that knows everybody.
pub async fn opened(place: &Place) -> Arc<dyn Adapter> {
    let store = place.open().await;
    let save = |who: usize| Write::SaveGuest {
        session: session(who as u128, NAMES[who]),
        secret: [who as u8; 32],
        at: time(1),
    };
    commit(&*store, (0..NAMES.len()).map(save).collect()).await;
    store
}

/// Creates a private room of these people.
pub async fn private_room(store: &dyn Adapter, name: &str, members: &[usize]) -> Arc<RoomInfo> {
    let new = NewPrivateRoom {
        kind: RoomKind::Private,
        make: true,
        address: RoomAddress::known(&format!("~{name}")).unwrap(),
        epoch: Epoch::from_random(7),
        details: RoomDetails::default(),
        author: author(members[0]),
        members: members[1..].iter().map(|&who| person(who)).collect(),
        timestamp: at(1),
    };
    match one(store, Write::CreateRoom(new)).await {
        Outcome::Created(room, _) => room,
        other => panic!("{other:?}"),
    }
}

async fn page(store: &dyn Adapter, who: usize, query: &str, cursor: Option<u64>) -> SearchPage {
    let query = Query::parse(query).unwrap_or_else(|failure| panic!("{query}: {failure}"));
    store.search(&query, cursor, 50, user(who as u128)).await.unwrap()
}

/// Returns everything that somebody finds, newest first, and the number of pages.
pub async fn pages(store: &dyn Adapter, who: usize, query: &str) -> (Vec<Posted>, usize) {
    let (mut hits, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = page(store, who, query, cursor).await;
        hits.extend(page.hits.into_iter().map(|(_, posted)| posted));
        (cursor, pages) = (page.cursor, pages + 1);
        if cursor.is_none() {
            return (hits, pages);
        }
    }
}

async fn found(store: &dyn Adapter, who: usize, query: &str) -> Vec<String> {
    pages(store, who, query).await.0.iter().map(|posted| said(posted).to_owned()).collect()
}

pub async fn a_private_room_is_searched_for_its_members_only(place: &Place) {
    let store = opened(place).await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let (plans, gifts) = (
        private_room(&*store, "plans", &[ALICE, BOB]).await,
        private_room(&*store, "gifts", &[ALICE, EVE]).await,
    );
    let batch = vec![
        post(&tea, BOB, "a word for all"),
        post(&plans, ALICE, "a word for bob 東京"),
        post(&gifts, EVE, "a word for eve 東京"),
    ];
    commit(&*store, batch).await;
    catch_up(&*store).await;
    for (who, query, texts) in [
        (ALICE, "word", &["a word for eve 東京", "a word for bob 東京", "a word for all"][..]),
        (BOB, "word", &["a word for bob 東京", "a word for all"]),
        (EVE, "word", &["a word for eve 東京", "a word for all"]),
        (2, "word", &["a word for all"]),
        (BOB, "京", &["a word for bob 東京"]),
        (2, "東京", &[]),
        (2, "\"for bob\"", &[]),
        (BOB, "\"for bob\"", &["a word for bob 東京"]),
        (2, "wor*", &["a word for all"]),
        (EVE, "word -東京", &["a word for all"]),
        (2, "before:2000-01-01", &["a word for all"]),
        (BOB, "before:2000-01-01", &["a word for bob 東京", "a word for all"]),
    ] {
        assert_eq!(found(&*store, who, query).await, texts, "{query} of {}", NAMES[who]);
    }
    let store = place.reopen(store).await;
    assert_eq!(found(&*store, EVE, "word").await, ["a word for eve 東京", "a word for all"]);
}

pub async fn a_membership_counts_from_its_commit_to_its_end(place: &Place) {
    let store = opened(place).await;
    open_room(&*store, "tea", 1, false).await;
    let plans = private_room(&*store, "plans", &[ALICE, BOB]).await;
    commit(&*store, vec![post(&plans, ALICE, "a plan")]).await;
    catch_up(&*store).await;
    let queries = ["plan", "in:~plans", "before:2000-01-01", "from:alice"];
    for query in queries {
        assert_eq!(found(&*store, BOB, query).await, ["a plan"], "{query}");
        assert_eq!(found(&*store, EVE, query).await, [""; 0], "{query}");
    }
    commit(&*store, vec![membership(&plans, ALICE, BOB, REMOVED)]).await;
    commit(&*store, vec![membership(&plans, ALICE, EVE, MembershipChange::Added)]).await;
    for query in queries {
        assert_eq!(found(&*store, BOB, query).await, [""; 0], "{query}");
        assert_eq!(found(&*store, EVE, query).await, ["a plan"], "{query}");
    }
    commit(&*store, vec![membership(&plans, ALICE, BOB, MembershipChange::Added)]).await;
    assert_eq!(found(&*store, BOB, "plan").await, ["a plan"]);
}

pub async fn a_hidden_room_is_searched_like_none(place: &Place) {
    let store = opened(place).await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let plans = private_room(&*store, "plans", &[ALICE]).await;
    commit(&*store, vec![post(&tea, BOB, "word"), post(&plans, ALICE, "word")]).await;
    for is_indexed in [false, true] {
        if is_indexed {
            catch_up(&*store).await;
        }
        for rest in ["", " word", " before:2000-01-01", " has:reaction", " has:link", " -word"] {
            for cursor in [None, Some(9)] {
                let hidden = page(&*store, BOB, &format!("in:~plans{rest}"), cursor).await;
                assert_eq!(hidden, page(&*store, BOB, &format!("in:~plan{rest}"), cursor).await, "{rest}");
                assert_eq!(hidden, SearchPage::default(), "{rest}");
            }
        }
    }
    assert_eq!(found(&*store, ALICE, "in:~plans word").await, ["word"]);
    assert_eq!(found(&*store, ALICE, "in:tea word").await, ["word"]);
    assert_eq!(found(&*store, ALICE, "word").await, ["word", "word"]);
    assert_eq!(found(&*store, ALICE, "word -in:~plans").await, ["word"]);
    assert_eq!(found(&*store, BOB, "word -in:~plans").await, found(&*store, BOB, "word -in:~plan").await);
}

pub async fn filters_hold_in_private_rooms_too(place: &Place) {
    let store = opened(place).await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let plans = private_room(&*store, "plans", &[ALICE, BOB]).await;
    let day = |day: i64| at(day * 24 * 60 * 60);
    let batch = vec![
        post_at(&tea, BOB, "one", day(10)),
        post_at(&plans, BOB, "two https://example.org", day(11)),
        post_at(&plans, ALICE, "three", day(12)),
        post_at(&tea, ALICE, "four https://example.org", day(13)),
    ];
    let outcomes = commit(&*store, batch).await;
    let Outcome::Posted(three) = &outcomes[2] else { panic!("{outcomes:?}") };
    let thumb = Action::AddReaction { emoji: Emoji::new("👍").unwrap() };
    commit(&*store, vec![change(&plans, BOB, three.seq, thumb)]).await;
    catch_up(&*store).await;
    for (query, member, stranger) in [
        ("from:bob", &["two https://example.org", "one"][..], &["one"][..]),
        ("has:link", &["four https://example.org", "two https://example.org"], &["four https://example.org"]),
        ("has:reaction", &["three"], &[]),
        (
            "-has:reaction",
            &["four https://example.org", "two https://example.org", "one"],
            &["four https://example.org", "one"],
        ),
        (
            "after:1970-01-11",
            &["four https://example.org", "three", "two https://example.org"],
            &["four https://example.org"],
        ),
        ("before:1970-01-13", &["two https://example.org", "one"], &["one"]),
        ("in:~plans -from:alice", &["two https://example.org"], &[]),
        ("in:~plans three", &["three"], &[]),
        ("-in:tea", &["three", "two https://example.org"], &[]),
    ] {
        assert_eq!(found(&*store, ALICE, query).await, member, "{query}");
        assert_eq!(found(&*store, EVE, query).await, stranger, "{query}");
    }
}

pub async fn edits_and_deletions_in_private_rooms_stay_private(place: &Place) {
    let store = opened(place).await;
    open_room(&*store, "tea", 1, false).await;
    let plans = private_room(&*store, "plans", &[ALICE, BOB]).await;
    let texts = ["green tea", "black tea", "white tea"].map(|text| post(&plans, ALICE, text));
    let outcomes = commit(&*store, texts.to_vec()).await;
    let seqs: Vec<Seq> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Posted(posted) => Some(posted.seq),
            _ => None,
        })
        .collect();
    catch_up(&*store).await;
    let batch = vec![
        change(&plans, ALICE, seqs[0], edited("red wine")),
        change(&plans, ALICE, seqs[1], Action::DeleteMessage),
    ];
    commit(&*store, batch).await;
    for is_indexed in [false, true] {
        if is_indexed {
            catch_up(&*store).await;
            assert_eq!(found(&*store, BOB, "wine").await, ["red wine"]);
        }
        assert_eq!(found(&*store, BOB, "tea").await, ["white tea"]);
        assert_eq!(found(&*store, BOB, "in:~plans").await, ["white tea", "red wine"]);
        for query in ["tea", "wine", "in:~plans", "from:alice", "before:2000-01-01"] {
            assert_eq!(found(&*store, EVE, query).await, [""; 0], "{query}");
        }
    }
}

pub async fn little_that_one_may_read_is_found_in_few_pages(place: &Place) {
    const MESSAGES: usize = 24_000;
    let store = opened(place).await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let plans = private_room(&*store, "plans", &[ALICE]).await;
    let numbers: Vec<usize> = (0..MESSAGES).collect();
    for piece in numbers.chunks(1_000) {
        let message = |&number: &usize| match number % 400 {
            0 => post(&tea, BOB, &format!("word {number}")),
            _ => post(&plans, ALICE, "word"),
        };
        commit(&*store, piece.iter().map(message).collect()).await;
    }
    catch_up(&*store).await;
    let readable: Vec<String> = (0..MESSAGES)
        .rev()
        .filter(|number| number % 400 == 0)
        .map(|number| format!("word {number}"))
        .collect();
    for (query, most) in [("word", 3), ("before:2000-01-01", 4), ("-has:reaction", 4)] {
        let (hits, pages) = pages(&*store, EVE, query).await;
        assert_eq!(hits.iter().map(said).collect::<Vec<_>>(), readable, "{query}");
        assert!(pages <= most, "{query}: {pages} pages");
    }
    let (hits, pages) = pages(&*store, EVE, "has:reaction").await;
    assert!(hits.is_empty() && pages <= 2, "{pages} pages");
}
