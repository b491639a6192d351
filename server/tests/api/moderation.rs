//! Keeping order: whoever was removed, banned or muted stays so, over every path and a restart; nobody else is concerned.

use std::time::Duration;

use shared::limits::REMOVED_FOR_SECONDS;
use shared::{
    Action, Change, Command, DetailsChange, ErrorCode, Failure, Muted, Privilege, RestrictionKind,
    RoomAddress, RoomEvent, RoomRole, ServerFrame, UserName, Whom,
};

use crate::accounts::open;
use crate::doors::{account, create, entered, line, remove};
use crate::harness::{
    Person, TestServer, change, chat, edit, general, joined, message, new_id, react, room, said, text,
};
use crate::permissions::set_role;

fn restrict(room: &RoomAddress, whom: &Person, kind: RestrictionKind, seconds: Option<u32>) -> Command {
    let whom = Whom::Id(whom.id());
    Command::Restrict { room: room.clone(), whom, kind, seconds, reason: Some(line("spam")) }
}

fn lift(room: &RoomAddress, name: &str, kind: RestrictionKind) -> Command {
    let whom = Whom::Name(UserName::new(name).unwrap());
    Command::LiftRestriction { room: room.clone(), whom, kind }
}

fn used(room: &RoomAddress, change: DetailsChange) -> Command {
    Command::EditRoom { room: room.clone(), change }
}

fn slow(room: &RoomAddress, seconds: u32) -> Command {
    used(room, DetailsChange { slow_seconds: Some(seconds), ..DetailsChange::default() })
}

fn archive(room: &RoomAddress, archived: bool) -> Command {
    used(room, DetailsChange { archived: Some(archived), ..DetailsChange::default() })
}

fn join(room: &RoomAddress) -> Command {
    Command::JoinRoom { room: room.clone(), since: None }
}

fn hello(room: &RoomAddress) -> Command {
    chat(room, "hello", new_id())
}

async fn done(person: &mut Person, command: Command) {
    let answer = person.request(command).await;
    assert!(matches!(answer, Ok(ServerFrame::Done { .. })), "{answer:?}");
}

async fn refused(person: &mut Person, command: Command) -> Failure {
    person.request(command).await.expect_err("it is refused")
}

/// The mutes that a `standing` tells: one or none.
/// Whether somebody finds a room in the list of all.
pub async fn is_listed(person: &mut Person, room: &RoomAddress) -> bool {
    match person.request(Command::ListRooms { after: None, limit: None }).await {
        Ok(ServerFrame::Rooms { rooms, .. }) => rooms.iter().any(|one| one.room == *room),
        other => panic!("{other:?}"),
    }
}

fn muted(frame: &ServerFrame) -> Option<Vec<Muted>> {
    match frame {
        ServerFrame::Standing { muted, .. } => Some(muted.iter().cloned().collect()),
        _ => None,
    }
}

