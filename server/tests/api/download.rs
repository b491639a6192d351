//! Downloading what is stored about one's account.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::Action;
use shared::account::SignUp;

use crate::accounts::{Browser, open};
use crate::harness::{Process, TestServer, chat, edit, eventually, general, new_id, react, room};

const PATH: &str = "/api/v1/account/download";

impl Browser {
    async fn download(&self) -> Response {
        let request = reqwest::Client::new().get(format!("{}{PATH}", self.origin));
        request.bearer_auth(self.token.as_deref().unwrap_or_default()).send().await.unwrap()
    }

    /// The lines of a whole download.
    async fn everything(&self) -> Vec<Value> {
        let answer = self.download().await;
        assert_eq!(answer.status(), StatusCode::OK);
        lines(&answer.text().await.unwrap())
    }
}

fn lines(text: &str) -> Vec<Value> {
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, others) = lines.split_last().unwrap();
    assert_eq!(*last, json!({ "type": "end", "lines": others.len() }), "it is whole");
    lines
}

fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

#[tokio::test]
async fn somebody_downloads_what_is_stored_of_them_and_nothing_of_anybody_else() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "花子").await;
    let other = Browser::sign_up(server.address, "secretbob").await;
    let (mut hanako, mut bob) = (browser.connect().await, other.connect().await);
    let (tea, left) = (room("tea"), room("left"));
    for person in [&mut hanako, &mut bob] {
        person.join(&tea).await;
        person.join(&left).await;
    }
    let first = hanako.say(&tea, "I wrote this").await.seq;
    let bobs = bob.say(&tea, "SECRET of bob").await.seq;
    let replied = hanako.reply(&tea, bobs, "and answered").await.unwrap().seq;
    hanako.change(&tea, first, edit("I wrote that")).await;
    hanako.change(&tea, bobs, react("🎉")).await;
    bob.change(&tea, first, react("👀")).await;
    let gone = hanako.say(&left, "to be taken back").await.seq;
    hanako.change(&left, gone, Action::DeleteMessage).await;
    hanako.say(&left, "from a room that I left").await;
    hanako.leave(&left).await;
    browser.ask(reqwest::Method::PATCH, "/api/v1/account", Some(json!({ "name": "花" }))).await;
    browser
        .ask(reqwest::Method::PUT, "/api/v1/preferences/favourites", Some(json!({ "rooms": [tea] })))
        .await;
    browser.ask(reqwest::Method::PUT, "/api/v1/preferences/rooms/general/muted", None).await;

    let answer = browser.download().await;
    let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-type").as_str(), header("cache-control").as_str()),
        ("application/x-ndjson", "no-store")
    );
    let file = header("content-disposition");
    assert!(file.starts_with("attachment; filename=\"hiroba-_-20"), "{file}");
    assert!(file.contains("filename*=UTF-8''hiroba-%E8%8A%B1-20"), "{file}");
    let text = answer.text().await.unwrap();
    assert!(!text.contains("bob") && !text.contains("SECRET") && !text.contains("👀"), "{text}");
    let found = lines(&text);
    let account = of(&found, "account")[0];
    assert_eq!((&account["name"], &account["role"]), (&json!("花"), &json!("member")));
    assert_eq!(account["former_names"], json!(["花子"]));
    assert_eq!(account["user_id"], json!(hanako.id()));
    let sessions = of(&found, "session");
    assert_eq!(
        (sessions.len(), &sessions[0]["current"], &sessions[0]["address"]),
        (1, &json!(true), &json!("127.0.0.1"))
    );
    let rooms: Vec<_> =
        of(&found, "room").iter().map(|room| (room["room"].clone(), room["member"].clone())).collect();
    let expected = [("general", true), ("tea", true), ("left", false)];
    assert_eq!(rooms, expected.map(|(room, member)| (json!(room), json!(member))));
    assert_eq!(of(&found, "room")[1]["read_seq"], json!(replied));
    let texts: Vec<_> = of(&found, "message").iter().map(|message| message["content"].clone()).collect();
    assert_eq!(
        texts,
        ["I wrote that", "and answered", "", "from a room that I left"].map(|text| json!(text))
    );
    let messages = of(&found, "message");
    assert_eq!((&messages[0]["original"], &messages[0]["seq"]), (&json!("I wrote this"), &json!(first)));
    assert_eq!(messages[1]["reply_to"], json!(bobs));
    assert_eq!(messages[2]["deleted"], json!(true));
    assert_eq!(of(&found, "message_edited")[0]["content"], json!("I wrote that"));
    let reactions = of(&found, "reaction_added");
    assert_eq!(
        (reactions.len(), &reactions[0]["target"], &reactions[0]["emoji"]),
        (1, &json!(bobs), &json!("🎉"))
    );

    let preferences = of(&found, "preferences");
    assert_eq!(
        (preferences.len(), &preferences[0]["favourites"], &preferences[0]["muted"]),
        (1, &json!([tea]), &json!(["general"]))
    );

    let of_bob = other.everything().await;
    assert!(of(&of_bob, "preferences").is_empty());
    let texts: Vec<_> = of(&of_bob, "message").iter().map(|message| message["content"].clone()).collect();
    assert_eq!(texts, [json!("SECRET of bob")]);
}

