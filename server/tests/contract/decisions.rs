//! What administrators, owners and the operator decide about accounts and the entrance is recorded with the act.

use hiroba::store::{AccountStore, Act, AuditFilter, Decision, LinkKind};
use shared::Person;
use shared::account::{EntranceChange, Role, SignUp};

use crate::accounts::{account, at, create, name, operator};
use crate::links::{add, link};
use crate::place::{Place, user};

pub async fn what_is_decided_about_accounts_is_in_the_audit_log(place: &Place) {
    let store = place.open().await;
    for (number, text) in [(1, "alice"), (2, "bob")] {
        create(&*store, number, text, &[text]).await.unwrap();
    }
    add(&*store, 1, &link(1, LinkKind::Owner, 1_000, Some(1), None)).await;
    assert!(store.claim_ownership(user(1), &[1; 32], at(200)).await.unwrap());
    let alice = Person { user_id: user(1), user: name("alice") };
    let by_alice = Decision { by: Some(alice), timestamp: at(20).1 };
    for _ in 0..2 {
        store.set_role(user(2), Role::Admin, &by_alice).await.unwrap();
        store.set_disabled(user(2), true, &operator()).await.unwrap();
    }
    store.set_disabled(user(2), false, &by_alice).await.unwrap();
    let closed = EntranceChange { guests: None, sign_up: Some(SignUp::Closed) };
    for _ in 0..2 {
        store.set_entrance(closed, &by_alice).await.unwrap();
    }
    let store = place.reopen(store).await;
    let all = store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let told: Vec<_> = all
        .iter()
        .rev()
        .map(|entry| (who(entry.by.as_ref()), entry.act.clone(), who(entry.member.as_ref())))
        .collect();
    let (alice, bob) = (|| Some("alice".to_owned()), || Some("bob".to_owned()));
    assert_eq!(
        told,
        [
            (alice(), Act::SetRole { role: Role::Owner }, alice()),
            (alice(), Act::SetRole { role: Role::Admin }, bob()),
            (None, Act::SetDisabled { disabled: true }, bob()),
            (alice(), Act::SetDisabled { disabled: false }, bob()),
            (alice(), Act::ChangeEntrance { guests: None, sign_up: Some(SignUp::Closed) }, None),
        ],
        "once each"
    );
    create_owner(&*store).await;
    let newest = &store.audit(&AuditFilter::default(), None, 100).await.unwrap()[0];
    assert_eq!(
        (who(newest.by.as_ref()), &newest.act),
        (Some("owner".to_owned()), &Act::SetRole { role: Role::Owner })
    );
}

fn who(person: Option<&Person>) -> Option<String> {
    person.map(|person| person.user.to_string())
}

/// Somebody creates an account with the owner's link.
async fn create_owner(store: &dyn AccountStore) {
    add(store, 2, &link(2, LinkKind::Owner, 1_000, Some(1), None)).await;
    let new = account(3, "owner");
    let looks = ["owner".to_owned()];
    store.create_account(&new, &looks, None, Some(&[2; 32]), at(200)).await.unwrap().unwrap();
}
