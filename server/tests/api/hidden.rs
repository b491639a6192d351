//! For somebody who is no member a private room or a conversation does not exist, and from the moment of a removal on it is as if it never
//! had.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;
use shared::{Command, ErrorCode, Position, RoomAddress, RoomEvent, RoomKind, ServerFrame, Whom};

use crate::accounts::{Browser, open};
use crate::direct::converse;
use crate::doors::{account, create, entered, remove};
use crate::harness::api::Api;
use crate::harness::{At, Person, change, chat, edit, eventually, history, new_id, react};

/// As long as a real address.
const UNKNOWN: &str = "~00000000000000000000000000000000";

/// A request of each type that names a room.
const REQUESTS: [&str; 29] = [
    r#"{"type":"chat","content":"hi","client_message_id":"019aaf5e-3b7c-7d11-9d2f-5a1b0c3e4f60"}"#,
    r#"{"type":"chat","content":"hi","reply_to":3}"#,
    r#"{"type":"typing","is_typing":true}"#,
    r#"{"type":"join_room"}"#,
    r#"{"type":"join_room","since":{"epoch":1,"seq":1}}"#,
    r#"{"type":"leave_room"}"#,
    r#"{"type":"invite","username":"stranger"}"#,
    r#"{"type":"remove_member","user_id":"6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad"}"#,
    r#"{"type":"set_room_role","user_id":"6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad","role":"moderator"}"#,
    r#"{"type":"restrict","username":"stranger","kind":"mute"}"#,
    r#"{"type":"lift_restriction","username":"stranger","kind":"mute"}"#,
    r#"{"type":"list_restrictions"}"#,
    r#"{"type":"edit_room","topic":"x"}"#,
    r#"{"type":"history"}"#,
    r#"{"type":"get_messages","seqs":[3]}"#,
    r#"{"type":"list_pins"}"#,
    r#"{"type":"list_replies","target":3}"#,
    r#"{"type":"list_versions","target":3}"#,
    r#"{"type":"list_reactors","target":3,"emoji":"👍"}"#,
    r#"{"type":"members"}"#,
    r#"{"type":"watch_members","user_ids":[]}"#,
    r#"{"type":"mark_read","seq":3}"#,
    r#"{"type":"mark_unread","seq":3}"#,
    r#"{"type":"count_unread"}"#,
    r#"{"type":"edit_message","target":3,"content":"x"}"#,
    r#"{"type":"delete_message","target":3}"#,
    r#"{"type":"add_reaction","target":3,"emoji":"👍"}"#,
    r#"{"type":"remove_reaction","target":3,"emoji":"👍"}"#,
    r#"{"type":"pin_message","target":3}"#,
];

/// Requests that name no room, or one in words.
const ELSEWHERE: [&str; 7] =
    ["auth", "announce", "ping", "list_rooms", "search", "set_presence", "create_room"];

/// Sends a request with a room and returns the text of everything that comes, without ids of rooms and times.
async fn answers(person: &mut Person, request: &str, address: &str) -> Vec<String> {
    let mut body: Value = serde_json::from_str(request).unwrap();
    body["room"] = address.into();
    body["id"] = "q".into();
    person.send_text(&body.to_string()).await;
    let mut texts = Vec::new();
    for (text, _) in person.so_far().await {
        let mut frame: Value = serde_json::from_str(&text).unwrap();
        frame["timestamp"] = Value::Null;
        texts.push(frame.to_string().replace(address, "~"));
    }
    texts
}

/// A room of somebody and one other, which nobody else knows.
async fn hidden(kind: RoomKind, person: &mut Person, other: &Person) -> RoomAddress {
    let joined = match kind {
        RoomKind::Direct => converse(person, &[other]).await,
        _ => create(person, "den", &[other]).await,
    };
    joined.room
}

const HIDDEN: [RoomKind; 2] = [RoomKind::Private, RoomKind::Direct];

#[tokio::test]
async fn a_hidden_room_is_answered_as_one_that_there_is_none_of() {
    for kind in HIDDEN {
        answered_as_none(kind).await;
    }
}

