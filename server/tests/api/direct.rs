//! Direct conversations: the same people are one conversation, and it is nobody else's.

use reqwest::StatusCode;
use shared::limits::{DIRECT_PEOPLE, ROOMS_PER_PERSON};
use shared::{
    Command, ErrorCode, Joined, NewRoom, RoomAddress, RoomDetails, RoomKind, RoomRole, Seq, ServerFrame,
    UserId, UserName, Whom,
};

use crate::accounts::{Browser, open};
use crate::doors::{account, create, entered, private};
use crate::harness::{At, Person, TestServer, eventually, general, history, joined, message, room, said};

pub fn with(user_ids: Vec<UserId>, names: &[&str]) -> Command {
    let usernames = names.iter().map(|name| UserName::new(name).unwrap()).collect();
    let (kind, details) = (RoomKind::Direct, RoomDetails::default());
    Command::CreateRoom(NewRoom { kind, details, user_ids, usernames, client_message_id: None })
}

/// Opens the conversation with these people.
pub async fn converse(person: &mut Person, others: &[&Person]) -> Joined {
    let ids = others.iter().map(|other| other.id()).collect();
    joined(&person.request(with(ids, &[])).await.unwrap()).unwrap()
}

async fn refused(person: &mut Person, command: Command) -> ErrorCode {
    person.request(command).await.expect_err("it is refused").code
}

fn left(frame: &ServerFrame) -> Option<RoomAddress> {
    match frame {
        ServerFrame::Left { room, by: None, .. } => Some(room.clone()),
        _ => None,
    }
}

/// The rooms of an account that connects now, as far as they are conversations.
async fn listed(browser: &Browser) -> (Person, Vec<Joined>) {
    let mut person = browser.connect().await;
    let frames = person.so_far().await;
    let joined = frames.iter().filter_map(|(_, frame)| joined(frame));
    (person, joined.filter(|joined| joined.kind == RoomKind::Direct).collect())
}

#[tokio::test]
async fn a_conversation_arrives_with_its_first_message_and_is_answered() {
    let server = open().await;
    let (mut hanako, mut taro) = (account(&server, "花子").await, account(&server, "太郎").await);
    let talk = converse(&mut hanako, &[&taro]).await;
    assert!(talk.room.is_direct() && talk.room.is_private() && talk.kind == RoomKind::Direct);
    assert_eq!((talk.role, &talk.may[..], talk.member_count), (RoomRole::Member, &[][..], 2));
    assert_eq!(talk.details, RoomDetails::default());
    let mut people: Vec<_> = talk.people.iter().map(|person| person.username.to_string()).collect();
    people.sort();
    assert_eq!(people, ["太郎", "花子"]);
    assert!(
        !taro.so_far().await.iter().any(|(text, _)| text.contains(talk.room.as_str())),
        "nobody is disturbed before something is written"
    );
    hanako.say(&talk.room, "お昼いく？").await;
    assert_eq!(taro.expect(entered).await, talk.room);
    let at_taro = taro.join(&talk.room).await;
    assert_eq!((at_taro.unread.messages, at_taro.read_seq), (1, Seq::ZERO), "what it came with is unread");
    taro.say(&talk.room, "いく").await;
    while said(&hanako.expect(message).await) != "いく" {}
    let server = server.restart().await;
    let browser = Browser::sign_in(server.address, "太郎").await;
    let (_, rooms) = listed(&browser).await;
    assert_eq!(rooms.len(), 1);
    let ids = |joined: &Joined| joined.people.iter().map(|person| person.user_id).collect::<Vec<_>>();
    assert_eq!((&rooms[0].room, ids(&rooms[0])), (&talk.room, ids(&talk)));
}

#[tokio::test]
async fn the_same_people_are_one_conversation_also_when_both_begin_at_once() {
    let server = open().await;
    let (mut hanako, mut taro) = (account(&server, "hanako").await, account(&server, "taro").await);
    for round in 0..20 {
        let name = format!("carol-{round}");
        let carol = account(&server, &name).await;
        let from_hanako = with(vec![taro.id(), carol.id()], &[]);
        let from_taro = with(vec![carol.id()], &["HANAKO"]);
        let (one, other) = tokio::join!(hanako.request(from_hanako), taro.request(from_taro));
        let [one, other] = [one, other].map(|answer| joined(&answer.unwrap()).unwrap());
        assert_eq!((&one.room, one.epoch), (&other.room, other.epoch), "round {round}");
        let again = converse(&mut taro, &[&hanako, &carol]).await;
        assert_eq!(again.room, one.room);
        assert_ne!(converse(&mut taro, &[&hanako]).await.room, one.room, "others are another one");
    }
    let own_id = hanako.id();
    let notes = joined(&hanako.request(with(vec![own_id], &[])).await.unwrap()).unwrap();
    assert_eq!((notes.member_count, notes.people.len()), (1, 1), "one may write to oneself");
}

