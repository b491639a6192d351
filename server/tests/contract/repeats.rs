//! Idempotency: a repeated write is done once and returns the first outcome; a different one under the same id is
//! refused.

use hiroba::store::{NewPost, Outcome, Write};
use shared::{Action, ErrorCode, Seq};

use crate::place::{
    Place, change, changed, commit, edit, head, id, message, new_post, one, open_room, post, react, reply,
    said, seqs, stored, unreact, user,
};

pub async fn a_repeated_change_is_answered_as_the_first_time(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let message_id = stored(&*store, vec![post(&tea, 1, None, "a")]).await[0].message_id;
    let changes = || {
        vec![
            change(&tea, 1, id(1), 1, edit("b")),
            change(&tea, 1, id(2), 1, react("👍")),
            change(&tea, 1, id(3), 1, unreact("👍")),
            change(&tea, 1, id(4), 1, Action::PinMessage),
            change(&tea, 1, id(5), 1, Action::UnpinMessage),
        ]
    };
    let first = changed(&*store, changes()).await;
    // Later changes, after which the repeated ones would change something again.
    let later = vec![
        change(&tea, 1, None, 1, edit("c")),
        change(&tea, 2, None, 1, react("🎉")),
        post(&tea, 1, None, "d"),
    ];
    commit(&*store, later).await;
    let before = message(&*store, &tea, 1).await;
    let repeated = async |store: &dyn hiroba::store::Store| {
        for (outcome, first) in commit(store, changes()).await.iter().zip(&first) {
            let Outcome::RepeatedChange(again, of) = outcome else { panic!("{outcome:?}") };
            assert_eq!((again, *of), (first, message_id));
        }
        assert_eq!(message(store, &tea, 1).await, before);
        assert_eq!(head(store, tea.id).await, Seq(9), "what is repeated takes no place");
    };
    repeated(&*store).await;
    let store = place.reopen(store).await;
    repeated(&*store).await;
}

pub async fn a_repeated_change_in_one_batch_is_done_once(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let batch = vec![
        post(&tea, 1, None, "a"),
        change(&tea, 2, id(1), 1, react("👍")),
        change(&tea, 2, id(2), 1, unreact("👍")),
        change(&tea, 2, id(1), 1, react("👍")),
    ];
    let outcomes = commit(&*store, batch).await;
    let [_, Outcome::Changed(first, _), Outcome::Changed(..), Outcome::RepeatedChange(again, _)] =
        &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!(first, again);
    assert_eq!(message(&*store, &tea, 1).await.reactions, []);
}

pub async fn another_change_under_a_used_id_is_refused(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    stored(&*store, vec![post(&tea, 1, None, "a"), post(&tea, 1, None, "b"), post(&sake, 1, None, "c")])
        .await;
    changed(&*store, vec![change(&tea, 1, id(1), 1, edit("x")), change(&tea, 1, id(2), 1, react("👍"))])
        .await;
    let others = vec![
        change(&tea, 1, id(1), 1, edit("y")),
        change(&tea, 1, id(1), 2, edit("x")),
        change(&sake, 1, id(1), 1, edit("x")),
        change(&tea, 1, id(1), 1, Action::DeleteMessage),
        change(&tea, 1, id(2), 1, react("🎉")),
        change(&tea, 1, id(2), 1, unreact("👍")),
        change(&tea, 1, id(2), 1, Action::PinMessage),
    ];
    for outcome in commit(&*store, others).await {
        assert!(matches!(outcome, Outcome::Refused(ErrorCode::IdConflict)), "{outcome:?}");
    }
    assert_eq!((head(&*store, tea.id).await, head(&*store, sake.id).await), (Seq(4), Seq(1)));
    // Ids are per author.
    changed(&*store, vec![change(&tea, 2, id(2), 1, react("🎉"))]).await;
}

pub async fn a_message_and_a_change_do_not_share_an_id(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let conflicts = |outcomes: &[Outcome]| {
        let conflict = |outcome: &Outcome| matches!(outcome, Outcome::Refused(ErrorCode::IdConflict));
        outcomes.iter().map(conflict).collect::<Vec<_>>()
    };
    let batch = vec![
        post(&tea, 1, id(1), "a"),
        change(&tea, 1, id(1), 1, edit("b")),
        change(&tea, 1, id(2), 1, react("👍")),
        post(&tea, 1, id(2), "c"),
    ];
    assert_eq!(conflicts(&commit(&*store, batch).await), [false, true, false, true], "in one batch");
    let batch =
        vec![change(&tea, 1, id(1), 1, edit("b")), post(&tea, 1, id(2), "c"), post(&tea, 2, id(2), "d")];
    assert_eq!(conflicts(&commit(&*store, batch).await), [true, true, false], "later");
    assert_eq!(head(&*store, tea.id).await, Seq(3));
}

