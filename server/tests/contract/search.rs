//! Search: hits are in their present state, newest first, and only from rooms that may be read.

use std::sync::Arc;

use hiroba::room::RoomInfo;
use hiroba::store::{Author, NewChange, NewPost, Outcome, Write};
use shared::search::Query;
use shared::{Action, Emoji, Mentions, MessageId, MessageText, Seq, Timestamp, UserName};
use uuid::Uuid;

use crate::place::{Adapter, Place, at, commit, open_room, tick, time, user};

fn author(name: &str) -> Author {
    Author { id: user(name.len() as u128), name: UserName::new(name).unwrap(), client_message_id: None }
}

fn write(room: &Arc<RoomInfo>, name: &str, content: &str, timestamp: Timestamp) -> Write {
    Write::Post(NewPost {
        room: room.clone(),
        author: author(name),
        message_id: MessageId::new(Uuid::now_v7()),
        content: MessageText::new(content).unwrap(),
        reply_to: None,
        mentions: Mentions::default(),
        timestamp,
    })
}

fn change(room: &Arc<RoomInfo>, name: &str, target: u64, action: Action) -> Write {
    Write::Change(NewChange {
        moderates: false,
        room: room.clone(),
        author: author(name),
        target: Seq(target),
        action,
        mentions: Mentions::default(),
        timestamp: at(9),
    })
}

fn edit(room: &Arc<RoomInfo>, target: u64, content: &str) -> Write {
    change(room, "alice", target, Action::EditMessage { content: MessageText::new(content).unwrap() })
}

async fn say(store: &dyn Adapter, room: &Arc<RoomInfo>, texts: &[&str]) {
    commit(store, texts.iter().map(|text| write(room, "alice", text, at(5))).collect()).await;
    catch_up(store).await;
}

pub async fn catch_up(store: &dyn Adapter) {
    while store.follow().await.unwrap().is_some() {}
}

/// Returns the texts on the first page.
pub async fn found(store: &dyn Adapter, query: &str) -> Vec<String> {
    let query = Query::parse(query).unwrap_or_else(|failure| panic!("{query}: {failure}"));
    let page = store.search(&query, None, 50, user(1)).await.unwrap();
    assert!(page.cursor.is_none());
    page.hits.into_iter().map(|(_, posted)| posted.content.unwrap().as_str().to_owned()).collect()
}

pub async fn each_word_finds_its_sentence(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let sentences = [
        ("上海", "来週は上海へ出張です。"),
        ("可能", "参加は可能でしょうか"),
        ("具体情況", "先看具体情況再説"),
        ("東京", "東京は晴れ"),
        ("タワー", "スカイツリーではなく展望タワーで"),
        ("서울", "내일 서울에서 만나요"),
        ("雨", "午後から雨らしい"),
        ("会議", "10時からの会議の資料"),
        ("ﾃｽﾄ", "これはテストです"),
        ("Ｒｕｓｔ", "we write rust here"),
        ("running", "It keeps Running again."),
        ("run*", "It keeps Running again."),
        ("\"keeps running\"", "It keeps Running again."),
    ];
    let texts: Vec<&str> = sentences.iter().map(|(_, sentence)| *sentence).collect();
    say(&*store, &tea, &texts[..11]).await;
    for (word, sentence) in sentences {
        assert_eq!(found(&*store, word).await, [sentence], "{word}");
    }
    for word in ["たわー", "京東", "runn", "具体情報"] {
        assert_eq!(found(&*store, word).await, [""; 0], "{word}");
    }
}

pub async fn neither_case_nor_accents_count(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["Die Straße in İSTANBUL", "un café", "ёлка и ΣΊΣΥΦΟΣ", "がある"]).await;
    for (query, text) in [
        ("strasse", "Die Straße in İSTANBUL"),
        ("STRASSE istanbul", "Die Straße in İSTANBUL"),
        ("CAFE", "un café"),
        ("cafe\u{301}", "un café"),
        ("елка", "ёлка и ΣΊΣΥΦΟΣ"),
        ("σισυφος", "ёлка и ΣΊΣΥΦΟΣ"),
    ] {
        assert_eq!(found(&*store, query).await, [text], "{query}");
    }
    assert_eq!(found(&*store, "か").await, [""; 0], "dakuten do");
}

