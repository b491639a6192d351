//! Private rooms: who comes in, who is told, and that nobody else finds a trace of them.

use shared::{
    Change, Command, DetailsChange, ErrorCode, Joined, NewRoom, Privilege, RoomAddress, RoomDetails,
    RoomEvent, RoomKind, RoomRole, Seq, ServerFrame, ShortText, UserId, UserName, Whom,
};

use crate::accounts::{Browser, open};
use crate::harness::{
    At, Person, TestServer, change, chat, edit, general, history, joined, message, new_id, said,
};

pub fn line(text: &str) -> ShortText {
    ShortText::new(text).unwrap()
}

pub fn private(title: &str, user_ids: Vec<UserId>) -> Command {
    let details = RoomDetails { title: Some(line(title)), ..RoomDetails::default() };
    let (kind, usernames) = (RoomKind::Private, Vec::new());
    Command::CreateRoom(NewRoom { kind, details, user_ids, usernames, client_message_id: None })
}

pub async fn create(person: &mut Person, title: &str, members: &[&Person]) -> Joined {
    let ids = members.iter().map(|member| member.id()).collect();
    joined(&person.request(private(title, ids)).await.unwrap()).unwrap()
}

fn invite(room: &RoomAddress, name: &str) -> Command {
    Command::Invite { room: room.clone(), whom: Whom::Name(UserName::new(name).unwrap()) }
}

pub fn remove(room: &RoomAddress, user: &Person) -> Command {
    Command::RemoveMember { room: room.clone(), user_id: user.id(), reason: Some(line("for a reason")) }
}

fn role(room: &RoomAddress, user_id: UserId, role: RoomRole) -> Command {
    Command::SetRoomRole { room: room.clone(), user_id, role }
}

fn topic(room: &RoomAddress, text: &str) -> Command {
    let change = DetailsChange { topic: Some(Some(line(text))), ..DetailsChange::default() };
    Command::EditRoom { room: room.clone(), change }
}

/// The room that another device or somebody else brings a device into; not the one that every device joins by itself.
pub fn entered(frame: &ServerFrame) -> Option<RoomAddress> {
    match frame {
        ServerFrame::Entered { room, .. } if *room != general() => Some(room.clone()),
        _ => None,
    }
}

fn left(frame: &ServerFrame) -> Option<(Option<UserId>, Option<ShortText>)> {
    match frame {
        ServerFrame::Left { by, reason, .. } => Some((by.as_ref().map(|by| by.user_id), reason.clone())),
        _ => None,
    }
}

fn changed(frame: &ServerFrame) -> Option<Change> {
    match frame {
        ServerFrame::Event(RoomEvent::Changed(changed)) => Some(changed.change.clone()),
        _ => None,
    }
}

async fn refused(person: &mut Person, command: Command) -> ErrorCode {
    person.request(command).await.expect_err("it is refused").code
}

/// Connects an account that is new.
pub async fn account(server: &TestServer, name: &str) -> Person {
    let mut person = Browser::sign_up(server.address, name).await.connect().await;
    person.expect(joined).await;
    person
}

async fn done(person: &mut Person, command: Command) {
    let answer = person.request(command).await;
    assert!(matches!(answer, Ok(ServerFrame::Done { .. })), "{answer:?}");
}

fn said_in(joined: &Joined) -> Vec<&str> {
    let messages = joined.events.iter().filter_map(|event| match event {
        RoomEvent::Posted(posted) => Some(said(posted)),
        _ => None,
    });
    messages.collect()
}