pub async fn a_repeated_message_is_answered_whatever_became_of_it(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let first = stored(&*store, vec![post(&tea, 1, id(1), "a"), post(&tea, 1, id(2), "b")]).await;
    changed(
        &*store,
        vec![change(&tea, 1, id(3), 1, edit("x")), change(&tea, 1, None, 2, Action::DeleteMessage)],
    )
    .await;
    let outcomes = commit(&*store, vec![post(&tea, 1, id(1), "a"), post(&tea, 1, id(2), "b")]).await;
    let [Outcome::Repeated(edited), Outcome::Repeated(deleted)] = &outcomes[..] else {
        panic!("{outcomes:?}")
    };
    for (again, first) in [edited, deleted].into_iter().zip(&first) {
        assert_eq!(
            (again.seq, again.message_id, again.timestamp),
            (first.seq, first.message_id, first.timestamp)
        );
    }
    assert_eq!((said(edited), said(deleted)), ("x", ""));

    // Also a change of a message that was deleted since.
    commit(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    let again = one(&*store, change(&tea, 1, id(3), 1, edit("x"))).await;
    assert!(matches!(&again, Outcome::RepeatedChange(changed, _) if changed.seq == Seq(3)), "{again:?}");
    assert_eq!(head(&*store, tea.id).await, Seq(5));
}

pub async fn replies_name_a_message_of_their_room(place: &Place) {
    let store = place.open().await;
    let (tea, sake) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "sake", 2, false).await);
    stored(&*store, vec![post(&sake, 1, None, "one"), post(&sake, 1, None, "two")]).await;
    // Also to a message of the same batch.
    let messages = stored(&*store, vec![post(&tea, 1, None, "root"), reply(&tea, 2, 1, "first")]).await;
    assert_eq!(messages[1].reply_to, Some(Seq(1)));
    changed(&*store, vec![change(&tea, 1, None, 1, react("👍"))]).await;
    for (target, what) in
        [(0, "nothing"), (3, "a change"), (4, "itself"), (5, "the future"), (u64::MAX, "no place")]
    {
        let outcome = one(&*store, reply(&tea, 2, target, "to nothing")).await;
        assert!(matches!(outcome, Outcome::Refused(ErrorCode::NoSuchMessage)), "{what}: {outcome:?}");
    }
    stored(&*store, (2..=4).map(|n| reply(&tea, 2, 1, &n.to_string())).collect()).await;
    stored(&*store, vec![reply(&tea, 2, 2, "to a reply"), reply(&sake, 2, 1, "elsewhere")]).await;
    let replies = async |target: u64, after: u64, limit: u16| {
        seqs(&store.replies(&tea, Seq(target), Seq(after), limit, user(0)).await.unwrap().items)
    };
    assert_eq!(replies(1, 0, 200).await, [2, 4, 5, 6]);
    assert_eq!(replies(1, 2, 2).await, [4, 5]);
    assert_eq!(replies(1, 6, 200).await, [0; 0]);
    assert_eq!(replies(2, 0, 200).await, [7]);
    assert_eq!(replies(4, 0, 200).await, [0; 0]);

    // A message with replies may be deleted; it accepts no further ones.
    changed(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    assert_eq!(replies(1, 0, 200).await, [2, 4, 5, 6]);
    let late = one(&*store, reply(&tea, 2, 1, "too late")).await;
    assert!(matches!(late, Outcome::Refused(ErrorCode::NoSuchMessage)), "{late:?}");
}

pub async fn another_answer_under_a_used_id_is_refused(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a"), post(&tea, 1, None, "b")]).await;
    let answer =
        |to: Option<u64>| Write::Post(NewPost { reply_to: to.map(Seq), ..new_post(&tea, 2, id(1), "yes") });
    stored(&*store, vec![answer(Some(1))]).await;
    let outcomes = commit(&*store, vec![answer(Some(1)), answer(Some(2)), answer(None)]).await;
    let [Outcome::Repeated(again), Outcome::Refused(one), Outcome::Refused(two)] = &outcomes[..] else {
        panic!("{outcomes:?}")
    };
    assert_eq!((again.seq, *one, *two), (Seq(3), ErrorCode::IdConflict, ErrorCode::IdConflict));
}
