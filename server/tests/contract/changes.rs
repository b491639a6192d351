//! Changes of messages: they share the seq count, and messages are returned in their present state.

use hiroba::store::{NewChange, Outcome, Write};
use shared::limits::{PINS, REACTION_KINDS, REACTORS_LISTED};
use shared::{Action, Change, ErrorCode, Position, RoomEvent, RoomLog, Seq};

use crate::place::{
    Place, at, change, changed, commit, edit, events, head, id, log, message, new_change, one, open_room,
    pins, post, react, said, seqs, smiley, stored, these, unreact, user, versions,
};

fn refused(outcome: &Outcome) -> Option<ErrorCode> {
    match outcome {
        Outcome::Refused(code) => Some(*code),
        _ => None,
    }
}

pub async fn messages_and_changes_share_one_count(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let batch = vec![
        post(&tea, 1, None, "a"),
        change(&tea, 2, None, 1, react("👍")),
        post(&sake, 1, None, "b"),
        post(&tea, 1, None, "c"),
        change(&sake, 2, None, 1, Action::PinMessage),
        change(&tea, 1, None, 3, edit("d")),
    ];
    commit(&*store, batch).await;
    let places = |events: Vec<RoomEvent>| events.iter().map(|event| event.seq().0).collect::<Vec<_>>();
    assert_eq!(places(events(&*store, &tea, 0).await), [1, 2, 3, 4]);
    assert_eq!(places(events(&*store, &sake, 0).await), [1, 2]);
    assert_eq!(seqs(&log(&*store, &tea, 0).await), [1, 3], "pages hold messages only");
    assert_eq!(seqs(&stored(&*store, vec![post(&tea, 1, None, "e")]).await), [5]);

    let store = place.reopen(store).await;
    assert_eq!((head(&*store, tea.id).await, head(&*store, sake.id).await), (Seq(5), Seq(2)));
    assert_eq!(changed(&*store, vec![change(&sake, 1, None, 1, Action::DeleteMessage)]).await[0].seq, Seq(3));
    for (after, limit, expected) in
        [(0, 2, vec![1, 2]), (1, 3, vec![2, 3, 4]), (4, 9, vec![5]), (5, 9, vec![])]
    {
        assert_eq!(places(store.after(&tea, Seq(after), limit, user(0)).await.unwrap().items), expected);
    }
}

pub async fn a_message_is_told_as_it_is_now(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, vec![post(&tea, 1, id(1), "first"), post(&tea, 2, None, "other")]).await;
    let edited =
        Write::Change(NewChange { mentions: these([2, 3]), ..new_change(&tea, 1, id(2), 1, edit("second")) });
    let changes = changed(&*store, vec![change(&tea, 2, None, 1, Action::PinMessage), edited]).await;
    assert_eq!(changes[0].change, Change::Pinned);
    assert_eq!(
        (changes[1].seq, changes[1].target, changes[1].client_message_id),
        (Seq(4), Seq(1), Some(id(2)))
    );

    let store = place.reopen(store).await;
    let now = message(&*store, &tea, 1).await;
    let mut expected = first[0].clone();
    for changed in &changes {
        expected.change(changed);
    }
    assert_eq!(now, expected);
    assert_eq!((said(&now), now.edited_at, now.changed_seq), ("second", Some(at(6)), Some(Seq(4))));
    assert!(now.pinned);
    assert_eq!(now.mentions, these([2, 3]));
    assert_eq!(log(&*store, &tea, 0).await, [now.clone(), first[1].clone()]);
    assert_eq!(pins(&*store, &tea).await, std::slice::from_ref(&now));
    assert_eq!(
        store.messages(&tea, &[Seq(2), Seq(1), Seq(3), Seq(9)], user(0)).await.unwrap().items.len(),
        2
    );
    let told = events(&*store, &tea, 0).await;
    assert_eq!(told[0], RoomEvent::Posted(now));
    assert_eq!(
        told[2..],
        changes.into_iter().map(RoomEvent::Changed).collect::<Vec<_>>(),
        "changes keep their places"
    );

    changed(&*store, vec![change(&tea, 9, None, 1, Action::UnpinMessage)]).await;
    assert!(!message(&*store, &tea, 1).await.pinned);
    assert_eq!(pins(&*store, &tea).await, []);
}