fn removal(frame: &ServerFrame) -> Option<(String, Option<String>)> {
    match frame {
        ServerFrame::Event(RoomEvent::Changed(changed)) => match &changed.change {
            Change::MemberRemoved { member, reason } => {
                Some((member.user.to_string(), reason.as_ref().map(ToString::to_string)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn dismissal(frame: &ServerFrame) -> Option<(Option<String>, Option<String>)> {
    match frame {
        ServerFrame::Left { by, reason, .. } => {
            Some((by.as_ref().map(|by| by.user.to_string()), reason.as_ref().map(ToString::to_string)))
        }
        _ => None,
    }
}

/// An administrator who is in a public room, and that room.
async fn chief(server: &TestServer) -> (Person, RoomAddress) {
    let mut chief = account(server, "chief").await;
    set_role(server, "chief", 1).await;
    let square = chief.join(&room("square")).await.room;
    (chief, square)
}

#[tokio::test]
async fn whoever_is_removed_from_a_public_room_stays_out_for_a_while_also_over_a_restart() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut mallory = account(&server, "mallory").await;
    let mut guest = server.connect("guest").await;
    mallory.join(&square).await;
    guest.join(&square).await;
    done(&mut chief, remove(&square, &mallory)).await;
    assert_eq!(guest.expect(removal).await, ("mallory".to_owned(), Some("for a reason".to_owned())));
    assert_eq!(mallory.expect(dismissal).await, (Some("chief".to_owned()), Some("for a reason".to_owned())));
    let most = u64::from(REMOVED_FOR_SECONDS) * 1_000;
    for command in [join(&square), hello(&square)] {
        let failure = refused(&mut mallory, command).await;
        assert_eq!((failure.code, failure.room.as_ref()), (ErrorCode::Banned, Some(&square)));
        assert!(
            failure.retry_after_ms.is_some_and(|left| left > most - 60_000 && left <= most),
            "{failure:?}"
        );
    }
    guest.say(&square, "quiet again").await;
    mallory.expect_none(message).await;
    // A guest, who is nowhere stored as a member, is removed as well.
    done(&mut chief, remove(&square, &guest)).await;
    assert_eq!(guest.expect(dismissal).await.0, Some("chief".to_owned()));

    let (session, browser_name) = (guest.session(), mallory.name().to_owned());
    let server = server.restart().await;
    let mut guest = server.resume(&session, &[]).await;
    assert_eq!(refused(&mut guest, join(&square)).await.code, ErrorCode::Banned);
    let mut back = crate::accounts::Browser::sign_in(server.address, &browser_name).await.connect().await;
    assert_eq!(refused(&mut back, join(&square)).await.code, ErrorCode::Banned);
    assert_eq!(back.join(&general()).await.room, general(), "other rooms are as before");
}

#[tokio::test]
async fn a_demo_client_that_was_removed_is_told_so_when_it_writes() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut demo = server.demo("old").await;
    demo.send(chat(&square, "hi", None)).await;
    let sender = chief.expect(message).await.sender_id;
    let command = Command::RemoveMember { room: square.clone(), user_id: sender, reason: None };
    done(&mut chief, command).await;
    demo.send(chat(&square, "hi again", None)).await;
    let code = demo
        .expect(|frame| match frame {
            ServerFrame::Error { failure, .. } => Some(failure.code),
            _ => None,
        })
        .await;
    assert_eq!(code, ErrorCode::Banned);
    chief.join(&general()).await;
    demo.send(chat(&general(), "elsewhere", None)).await;
    chief.expect(|frame| message(frame).filter(|posted| said(posted) == "elsewhere")).await;
}

#[tokio::test]
async fn a_mute_ends_by_itself_and_reading_goes_on() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut mallory = account(&server, "mallory").await;
    mallory.join(&square).await;
    let first = mallory.say(&square, "first").await;
    done(&mut chief, restrict(&square, &mallory, RestrictionKind::Mute, Some(2))).await;
    let told = mallory.expect(muted).await.remove(0);
    assert!(told.left_ms.is_some_and(|left| left <= 2_000) && told.reason == Some(line("spam")), "{told:?}");
    for command in [
        hello(&square),
        change(&square, first.seq, edit("second")),
        change(&square, first.seq, react("👍")),
        change(&square, first.seq, Action::PinMessage),
    ] {
        let failure = refused(&mut mallory, command).await;
        assert_eq!(failure.code, ErrorCode::Muted);
        assert!(failure.retry_after_ms.is_some_and(|left| left <= 2_001), "{failure:?}");
    }
    // What somebody wrote is theirs to delete.
    mallory.change(&square, first.seq, Action::DeleteMessage).await;
    chief.say(&square, "you can read this").await;
    let read = |frame: &ServerFrame| message(frame).filter(|posted| said(posted) == "you can read this");
    mallory.expect(read).await;
    let again = mallory.join(&square).await;
    assert!(again.muted.is_some_and(|muted| muted.left_ms.is_some()));
    mallory.say(&general(), "elsewhere one may write").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    mallory.say(&square, "I am back").await;
    assert_eq!(mallory.join(&square).await.muted, None);
}

#[tokio::test]
async fn bans_and_mutes_are_listed_and_lifted() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let (mut mallory, mut trudy) = (account(&server, "mallory").await, account(&server, "trudy").await);
    mallory.join(&square).await;
    trudy.join(&square).await;
    done(&mut chief, restrict(&square, &mallory, RestrictionKind::Ban, None)).await;
    assert_eq!(mallory.expect(dismissal).await, (Some("chief".to_owned()), Some("spam".to_owned())));
    done(&mut chief, restrict(&square, &trudy, RestrictionKind::Mute, None)).await;
    assert_eq!(trudy.expect(muted).await[0].left_ms, None);
    let list = || Command::ListRestrictions { room: square.clone() };
    let listed = |answer: Result<ServerFrame, Failure>| match answer {
        Ok(ServerFrame::Restrictions { restrictions, .. }) => {
            let told = |one: &shared::Restriction| {
                (one.user.to_string(), one.kind, one.until, one.by.user.to_string())
            };
            restrictions.iter().map(told).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let chief_name = "chief".to_owned();
    assert_eq!(
        listed(chief.request(list()).await),
        [
            ("trudy".to_owned(), RestrictionKind::Mute, None, chief_name.clone()),
            ("mallory".to_owned(), RestrictionKind::Ban, None, chief_name)
        ]
    );
    assert_eq!(refused(&mut trudy, list()).await.code, ErrorCode::Forbidden);
    assert_eq!(refused(&mut mallory, join(&square)).await.retry_after_ms, None, "until it is lifted");
    done(&mut chief, lift(&square, "mallory", RestrictionKind::Ban)).await;
    done(&mut chief, lift(&square, "trudy", RestrictionKind::Mute)).await;
    assert_eq!(trudy.expect(muted).await, []);
    trudy.say(&square, "thank you").await;
    mallory.join(&square).await;
    mallory.say(&square, "here again").await;
    assert_eq!(listed(chief.request(list()).await), []);
    // Ending what there is not does no harm.
    done(&mut chief, lift(&square, "mallory", RestrictionKind::Ban)).await;
    let nobody = refused(&mut chief, lift(&square, "nobody at all", RestrictionKind::Ban)).await;
    assert_eq!(nobody.code, ErrorCode::NoSuchUser);
}

#[tokio::test]
async fn nobody_restricts_those_who_may_more_or_themselves() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut warden = account(&server, "warden").await;
    warden.join(&square).await;
    let command =
        Command::SetRoomRole { room: square.clone(), user_id: warden.id(), role: RoomRole::Moderator };
    done(&mut chief, command).await;
    for kind in [RestrictionKind::Ban, RestrictionKind::Mute] {
        assert_eq!(
            refused(&mut warden, restrict(&square, &chief, kind, None)).await.code,
            ErrorCode::Forbidden
        );
        let own = Command::Restrict {
            room: square.clone(),
            whom: Whom::Id(chief.id()),
            kind,
            seconds: None,
            reason: None,
        };
        assert_eq!(refused(&mut chief, own).await.code, ErrorCode::Forbidden);
    }
    assert_eq!(refused(&mut warden, remove(&square, &chief)).await.code, ErrorCode::Forbidden);
    done(&mut chief, restrict(&square, &warden, RestrictionKind::Mute, Some(60))).await;
    assert_eq!(refused(&mut warden, hello(&square)).await.code, ErrorCode::Muted);
}

#[tokio::test]
async fn in_slow_mode_members_wait_and_moderators_do_not() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut member = account(&server, "member").await;
    assert!(!member.join(&square).await.may.contains(&Privilege::SlowMode));
    done(&mut chief, slow(&square, 2)).await;
    member.say(&square, "one").await;
    let failure = refused(&mut member, chat(&square, "two", new_id())).await;
    assert_eq!(failure.code, ErrorCode::SlowMode);
    let left = failure.retry_after_ms.expect("how long");
    assert!(left <= 2_001, "{left}");
    for number in 0..3 {
        chief.say(&square, &format!("order {number}")).await;
    }
    member.say(&general(), "elsewhere one need not wait").await;
    tokio::time::sleep(Duration::from_millis(left)).await;
    member.say(&square, "two").await;
    done(&mut chief, slow(&square, 0)).await;
    for number in 3..6 {
        member.say(&square, &number.to_string()).await;
    }
    // What a room demands lasts over a restart.
    done(&mut chief, slow(&square, 60)).await;
    let server = server.restart().await;
    let mut guest = server.connect("guest").await;
    assert_eq!(guest.join(&square).await.details.slow_seconds, 60);
    guest.say(&square, "one").await;
    assert_eq!(refused(&mut guest, hello(&square)).await.code, ErrorCode::SlowMode);
}

#[tokio::test]
async fn an_archived_room_is_read_and_not_written_and_stays() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut member = account(&server, "member").await;
    member.join(&square).await;
    let first = member.say(&square, "for the archive").await.seq;
    let mut watcher = server.connect("watcher").await;
    let list = Command::ListRooms { after: None, limit: None };
    let names = |answer: Result<ServerFrame, Failure>| match answer {
        Ok(ServerFrame::Rooms { rooms, .. }) => {
            rooms.into_iter().map(|room| room.room.to_string()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert!(names(watcher.request(list.clone()).await).contains(&"square".to_owned()));
    done(&mut chief, archive(&square, true)).await;
    let removed = |frame: &ServerFrame| match frame {
        ServerFrame::RoomRemoved { room } => Some(room.clone()),
        _ => None,
    };
    assert_eq!(watcher.expect(removed).await, square);
    for command in [hello(&square), change(&square, first, edit("x")), change(&square, first, react("👍"))]
    {
        for person in [&mut member, &mut chief] {
            assert_eq!(refused(person, command.clone()).await.code, ErrorCode::Archived);
        }
    }
    let server = server.restart().await;
    let mut reader = server.connect("reader").await;
    let told = reader.join(&square).await;
    assert!(told.details.archived);
    let texts = told.events.iter().filter_map(|event| match event {
        RoomEvent::Posted(posted) => Some(said(posted)),
        _ => None,
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["for the archive"]);
    assert_eq!(refused(&mut reader, hello(&square)).await.code, ErrorCode::Archived);
    assert!(!names(reader.request(list.clone()).await).contains(&"square".to_owned()));

    let mut chief = crate::accounts::Browser::sign_in(server.address, "chief").await.connect().await;
    chief.expect(joined).await;
    chief.join(&square).await;
    done(&mut chief, archive(&square, false)).await;
    reader.say(&square, "open again").await;
    assert!(names(reader.request(list).await).contains(&"square".to_owned()));
    let general = general();
    assert_eq!(refused(&mut chief, archive(&general, true)).await.code, ErrorCode::Forbidden);
    let own = DetailsChange { permanent: Some(false), ..DetailsChange::default() };
    assert_eq!(refused(&mut chief, used(&general, own)).await.code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_permanent_room_stays_in_the_list_when_nobody_is_in_it() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    done(&mut chief, used(&square, DetailsChange { permanent: Some(true), ..DetailsChange::default() }))
        .await;
    chief.leave(&square).await;
    assert!(is_listed(&mut chief, &square).await);
    let server = server.restart().await;
    let mut guest = server.connect("guest").await;
    assert!(is_listed(&mut guest, &square).await);
    assert!(guest.join(&square).await.details.permanent);
}

#[tokio::test]
async fn whoever_is_banned_from_a_private_room_is_not_invited_again() {
    let server = open().await;
    let (mut chief, mut mallory) = (account(&server, "chief").await, account(&server, "mallory").await);
    let den = create(&mut chief, "den", &[&mallory]).await.room;
    mallory.expect(entered).await;
    mallory.join(&den).await;
    done(&mut chief, restrict(&den, &mallory, RestrictionKind::Ban, None)).await;
    assert_eq!(mallory.expect(dismissal).await.0, Some("chief".to_owned()));
    assert_eq!(refused(&mut mallory, join(&den)).await.code, ErrorCode::NotAMember, "as if it did not exist");
    let invite = || Command::Invite { room: den.clone(), whom: Whom::Id(mallory.id()) };
    let invitation = invite();
    assert_eq!(refused(&mut chief, invitation.clone()).await.code, ErrorCode::Banned);
    done(&mut chief, lift(&den, "mallory", RestrictionKind::Ban)).await;
    done(&mut chief, invitation).await;
    assert_eq!(mallory.expect(entered).await, den);
}

#[tokio::test]
async fn an_administrator_tells_everybody_something() {
    let server = open().await;
    let (mut chief, _) = chief(&server).await;
    let mut guest = server.connect("guest").await;
    let announcement = || Command::Announce { content: text("18時にメンテナンスを行います") };
    assert_eq!(refused(&mut guest, announcement()).await.code, ErrorCode::Forbidden);
    done(&mut chief, announcement()).await;
    let told = |frame: &ServerFrame| match frame {
        ServerFrame::Announcement { by, content, .. } => Some((by.user.to_string(), content.to_string())),
        _ => None,
    };
    assert_eq!(guest.expect(told).await, ("chief".to_owned(), "18時にメンテナンスを行います".to_owned()));
}

/// Whoever comes back again and again is out once they are told of the ban, and gets nothing more.
#[tokio::test]
async fn nobody_slips_in_while_they_are_banned() {
    let server = open().await;
    let (mut chief, square) = chief(&server).await;
    let mut mallory = server.connect("mallory").await;
    for round in 0..40 {
        mallory.join(&square).await;
        let mut asked = Vec::new();
        for _ in 0..3 {
            mallory.send(Command::LeaveRoom { room: square.clone() }).await;
            asked.push(mallory.ask(join(&square)).await);
        }
        let ban = restrict(&square, &mallory, RestrictionKind::Ban, None);
        done(&mut chief, ban).await;
        for id in &asked {
            let _ = mallory.answer(id).await;
        }
        // Everything that was under way has been answered by now.
        let _ = mallory.request(Command::Ping).await;
        let _ = mallory.so_far().await;
        chief.say(&square, &format!("round {round}")).await;
        assert_eq!(refused(&mut mallory, join(&square)).await.code, ErrorCode::Banned);
        let seen = mallory.so_far().await;
        assert!(!seen.iter().any(|(text, _)| text.contains("round")), "round {round}: {seen:?}");
        done(&mut chief, lift(&square, "mallory", RestrictionKind::Ban)).await;
    }
}
