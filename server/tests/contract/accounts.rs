//! Accounts, their sessions, and the keys that sign tokens.

use hiroba::store::{
    Account, AccountStore, Decision, Device, NewSession, NotCreated, OpenSession, RefreshHashes, Rotation,
    RotationTimes, SigningKey, User, Write,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use shared::account::Role;
use shared::{SessionId, Timestamp, UserName};
use uuid::Uuid;

use crate::place::{Place, commit, open_room, time, user};

/// A decision of whoever runs the server.
pub fn operator() -> Decision {
    Decision { by: None, timestamp: at(100).1 }
}

pub fn name(text: &str) -> UserName {
    UserName::new(text).unwrap()
}

pub fn account(number: u128, text: &str) -> Account {
    let user = User { id: user(number), name: name(text), is_account: true };
    Account {
        user,
        password: format!("$hash{number}"),
        role: Role::Member,
        disabled: false,
        profile: shared::account::Profile::default(),
        created_at: Timestamp::from_millis(100_000),
        mail: None,
    }
}

fn refresh(family: u8, secret: u8) -> RefreshHashes {
    RefreshHashes { family: [100 + family; 32], secret: [secret; 32] }
}

fn rotated() -> Rotation {
    Rotation::Rotated(user(1), session(1, 0).id)
}

pub fn session(number: u128, secret: u8) -> NewSession {
    let id = SessionId::new(Uuid::from_u128(number));
    NewSession { id, refresh: refresh(number as u8, secret), device: device("laptop") }
}

fn device(name: &str) -> Device {
    Device { user_agent: Some(name.to_owned()), address: Some("2001:db8::1".parse().unwrap()) }
}

pub fn at(seconds: i64) -> (hiroba::server_time::ServerTime, Timestamp) {
    (time(seconds), Timestamp::from_millis(seconds * 1_000))
}

pub async fn create(
    store: &dyn AccountStore,
    number: u128,
    text: &str,
    looks: &[&str],
) -> Result<(), NotCreated> {
    let looks: Vec<String> = looks.iter().map(|&look| look.to_owned()).collect();
    let opened = session(number, number as u8);
    store.create_account(&account(number, text), &looks, Some(&opened), None, at(100)).await.unwrap()
}

async fn rotate(store: &dyn AccountStore, presented: u8, next: u8, seconds: i64) -> Rotation {
    let now = time(seconds);
    let (replaced_since, since) = (time(seconds - 60), time(seconds - 3_600));
    let times = RotationTimes { now, wall: at(seconds).1, replaced_since, since };
    store.rotate(&refresh(1, presented), &[next; 32], &device("phone"), times).await.unwrap()
}

pub async fn an_account_is_found_by_its_name_however_it_is_written(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "Straße", &["strasse"]).await.unwrap();
    let store = place.reopen(store).await;
    for written in ["Straße", "STRAßE", "ｓｔｒａße"] {
        assert_eq!(
            store.account_named(&name(written)).await.unwrap(),
            Some(account(1, "Straße")),
            "{written}"
        );
    }
    assert_eq!(store.account_named(&name("Strasse")).await.unwrap(), None);
    assert_eq!(store.account(user(1)).await.unwrap(), Some(account(1, "Straße")));
    assert_eq!(store.account(user(2)).await.unwrap(), None);
    let listed = store.accounts().await.unwrap();
    assert_eq!(listed.iter().map(|listed| &listed.user).collect::<Vec<_>>(), [&account(1, "Straße").user]);
    assert_eq!((listed[0].disabled, listed[0].created_at), (false, Timestamp::from_millis(100_000)));
}

pub async fn no_two_accounts_look_alike(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "Bill", &["bill", "biii"]).await.unwrap();
    assert_eq!(create(&*store, 2, "BiII", &["biii"]).await, Err(NotCreated::NameTaken));
    assert_eq!(store.account(user(2)).await.unwrap(), None);
    assert_eq!(store.session_user(session(2, 0).id, time(0)).await.unwrap(), None);
    create(&*store, 2, "Jill", &["jill"]).await.unwrap();
}

