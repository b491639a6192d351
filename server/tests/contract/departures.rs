//! Accounts that their owners deleted.

use hiroba::store::{Departed, NotCreated, Write, Written};
use shared::{Action, Seq};

use crate::accounts::{account, create, name, session};
use crate::place::{Place, change, commit, open_room, post, time, user};

pub async fn a_deleted_account_leaves_an_author_without_a_name(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    commit(&*store, vec![Write::SetMember { room: tea.id, user: user(1), member: true }]).await;
    let close =
        async |password: &str| store.close_account(user(1), password, false, time(1_000)).await.unwrap();
    assert_eq!(close("$not").await, None);
    let password = account(1, "alice").password;
    assert_eq!(close(&password).await, Some(vec![session(1, 0).id]));
    assert_eq!(close(&password).await, None, "once");
    let store = place.reopen(store).await;
    assert_eq!(store.account(user(1)).await.unwrap(), None);
    assert_eq!(store.account_named(&name("alice")).await.unwrap(), None);
    assert!(store.session_user(session(1, 0).id, time(0)).await.unwrap().is_none());
    assert_eq!(store.departed().await.unwrap(), [Departed { user: user(1), has_messages: false }]);
    let rooms = store.live_rooms().await.unwrap();
    assert!(rooms.iter().all(|(_, members)| members.is_empty()), "it is a member of nothing");
    assert_eq!(create(&*store, 2, "alice", &["alice"]).await, Err(NotCreated::NameTaken));
    store.free_names(time(1_000)).await.unwrap();
    create(&*store, 2, "alice", &["alice"]).await.unwrap();
}

pub async fn what_somebody_wrote_is_found_room_by_room(place: &Place) {
    let store = place.open().await;
    let (tea, talk) = (open_room(&*store, "tea", 1, false).await, open_room(&*store, "talk", 2, false).await);
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    for number in 0..450 {
        let author = 1 + u128::from(number % 2 == 1);
        commit(&*store, vec![post(&tea, author, None, &format!("{number}"))]).await;
    }
    commit(&*store, vec![change(&tea, 1, None, 1, Action::DeleteMessage)]).await;
    let (mut found, mut after) = (Vec::new(), Some(Seq::ZERO));
    while let Some(from) = after {
        let Written { messages, next } = store.written(&tea, user(1), from).await.unwrap();
        found.extend(messages);
        after = next;
    }
    let own: Vec<Seq> = (1..225).map(|number| Seq(number * 2 + 1)).collect();
    assert_eq!(found, own, "without the deleted one, and nobody else's");
    assert_eq!(store.written(&talk, user(1), Seq::ZERO).await.unwrap(), Written::default());

    let password = account(1, "alice").password;
    store.close_account(user(1), &password, true, time(1_000)).await.unwrap().unwrap();
    assert_eq!(store.departed().await.unwrap(), [Departed { user: user(1), has_messages: true }]);
    let store = place.reopen(store).await;
    store.messages_deleted(user(1)).await.unwrap();
    assert_eq!(store.departed().await.unwrap(), [Departed { user: user(1), has_messages: false }]);
}