pub async fn what_has_a_minus_is_not_found(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let batch = vec![
        write(&tea, "bob", "green tea", at(5)),
        write(&tea, "alice", "green tree", at(5)),
        write(&sake, "alice", "green https://example.org", at(5)),
        write(&sake, "Jose", "green", at(5)),
        write(&sake, "José", "green too", at(5)),
        change(&tea, "bob", 1, Action::AddReaction { emoji: Emoji::new("👍").unwrap() }),
    ];
    commit(&*store, batch).await;
    catch_up(&*store).await;
    for (query, texts) in [
        ("green -tea", &["green too", "green", "green https://example.org", "green tree"][..]),
        ("green -\"green tea\" -too", &["green", "green https://example.org", "green tree"]),
        ("green -from:@alice -from:jose", &["green too", "green tea"]),
        ("from:@bob", &["green tea"]),
        ("from:Jose", &["green"]),
        ("from:josé", &["green too"]),
        ("in:#tea", &["green tree", "green tea"]),
        ("-in:#sake", &["green tree", "green tea"]),
        ("-has:link in:sake", &["green too", "green"]),
        ("-has:reaction in:tea", &["green tree"]),
        ("-green", &[]),
    ] {
        assert_eq!(found(&*store, query).await, texts, "{query}");
    }
}

pub async fn a_link_that_was_edited_away_is_not_found(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["see www.example.org"]).await;
    assert_eq!(found(&*store, "has:link").await, ["see www.example.org"]);
    commit(&*store, vec![edit(&tea, 1, "see you")]).await;
    assert_eq!(found(&*store, "has:link").await, [""; 0]);
}

pub async fn text_that_was_edited_or_deleted_is_not_found_from_its_commit_on(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["green tea", "black tea", "green tree"]).await;
    commit(&*store, vec![edit(&tea, 1, "red wine"), change(&tea, "alice", 2, Action::DeleteMessage)]).await;
    assert_eq!(found(&*store, "green").await, ["green tree"]);
    assert_eq!(found(&*store, "tea").await, [""; 0]);
    assert_eq!(found(&*store, "from:alice").await, ["green tree", "red wine"]);
    catch_up(&*store).await;
    assert_eq!(found(&*store, "wine").await, ["red wine"]);
    assert_eq!(found(&*store, "tea").await, [""; 0]);
    assert_eq!(found(&*store, "green").await, ["green tree"]);
}

pub async fn messages_that_changed_before_they_were_indexed_are_found_as_they_are(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let mut batch: Vec<Write> = (0..600).map(|_| write(&tea, "alice", "green tea", at(5))).collect();
    batch.extend([edit(&tea, 1, "red wine"), edit(&tea, 1, "white wine"), edit(&tea, 599, "rose wine")]);
    batch.push(change(&tea, "alice", 600, Action::DeleteMessage));
    commit(&*store, batch).await;
    catch_up(&*store).await;
    assert_eq!(found(&*store, "wine").await, ["rose wine", "white wine"]);
    let query = Query::parse("tea").unwrap();
    let (mut cursor, mut seqs) = (None, Vec::new());
    loop {
        let page = store.search(&query, cursor, 50, user(1)).await.unwrap();
        seqs.extend(page.hits.iter().map(|(_, posted)| posted.seq.0));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
        assert_eq!(page.hits.len(), 50);
    }
    assert!(seqs.into_iter().eq((2..=598).rev()), "each once, newest first");
}

pub async fn a_search_that_finds_little_goes_on_page_by_page(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let mut batch = vec![write(&tea, "alice", "ab bc", at(5)), write(&tea, "alice", "東京都", at(5))];
    // Each of them contains all the bigrams but not the word, and much text, so that a page ends early.
    batch.extend((0..2_500).map(|_| write(&tea, "alice", "京都と東京", at(5))));
    batch.extend((0..100).map(|_| write(&tea, "alice", &format!("京都と東京{}", "あ".repeat(3_900)), at(5))));
    for piece in batch.chunks(500) {
        commit(&*store, piece.to_vec()).await;
    }
    catch_up(&*store).await;
    let query = Query::parse("東京都").unwrap();
    let (mut cursor, mut pages, mut seqs) = (None, 0, Vec::new());
    loop {
        let page = store.search(&query, cursor, 50, user(1)).await.unwrap();
        seqs.extend(page.hits.iter().map(|(_, posted)| posted.seq.0));
        pages += 1;
        assert!(page.cursor.is_none_or(|next| cursor.is_none_or(|before| next < before)));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seqs, [2]);
    assert!(pages >= 3, "the work for one page is bounded: {pages}");
}

