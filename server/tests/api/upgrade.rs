//! A data folder of an earlier release opens with every message, mark and guest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hiroba::config::Config;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{Action, ClientMessageId, Command, Joined, Seq, UserId};

use crate::harness::{Person, TestServer, chat, edit, general, new_id, react, room};

const DATABASE: &str = "hiroba.db";
const PEOPLE: &str = "people.json";
const EXPORT: &str = "export";

/// What a guest knew when the earlier release stopped.
#[derive(Serialize, Deserialize)]
struct Known {
    name: String,
    id: UserId,
    session: String,
    /// By room: the read mark and the unread count.
    rooms: BTreeMap<String, Value>,
    /// A message of theirs in `general`.
    sent: (ClientMessageId, String, Seq),
}

fn marks(joined: &Joined) -> Value {
    json!({ "read_seq": joined.read_seq, "unread": joined.unread })
}

/// The files of an export, without the time at which it was made.
fn exported(folder: &Path) -> BTreeMap<String, Vec<Value>> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let lines = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let mut lines: Vec<Value> = lines.collect();
        let room = lines[0].as_object_mut().unwrap();
        room.remove("exported_at").expect("the first line is the room");
        // Exports of then did not tell it.
        room.remove("permanent");
        lines
    };
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), lines(&path))).collect()
}

async fn opens_whole(fixture: &Path, settings: impl FnOnce(&mut Config)) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(fixture.join(DATABASE), folder.path().join(DATABASE)).unwrap();
    let server = TestServer::start_in_with(folder, settings).await;
    let people: Vec<Known> =
        serde_json::from_str(&std::fs::read_to_string(fixture.join(PEOPLE)).unwrap()).unwrap();
    let now = tempfile::tempdir().unwrap();
    let now = now.path().join(EXPORT);
    hiroba::maintenance::export(server.folder(), &now).await.unwrap();
    assert_eq!(exported(&now), exported(&fixture.join(EXPORT)));
    for known in &people {
        let mut person = Person::resume(server.address, &known.session, &[]).await;
        assert!(person.welcome().resumed);
        assert_eq!((person.id(), person.name()), (known.id, known.name.as_str()));
        for (name, before) in &known.rooms {
            assert_eq!(marks(&person.join(&room(name)).await), *before, "{} in {name}", known.name);
        }
        let (id, content, seq) = &known.sent;
        let acked =
            person.say_as(&general(), content, *id).await.expect("what was stored is acknowledged again");
        assert_eq!(acked.seq, *seq, "and not stored twice");
    }
    let mut new = server.connect("alice").await;
    assert_eq!(new.name(), "alice-2", "the guest's name is taken");
    new.say(&general(), "and it goes on").await;
    let folder = server.stop().await;
    hiroba::maintenance::check(folder.path()).await.expect("everything is whole");
}

#[tokio::test]
async fn a_folder_of_the_release_before_accounts_opens_whole() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/before-accounts");
    // Guests were always let in: they still are, where a new server would wait for its owner.
    let public = |config: &mut Config| config.public_url = Some("https://chat.example".parse().unwrap());
    opens_whole(&fixture, public).await;
}

/// `HIROBA_FIXTURE=FOLDER` keeps the folder, as the fixture of the present release.
#[tokio::test]
async fn a_folder_of_the_present_release_opens_whole() {
    let passing = tempfile::tempdir().unwrap();
    let target = std::env::var_os("HIROBA_FIXTURE").map_or_else(|| passing.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&target).unwrap();
    write_fixture(&target).await;
    opens_whole(&target, |_| {}).await;
}

async fn write_fixture(target: &Path) {
    let server = TestServer::start().await;
    let mut alice = server.connect("alice").await;
    let mut bob = server.connect("ボブ").await;
    let mut carol = server.connect("Carol").await;
    let (tea, talk) = (room("tea"), room("雑談"));
    for person in [&mut alice, &mut bob, &mut carol] {
        person.join(&tea).await;
    }
    alice.join(&talk).await;
    server.demo("old").await.send_text(r#"{"type":"chat","room":"general","content":"from the demo"}"#).await;

    let mut sent = Vec::new();
    for person in [&mut alice, &mut bob, &mut carol] {
        let (id, content) = (new_id(), format!("こんにちは、{} here", person.name()));
        let ack = person.say_as(&general(), &content, id).await.unwrap();
        sent.push((id, content, ack.seq));
    }
    let root = alice.say(&tea, "**Sencha** or `hojicha`? @Carol").await;
    carol.reply(&tea, root.seq, "焙じ茶").await.unwrap();
    bob.change(&tea, root.seq, react("🍵")).await;
    carol.change(&tea, root.seq, react("🍵")).await;
    alice.change(&tea, root.seq, Action::PinMessage).await;
    let edited = bob.say(&tea, "with mlik").await;
    bob.change(&tea, edited.seq, edit("with milk")).await;
    bob.change(&tea, edited.seq, edit("with oat milk")).await;
    let regretted = carol.say(&tea, "nobody reads this").await;
    carol.change(&tea, regretted.seq, Action::DeleteMessage).await;
    for number in 0..40 {
        alice.say(&talk, &format!("独り言 {number}")).await;
    }
    alice.leave(&talk).await;
    bob.request(Command::MarkRead { room: tea.clone(), seq: edited.seq }).await.unwrap();
    carol.request(chat(&tea, "さようなら", new_id())).await.unwrap();

    let mut people = Vec::new();
    for (mut person, sent) in [alice, bob, carol].into_iter().zip(sent) {
        let mut rooms = BTreeMap::new();
        for name in ["general", "tea"] {
            rooms.insert(name.to_owned(), marks(&person.join(&room(name)).await));
        }
        let (name, id, session) = (person.name().to_owned(), person.id(), person.session());
        people.push(Known { name, id, session, rooms, sent });
        // Not closed, so that they are still members.
        std::mem::forget(person);
    }
    let folder = server.stop().await;
    std::fs::copy(folder.path().join(DATABASE), target.join(DATABASE)).unwrap();
    std::fs::write(target.join(PEOPLE), serde_json::to_string_pretty(&people).unwrap()).unwrap();
    hiroba::maintenance::export(folder.path(), &target.join(EXPORT)).await.unwrap();
}
