//! The audit log: what is decided about accounts and the entrance, and its download.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts::{Browser, hiroba, open};
use crate::entrance::owner;
use crate::harness::{Process, TestServer, database};
use crate::permissions::set_role;

async fn log(browser: &Browser, query: &str) -> Vec<Value> {
    let (status, page) = browser.ask(Method::GET, &format!("/api/v1/audit?{query}"), None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["entries"].as_array().unwrap().clone()
}

/// Act, who did it, and to whom.
fn told(entry: &Value) -> (&str, Option<&str>, Option<&str>) {
    (entry["act"].as_str().unwrap(), entry["by"]["user"].as_str(), entry["member"]["user"].as_str())
}

#[tokio::test]
async fn who_became_owner_and_what_owners_decide_is_in_the_audit_log() {
    let server = TestServer::start().await;
    let owner = owner(&server).await;
    let (status, _) = owner.ask(Method::PATCH, "/api/v1/entrance", Some(json!({ "guests": false }))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let entries = log(&owner, "").await;
    assert_eq!(told(&entries[0]), ("change_entrance", Some("owner"), None));
    assert_eq!((&entries[0]["guests"], &entries[0]["sign_up"]), (&json!(false), &Value::Null));
    assert_eq!(told(&entries[1]), ("set_role", Some("owner"), Some("owner")));
    assert_eq!(log(&owner, "by=OWNER&act=set_role").await, entries[1..]);
    assert_eq!(log(&owner, "member=nobody").await, Vec::<Value>::new());
    let id = entries[1]["member"]["user_id"].as_str().unwrap();
    assert_eq!(log(&owner, &format!("member={id}")).await, entries[1..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_does_from_a_shell_is_in_the_audit_log_too() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--sign-up", "open"]);
    let chief = Browser::sign_up(server.address, "chief").await;
    Browser::sign_up(server.address, "anna").await;
    let orders: [&[&str]; 4] = [
        &["user", "role", "chief", "owner"],
        &["user", "disable", "anna"],
        &["user", "disable", "anna"],
        &["user", "enable", "anna"],
    ];
    for order in orders {
        hiroba(folder.path(), order, "").await.unwrap();
    }
    let entries = log(&chief, "").await;
    assert_eq!(
        entries.iter().map(told).collect::<Vec<_>>(),
        [
            ("set_disabled", None, Some("anna")),
            ("set_disabled", None, Some("anna")),
            ("set_role", None, Some("chief")),
        ]
    );
    assert_eq!((&entries[0]["disabled"], &entries[1]["disabled"]), (&json!(false), &json!(true)));
    assert_eq!(entries[2]["role"], "owner");
}

#[tokio::test]
async fn a_download_of_the_audit_log_ends_with_the_session_of_who_reads_it() {
    let server = open().await;
    let mut chief = Browser::sign_up(server.address, "chief").await;
    set_role(&server, "chief", 1).await;
    let mut store = database(server.folder()).await;
    // 20 MB, more than the sockets take.
    let query = "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 20000)
         INSERT INTO audit (created_at, act, by_user, by_name, detail)
         SELECT number, 'ban', randomblob(16), 'somebody',
             '{\"act\":\"ban\",\"address\":\"' || hex(zeroblob(500)) || '\"}' FROM numbers";
    sqlx::query(query).execute(&mut store).await.unwrap();
    let request = reqwest::Client::new().get(format!("{}/api/v1/audit/download", chief.origin));
    let mut answer = request.bearer_auth(chief.token.as_ref().unwrap()).send().await.unwrap();
    answer.chunk().await.unwrap().unwrap();
    chief.post("/api/v1/sign-out", None).await;
    let mut read = 0;
    let broken = loop {
        match answer.chunk().await {
            Ok(Some(page)) => read += page.len(),
            Err(error) => break error,
            Ok(None) => panic!("{read} bytes came, as if it were whole"),
        }
    };
    assert!(read < 15_000_000, "{read} bytes came before {broken}");
}