pub async fn a_guest_becomes_an_account_and_stays_the_same_user(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    let save =
        || Write::SaveGuest { session: crate::people::session(1, "guest"), secret: [9; 32], at: time(1) };
    let member = Write::SetMember { room: tea.id, user: user(1), member: true };
    commit(&*store, vec![save(), member]).await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    assert!(store.session(&[9; 32], time(0)).await.unwrap().is_none(), "the secret is worth nothing");
    assert!(store.session_user(session(1, 0).id, time(0)).await.unwrap().is_some());
    let again =
        store.create_account(&account(1, "other"), &["other".to_owned()], None, None, at(100)).await.unwrap();
    assert_eq!(again, Err(NotCreated::IsAccount));
    // A sign-in of the guest that was under way.
    let late = store.commit(&[save()]).await.unwrap();
    assert!(matches!(late[..], [hiroba::store::Outcome::Refused(_)]), "{late:?}");
    let store = place.reopen(store).await;
    assert!(store.session(&[9; 32], time(0)).await.unwrap().is_none());
    let members = store.live_rooms().await.unwrap().pop().unwrap().1;
    assert_eq!(members.into_iter().map(|member| member.user).collect::<Vec<_>>(), [account(1, "alice").user]);
}

pub async fn a_refresh_token_is_replaced_and_its_predecessor_counts_once_more(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    assert_eq!(rotate(&*store, 1, 2, 200).await, rotated());
    // The answer was lost.
    assert_eq!(rotate(&*store, 1, 3, 259).await, rotated());
    let store = place.reopen(store).await;
    assert_eq!(rotate(&*store, 3, 4, 260).await, rotated());
    assert_eq!(rotate(&*store, 4, 5, 3_000).await, rotated());
    assert!(store.session_user(session(1, 0).id, time(2_999)).await.unwrap().is_some());
}

pub async fn any_other_use_of_an_old_token_ends_the_session(place: &Place) {
    // Each row: the tokens presented and when; all but the last one are accepted.
    let rows: [&[(u8, i64)]; 6] = [
        // A third time.
        &[(1, 200), (1, 201), (1, 202)],
        // After its successor was used.
        &[(1, 200), (2, 201), (1, 202)],
        // After a minute.
        &[(1, 200), (1, 261)],
        // The other one of two successors.
        &[(1, 200), (1, 201), (2, 202), (3, 203)],
        &[(1, 200), (1, 201), (3, 202), (2, 203)],
        // One that nobody gave out, by somebody who has another one of the session.
        &[(99, 200)],
    ];
    for row in rows {
        let store = place.open().await;
        if store.accounts().await.unwrap().is_empty() {
            create(&*store, 1, "alice", &["alice"]).await.unwrap();
        } else {
            store.open_session(user(1), "$hash1", &session(1, 1), at(100)).await.unwrap();
        }
        for (number, &(presented, seconds)) in row.iter().enumerate() {
            let is_last = number + 1 == row.len();
            let expected = if is_last { Rotation::Reused(user(1), session(1, 0).id) } else { rotated() };
            let next = number as u8 + 2;
            assert_eq!(rotate(&*store, presented, next, seconds).await, expected, "{row:?}");
        }
        assert_eq!(rotate(&*store, 2, 50, 203).await, Rotation::Unknown, "{row:?}");
        assert_eq!(store.session_user(session(1, 0).id, time(0)).await.unwrap(), None);
        drop(place.reopen(store).await);
    }
}

pub async fn a_token_of_no_session_ends_none_and_old_sessions_give_way(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    let times = RotationTimes { now: time(101), wall: at(101).1, replaced_since: time(41), since: time(0) };
    let forged = store.rotate(&refresh(9, 1), &[2; 32], &device("phone"), times).await.unwrap();
    assert_eq!(forged, Rotation::Unknown);
    for number in 2..=100 {
        let opened = session(number, number as u8);
        assert!(store.open_session(user(1), "$hash1", &opened, at(100 + number as i64)).await.unwrap());
    }
    assert!(store.session_user(session(1, 0).id, time(0)).await.unwrap().is_some());
    assert!(store.open_session(user(1), "$hash1", &session(101, 101), at(300)).await.unwrap());
    assert!(
        store.session_user(session(1, 0).id, time(0)).await.unwrap().is_none(),
        "the oldest of a hundred"
    );
    assert!(store.session_user(session(2, 0).id, time(0)).await.unwrap().is_some());
}

