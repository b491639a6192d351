//! Thousands of connects and disconnects leave nothing behind.

use futures_util::future::join_all;

use crate::harness::{Person, Process, TestServer, eventually, room};

/// Connects, joins, posts occasionally, and disconnects in one of several ways.
async fn cycle(address: std::net::SocketAddr, number: usize) {
    let mut person = Person::open(address, "/ws").await;
    if number % 10 == 9 {
        // Disconnect before sending anything.
        return person.abort();
    }
    let demo = number.is_multiple_of(3);
    let name = shared::UserName::new(&format!("guest {}", number % 50)).unwrap();
    let auth = shared::Auth { username: Some(name), protocol: (!demo).then_some(1), ..Default::default() };
    person.sign_in(auth).await;
    let join = shared::Command::JoinRoom { room: room(&format!("room {}", number % 20)), since: None };
    person.send(join).await;
    match number % 5 {
        0 => person.abort(),
        1 => drop(person),
        2 => {
            person.send_text(r#"{"type":"chat","room":"general","content":"passing by"}"#).await;
            person.close(1000).await;
        }
        _ => person.close(1000).await,
    }
}

async fn cycles(address: std::net::SocketAddr, count: usize) {
    for start in (0..count).step_by(20) {
        join_all((start..start + 20).map(|number| cycle(address, number))).await;
    }
}

#[tokio::test]
async fn a_thousand_cycles_leave_no_connection_and_no_task() {
    let server = TestServer::start().await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    cycles(server.address, 20).await;
    let quiet = async || (server.stats().await["connections"] == 0).then_some(());
    eventually("everybody is gone", quiet).await;
    let before = tasks();
    cycles(server.address, 1_000).await;
    eventually("everybody is gone", quiet).await;
    eventually("the tasks are gone", async || (tasks() <= before + 3).then_some(())).await;
    assert!(server.is_running());
}

#[tokio::test]
async fn thousands_of_cycles_leave_no_descriptor_and_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--rate-limits", "off"]);
    let quiet = async || (server.stats().await["connections"] == 0).then_some(());
    cycles(server.address, 1_000).await;
    eventually("everybody is gone", quiet).await;
    let (descriptors, memory) = (server.descriptors(), server.resident_kib());
    cycles(server.address, 2_000).await;
    eventually("everybody is gone", quiet).await;
    let few = async || (server.descriptors() <= descriptors + 5).then_some(());
    eventually("the descriptors are closed", few).await;
    let grown = server.resident_kib().saturating_sub(memory);
    assert!(grown < 8 * 1024, "the server grew by {grown} KiB over 2,000 cycles");
}