#[tokio::test]
async fn invitations_that_somebody_made_are_in_it_without_their_secrets() {
    let server = TestServer::start().await;
    let owner = crate::entrance::owner(&server).await;
    let body = json!({ "expires_in": 3_600, "uses": 2 });
    let (status, made) = owner.ask(reqwest::Method::POST, "/api/v1/invitations", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let text = owner.download().await.text().await.unwrap();
    let found = lines(&text);
    let links = of(&found, "link");
    assert_eq!((links.len(), &links[0]["kind"], &links[0]["own"]), (1, &json!("invitation"), &json!(true)));
    assert_eq!((&links[0]["id"], &links[0]["uses_left"]), (&made["id"], &json!(2)));
    assert!(!text.contains(made["link"].as_str().unwrap()));
    assert!(!text.contains("argon2"));
}

#[tokio::test]
async fn a_download_needs_a_token_and_ends_with_its_session() {
    let server = open().await;
    let nobody = Browser::new(server.address).download().await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let mut browser = Browser::sign_up(server.address, "hanako").await;
    let mut hanako = browser.connect().await;
    for number in 0..2_000 {
        hanako.send(chat(&general(), &format!("{number} {}", "x".repeat(3_900)), new_id())).await;
    }
    hanako.join(&general()).await;
    let mut pages = browser.download().await;
    pages.chunk().await.unwrap().unwrap();
    browser.post("/api/v1/sign-out", None).await;
    let mut read = 0;
    let broken = loop {
        match pages.chunk().await {
            Ok(Some(page)) => read += page.len(),
            Err(error) => break error,
            Ok(None) => panic!("{read} bytes came, as if it were whole"),
        }
    };
    assert!(read < 7_000_000, "{read} bytes came before {broken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_much_it_is_the_server_holds_a_page_and_one_download_runs_at_a_time() {
    const MESSAGES: usize = 20_000;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off", "--sign-up", "open"]);
    let browser = Browser::sign_up(server.address, "hanako").await;
    let mut hanako = browser.connect().await;
    let content = "x".repeat(1_000);
    let (mut sent, mut acked) = (0, 0);
    while acked < MESSAGES {
        if sent < MESSAGES && sent < acked + 500 {
            hanako.send(chat(&general(), &content, new_id())).await;
            sent += 1;
        } else {
            hanako.expect(crate::harness::acked).await;
            acked += 1;
        }
    }
    server.forget_peak();
    let before = server.resident_kib();
    let mut pages = browser.download().await;
    let mut text = pages.chunk().await.unwrap().unwrap().to_vec();
    let second = browser.download().await;
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS, "one at a time");
    while let Some(page) = pages.chunk().await.unwrap() {
        text.extend(page);
    }
    let found = lines(std::str::from_utf8(&text).unwrap());
    assert_eq!(of(&found, "message").len(), MESSAGES);
    assert!(text.len() > 20_000_000);
    let grown = server.peak_kib().saturating_sub(before);
    assert!(grown < 8 * 1024, "{} bytes went through and the server grew by {grown} KiB", text.len());

    let begun = browser.download().await;
    assert_eq!(begun.status(), StatusCode::OK);
    drop(begun);
    eventually("who goes away ends the download", async || {
        (browser.download().await.status() == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_few_downloads_an_hour_are_enough() {
    let server = TestServer::start_with(|config| {
        config.rate_limits = true;
        config.entrance.sign_up = Some(SignUp::Open);
    })
    .await;
    let browser = Browser::sign_up(server.address, "hanako").await;
    for _ in 0..5 {
        browser.everything().await;
    }
    let answer = browser.download().await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let body: Value = answer.json().await.unwrap();
    let minutes = body["retry_after_ms"].as_u64().unwrap() / 60_000;
    assert!((10..=12).contains(&minutes), "{body}");
    Browser::sign_up(server.address, "taro").await.everything().await;
}
