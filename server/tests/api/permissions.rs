//! docs/permissions.md against a running server: every role, action and kind of room.

use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    Action, Command, DetailsChange, ErrorCode, RestrictionKind, RoomAddress, RoomKind, RoomRole, UserName,
    Whom,
};

use crate::accounts::{Browser, open};
use crate::direct::{converse, with};
use crate::doors::{account, create, line, private, remove};
use crate::harness::api::{self, Api};
use crate::harness::{At, Person, TestServer, change, chat, database, history, joined, new_id, room};
use crate::reports::{ask, path_of};

/// A cell of the document: the action, the role, and whether it is allowed.
type Cell = (String, String, bool);

/// Reads a table of the document.
fn table(heading: &str) -> Vec<Cell> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/permissions.md");
    let document = std::fs::read_to_string(file).unwrap();
    let part = document.split("\n## ").find(|part| part.starts_with(heading)).expect("the table");
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut rows = part.lines().filter(|row| row.starts_with('|')).map(cells);
    let roles = rows.next().expect("a head").split_off(2);
    let mut table = Vec::new();
    for mut row in rows.skip(1) {
        let action = row[0].trim_matches('`').to_owned();
        for (role, cell) in roles.iter().zip(row.drain(2..)) {
            table.push((action.clone(), role.clone(), cell == "yes"));
        }
    }
    table
}

/// Everybody whom a table names, and a room of the kind.
struct Scene {
    server: TestServer,
    kind: RoomKind,
    room: RoomAddress,
    /// What requests are sent by, if not by the socket.
    api: Option<Api>,
    /// A moderator of the room and administrator; or whoever begins the conversations.
    host: Person,
    count: usize,
}

impl Scene {
    async fn new(kind: RoomKind, over_http: bool) -> Self {
        let server = open().await;
        let api = if over_http { Some(Api::of(server.address).await) } else { None };
        let mut host = account(&server, "host").await;
        set_role(&server, "host", 1).await;
        let room = match kind {
            RoomKind::Public => host.join(&room("square")).await.room,
            RoomKind::Private => create(&mut host, "den", &[]).await.room,
            RoomKind::Direct => {
                let notes = with(vec![host.id()], &[]);
                joined(&host.request(notes).await.unwrap()).unwrap().room
            }
        };
        Self { server, kind, room, api, host, count: 0 }
    }

    /// Connects somebody new.
    async fn person(&mut self, role: &str) -> Person {
        self.count += 1;
        let name = format!("{}-{}", role.split(' ').next().unwrap(), self.count);
        if role == "guest" {
            return self.server.connect(&name).await;
        }
        let person = account(&self.server, &name).await;
        match role {
            "admin" => set_role(&self.server, &name, 1).await,
            "owner" => set_role(&self.server, &name, 2).await,
            _ => {}
        }
        person
    }

    /// Tries an action that is only there over HTTP.
    async fn attempt_over_http(&mut self, action: &str, role: &str) -> Result<(), ErrorCode> {
        let (person, mut other) = self.members(role).await;
        let path = path_of(&self.room);
        let (method, path, body) = match action {
            "report" => {
                let target = other.say(&self.room, "not everybody likes this").await.seq;
                (Method::POST, format!("{path}/messages/{target}/reports"), Some(json!({})))
            }
            "see_reports" => (Method::GET, format!("{path}/reports"), None),
            _ => (Method::POST, format!("{path}/links"), Some(json!({}))),
        };
        let token = api::token(self.server.address, &person).await;
        let (status, body) = ask(&self.server, &token, method, &path, body).await;
        if status.is_success() {
            return Ok(());
        }
        assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
        Err(serde_json::from_value(body["code"].clone()).unwrap())
    }

    /// Connects two people who are new and in the room; in a conversation, which is theirs alone.
    async fn members(&mut self, role: &str) -> (Person, Person) {
        if self.kind != RoomKind::Direct {
            return (self.member(role).await, self.member("member").await);
        }
        // Nobody is a moderator of a conversation: whoever is one elsewhere may as much as others.
        let (mut person, mut other) = (self.person(role).await, self.person("member").await);
        self.room = converse(&mut self.host, &[&person, &other]).await.room;
        person.join(&self.room).await;
        other.join(&self.room).await;
        (person, other)
    }

    /// Connects somebody new who is in the room.
    async fn member(&mut self, role: &str) -> Person {
        let mut person = self.person(role).await;
        if self.kind == RoomKind::Private {
            let invite = Command::Invite { room: self.room.clone(), whom: Whom::Id(person.id()) };
            self.host.request(invite).await.unwrap();
        }
        person.join(&self.room).await;
        if role == "moderator of the room" {
            let (room, user_id) = (self.room.clone(), person.id());
            let command = Command::SetRoomRole { room, user_id, role: RoomRole::Moderator };
            self.host.request(command).await.unwrap();
        }
        person
    }

    /// Sends a request on the way that is tried.
    async fn ask(&self, person: &mut Person, command: Command) -> Result<(), ErrorCode> {
        match &self.api {
            None => person.request(command).await.map(drop).map_err(|failure| failure.code),
            Some(api) => {
                let token = api::token(self.server.address, person).await;
                api.ask(&token, &command).await.map(drop)
            }
        }
    }

