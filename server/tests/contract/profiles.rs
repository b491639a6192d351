//! What accounts tell others of themselves.

use shared::ShortText;
use shared::account::Profile;

use crate::accounts::create;
use crate::place::{Place, time, user};

pub async fn a_profile_is_kept_until_it_is_empty_or_the_account_is_gone(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    let told = Profile { status: ShortText::new("お昼 🍱").ok(), colour: Some(7), ..Profile::default() };
    assert!(store.set_profile(user(1), &told).await.unwrap());
    assert!(!store.set_profile(user(9), &told).await.unwrap(), "there is no such account");
    let store = place.reopen(store).await;
    assert_eq!(store.profiles().await.unwrap(), [(user(1), told.clone())]);
    assert_eq!(store.account(user(1)).await.unwrap().unwrap().profile, told);
    assert_eq!(store.account(user(2)).await.unwrap().unwrap().profile, Profile::default());
    assert!(store.set_profile(user(1), &Profile::default()).await.unwrap());
    assert_eq!(store.profiles().await.unwrap(), []);
    store.set_profile(user(1), &told).await.unwrap();
    let password = store.account(user(1)).await.unwrap().unwrap().password;
    store.close_account(user(1), &password, false, time(1_000)).await.unwrap().unwrap();
    assert_eq!(store.profiles().await.unwrap(), []);
    assert!(!store.set_profile(user(1), &told).await.unwrap(), "it is gone");
}