#[tokio::test]
async fn a_conversation_that_was_closed_comes_back_with_the_next_message() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let browser = Browser::sign_up(server.address, "taro").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    let talk = converse(&mut laptop, &[&hanako]).await.room;
    assert_eq!(phone.expect(entered).await, talk, "one's other devices list it at once");
    phone.join(&talk).await;
    laptop.say(&talk, "hello").await;
    hanako.expect(entered).await;
    hanako.join(&talk).await;

    laptop.leave(&talk).await;
    assert_eq!(phone.expect(left).await, talk);
    assert_eq!(refused(&mut phone, history(&talk, At::Latest, None)).await, ErrorCode::NotAMember);
    let (_, rooms) = listed(&browser).await;
    assert!(rooms.is_empty(), "{rooms:?}");
    let server = server.restart().await;
    let browser = Browser::sign_in(server.address, "taro").await;
    let (mut laptop, rooms) = listed(&browser).await;
    assert!(rooms.is_empty(), "also after a restart: {rooms:?}");

    let mut hanako = Browser::sign_in(server.address, "hanako").await.connect().await;
    hanako.join(&talk).await;
    hanako.say(&talk, "are you there?").await;
    assert_eq!(laptop.expect(entered).await, talk);
    assert_eq!(laptop.join(&talk).await.unread.messages, 1);
    let server = server.restart().await;
    let browser = Browser::sign_in(server.address, "taro").await;
    let (mut laptop, rooms) = listed(&browser).await;
    assert_eq!(rooms.len(), 1, "it stays after a restart");

    laptop.leave(&talk).await;
    let mut hanako = Browser::sign_in(server.address, "hanako").await.connect().await;
    let (mut phone, _) = listed(&browser).await;
    let opened = converse(&mut laptop, &[&hanako]).await;
    assert_eq!((&opened.room, phone.expect(entered).await), (&talk, talk.clone()), "or is opened again");
    hanako.join(&talk).await;
    hanako.leave(&talk).await;
    phone.join(&talk).await;
    phone.say(&talk, "still here").await;
    assert_eq!(hanako.expect(entered).await, talk);
}

#[tokio::test]
async fn guests_answer_and_do_not_begin() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let mut guest = server.connect("guest").await;
    assert_eq!(refused(&mut guest, with(vec![hanako.id()], &[])).await, ErrorCode::Forbidden);
    let talk = joined(&hanako.request(with(Vec::new(), &["guest"])).await.unwrap()).unwrap().room;
    hanako.say(&talk, "welcome").await;
    assert_eq!(guest.expect(entered).await, talk);
    guest.join(&talk).await;
    guest.say(&talk, "thank you").await;
    while said(&hanako.expect(message).await) != "thank you" {}
    let session = guest.session();
    guest.leave(&talk).await;
    guest.close(1000).await;
    let mut other = server.connect("someone").await;
    let other_id = other.id();
    other.leave(&general()).await;
    other.close(1000).await;
    eventually("the other guest has gone", || async {
        let answer = hanako_asks(&server, other_id).await;
        (answer == Some(ErrorCode::NoSuchUser)).then_some(())
    })
    .await;
    hanako.say(&talk, "one more thing").await;
    let mut guest = Person::resume(server.address, &session, &[]).await;
    let back = guest.expect(joined).await;
    assert_eq!((back.room, back.unread.messages), (talk, 1), "what came while it was away is there");
}

/// Whether somebody can be written to.
async fn hanako_asks(server: &TestServer, id: UserId) -> Option<ErrorCode> {
    let mut asking = Browser::sign_in(server.address, "hanako").await.connect().await;
    asking.request(with(vec![id], &[])).await.err().map(|failure| failure.code)
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let taro = account(&server, "taro").await;
    let mut others = Vec::new();
    for number in 0..DIRECT_PEOPLE {
        others.push(account(&server, &format!("person-{number}")).await);
    }
    let ids: Vec<UserId> = others.iter().map(Person::id).collect();
    let failure = hanako.request(with(ids.clone(), &[])).await.unwrap_err();
    assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some("user_ids")));
    let group = joined(&hanako.request(with(ids[1..].to_vec(), &[])).await.unwrap()).unwrap();
    assert_eq!(group.people.len(), DIRECT_PEOPLE);
    assert_eq!(refused(&mut hanako, with(Vec::new(), &["no such name"])).await, ErrorCode::NoSuchUser);
    let nobody = UserId::new(uuid::Uuid::from_u128(1));
    assert_eq!(refused(&mut hanako, with(vec![nobody], &[])).await, ErrorCode::NoSuchUser);
    let invite = Command::Invite { room: group.room.clone(), whom: Whom::Id(taro.id()) };
    assert_eq!(refused(&mut hanako, invite).await, ErrorCode::Forbidden, "nobody is added");
}