#[tokio::test]
async fn a_private_room_is_made_written_in_and_left() {
    let server = open().await;
    let (mut hanako, mut taro) = (account(&server, "花子").await, account(&server, "太郎").await);
    let den = create(&mut hanako, " 新製品  計画 ", &[&taro]).await;
    assert!(den.room.is_private() && den.kind == RoomKind::Private);
    assert_eq!(den.details.title, Some(line("新製品 計画")));
    let all = [
        Privilege::Invite,
        Privilege::RemoveMember,
        Privilege::SetRoomRole,
        Privilege::EditRoom,
        Privilege::DeleteMessage,
        Privilege::Restrict,
        Privilege::SlowMode,
        Privilege::Archive,
        Privilege::Link,
    ];
    assert_eq!((den.role, &den.may[..]), (RoomRole::Moderator, &all[..]));
    assert_eq!((den.seq, den.member_count), (Seq(2), 2), "two members were added");
    let den = den.room;

    assert_eq!(taro.expect(entered).await, den);
    let at_taro = taro.join(&den).await;
    assert_eq!((at_taro.role, &at_taro.may[..]), (RoomRole::Member, &[all[0], all[3], all[8]][..]));
    let moderators = at_taro.members.iter().filter(|member| member.role == RoomRole::Moderator);
    assert_eq!(moderators.map(|member| member.user_id).collect::<Vec<_>>(), [hanako.id()]);
    hanako.say(&den, "ここだけの話").await;
    assert_eq!(said(&taro.expect(message).await), "ここだけの話");
    taro.say(&den, "@花子 了解").await;
    while said(&hanako.expect(message).await) != "@花子 了解" {}

    done(&mut taro, topic(&den, "試作")).await;
    let told = hanako.expect(changed).await;
    let details =
        RoomDetails {
            title: Some(line("新製品 計画")), topic: Some(line("試作")), ..RoomDetails::default()
        };
    assert_eq!(told, Change::DetailsChanged(details.clone()));

    // A guest may be invited, and stays a member while it is away.
    let mut guest = server.connect("carol").await;
    done(&mut hanako, invite(&den, "carol")).await;
    done(&mut hanako, invite(&den, "carol")).await;
    assert_eq!(guest.expect(entered).await, den);
    let joined = guest.join(&den).await;
    assert_eq!((&joined.details, said_in(&joined).len(), joined.may.len()), (&details, 2, 0));
    let session = guest.session();
    guest.close(1000).await;

    taro.leave(&den).await;
    assert_eq!(
        refused(&mut taro, Command::JoinRoom { room: den.clone(), since: None }).await,
        ErrorCode::NotAMember
    );
    let server = server.restart().await;
    let mut hanako = Browser::sign_in(server.address, "花子").await.connect().await;
    let back = hanako.expect(|frame| joined_of(frame, &den)).await;
    assert_eq!((back.details, back.role, back.member_count), (details, RoomRole::Moderator, 2));
    let mut guest = Person::resume(server.address, &session, &[]).await;
    assert_eq!(said_in(&guest.join(&den).await), ["ここだけの話", "@花子 了解"]);
    let everything = hanako.everything(&den).await;
    let kinds = everything.iter().filter_map(|event| match event {
        RoomEvent::Changed(changed) => Some(changed.change.kind()),
        _ => None,
    });
    let expected = ["member_added", "member_added", "room_edited", "member_added", "member_removed"];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
}

fn joined_of(frame: &ServerFrame, room: &RoomAddress) -> Option<Joined> {
    joined(frame).filter(|joined| joined.room == *room)
}

#[tokio::test]
async fn a_repeated_request_makes_one_room() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let command = || {
        let details = RoomDetails { title: Some(line("den")), ..RoomDetails::default() };
        let client_message_id = Some(shared::ClientMessageId::new(uuid::Uuid::from_u128(7)));
        Command::CreateRoom(NewRoom {
            kind: RoomKind::Private,
            details,
            user_ids: Vec::new(),
            usernames: Vec::new(),
            client_message_id,
        })
    };
    let first = joined(&hanako.request(command()).await.unwrap()).unwrap();
    let again = joined(&hanako.request(command()).await.unwrap()).unwrap();
    assert_eq!((first.room, first.epoch), (again.room, again.epoch));
}

#[tokio::test]
async fn whoever_is_removed_is_told_why_and_may_be_invited_again() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let browser = Browser::sign_up(server.address, "taro").await;
    let (mut laptop, mut phone) = (browser.connect().await, browser.connect().await);
    let den = create(&mut hanako, "den", &[&laptop]).await.room;
    for device in [&mut laptop, &mut phone] {
        assert_eq!(device.expect(entered).await, den);
        device.join(&den).await;
    }
    hanako.say(&den, "one").await;
    done(&mut hanako, remove(&den, &laptop)).await;
    done(&mut hanako, remove(&den, &laptop)).await;
    for device in [&mut laptop, &mut phone] {
        assert_eq!(device.expect(left).await, (Some(hanako.id()), Some(line("for a reason"))));
        let target = Seq(3);
        for command in [
            chat(&den, "still here?", new_id()),
            history(&den, At::Latest, None),
            change(&den, target, edit("x")),
            Command::JoinRoom { room: den.clone(), since: None },
        ] {
            assert_eq!(refused(device, command).await, ErrorCode::NotAMember);
        }
    }
    hanako.say(&den, "two").await;
    done(&mut hanako, invite(&den, "taro")).await;
    assert_eq!(laptop.expect(entered).await, den);
    assert_eq!(
        said_in(&laptop.join(&den).await),
        ["one", "two"],
        "a member reads what was written meanwhile"
    );
}

#[tokio::test]
async fn moderators_are_made_and_lose_it() {
    let server = open().await;
    let (mut hanako, mut taro) = (account(&server, "hanako").await, account(&server, "taro").await);
    let den = create(&mut hanako, "den", &[&taro]).await.room;
    let (hanako_id, taro_id) = (hanako.id(), taro.id());
    taro.join(&den).await;
    assert_eq!(refused(&mut taro, remove(&den, &hanako)).await, ErrorCode::Forbidden);
    assert_eq!(refused(&mut taro, role(&den, taro_id, RoomRole::Moderator)).await, ErrorCode::Forbidden);
    done(&mut hanako, role(&den, taro_id, RoomRole::Moderator)).await;
    let standing = |frame: &ServerFrame| match frame {
        ServerFrame::Standing { role, may, .. } => Some((*role, may.len())),
        _ => None,
    };
    assert_eq!(taro.expect(standing).await, (RoomRole::Moderator, 9));
    done(&mut taro, role(&den, hanako_id, RoomRole::Member)).await;
    assert_eq!(hanako.expect(standing).await, (RoomRole::Member, 3));
    assert_eq!(refused(&mut hanako, remove(&den, &taro)).await, ErrorCode::Forbidden);
    done(&mut taro, remove(&den, &hanako)).await;
    assert_eq!(hanako.expect(left).await.0, Some(taro.id()));
}