pub async fn a_deserted_room_is_not_searched(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let general = open_room(&*store, "general", 2, true).await;
    say(&*store, &tea, &["secret plan"]).await;
    say(&*store, &general, &["public plan"]).await;
    let leave = |room: &Arc<RoomInfo>| Write::SetLive { room: room.id, empty_since: Some(time(8)) };
    commit(&*store, vec![leave(&tea), leave(&general)]).await;
    assert_eq!(found(&*store, "plan").await, ["public plan"]);
    assert_eq!(found(&*store, "plan in:tea").await, [""; 0]);
    open_room(&*store, "tea", 3, false).await;
    assert_eq!(found(&*store, "plan").await, ["public plan", "secret plan"]);
}

pub async fn filters_narrow_a_search(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "Tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let day = |day: i64| at(day * 24 * 60 * 60);
    let batch = vec![
        write(&tea, "Taro Yamada", "one", day(10)),
        write(&tea, "alice", "two https://example.org", day(11)),
        write(&sake, "alice", "three", day(12)),
        change(&sake, "bob", 1, Action::AddReaction { emoji: Emoji::new("👍").unwrap() }),
        write(&sake, "Taro", "four", day(13)),
    ];
    commit(&*store, batch).await;
    catch_up(&*store).await;
    for (query, texts) in [
        ("from:ALICE", &["three", "two https://example.org"][..]),
        ("from:\"taro yamada\"", &["one"]),
        ("from:taro", &["four"]),
        ("in:Tea", &["two https://example.org", "one"]),
        ("in:tea", &[]),
        ("in:Tea from:alice", &["two https://example.org"]),
        ("has:link", &["two https://example.org"]),
        ("has:file", &[]),
        ("has:reaction", &["three"]),
        ("has:reaction in:Tea", &[]),
        ("after:1970-01-12", &["four", "three"]),
        ("before:1970-01-12", &["one"]),
        ("after:1970-01-11 before:1970-01-13", &["two https://example.org"]),
        ("three before:1970-01-12", &[]),
    ] {
        assert_eq!(found(&*store, query).await, texts, "{query}");
    }
    let page = store.search(&Query::parse("three").unwrap(), None, 5, user(1)).await.unwrap();
    assert_eq!((page.hits[0].0, page.hits[0].1.reactions[0].count), (sake.epoch, 1));
}

pub async fn what_people_type_is_never_syntax(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["a OR b", "docs: NEAR(x, y) \"quoted\" ^z {col}"]).await;
    for query in [
        "OR",
        "a AND b",
        "NOT",
        "docs:x",
        "NEAR(x,",
        "^z",
        "{col}",
        "x\" OR \"y",
        "'",
        "a*b",
        "\"\"\"\"a",
        "-a",
        "+a",
    ] {
        if let Ok(query) = Query::parse(query) {
            store.search(&query, None, 50, user(1)).await.unwrap();
        }
    }
    let many: Vec<char> = (0..15 * 16).map(|place| char::from_u32(0x4E00 + place).unwrap()).collect();
    let words: Vec<String> = many.chunks(15).map(String::from_iter).collect();
    say(&*store, &tea, &[&words.concat()]).await;
    assert_eq!(found(&*store, &words.join(" ")).await, [words.concat()], "the longest search that there is");
    assert_eq!(found(&*store, "a or").await, ["a OR b"]);
    assert_eq!(found(&*store, "a b not").await, [""; 0]);
}

pub async fn a_search_goes_on_where_it_was_after_a_restart(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["first word"]).await;
    commit(&*store, vec![write(&tea, "alice", "second word", at(6)), edit(&tea, 1, "third word")]).await;
    let store = place.reopen(store).await;
    catch_up(&*store).await;
    assert_eq!(found(&*store, "word").await, ["second word", "third word"]);
    assert_eq!(found(&*store, "first").await, [""; 0]);
}

pub async fn removed_messages_are_removed_from_the_index(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    say(&*store, &tea, &["old word", "new word"]).await;
    let trim = Write::Trim { room: tea.clone(), before: time(6), at: at(7) };
    let outcomes = commit(&*store, vec![tick(6), trim]).await;
    assert!(matches!(&outcomes[1], Outcome::Removed(removed) if removed.messages == 2));
    assert_eq!(found(&*store, "word").await, [""; 0]);
    say(&*store, &tea, &["next word"]).await;
    assert_eq!(found(&*store, "word").await, ["next word"]);
}
