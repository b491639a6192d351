//! Rooms: created once, live or deserted.

use hiroba::store::{Store, Write};
use shared::Epoch;

use crate::place::{Place, commit, log, open_room, post, seqs, stored, time};

async fn live(store: &dyn Store) -> Vec<String> {
    store.live_rooms().await.unwrap().iter().map(|(room, _)| room.address.to_string()).collect()
}

pub async fn a_room_is_made_once_and_keeps_its_epoch(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let again = open_room(&*store, "tea", 2, false).await;
    assert_eq!(tea, again);
    let sake = open_room(&*store, "sake", (1 << 53) - 1, false).await;
    assert_ne!(sake.id, tea.id);
    assert_eq!(sake.epoch, Epoch::from_random((1 << 53) - 1));
    let store = place.reopen(store).await;
    assert_eq!(open_room(&*store, "tea", 3, false).await, tea);
    assert_eq!(open_room(&*store, "sake", 4, false).await, sake);
}

pub async fn a_deserted_room_is_not_live_and_comes_back_with_its_log(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    stored(&*store, vec![post(&tea, 1, None, "a"), post(&tea, 1, None, "b")]).await;
    assert_eq!(live(&*store).await, ["tea"]);
    commit(&*store, vec![Write::SetLive { room: tea.id, empty_since: Some(time(9)) }]).await;
    assert_eq!(live(&*store).await, [""; 0]);
    let store = place.reopen(store).await;
    assert_eq!(live(&*store).await, [""; 0]);

    let again = open_room(&*store, "tea", 5, false).await;
    assert_eq!(again, tea);
    assert_eq!(live(&*store).await, ["tea"]);
    assert_eq!(seqs(&log(&*store, &again, 0).await), [1, 2]);
    assert_eq!(seqs(&stored(&*store, vec![post(&again, 1, None, "c")]).await), [3]);
    commit(
        &*store,
        vec![
            Write::SetLive { room: tea.id, empty_since: Some(time(10)) },
            Write::SetLive { room: tea.id, empty_since: None },
        ],
    )
    .await;
    assert_eq!(live(&*store).await, ["tea"], "the last word counts");
}

pub async fn a_permanent_room_is_always_live(place: &Place) {
    let store = place.open().await;
    let general = open_room(&*store, "general", 1, true).await;
    assert!(general.permanent);
    commit(&*store, vec![Write::SetLive { room: general.id, empty_since: Some(time(9)) }]).await;
    assert_eq!(live(&*store).await, ["general"]);
    assert!(open_room(&*store, "general", 2, false).await.permanent, "joining does not make it less");
}

pub async fn names_in_another_case_are_other_rooms(place: &Place) {
    let store = place.open().await;
    let mut rooms = Vec::new();
    for name in ["tea", "Tea", "TEA", "お茶", "%", "_"] {
        rooms.push(open_room(&*store, name, 1, false).await);
    }
    let mut ids: Vec<_> = rooms.iter().map(|room| room.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rooms.len());
    assert_eq!(live(&*store).await.len(), rooms.len());
}