    /// Tries an action as somebody new.
    async fn attempt(&mut self, action: &str, role: &str) -> Result<(), ErrorCode> {
        let join = |room| Command::JoinRoom { room, since: None };
        match action {
            "create" => {
                let mut person = self.person(role).await;
                let command = match self.kind {
                    RoomKind::Public => join(room(&format!("new-{}", self.count))),
                    RoomKind::Private => private("new", Vec::new()),
                    RoomKind::Direct => with(vec![self.host.id()], &[]),
                };
                return self.ask(&mut person, command).await;
            }
            "join" => {
                let address = self.room.clone();
                let mut person = self.person(role).await;
                return self.ask(&mut person, join(address)).await;
            }
            _ => {}
        }
        if matches!(action, "report" | "see_reports" | "link") {
            return self.attempt_over_http(action, role).await;
        }
        let (mut person, mut other) = self.members(role).await;
        let address = self.room.clone();
        let command = match action {
            "read" => history(&address, At::Latest, None),
            "write" => chat(&address, "hello", new_id()),
            "leave" => Command::LeaveRoom { room: address },
            "invite" => {
                self.person("member").await;
                let name = UserName::new(&format!("member-{}", self.count)).unwrap();
                Command::Invite { room: address, whom: Whom::Name(name) }
            }
            "remove_member" => remove(&address, &other),
            "set_room_role" => {
                Command::SetRoomRole { room: address, user_id: other.id(), role: RoomRole::Moderator }
            }
            "edit_room" => {
                let topic = Some(Some(line(&format!("topic {}", self.count))));
                Command::EditRoom {
                    room: address,
                    change: DetailsChange { topic, ..DetailsChange::default() },
                }
            }
            "delete_message" => {
                let target = other.say(&address, "not everybody likes this").await.seq;
                change(&address, target, Action::DeleteMessage)
            }
            "restrict" => Command::Restrict {
                room: address,
                whom: Whom::Id(other.id()),
                kind: RestrictionKind::Mute,
                seconds: Some(60),
                reason: None,
            },
            "slow_mode" => used(address, DetailsChange { slow_seconds: Some(0), ..DetailsChange::default() }),
            "archive" => used(address, DetailsChange { archived: Some(false), ..DetailsChange::default() }),
            "keep_room" => used(address, DetailsChange { permanent: Some(true), ..DetailsChange::default() }),
            other => panic!("the document has an action {other:?} that no test tries"),
        };
        self.ask(&mut person, command).await
    }
}

fn used(room: RoomAddress, change: DetailsChange) -> Command {
    Command::EditRoom { room, change }
}

/// Gives an account a role in the installation: 1 an administrator, 2 an owner.
pub async fn set_role(server: &TestServer, name: &str, role: i64) {
    let mut database = database(server.folder()).await;
    let query = sqlx::query(
        "UPDATE accounts SET role = ? WHERE user = (SELECT id FROM users WHERE name = ? AND kind = 1)",
    );
    assert_eq!(query.bind(role).bind(name).execute(&mut database).await.unwrap().rows_affected(), 1);
}

async fn the_table_holds(kind: RoomKind, heading: &str, over_http: bool) {
    let mut scene = Scene::new(kind, over_http).await;
    let mut wrong = Vec::new();
    let table = table(heading);
    assert_eq!(table.len(), 17 * 5);
    for (action, role, allowed) in table {
        match scene.attempt(&action, &role).await {
            Ok(()) if allowed => {}
            Err(code) if !allowed && is_denial(&action, code) => {}
            other => wrong.push(format!("{action} as {role} in a {} room: {other:?}", kind.as_str())),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_denial(action: &str, code: ErrorCode) -> bool {
    code == if action == "join" { ErrorCode::NotAMember } else { ErrorCode::Forbidden }
}

#[tokio::test]
async fn public_rooms_are_as_documented() {
    the_table_holds(RoomKind::Public, "Public rooms", false).await;
}

#[tokio::test]
async fn public_rooms_are_as_documented_over_http() {
    the_table_holds(RoomKind::Public, "Public rooms", true).await;
}

#[tokio::test]
async fn private_rooms_are_as_documented() {
    the_table_holds(RoomKind::Private, "Private rooms", false).await;
}

#[tokio::test]
async fn private_rooms_are_as_documented_over_http() {
    the_table_holds(RoomKind::Private, "Private rooms", true).await;
}

#[tokio::test]
async fn direct_conversations_are_as_documented() {
    the_table_holds(RoomKind::Direct, "Direct conversations", false).await;
}

#[tokio::test]
async fn direct_conversations_are_as_documented_over_http() {
    the_table_holds(RoomKind::Direct, "Direct conversations", true).await;
}

/// What one may do is decided by what one is now, not by what one was at the sign-in.
#[tokio::test]
async fn a_role_that_was_taken_away_counts_at_once() {
    let server = open().await;
    let browser = Browser::sign_up(server.address, "chief").await;
    set_role(&server, "chief", 1).await;
    let mut chief = browser.connect().await;
    let at_chief = chief.expect(joined).await;
    let mut other = account(&server, "other").await;
    other.join(&room("general")).await;
    let command = || Command::SetRoomRole {
        room: at_chief.room.clone(),
        user_id: other.id(),
        role: RoomRole::Moderator,
    };
    chief.request(command()).await.unwrap();
    set_role(&server, "chief", 0).await;
    assert_eq!(chief.request(command()).await.unwrap_err().code, ErrorCode::Forbidden);
}