pub async fn reactions_stand_in_the_order_in_which_a_client_folds_them(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a")]).await;
    let mut follow = RoomLog::from_snapshot(
        Position { epoch: tea.epoch, seq: Seq(1) },
        Seq::ZERO,
        &events(&*store, &tea, 0).await,
    );
    let steps = [
        (1, react("👍")),
        (2, react("❤️")),
        (3, react("👍")),
        (1, unreact("👍")),
        (2, react("🎉")),
        (2, unreact("❤️")),
        (1, react("👍")),
        (4, react("❤️")),
        (3, unreact("👍")),
        (1, unreact("👍")),
        (5, react("👍")),
    ];
    for (who, action) in steps {
        let write = change(&tea, who, None, 1, action.clone());
        for changed in changed(&*store, vec![write]).await {
            follow.apply(&RoomEvent::Changed(changed));
        }
        let now = message(&*store, &tea, 1).await;
        assert_eq!(Some(&now), follow.message(Seq(1)), "after {who} {action:?}");
    }
    let kinds: Vec<_> =
        message(&*store, &tea, 1).await.reactions.iter().map(|one| one.emoji.to_string()).collect();
    assert_eq!(kinds, ["🎉", "❤", "👍"]);
}

pub async fn who_asks_is_named_among_many_who_reacted(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a")]).await;
    let crowd = REACTORS_LISTED as u128 + 10;
    changed(&*store, (1..=crowd).map(|who| change(&tea, who, None, 1, react("👍"))).collect()).await;
    let seen_by = async |viewer: u128| {
        let found = store.messages(&tea, &[Seq(1)], user(viewer)).await.unwrap().items.remove(0);
        let reaction = &found.reactions[0];
        assert_eq!(reaction.count, crowd as u64);
        reaction.users.iter().map(|reactor| reactor.user_id).collect::<Vec<_>>()
    };
    let first: Vec<_> = (1..=REACTORS_LISTED as u128).map(user).collect();
    assert_eq!(seen_by(0).await, first);
    assert_eq!(seen_by(1).await, first);
    assert_eq!(seen_by(crowd).await, [&first[..], &[user(crowd)]].concat());
}

pub async fn only_the_author_edits_and_deletes(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "hers")]).await;
    let batch = vec![
        change(&tea, 2, None, 1, edit("his")),
        change(&tea, 2, None, 1, Action::DeleteMessage),
        change(&tea, 2, None, 1, edit("hers")),
        change(&tea, 2, None, 1, react("👍")),
        change(&tea, 2, None, 1, Action::PinMessage),
    ];
    let outcomes = commit(&*store, batch).await;
    let codes: Vec<_> = outcomes.iter().map(refused).collect();
    let forbidden = Some(ErrorCode::Forbidden);
    assert_eq!(codes, [forbidden, forbidden, forbidden, None, None]);
    assert_eq!(said(&message(&*store, &tea, 1).await), "hers");
    assert_eq!(head(&*store, tea.id).await, Seq(3), "what is refused takes no place");
}

pub async fn what_is_not_there_cannot_be_changed(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let batch = vec![
        post(&tea, 1, None, "a"),
        change(&tea, 1, None, 1, react("👍")),
        change(&tea, 1, None, 1, Action::DeleteMessage),
    ];
    commit(&*store, batch).await;
    let actions = || {
        [
            edit("b"),
            Action::DeleteMessage,
            react("👍"),
            unreact("👍"),
            Action::PinMessage,
            Action::UnpinMessage,
        ]
    };
    for (room, target, what) in [
        (&tea, 0, "before the first"),
        (&tea, 2, "a change"),
        (&tea, 4, "after the last"),
        (&tea, u64::MAX, "far beyond"),
        (&sake, 1, "in another room"),
    ] {
        for action in actions() {
            let outcome = one(&*store, change(room, 1, None, target, action)).await;
            assert_eq!(refused(&outcome), Some(ErrorCode::NoSuchMessage), "{what}: {outcome:?}");
        }
    }
    for action in actions().into_iter().filter(|action| *action != Action::DeleteMessage) {
        let outcome = one(&*store, change(&tea, 1, None, 1, action)).await;
        assert_eq!(refused(&outcome), Some(ErrorCode::NoSuchMessage), "deleted: {outcome:?}");
    }
    let outcome = one(&*store, change(&tea, 2, None, 1, Action::DeleteMessage)).await;
    assert_eq!(refused(&outcome), Some(ErrorCode::NoSuchMessage), "deleted, and not theirs: {outcome:?}");
    assert_eq!((head(&*store, tea.id).await, head(&*store, sake.id).await), (Seq(3), Seq::ZERO));
}

