//! Changing the name of an account.

use hiroba::store::{AccountStore, FormerName, NotCreated, NotRenamed};

use crate::accounts::{create, name};
use crate::place::{Place, time, user};

async fn rename(
    store: &dyn AccountStore,
    number: u128,
    (text, look): (&str, &str),
    seconds: i64,
) -> Result<(), NotRenamed> {
    let (text, looks) = (name(text), [look.to_owned()]);
    let times = (time(seconds), time(seconds + 1_000));
    store.rename(user(number), (&text, &looks), 3, times).await.unwrap()
}

pub async fn a_new_name_is_taken_and_the_old_one_is_kept_from_others(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "Bob", &["bob", "b0b"]).await.unwrap();
    create(&*store, 2, "Carol", &["carol"]).await.unwrap();
    assert_eq!(rename(&*store, 1, ("CAROL", "carol"), 100).await, Err(NotRenamed::NameTaken));
    assert_eq!(rename(&*store, 9, ("Dave", "dave"), 100).await, Err(NotRenamed::NoAccount));
    assert_eq!(store.former_names(time(100)).await.unwrap(), []);
    assert_eq!(rename(&*store, 1, ("Robert", "robert"), 100).await, Ok(()));
    let store = place.reopen(store).await;
    assert_eq!(store.account_named(&name("robert")).await.unwrap().unwrap().user.id, user(1));
    assert_eq!(store.account_named(&name("Bob")).await.unwrap(), None);
    let former = [FormerName { user: user(1), name: name("Bob") }];
    assert_eq!(store.former_names(time(1_099)).await.unwrap(), former);

    for taken in ["bob", "b0b", "robert"] {
        assert_eq!(create(&*store, 3, taken, &[taken]).await, Err(NotCreated::NameTaken), "{taken}");
        let refused = rename(&*store, 2, (taken, taken), 1_099).await;
        assert_eq!(refused, Err(NotRenamed::NameTaken), "{taken}");
    }
    assert_eq!(store.free_names(time(1_099)).await.unwrap(), []);
    assert_eq!(store.free_names(time(1_100)).await.unwrap(), former);
    assert_eq!(store.free_names(time(1_100)).await.unwrap(), []);
    assert_eq!(rename(&*store, 2, ("Bob", "bob"), 1_100).await, Ok(()));
}

pub async fn a_name_that_was_ones_own_is_so_again(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "Bob", &["bob"]).await.unwrap();
    for (text, look) in [("BOB", "bob"), ("Robert", "robert"), ("Bob", "bob")] {
        assert_eq!(rename(&*store, 1, (text, look), 100).await, Ok(()), "{text}");
    }
    assert_eq!(store.account(user(1)).await.unwrap().unwrap().user.name, name("Bob"));
    let former = [FormerName { user: user(1), name: name("Robert") }];
    assert_eq!(store.former_names(time(100)).await.unwrap(), former);
    assert_eq!(store.free_names(time(9_999)).await.unwrap(), former);
    assert_eq!(
        create(&*store, 2, "bob", &["bob"]).await,
        Err(NotCreated::NameTaken),
        "it is the present one"
    );
}

pub async fn who_changes_names_all_the_time_is_stopped(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "a0", &["a0"]).await.unwrap();
    for number in 1..=3 {
        let text = format!("a{number}");
        assert_eq!(rename(&*store, 1, (&text, &text), 100).await, Ok(()));
    }
    assert_eq!(rename(&*store, 1, ("a4", "a4"), 100).await, Err(NotRenamed::TooOften));
    assert_eq!(store.account(user(1)).await.unwrap().unwrap().user.name, name("a3"), "nothing is changed");
    assert_eq!(rename(&*store, 1, ("a3", "a3"), 100).await, Ok(()), "the present one may be asked for again");
    assert_eq!(rename(&*store, 1, ("a2", "a2"), 100).await, Ok(()), "back to one of them");
    assert_eq!(rename(&*store, 1, ("a4", "a4"), 1_101).await, Ok(()), "their time has come");
}