pub async fn somebody_sees_where_they_are_signed_in_and_ends_it(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    assert!(store.open_session(user(1), "$hash1", &session(11, 11), at(200)).await.unwrap());
    rotate(&*store, 1, 5, 300).await;
    let store = place.reopen(store).await;
    let told = |open: OpenSession| {
        let seconds = |at: Option<Timestamp>| at.unwrap().millis() / 1_000;
        (open.id, open.device, seconds(open.opened_at), seconds(open.used_at))
    };
    let sessions = store.open_sessions(user(1), time(0)).await.unwrap();
    let sessions: Vec<_> = sessions.into_iter().map(told).collect();
    let (first, second) = (session(1, 0).id, session(11, 0).id);
    assert_eq!(sessions, [(first, device("phone"), 100, 300), (second, device("laptop"), 200, 200)]);
    let recent = store.open_sessions(user(1), time(250)).await.unwrap();
    assert_eq!(recent.len(), 1, "the other one has ended by age");
    assert!(!store.end_session_of(user(2), second).await.unwrap(), "not a session of this account");
    assert!(store.end_session_of(user(1), second).await.unwrap());
    assert!(!store.end_session_of(user(1), second).await.unwrap());
    assert_eq!(store.open_sessions(user(1), time(0)).await.unwrap().len(), 1);
    assert_eq!(store.open_sessions(user(2), time(0)).await.unwrap().len(), 1);
}

pub async fn a_changed_password_ends_the_other_sessions(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    for number in [11, 12] {
        store.open_session(user(1), "$hash1", &session(number, number as u8), at(100)).await.unwrap();
    }
    let keep = session(11, 0).id;
    let change = async |old: &str, keep| store.change_password(user(1), old, "$new", keep).await.unwrap();
    assert_eq!(change("$other", keep).await, None, "it was changed meanwhile");
    assert_eq!(change("$hash1", session(2, 0).id).await, None, "not a session of this account");
    let mut ended = change("$hash1", keep).await.unwrap();
    ended.sort();
    assert_eq!(ended, [session(1, 0).id, session(12, 0).id]);
    assert!(!store.open_session(user(1), "$hash1", &session(13, 13), at(101)).await.unwrap(), "the old one");
    let store = place.reopen(store).await;
    assert_eq!(store.account(user(1)).await.unwrap().unwrap().password, "$new");
    for (number, is_open) in [(1, false), (2, true), (11, true), (12, false)] {
        let found = store.session_user(session(number, 0).id, time(0)).await.unwrap();
        assert_eq!(found.is_some(), is_open, "{number}");
    }
    assert!(store.end_session(session(11, 0).id).await.unwrap());
    assert!(!store.end_session(session(11, 0).id).await.unwrap());
}

pub async fn nobody_signs_in_to_a_disabled_account(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    create(&*store, 2, "bob", &["bob"]).await.unwrap();
    assert_eq!(store.set_disabled(user(1), true, &operator()).await.unwrap(), [session(1, 0).id]);
    let store = place.reopen(store).await;
    assert!(store.account(user(1)).await.unwrap().unwrap().disabled);
    assert!(!store.open_session(user(1), "$hash1", &session(3, 3), at(101)).await.unwrap());
    assert!(store.session_user(session(3, 0).id, time(0)).await.unwrap().is_none());
    assert!(store.open_session(user(2), "$hash2", &session(4, 4), at(101)).await.unwrap(), "others do");
    assert_eq!(store.set_disabled(user(1), false, &operator()).await.unwrap(), []);
    assert!(store.open_session(user(1), "$hash1", &session(3, 3), at(102)).await.unwrap());
    assert_eq!(store.reset_password(user(1), "$new").await.unwrap(), [session(3, 0).id]);
}