#[tokio::test]
async fn a_request_that_cannot_be_is_told_what_is_wrong() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let mut guest = server.connect("guest").await;
    let den = create(&mut hanako, "den", &[]).await.room;
    let nobody = UserId::new(uuid::Uuid::from_u128(1));
    let whom = Whom::Id(nobody);
    assert_eq!(refused(&mut guest, private("mine", Vec::new())).await, ErrorCode::Forbidden);
    assert_eq!(refused(&mut hanako, private("with nobody", vec![nobody])).await, ErrorCode::NoSuchUser);
    assert_eq!(refused(&mut hanako, invite(&den, "no such name")).await, ErrorCode::NoSuchUser);
    assert_eq!(
        refused(&mut hanako, Command::Invite { room: den.clone(), whom }).await,
        ErrorCode::NoSuchUser
    );
    assert_eq!(refused(&mut hanako, invite(&general(), "guest")).await, ErrorCode::Forbidden);
    assert_eq!(refused(&mut guest, topic(&general(), "mine")).await, ErrorCode::Forbidden);
    done(&mut hanako, topic(&general(), "everybody's")).await;
    let no_title = DetailsChange { title: Some(None), ..DetailsChange::default() };
    let failure =
        hanako.request(Command::EditRoom { room: den.clone(), change: no_title }).await.unwrap_err();
    assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::InvalidField, Some("title")));
    let mut demo = Person::open(server.address, "/").await;
    demo.send_text(r#"{"type":"auth","username":"demo"}"#).await;
    demo.next().await;
    let before = refused(&mut hanako, invite(&den, "demo")).await;
    assert_eq!(before, ErrorCode::NoSuchUser, "it could not come back");
}

/// Who is in a private room follows its log, also when an account goes.
#[tokio::test]
async fn a_deleted_account_leaves_its_private_rooms_with_an_event() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let browser = Browser::sign_up(server.address, "taro").await;
    let taro = browser.connect().await;
    let den = create(&mut hanako, "den", &[&taro]).await.room;
    let body = serde_json::json!({ "password": crate::accounts::PASSWORD, "delete_messages": false });
    let request = reqwest::Client::new().post(format!("{}/api/v1/account/delete", browser.origin));
    let answer = request.bearer_auth(browser.token.unwrap()).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let removed = |frame: &ServerFrame| match changed(frame) {
        Some(Change::MemberRemoved { member, reason: None }) => Some(member.user_id),
        _ => None,
    };
    assert_eq!(hanako.expect(removed).await, taro.id());
    assert_eq!(hanako.join(&den).await.member_count, 1);
}

#[tokio::test]
async fn when_the_last_moderator_goes_the_oldest_account_becomes_one() {
    let server = open().await;
    let (mut hanako, mut taro) = (account(&server, "hanako").await, account(&server, "taro").await);
    let (mut jiro, guest) = (account(&server, "jiro").await, server.connect("guest").await);
    let den = create(&mut hanako, "den", &[&guest, &jiro, &taro]).await.room;
    taro.join(&den).await;
    jiro.join(&den).await;
    let raised = |frame: &ServerFrame| match changed(frame) {
        Some(Change::RoleChanged { member, role }) => Some((member.user_id, role)),
        _ => None,
    };
    hanako.leave(&den).await;
    assert_eq!(jiro.expect(raised).await, (taro.id(), RoomRole::Moderator));
    let standing = |frame: &ServerFrame| match frame {
        ServerFrame::Standing { role, .. } => Some(*role),
        _ => None,
    };
    assert_eq!(taro.expect(standing).await, RoomRole::Moderator);
    done(&mut taro, role(&den, jiro.id(), RoomRole::Moderator)).await;
    taro.leave(&den).await;
    // There is one left, so nobody else becomes one.
    jiro.say(&den, "still here").await;
    assert_eq!(jiro.join(&den).await.role, RoomRole::Moderator);
    jiro.leave(&den).await;
}

#[tokio::test]
async fn a_resume_of_several_pages_tells_of_the_room_too() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "taro").await;
    let mut taro = browser.connect().await;
    let den = create(&mut taro, "den", &[]).await;
    for number in 0..260 {
        taro.say(&den.room, &format!("message {number}")).await;
    }
    let since = Some(shared::Position { epoch: den.epoch, seq: den.seq });
    let answer = taro.request(Command::JoinRoom { room: den.room.clone(), since }).await;
    let first = joined(&answer.unwrap()).unwrap();
    assert_eq!((first.more, first.details.title), (true, Some(line("den"))));
}
