//! Mail addresses of accounts, and the links that are sent to them.

use hiroba::mail_address::MailAddress;
use hiroba::store::{AccountStore, LinkKind, Still};
use shared::account::Role;

use crate::accounts::{account, at, create, operator, session};
use crate::links::link;
use crate::place::{Place, time, user};

fn mail(text: &str) -> MailAddress {
    MailAddress::parse(text).unwrap()
}

/// Makes a link for an address of an account, whose password is `password`.
async fn ask(store: &dyn AccountStore, number: u8, who: u128, address: &str, password: &str) -> bool {
    let link = link(number, LinkKind::Mail(user(who), mail(address)), 1_000, Some(1), None);
    let still = Still::Password(password);
    store.add_link_of(user(who), still, (&link, &[number; 32]), at(100)).await.unwrap()
}

async fn has(store: &dyn AccountStore, number: u8, who: u128, address: &str) {
    assert!(ask(store, number, who, address, &format!("$hash{who}")).await);
    store.confirm_mail(&[number; 32], at(200)).await.unwrap().unwrap();
}

/// Makes a link for the password of an account, which is sent to `address`.
async fn reset(store: &dyn AccountStore, number: u8, who: u128, address: &str) -> bool {
    let link = link(number, LinkKind::Reset(user(who)), 1_000, Some(1), None);
    let address = mail(address);
    store.add_link_of(user(who), Still::Mail(&address), (&link, &[number; 32]), at(100)).await.unwrap()
}

async fn is_there(store: &dyn AccountStore, number: u8) -> bool {
    store.link(&[number; 32], at(200)).await.unwrap().is_some()
}

pub async fn a_confirmed_address_belongs_to_one_account(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    assert!(ask(&*store, 1, 1, "Alice@example.jp", "$hash1").await);
    assert!(ask(&*store, 2, 2, "alice@example.jp", "$hash2").await, "nobody has it yet");
    assert_eq!(store.account_with_mail(&mail("alice@example.jp")).await.unwrap(), None);
    assert_eq!(store.waiting_mail(user(1), at(200)).await.unwrap(), Some(mail("Alice@example.jp")));

    let (before, confirmed) = store.confirm_mail(&[1; 32], at(200)).await.unwrap().unwrap();
    assert_eq!((before, confirmed), (account(1, "alice"), mail("Alice@example.jp")));
    assert_eq!(store.confirm_mail(&[2; 32], at(200)).await.unwrap(), None, "bob is too late");
    let store = place.reopen(store).await;
    let found = store.account_with_mail(&mail("ALICE@example.jp")).await.unwrap().unwrap();
    assert_eq!((found.user.id, found.mail), (user(1), Some(mail("Alice@example.jp"))));
    assert_eq!(store.waiting_mail(user(1), at(200)).await.unwrap(), None);
    assert_eq!(store.account(user(2)).await.unwrap().unwrap().mail, None);

    has(&*store, 3, 1, "alice@EXAMPLE.jp").await;
    assert_eq!(
        store.account(user(1)).await.unwrap().unwrap().mail,
        Some(mail("alice@example.jp")),
        "its own"
    );
    has(&*store, 4, 1, "new@example.jp").await;
    has(&*store, 5, 2, "alice@example.jp").await;
    assert!(!store.remove_mail(user(2), "$not").await.unwrap());
    assert!(store.remove_mail(user(2), "$hash2").await.unwrap());
    assert_eq!(store.account_with_mail(&mail("alice@example.jp")).await.unwrap(), None);
}

pub async fn a_link_for_an_address_ends_by_use_time_and_any_change_of_the_account(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    assert!(!ask(&*store, 1, 1, "a@example.jp", "$not").await, "the password was changed meanwhile");
    assert!(ask(&*store, 1, 1, "a@example.jp", "$hash1").await);
    for ended in [at(1_000), (at(1_000).0, at(100).1), (at(100).0, at(1_000).1)] {
        assert_eq!(store.confirm_mail(&[1; 32], ended).await.unwrap(), None);
        assert_eq!(store.waiting_mail(user(1), ended).await.unwrap(), None);
    }
    assert!(ask(&*store, 2, 1, "b@example.jp", "$hash1").await);
    assert!(!is_there(&*store, 1).await, "a newer one replaces it");
    assert!(ask(&*store, 3, 2, "c@example.jp", "$hash2").await);
    assert!(store.confirm_mail(&[2; 32], at(200)).await.unwrap().is_some());
    assert_eq!(store.confirm_mail(&[2; 32], at(200)).await.unwrap(), None, "once");
    assert!(is_there(&*store, 3).await, "that of another account stays");

    assert!(reset(&*store, 4, 1, "b@example.jp").await);
    assert!(ask(&*store, 5, 1, "d@example.jp", "$hash1").await);
    assert!(is_there(&*store, 4).await, "they do not replace each other");
    assert!(store.reset_by_link(&[5; 32], "$new", &session(9, 9), at(200)).await.unwrap().is_none());
    assert_eq!(store.confirm_mail(&[4; 32], at(200)).await.unwrap(), None, "each is for one thing");
    store.change_password(user(1), "$hash1", "$newer", session(1, 0).id).await.unwrap().unwrap();
    assert!(!is_there(&*store, 4).await && !is_there(&*store, 5).await, "a new password ends both");
    assert!(ask(&*store, 6, 1, "d@example.jp", "$newer").await);
    store.set_role(user(1), Role::Admin, &operator()).await.unwrap();
    assert!(!is_there(&*store, 6).await, "and a new role");
    assert!(ask(&*store, 7, 1, "d@example.jp", "$newer").await);
    store.set_disabled(user(1), true, &operator()).await.unwrap();
    assert!(!is_there(&*store, 7).await, "and disabling");
    assert!(!ask(&*store, 8, 1, "d@example.jp", "$newer").await);
    assert!(ask(&*store, 9, 2, "e@example.jp", "$hash2").await);
    assert!(store.remove_mail(user(2), "$hash2").await.unwrap());
    assert!(!is_there(&*store, 9).await, "and removal");
}

pub async fn a_mailed_link_for_a_password_ends_with_the_address(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    assert!(!reset(&*store, 1, 1, "a@example.jp").await, "it has none");
    has(&*store, 2, 1, "a@example.jp").await;
    assert!(reset(&*store, 3, 1, "a@example.jp").await);
    has(&*store, 4, 1, "b@example.jp").await;
    assert!(!is_there(&*store, 3).await, "what was sent to the former one has ended");
    assert!(!reset(&*store, 5, 1, "a@example.jp").await, "and nothing is made for it any more");
    assert!(reset(&*store, 5, 1, "b@example.jp").await);
    assert!(store.remove_mail(user(1), "$hash1").await.unwrap());
    assert!(!is_there(&*store, 5).await);
    has(&*store, 6, 1, "b@example.jp").await;
    store.set_disabled(user(1), true, &operator()).await.unwrap();
    assert!(!reset(&*store, 7, 1, "b@example.jp").await);
}

pub async fn an_address_goes_with_its_account(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    has(&*store, 1, 1, "a@example.jp").await;
    assert!(ask(&*store, 2, 1, "b@example.jp", "$hash1").await);
    assert!(reset(&*store, 3, 1, "a@example.jp").await);
    store.close_account(user(1), "$hash1", false, time(1_000)).await.unwrap().unwrap();
    assert!(!is_there(&*store, 2).await && !is_there(&*store, 3).await);
    assert_eq!(store.account_with_mail(&mail("a@example.jp")).await.unwrap(), None);
    has(&*store, 4, 2, "a@example.jp").await;
}
