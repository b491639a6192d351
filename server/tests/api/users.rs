//! Accounts and rooms as administrators see and change them over HTTP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{CloseCode, ErrorCode};

use crate::accounts::{Browser, PASSWORD, open};
use crate::bans::ask;
use crate::doors::{account, create};
use crate::harness::{TestServer, chat, joined, new_id, room};
use crate::moderation::is_listed;
use crate::permissions::set_role;

async fn of(server: &TestServer, name: &str, role: i64) -> Browser {
    let browser = Browser::sign_up(server.address, name).await;
    set_role(server, name, role).await;
    browser
}

fn names(list: &Value) -> Vec<&str> {
    list["users"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect()
}

fn path(list: &Value, name: &str) -> String {
    let users = list["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["name"] == name).unwrap();
    format!("/api/v1/users/{}", user["user_id"].as_str().unwrap())
}

#[tokio::test]
async fn accounts_are_listed_by_name_and_found_by_a_part_of_it() {
    let server = open().await;
    let chief = of(&server, "chief", 1).await;
    for name in ["Ada", "bob", "Bobby", "花子"] {
        Browser::sign_up(server.address, name).await;
    }
    let (status, list) = ask(&chief, Method::GET, "/api/v1/users", None).await;
    assert_eq!((status, names(&list)), (StatusCode::OK, vec!["Ada", "bob", "Bobby", "chief", "花子"]));
    assert_eq!((&list["users"][3]["role"], &list["users"][0]["disabled"]), (&json!("admin"), &json!(false)));
    assert!(list["users"][0]["used_at"].is_string() && list["more"] == false);
    let (_, page) = ask(&chief, Method::GET, "/api/v1/users?limit=2&after=bob", None).await;
    assert_eq!((names(&page), &page["more"]), (vec!["Bobby", "chief"], &json!(true)));
    for (part, found) in [("BO", vec!["bob", "Bobby"]), ("花", vec!["花子"]), ("x", vec![])] {
        let (_, list) = ask(&chief, Method::GET, &format!("/api/v1/users?q={part}"), None).await;
        assert_eq!(names(&list), found, "{part}");
    }
    let member = Browser::sign_in(server.address, "Ada").await;
    assert_eq!(ask(&member, Method::GET, "/api/v1/users", None).await.0, StatusCode::FORBIDDEN);
    let (status, refusal) = ask(&chief, Method::GET, "/api/v1/users?limit=0", None).await;
    assert_eq!((status, &refusal["field"]), (StatusCode::BAD_REQUEST, &json!("limit")));
}

#[tokio::test]
async fn an_account_is_disabled_and_enabled_again() {
    let server = open().await;
    let chief = of(&server, "chief", 1).await;
    let bob = Browser::sign_up(server.address, "bob").await;
    let mut at_bob = bob.connect().await;
    at_bob.expect(joined).await;
    let (_, list) = ask(&chief, Method::GET, "/api/v1/users", None).await;
    let bob = path(&list, "bob");
    let change = async |disabled: bool| {
        ask(&chief, Method::PATCH, &bob, Some(json!({ "disabled": disabled }))).await.0
    };
    assert_eq!(change(true).await, StatusCode::NO_CONTENT);
    assert_eq!(at_bob.closed().await.code(), Some(CloseCode::SessionEnded.code()));
    let enter = async || Browser::new(server.address).enter("/api/v1/sign-in", "bob", PASSWORD).await.0;
    assert!(!enter().await.is_success());
    assert_eq!(change(false).await, StatusCode::NO_CONTENT);
    assert_eq!(enter().await, StatusCode::OK);
    assert_eq!(change(false).await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn owners_give_roles_and_one_of_them_stays() {
    let server = open().await;
    let (owner, chief) = (of(&server, "owner", 2).await, of(&server, "chief", 1).await);
    Browser::sign_up(server.address, "bob").await;
    let (_, list) = ask(&owner, Method::GET, "/api/v1/users", None).await;
    let change = async |by: &Browser, whom: &str, body: Value| {
        ask(by, Method::PATCH, &path(&list, whom), Some(body)).await.0
    };
    let role = |role: &str| json!({ "role": role });
    assert_eq!(change(&chief, "bob", role("admin")).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&chief, "owner", json!({ "disabled": true })).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&chief, "chief", json!({ "disabled": true })).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&owner, "owner", role("member")).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&owner, "owner", json!({ "disabled": true })).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&owner, "bob", role("king")).await, StatusCode::BAD_REQUEST);
    assert_eq!(change(&owner, "bob", role("owner")).await, StatusCode::NO_CONTENT);
    assert_eq!(change(&owner, "owner", role("member")).await, StatusCode::NO_CONTENT);
    // What one is now decides, not what one was at the sign-in.
    assert_eq!(ask(&owner, Method::GET, "/api/v1/users", None).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn all_public_rooms_are_listed_and_of_others_only_how_many_there_are() {
    let server = open().await;
    let chief = of(&server, "chief", 1).await;
    let mut hanako = account(&server, "hanako").await;
    hanako.join(&room("tea")).await;
    hanako.say(&room("tea"), "hello").await;
    create(&mut hanako, "den", &[]).await;
    let (status, list) = ask(&chief, Method::GET, "/api/v1/all-rooms", None).await;
    assert_eq!(status, StatusCode::OK);
    let rooms = list["rooms"].as_array().unwrap();
    let of = |name: &str| rooms.iter().find(|room| room["room"] == name).unwrap();
    assert_eq!(rooms.len(), 2);
    assert_eq!((&of("tea")["members"], &of("tea")["seq"]), (&json!(1), &json!(1)));
    assert_eq!((&of("general")["permanent"], &of("general")["archived"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&list["private_rooms"], &list["conversations"], &list["more"]),
        (&json!(1), &json!(0), &json!(false))
    );
    assert!(!list.to_string().contains("den"));
    let (_, page) = ask(&chief, Method::GET, "/api/v1/all-rooms?after=general&limit=1", None).await;
    assert_eq!(page["rooms"][0]["room"], "tea");
    let member = Browser::sign_in(server.address, "hanako").await;
    assert_eq!(ask(&member, Method::GET, "/api/v1/all-rooms", None).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn administrators_archive_and_keep_public_rooms_that_they_are_not_in() {
    let server = open().await;
    let chief = Browser::sign_up(server.address, "chief").await;
    set_role(&server, "chief", 1).await;
    let member = Browser::sign_up(server.address, "member").await;
    let mut at_member = member.connect().await;
    let tea = at_member.join(&room("tea room")).await.room;
    let change = async |browser: &Browser, name: &str, body: Value| {
        ask(browser, Method::PATCH, &format!("/api/v1/all-rooms/{name}"), Some(body)).await.0
    };
    let archived = json!({ "archived": true, "permanent": true });
    assert_eq!(change(&member, "tea%20room", archived.clone()).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&chief, "no-such-room", archived.clone()).await, StatusCode::NOT_FOUND);
    assert_eq!(change(&chief, "general", archived.clone()).await, StatusCode::FORBIDDEN);
    assert_eq!(change(&chief, "tea%20room", archived).await, StatusCode::NO_CONTENT);
    let refused = at_member.request(chat(&tea, "closed?", new_id())).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Archived);
    let (_, list) = ask(&chief, Method::GET, "/api/v1/all-rooms?after=general", None).await;
    let kept = &list["rooms"][0];
    assert_eq!((&kept["archived"], &kept["permanent"]), (&json!(true), &json!(true)), "{list}");
    assert_eq!(change(&chief, "tea%20room", json!({ "archived": false })).await, StatusCode::NO_CONTENT);
    at_member.say(&tea, "open").await;
    let (_, log) = ask(&chief, Method::GET, "/api/v1/audit?act=edit_room", None).await;
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(2), "{log}");

    // It is kept while nobody is in it, and gone once it is not kept any more.
    at_member.leave(&tea).await;
    assert!(is_listed(&mut at_member, &tea).await);
    assert_eq!(change(&chief, "tea%20room", json!({ "permanent": false })).await, StatusCode::NO_CONTENT);
    assert!(!is_listed(&mut at_member, &tea).await);
    assert_eq!(log["entries"][0]["by"]["user"], "chief");
}
