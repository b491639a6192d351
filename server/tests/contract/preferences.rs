//! What accounts prefer.

use hiroba::store::{Preference, Preferred};
use shared::limits::{BLOCKED_PEOPLE, MUTED_ROOMS};
use shared::{RoomAddress, Seq, UnreadCount};

use crate::accounts::{account, at, create};
use crate::place::{Place, commit, open_room, post, time, user};

fn room(name: &str) -> RoomAddress {
    RoomAddress::new(name).unwrap()
}

pub async fn what_an_account_prefers_is_kept_in_its_order_and_goes_with_it(place: &Place) {
    let store = place.open().await;
    for (number, name) in [(1, "alice"), (2, "bob"), (3, "carol")] {
        create(&*store, number, name, &[name]).await.unwrap();
    }
    assert_eq!(store.preferred(user(1)).await.unwrap(), Preferred::default());
    for order in [["tea", "~den", "sake"], ["sake", "tea", "~den"]] {
        let rooms = order.map(room);
        assert_eq!(store.set_favourites(user(1), &rooms).await.unwrap(), Preference::Changed);
    }
    assert_eq!(store.set_room_muted(user(1), &room("tea"), true).await.unwrap(), Preference::Changed);
    assert_eq!(store.set_room_muted(user(1), &room("tea"), true).await.unwrap(), Preference::Same);
    assert_eq!(store.set_blocked(user(1), user(2), true).await.unwrap(), Preference::Changed);
    assert_eq!(store.set_blocked(user(1), user(2), true).await.unwrap(), Preference::Same);
    assert_eq!(store.set_blocked(user(3), user(1), true).await.unwrap(), Preference::Changed);
    let store = place.reopen(store).await;
    let kept = Preferred {
        favourites: ["sake", "tea", "~den"].map(room).to_vec(),
        muted: vec![room("tea")],
        blocked: vec![user(2)],
    };
    assert_eq!(store.preferred(user(1)).await.unwrap(), kept);
    assert_eq!(store.preferred(user(2)).await.unwrap(), Preferred::default(), "nobody else's");
    let mut blocks = store.blocks().await.unwrap();
    blocks.sort();
    assert_eq!(blocks, [(user(1), user(2)), (user(3), user(1))]);
    assert_eq!(store.set_room_muted(user(1), &room("tea"), false).await.unwrap(), Preference::Changed);
    assert_eq!(store.set_room_muted(user(1), &room("tea"), false).await.unwrap(), Preference::Same);
    assert_eq!(store.set_blocked(user(1), user(2), false).await.unwrap(), Preference::Changed);
    assert_eq!(store.set_blocked(user(1), user(2), false).await.unwrap(), Preference::Same);
    assert_eq!(store.set_blocked(user(1), user(9), true).await.unwrap(), Preference::NoAccount);
    store.set_blocked(user(1), user(2), true).await.unwrap();
    let password = store.account(user(1)).await.unwrap().unwrap().password;
    store.close_account(user(1), &password, false, time(1_000)).await.unwrap().unwrap();
    assert_eq!(store.blocks().await.unwrap(), [], "neither whom it blocked nor who blocked it");
    assert_eq!(store.preferred(user(1)).await.unwrap(), Preferred::default());
    assert_eq!(store.set_favourites(user(1), &[]).await.unwrap(), Preference::NoAccount);
    assert_eq!(store.set_room_muted(user(1), &room("tea"), true).await.unwrap(), Preference::NoAccount);
}

pub async fn there_are_only_so_many_muted_rooms_and_blocked_people(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    for number in 0..MUTED_ROOMS {
        store.set_room_muted(user(1), &room(&format!("room {number}")), true).await.unwrap();
    }
    assert_eq!(store.set_room_muted(user(1), &room("tea"), true).await.unwrap(), Preference::Full);
    assert_eq!(store.set_room_muted(user(1), &room("room 0"), true).await.unwrap(), Preference::Same);
    for number in 0..=BLOCKED_PEOPLE as u128 {
        let name = format!("person {number}");
        let person = account(100 + number, &name);
        store.create_account(&person, &[name], None, None, at(100)).await.unwrap().unwrap();
        let became = store.set_blocked(user(1), user(100 + number), true).await.unwrap();
        let fits = number < BLOCKED_PEOPLE as u128;
        assert_eq!(became, if fits { Preference::Changed } else { Preference::Full });
    }
}

pub async fn messages_of_somebody_blocked_are_not_counted(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    let tea = open_room(&*store, "tea", 1, false).await;
    commit(&*store, vec![post(&tea, 2, None, "from bob"), post(&tea, 3, None, "from carol")]).await;
    let count = async || {
        let UnreadCount { messages, .. } = store.unread(tea.id, user(1), Seq::ZERO, Seq(2)).await.unwrap();
        messages
    };
    assert_eq!(count().await, 2);
    store.set_blocked(user(1), user(2), true).await.unwrap();
    assert_eq!(count().await, 1);
    store.set_blocked(user(1), user(2), false).await.unwrap();
    assert_eq!(count().await, 2);
}