#[tokio::test]
async fn a_deleted_account_leaves_the_conversation_to_the_others() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let browser = Browser::sign_up(server.address, "taro").await;
    let mut taro = browser.connect().await;
    let talk = converse(&mut taro, &[&hanako]).await.room;
    taro.say(&talk, "farewell").await;
    hanako.expect(entered).await;
    hanako.join(&talk).await;
    let body = serde_json::json!({ "password": "an uncommon password", "delete_messages": false });
    let (status, _) = browser.ask(reqwest::Method::POST, "/api/v1/account/delete", Some(body)).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    taro.closed().await;
    hanako.say(&talk, "he is gone").await;
    let server = server.restart().await;
    let browser = Browser::sign_in(server.address, "hanako").await;
    let (mut hanako, rooms) = listed(&browser).await;
    let [back] = &rooms[..] else { panic!("{rooms:?}") };
    let mut people: Vec<_> = back.people.iter().map(|person| person.username.as_str()).collect();
    people.sort_unstable();
    assert_eq!((people, back.member_count), (vec!["deleted user", "hanako"], 1));
    match hanako.request(history(&talk, At::Latest, None)).await {
        Ok(ServerFrame::History(history)) => assert_eq!(history.events.len(), 2),
        other => panic!("{other:?}"),
    }
    hanako.leave(&talk).await;
    let id = back.people.iter().find(|person| person.username.as_str() == "deleted user").unwrap().user_id;
    assert_eq!(refused(&mut hanako, with(vec![id], &[])).await, ErrorCode::NoSuchUser);
}

#[tokio::test]
async fn rooms_have_a_limit_of_which_everybody_is_told_and_conversations_do_not_count() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let mut full = account(&server, "full").await;
    let one = create(&mut hanako, "one", &[&full]).await.room;
    full.expect(entered).await;
    for number in 2..ROOMS_PER_PERSON {
        full.join(&room(&format!("room {number}"))).await;
    }
    // `general`, `one` and the others.
    let failure = hanako.request(private("two", vec![full.id()])).await.unwrap_err();
    let named = (failure.code, failure.user_id, failure.message.contains("full"));
    assert_eq!(named, (ErrorCode::TooManyRooms, Some(full.id()), true));
    let two = create(&mut hanako, "two", &[]).await.room;
    let invite = |room: &RoomAddress| Command::Invite { room: room.clone(), whom: Whom::Id(full.id()) };
    let (again, failure) = (invite(&one), invite(&two));
    assert!(hanako.request(again).await.is_ok(), "who is a member already needs no room");
    assert_eq!(hanako.request(failure).await.unwrap_err().user_id, Some(full.id()));
    let failure = full.request(private("mine", Vec::new())).await.unwrap_err();
    assert_eq!((failure.code, failure.user_id), (ErrorCode::TooManyRooms, None));

    let talk = converse(&mut hanako, &[&full]).await.room;
    hanako.say(&talk, "can you hear me?").await;
    assert_eq!(full.expect(entered).await, talk);
    assert_eq!(full.join(&talk).await.unread.messages, 1, "a conversation arrives all the same");
    full.join(&one).await;
    assert!(
        full.request(Command::JoinRoom { room: room("one more"), since: None }).await.is_err(),
        "it makes no room for another one"
    );
}

/// Who has as many conversations as there may be cannot be written to by others, and whoever tries is told so.
#[tokio::test]
async fn conversations_have_a_limit_too() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let (taro, bob) = (account(&server, "taro").await, account(&server, "bob").await);
    let talk = converse(&mut hanako, &[&taro]).await.room;
    let (hanako_id, taro_id, bob_id) = (hanako.id(), taro.id(), bob.id());
    drop((hanako, taro, bob));
    let server = server
        .restart_after(
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1998)
             INSERT INTO rooms (id, name, epoch, permanent, created_at, kind, people)
             SELECT i, '~x' || i, i, 0, 0, 2, randomblob(16) FROM n;
             INSERT INTO memberships (room, user)
             SELECT rooms.id, users.id FROM rooms, users WHERE rooms.id >= 1000 AND users.name = 'taro'",
        )
        .await;
    let mut hanako = Browser::sign_in(server.address, "hanako").await.connect().await;
    let mut bob = Browser::sign_in(server.address, "bob").await.connect().await;
    assert_eq!((hanako.id(), bob.id()), (hanako_id, bob_id));
    let failure = bob.request(with(vec![taro_id], &[])).await.unwrap_err();
    assert_eq!((failure.code, failure.user_id), (ErrorCode::TooManyRooms, Some(taro_id)));
    let again = joined(&hanako.request(with(vec![taro_id], &[])).await.unwrap()).unwrap();
    assert_eq!(again.room, talk, "one that there is already is opened");
}