pub async fn a_change_that_changes_nothing_takes_no_place(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let message_id = stored(&*store, vec![post(&tea, 1, None, "a")]).await[0].message_id;
    let unchanged = async |who: u128, action: Action, at: u64| {
        let outcome = one(&*store, change(&tea, who, None, 1, action)).await;
        let Outcome::Unchanged { message_id: of, seq } = outcome else { panic!("{outcome:?}") };
        assert_eq!((of, seq), (message_id, Seq(at)));
    };
    unchanged(1, edit("a"), 1).await;
    unchanged(1, Action::UnpinMessage, 1).await;
    unchanged(1, unreact("👍"), 1).await;
    changed(
        &*store,
        vec![change(&tea, 1, None, 1, react("👍")), change(&tea, 1, None, 1, Action::PinMessage)],
    )
    .await;
    unchanged(1, react("👍"), 3).await;
    unchanged(2, unreact("👍"), 3).await;
    unchanged(2, Action::PinMessage, 3).await;
    changed(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    unchanged(1, Action::DeleteMessage, 4).await;
    assert_eq!(head(&*store, tea.id).await, Seq(4));
}

pub async fn a_message_has_at_most_fifty_kinds_of_reactions(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a"), post(&tea, 1, None, "b")]).await;
    let kinds =
        (0..REACTION_KINDS).map(|kind| change(&tea, 1 + kind as u128 % 3, None, 1, react(&smiley(kind))));
    changed(&*store, kinds.collect()).await;
    let another = || change(&tea, 9, None, 1, react(&smiley(REACTION_KINDS)));
    assert_eq!(refused(&one(&*store, another()).await), Some(ErrorCode::TooMany));
    changed(
        &*store,
        vec![change(&tea, 9, None, 1, react(&smiley(7))), change(&tea, 9, None, 2, react("👍"))],
    )
    .await;
    assert_eq!(message(&*store, &tea, 1).await.reactions.len(), REACTION_KINDS);
    changed(&*store, vec![change(&tea, 1, None, 1, unreact(&smiley(0))), another()]).await;
}

pub async fn a_room_has_at_most_a_hundred_pins(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    let all = PINS as u64 + 1;
    stored(&*store, (0..all).map(|n| post(&tea, 1, None, &n.to_string())).collect()).await;
    let pin = |target| change(&tea, 2, None, target, Action::PinMessage);
    changed(&*store, (1..all).map(pin).collect()).await;
    assert_eq!(refused(&one(&*store, pin(all)).await), Some(ErrorCode::TooMany));
    assert!(matches!(one(&*store, pin(1)).await, Outcome::Unchanged { .. }), "it is pinned");
    assert_eq!(seqs(&pins(&*store, &tea).await), (1..all).collect::<Vec<_>>());

    // The limit is per room, and deleting a message unpins it.
    commit(&*store, vec![post(&sake, 1, None, "a"), change(&sake, 1, None, 1, Action::PinMessage)]).await;
    assert_eq!(pins(&*store, &sake).await.len(), 1);
    changed(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage), pin(all)]).await;
    assert_eq!(seqs(&pins(&*store, &tea).await), (2..=all).collect::<Vec<_>>());
}

pub async fn the_texts_that_a_message_had_are_kept_until_it_is_deleted(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "one"), post(&tea, 1, None, "other")]).await;
    let texts = async |target: u64| {
        let versions = versions(&*store, &tea, target).await?;
        Some(versions.iter().map(|version| version.content.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(texts(1).await.unwrap(), ["one"]);
    let batch = vec![change(&tea, 1, None, 1, edit("two")), change(&tea, 2, None, 1, react("👍"))];
    changed(&*store, batch).await;
    changed(
        &*store,
        vec![
            change(&tea, 1, None, 1, edit("three")),
            change(&tea, 1, None, 1, edit("one")),
            change(&tea, 1, None, 1, edit("four")),
        ],
    )
    .await;
    assert_eq!(texts(1).await.unwrap(), ["one", "two", "three", "one", "four"]);
    let told = versions(&*store, &tea, 1).await.unwrap();
    assert_eq!((told[0].timestamp, told[1].timestamp), (at(5), at(6)));
    assert_eq!(told.iter().map(|version| version.seq.0).collect::<Vec<_>>(), [1, 3, 5, 6, 7]);
    assert_eq!(texts(2).await.unwrap(), ["other"]);
    assert_eq!(texts(3).await, None, "a change has no text");
    assert_eq!(texts(99).await, None);
    changed(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    assert_eq!(texts(1).await, None);
}