pub async fn a_session_ends_by_age_and_an_account_does_not(place: &Place) {
    let store = place.open().await;
    let tea = open_room(&*store, "tea", 1, false).await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    let member = Write::SetMember { room: tea.id, user: user(1), member: true };
    commit(&*store, vec![member, Write::ForgetGuests { before: time(1_000_000) }]).await;
    assert!(store.session_user(session(1, 0).id, time(100)).await.unwrap().is_none());
    assert_eq!(rotate(&*store, 1, 2, 3_701).await, Rotation::Unknown, "too old");
    assert_eq!(rotate(&*store, 1, 2, 3_699).await, rotated());
    store.forget_sessions(time(3_698)).await.unwrap();
    assert!(store.session_user(session(1, 0).id, time(0)).await.unwrap().is_some());
    store.forget_sessions(time(3_699)).await.unwrap();
    assert!(store.session_user(session(1, 0).id, time(0)).await.unwrap().is_none());
    let members = store.live_rooms().await.unwrap().pop().unwrap().1;
    assert_eq!(
        members.iter().map(|member| (member.user.id, member.user.is_account)).collect::<Vec<_>>(),
        [(user(1), true)]
    );
    assert!(
        store.session(&[1; 32], time(0)).await.unwrap().is_none(),
        "a refresh token is no guest's secret"
    );
}

pub async fn signing_keys_are_kept_newest_first(place: &Place) {
    let store = place.open().await;
    let installation = store.installation().await.unwrap();
    let key =
        |number: u8| SigningKey { private: vec![number], made_at: Timestamp::from_millis(number.into()) };
    for number in [1, 2, 3] {
        store.add_signing_key(&key(number), Timestamp::from_millis(2)).await.unwrap();
    }
    let store = place.reopen(store).await;
    let kept: Vec<_> = store.signing_keys().await.unwrap().into_iter().map(|key| key.private[0]).collect();
    assert_eq!(kept, [3, 2]);
    assert_eq!(store.installation().await.unwrap(), installation);
    // The clock had been ahead.
    store
        .add_signing_key(&SigningKey { private: vec![4], ..key(2) }, Timestamp::from_millis(0))
        .await
        .unwrap();
    let kept: Vec<_> = store.signing_keys().await.unwrap().into_iter().map(|key| key.private[0]).collect();
    assert_eq!(kept, [4, 2]);
}

/// What the rules say about a session.
struct Model {
    /// The tokens of which one is expected next.
    expected: Vec<u8>,
    predecessor: Option<(u8, i64)>,
}

impl Model {
    fn present(&mut self, token: u8, next: u8, now: i64) -> bool {
        if self.expected.contains(&token) {
            self.predecessor = Some((token, now));
            self.expected = vec![next];
            return true;
        }
        match self.predecessor {
            Some((predecessor, replaced)) if predecessor == token && now - replaced < 60 => {
                self.predecessor = None;
                self.expected.push(next);
                true
            }
            _ => false,
        }
    }
}

/// Any order of tokens and pauses is answered as the rules say.
pub async fn refresh_tokens_follow_their_rules(place: &Place) {
    let store = place.open().await;
    create(&*store, 1, "alice", &["alice"]).await.unwrap();
    let steps = prop::collection::vec((0_usize..3, prop::sample::select(vec![1_i64, 59, 60, 61])), 1..12);
    let mut runner = TestRunner::default();
    for _ in 0..100 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let mut now = 100;
        store.end_session(session(1, 0).id).await.unwrap();
        store.open_session(user(1), "$hash1", &session(1, 1), at(now)).await.unwrap();
        let mut model = Model { expected: vec![1], predecessor: None };
        let mut given = vec![1_u8];
        for (back, pause) in &steps {
            now += pause;
            let token = given[given.len().saturating_sub(1 + back)];
            let next = given.len() as u8 + 1;
            let expected = model.present(token, next, now);
            let answer = rotate(&*store, token, next, now).await;
            assert_eq!(answer == rotated(), expected, "{steps:?}");
            if !expected {
                break;
            }
            given.push(next);
        }
    }
}