async fn answered_as_none(kind: RoomKind) {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let (taro, mut stranger) = (account(&server, "taro").await, account(&server, "stranger").await);
    let den = hidden(kind, &mut hanako, &taro).await;
    let target = hanako.say(&den, "a secret").await.seq;
    hanako.change(&den, target, react("👍")).await;
    hanako.change(&den, target, edit("a secret, edited")).await;
    let mut types = BTreeSet::new();
    let _ = stranger.so_far().await;
    for request in REQUESTS {
        let hidden = answers(&mut stranger, request, den.as_str()).await;
        let unknown = answers(&mut stranger, request, UNKNOWN).await;
        assert_eq!(hidden, unknown, "{request}");
        assert!(hidden.len() <= 1, "{request}: {hidden:?}");
        let is_silent = request.contains("typing");
        assert!(is_silent || hidden[0].contains("not_a_member"), "{request}: {hidden:?}");
        types.insert(serde_json::from_str::<Value>(request).unwrap()["type"].as_str().unwrap().to_owned());
    }
    types.extend(ELSEWHERE.map(str::to_owned));
    types.insert("unpin_message".to_owned());
    assert_eq!(types, Command::TYPES.into_iter().map(str::to_owned).collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn a_hidden_room_is_answered_as_one_that_there_is_none_of_over_http() {
    for kind in HIDDEN {
        answered_as_none_over_http(kind).await;
    }
}

async fn answered_as_none_over_http(kind: RoomKind) {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let taro = account(&server, "taro").await;
    let token = Browser::sign_up(server.address, "stranger").await.token.unwrap();
    let den = hidden(kind, &mut hanako, &taro).await;
    let target = hanako.say(&den, "a secret").await.seq;
    hanako.change(&den, target, react("👍")).await;
    let api = Api::of(server.address).await;
    for request in REQUESTS {
        let mut body: Value = serde_json::from_str(request).unwrap();
        if api.operation(body["type"].as_str().unwrap()).is_none() || body.get("since").is_some() {
            continue;
        }
        if body["type"] == "lift_restriction" {
            body["user_id"] = hanako.id().to_string().into();
            body.as_object_mut().unwrap().remove("username");
        }
        let answer = async |address: &str| {
            let mut body = body.clone();
            body["room"] = address.into();
            let (status, text) = api.send(&token, &body).await;
            (status, text.replace(address, "~"))
        };
        let hidden = answer(den.as_str()).await;
        assert_eq!(hidden, answer(UNKNOWN).await, "{request}");
        assert!(hidden.1.contains("not_a_member"), "{request}: {hidden:?}");
    }
    // And whatever else has a room in its path.
    let mut count = 0;
    for (method, path) in api.paths() {
        let answer = async |address: &str| {
            let path = path.replace("{room}", address).replace("{target}", &target.0.to_string());
            let path = path.replace("{kind}", "mute").replace("{emoji}", "x");
            let path = path.replace("{user_id}", &hanako.id().to_string());
            let path = path.replace("{id}", "6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad");
            let request =
                reqwest::Client::new().request(method.clone(), format!("http://{}{path}", server.address));
            let body = serde_json::json!({ "content": "x", "role": "moderator", "kind": "mute", "seq": 1 });
            let answer = request.bearer_auth(&token).json(&body).send().await.unwrap();
            (answer.status(), answer.text().await.unwrap().replace(address, "~"))
        };
        if path.contains("{room}") {
            let hidden = answer(den.as_str()).await;
            assert_eq!(hidden, answer(UNKNOWN).await, "{method} {path}");
            // Not to mute a room is possible with any.
            let unmutes = method == reqwest::Method::DELETE && path.ends_with("/muted");
            assert!(hidden.0.is_client_error() || unmutes, "{method} {path}: {hidden:?}");
            count += 1;
        }
    }
    assert!(count > 25, "{count}");
}

#[tokio::test]
async fn no_list_no_count_and_no_page_has_a_hidden_room() {
    for kind in HIDDEN {
        leaves_no_trace(kind).await;
    }
}

async fn leaves_no_trace(kind: RoomKind) {
    let server = open().await;
    let (mut hanako, taro) = (account(&server, "hanako").await, account(&server, "taro").await);
    let browser = Browser::sign_up(server.address, "stranger").await;
    let mut stranger = browser.connect().await;
    let list = Command::ListRooms { after: None, limit: None };
    let _ = stranger.request(list.clone()).await;
    let before = server.stats().await;
    let den = hidden(kind, &mut hanako, &taro).await;
    hanako.say(&den, "@stranger a secret").await;
    let search = |query: String| Command::Search { query, limit: None, cursor: None };
    let found = async |person: &mut Person, query: &str| match person.request(search(query.to_owned())).await
    {
        Ok(ServerFrame::SearchResults(results)) => results.hits.len(),
        other => panic!("{other:?}"),
    };
    let person = tokio::sync::Mutex::new(&mut hanako);
    eventually("its member finds it", || async {
        (found(*person.lock().await, "secret").await == 1).then_some(())
    })
    .await;
    let queries = [
        "secret".to_owned(),
        format!("secret in:{den}"),
        format!("in:{den} from:hanako"),
        "from:hanako".to_owned(),
        "after:2020-01-01".to_owned(),
    ];
    for query in queries {
        assert_eq!(found(&mut stranger, &query).await, 0, "{query}");
        let mut url = reqwest::Url::parse(&format!("{}/api/search", browser.origin)).unwrap();
        url.query_pairs_mut().append_pair("q", &query);
        let request = reqwest::Client::new().get(url);
        let answer = request.bearer_auth(browser.token.as_ref().unwrap()).send().await.unwrap();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["hits"], serde_json::json!([]), "{query}: {body}");
    }
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let told = stranger.so_far().await;
    let is_trace = |text: &str| text.contains('~') || text.contains("den") || text.contains("secret");
    assert!(!told.iter().any(|(text, _)| is_trace(text)), "{told:?}");
    match stranger.request(list).await {
        Ok(ServerFrame::Rooms { rooms, .. }) => assert!(rooms.iter().all(|room| !room.room.is_private())),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.stats().await["rooms"], before["rooms"]);
    let page = async |address: &str| {
        let url = format!("{}/r/{address}", browser.origin);
        let answer = reqwest::get(url).await.unwrap();
        (answer.status(), answer.bytes().await.unwrap())
    };
    assert_eq!(page(den.as_str()).await, page(UNKNOWN).await);
}

#[tokio::test]
async fn nothing_comes_after_a_removal() {
    remove_again_and_again(200).await;
}

/// One command: `cargo test -p server --test api -- --ignored a_thousand_removals`.
#[tokio::test]
#[ignore = "takes most of a minute"]
async fn nothing_comes_after_a_thousand_removals() {
    remove_again_and_again(1_000).await;
}

/// Removes somebody again and again while their requests are on the way.
async fn remove_again_and_again(rounds: usize) {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let mut bob = account(&server, "bob").await;
    let den = create(&mut hanako, "den", &[]).await;
    let (den, epoch) = (den.room, den.epoch);
    let first = hanako.say(&den, "first words").await.seq;
    let invite = Command::Invite { room: den.clone(), whom: Whom::Id(bob.id()) };
    let mut met = 0;
    for round in 0..rounds {
        let _ = hanako.request(invite.clone()).await.unwrap();
        bob.expect(entered).await;
        let joined = bob.join(&den).await;
        let since = Some(Position { epoch, seq: shared::Seq(joined.seq.0.saturating_sub(5)) });
        let commands = [
            Command::Search { query: "words".to_owned(), limit: None, cursor: None },
            Command::JoinRoom { room: den.clone(), since },
            history(&den, At::Latest, 20),
            Command::GetMessages { room: den.clone(), seqs: vec![first] },
            Command::Members { room: den.clone(), after: None, limit: None },
            Command::CountUnread { room: den.clone() },
            chat(&den, &format!("@hanako words of bob {round}"), new_id()),
            change(&den, first, react("👍")),
            Command::JoinRoom { room: den.clone(), since: None },
            Command::ListPins { room: den.clone(), after: None, before: None },
        ];
        let removal = remove(&den, &bob);
        // Of earlier rounds a member may read.
        let secret = format!("secret-{round}- words");
        let removing = async {
            // At another moment each time.
            for _ in 0..round % 7 {
                tokio::task::yield_now().await;
            }
            hanako.request(removal).await.unwrap();
            hanako.say(&den, &secret).await;
        };
        let asking = async {
            let turn = round % commands.len();
            for command in commands[turn..].iter().chain(&commands[..turn]) {
                bob.ask(command.clone()).await;
            }
        };
        tokio::join!(removing, asking);
        let frames = bob.so_far().await;
        let is_removal = |frame: &ServerFrame| matches!(frame, ServerFrame::Left { by: Some(_), .. });
        let end = frames.iter().position(|(_, frame)| is_removal(frame)).expect("told of the removal");
        for (place, (text, frame)) in frames.iter().enumerate() {
            assert!(!text.contains(&secret), "round {round}: {text}");
            let is_refusal =
                matches!(frame, ServerFrame::Error { failure, .. } if failure.code == ErrorCode::NotAMember);
            // What was written before the removal is acked after its commit.
            let is_ack = matches!(frame, ServerFrame::Ack { .. });
            if place > end && !is_refusal && !is_ack {
                assert!(!text.contains(den.as_str()), "round {round}, after the removal: {text}");
            }
        }
        met += usize::from(end + 1 < frames.len());
    }
    assert!(met > rounds / 10, "only {met} removals met requests on their way");
}

/// Others write at the moment of a removal: what stands after it in the log does not reach the removed one, however soon
/// it was stored.
#[tokio::test]
async fn what_stands_after_a_removal_in_the_log_is_not_read() {
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let (mut bob, mut carol) = (account(&server, "bob").await, account(&server, "carol").await);
    let den = create(&mut hanako, "den", &[&carol]).await;
    let (den, epoch) = (den.room, den.epoch);
    carol.join(&den).await;
    let invite = Command::Invite { room: den.clone(), whom: Whom::Id(bob.id()) };
    for round in 0..40 {
        let _ = hanako.request(invite.clone()).await.unwrap();
        bob.expect(entered).await;
        let since = Some(Position { epoch, seq: bob.join(&den).await.seq });
        let (removal, rejoin) = (remove(&den, &bob), Command::JoinRoom { room: den.clone(), since });
        let mut answers = Vec::new();
        let asking = async {
            // Until one is refused.
            while let Ok(frame) = bob.request(history(&den, At::Latest, 5)).await {
                answers.push(frame);
                answers.extend(bob.request(rejoin.clone()).await);
            }
        };
        let writing = async {
            for number in 0..40 {
                carol.ask(chat(&den, &format!("{round}.{number}"), new_id())).await;
                // So that some of them are stored together with the removal, after it.
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
            }
        };
        let _ = tokio::join!(hanako.ask(removal), writing, asking);
        let (told, frames, _) = (hanako.so_far().await, bob.so_far().await, carol.so_far().await);
        answers.extend(frames.into_iter().map(|(_, frame)| frame));
        let removed = told.iter().find_map(|(_, frame)| match frame {
            ServerFrame::Event(RoomEvent::Changed(changed)) if changed.change.kind() == "member_removed" => {
                Some(changed.seq)
            }
            _ => None,
        });
        let removed = removed.expect("the others see the removal");
        for frame in &answers {
            let events = match frame {
                ServerFrame::Event(event) => std::slice::from_ref(event),
                ServerFrame::History(history) => &history.events[..],
                ServerFrame::Joined(joined) => &joined.events[..],
                _ => &[],
            };
            assert!(
                events.iter().all(|event| event.seq() <= removed),
                "round {round}, after {removed}: {frame:?}"
            );
        }
    }
}

/// One command for the figure: `cargo test --release -p server --test api -- --ignored hidden_room_takes`.
#[tokio::test]
#[ignore = "measures times, on a quiet machine"]
async fn a_hidden_room_takes_as_long_as_one_that_there_is_none_of() {
    for kind in HIDDEN {
        takes_as_long(kind).await;
    }
}

async fn takes_as_long(kind: RoomKind) {
    const TRIES: usize = 1_000;
    let server = open().await;
    let mut hanako = account(&server, "hanako").await;
    let (taro, mut stranger) = (account(&server, "taro").await, account(&server, "stranger").await);
    let den = hidden(kind, &mut hanako, &taro).await;
    for number in 0..50 {
        hanako.say(&den, &format!("message {number}")).await;
    }
    for request in [r#"{"type":"join_room"}"#, r#"{"type":"history"}"#, r#"{"type":"chat","content":"x"}"#] {
        let mut times = [Vec::new(), Vec::new()];
        for number in 0..2 * TRIES {
            // Each is asked first as often as second: the runtime answers every other request faster.
            let which = (number + number / 2) % 2;
            let address = [den.as_str(), UNKNOWN][which];
            let mut body: Value = serde_json::from_str(request).unwrap();
            body["room"] = address.into();
            let text = body.to_string();
            let start = Instant::now();
            stranger.send_text(&text).await;
            stranger.next().await;
            times[which].push(start.elapsed());
        }
        let [hidden, unknown] = times.map(|mut times| {
            times.sort();
            times[TRIES / 2].as_secs_f64() * 1e6
        });
        let apart = (hidden - unknown).abs() / unknown * 100.0;
        println!("{request}: {hidden:.1} and {unknown:.1} µs, {apart:.2} % apart");
        assert!(apart < 2.0, "{request}: {hidden} and {unknown} µs");
    }
}
