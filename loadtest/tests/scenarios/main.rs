//! Each scenario in a tiny form: the real server must pass, and one that misbehaves must fail.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod hiroba_server;
mod liar;

use loadtest::dialect::Dialect;
use loadtest::report::{Report, Verdict};
use loadtest::scenario::Target;
use loadtest::scenario::bare::Bare;
use loadtest::scenario::burst::Burst;
use loadtest::scenario::ceiling::Ceiling;
use loadtest::scenario::fanout::{Drive, Fanout};
use loadtest::scenario::growth::Growth;
use loadtest::scenario::idle::Idle;
use loadtest::scenario::rooms::Rooms;
use loadtest::scenario::slow::Slow;
use loadtest::scenario::storm::Storm;
use loadtest::stage::Outcome;

use hiroba_server::HirobaServer;
use liar::{Liar, Lie};

fn target(url: String, dialect: Dialect) -> Target {
    Target { url, dialect, server_pid: None, no_client_ids: false, delivery_bytes: None, json: false }
}

fn drive(seconds: f64) -> Drive {
    Drive { warm_up: 0.1, patience: 1, ..Drive::in_flight(4, seconds) }
}

fn burst(target: Target) -> Burst {
    Burst {
        target,
        clients: 5,
        messages: 20,
        window: 4,
        room: None,
        paced: false,
        patience: 1,
        limit: 10,
        search: false,
    }
}

fn fanout(target: Target) -> Fanout {
    Fanout { target, members: 10, drive: drive(0.3) }
}

fn storm(target: Target) -> Storm {
    Storm { target, clients: 20, rooms: 4, missed: 2, meanwhile: 2, limit: 5 }
}

#[test]
fn the_real_server_passes_every_scenario() {
    let server = HirobaServer::start();
    let target = || target(server.url(), Dialect::Hiroba);

    let found = Burst { search: true, ..burst(target()) }.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    assert_eq!(found.outcome.deliveries, 5 * 5 * 20);
    assert!(found.search_caught_up_seconds.is_some());

    let found = fanout(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    assert!(found.outcome.latency_samples > 0);

    let steady = Drive { rate: Some(50.0), ..drive(0.5) };
    let found = Fanout { target: target(), members: 10, drive: steady }.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    assert!((20..=45).contains(&found.outcome.posts), "{} posts", found.outcome.posts);

    let rooms =
        Rooms { target: target(), rooms: 4, members: 3, in_flight: 2, rate: None, seconds: 0.3, patience: 1 };
    let found = rooms.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());

    let ceiling = Ceiling { target: target(), members: 5, posters: 3, p99: 1_000.0, seconds: 0.1 };
    let found = ceiling.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());

    let idle = Idle {
        target: target(),
        connections: 20,
        per_room: 10,
        one_room: false,
        hold: 0,
        messages: 2,
        patience: 1,
    };
    let found = idle.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());

    let found = storm(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    // Every client has the message before the storm, the two that were missed, and the two of the reconnects.
    assert_eq!(found.outcome.deliveries, 24 * 5);

    let slow = Slow { target: target(), members: 6, stalled: 2, in_flight: 4, seconds: 0.3, patience: 1 };
    let found = slow.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());

    let plot = tempfile::NamedTempFile::new().unwrap();
    let growth = Growth {
        target: target(),
        sizes: vec![1, 3],
        stored: vec![10, 50],
        members: 3,
        seconds: 0.1,
        rooms: 1,
        rest: 0.0,
        repeats: 1,
        svg: Some(plot.path().to_owned()),
    };
    let found = growth.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    assert_eq!(found.rows().len(), 4);
    let plot = std::fs::read_to_string(plot.path()).unwrap();
    // Three figures per size: the server runs in this process, so its CPU time is visible.
    assert_eq!(plot.matches("<circle").count(), 4 * 3, "{plot}");
}

#[test]
fn the_real_server_closes_readers_that_stall() {
    let server = HirobaServer::start();
    // Long texts, to fill the kernel's buffer of such a reader.
    let target = Target { delivery_bytes: Some(4_000), ..target(server.url(), Dialect::Hiroba) };
    let slow = Slow { target, members: 6, stalled: 2, in_flight: 32, seconds: 5.0, patience: 5 };
    let found = slow.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    assert_eq!(found.stalled_closed, 2, "{:?}", found.rows());
    assert!(found.rows().iter().any(|(_, text)| text.contains("4008")), "{:?}", found.rows());
}

#[test]
fn the_kernels_part_is_told() {
    if std::thread::available_parallelism().is_ok_and(|cores| cores.get() < 2) {
        return;
    }
    // On a thread of its own, because it pins its thread to a core.
    let bare =
        || Bare { sockets: vec![1, 3], batch: 2, bytes: 100, seconds: 0.05, json: false }.run().unwrap();
    let found = std::thread::spawn(bare).join().unwrap();
    assert_eq!(found.rows().len(), 2);
    assert!(found.rows().iter().all(|(_, text)| !text.contains(" 0.00 µs")), "{:?}", found.rows());
}

#[test]
fn the_real_server_serves_clients_of_the_demo() {
    let server = HirobaServer::start();
    let found = burst(target(server.url(), Dialect::Seed)).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
}

#[test]
fn an_honest_room_server_passes() {
    let server = Liar::start(Lie::None);
    let target = || target(server.url(), Dialect::EchoJson);
    let found = burst(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    let found = fanout(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
    let found = storm(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
}

#[test]
fn a_lost_message_is_seen() {
    let server = Liar::start(Lie::Loses);
    let target = || target(server.url(), Dialect::EchoJson);
    let found = burst(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Failed);
    assert!(found.outcome.lost > 0 && found.outcome.duplicates == 0, "{:?}", found.rows());
    for (name, verdict) in played(&target) {
        assert_eq!(verdict, Verdict::Failed, "{name}");
    }
}

#[test]
fn a_doubled_message_is_seen() {
    let server = Liar::start(Lie::Doubles);
    let target = || target(server.url(), Dialect::EchoJson);
    let found = burst(target()).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Failed);
    assert!(found.outcome.duplicates > 0 && found.outcome.lost == 0, "{:?}", found.rows());
    for (name, verdict) in played(&target) {
        assert_eq!(verdict, Verdict::Failed, "{name}");
    }
}

#[test]
fn messages_that_changed_places_are_seen() {
    let server = Liar::start(Lie::Swaps);
    let found = burst(target(server.url(), Dialect::EchoJson)).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Failed);
    assert!(found.outcome.out_of_order > 0 && found.outcome.lost == 0, "{:?}", found.rows());
}

/// Returns the outcome of a burst, in each dialect that the liar speaks.
fn burst_with(lie: Lie) -> Vec<Outcome> {
    let server = Liar::start(lie);
    [Dialect::EchoJson, Dialect::Hiroba]
        .map(|dialect| {
            let found = burst(target(server.url(), dialect)).run().unwrap();
            assert_eq!(found.verdict(), Verdict::Failed, "{lie:?}, {dialect:?}: {:?}", found.rows());
            found.outcome
        })
        .into()
}

#[test]
fn with_one_order_for_all_the_same_lies_are_seen() {
    for (lie, count) in [
        (Lie::Loses, (|outcome| outcome.lost) as fn(&Outcome) -> u64),
        (Lie::Doubles, |outcome| outcome.duplicates),
        (Lie::Swaps, |outcome| outcome.out_of_order),
        (Lie::Garbles, |outcome| outcome.garbled),
        (Lie::Invents, |outcome| outcome.foreign),
    ] {
        for outcome in burst_with(lie) {
            assert!(count(&outcome) > 0, "{lie:?}: {outcome:?}");
        }
    }
}

#[test]
fn lies_about_what_is_stored_are_seen() {
    for (lie, count) in [
        (Lie::KeepsAcks, (|outcome| outcome.acks_missing) as fn(&Outcome) -> u64),
        (Lie::DoublesAcks, |outcome| outcome.acks_doubled),
        (Lie::MisplacesAcks, |outcome| outcome.acks_wrong),
    ] {
        let server = Liar::start(lie);
        let found = burst(target(server.url(), Dialect::Hiroba)).run().unwrap();
        assert_eq!(found.verdict(), Verdict::Failed, "{lie:?}");
        assert!(count(&found.outcome) > 0, "{lie:?}: {:?}", found.rows());
    }
}

#[test]
fn a_server_that_changes_texts_has_no_highest_rate() {
    let server = Liar::start(Lie::Garbles);
    let target = target(server.url(), Dialect::EchoJson);
    let found = Ceiling { target, members: 5, posters: 1, p99: 1_000.0, seconds: 0.05 }.run().unwrap();
    assert_eq!(found.verdict(), Verdict::Failed, "{:?}", found.rows());
}

#[test]
fn strangers_are_no_fault_in_a_room_that_others_know() {
    let server = Liar::start(Lie::Invents);
    let found = Burst { room: Some("square".to_owned()), ..burst(target(server.url(), Dialect::EchoJson)) };
    let found = found.run().unwrap();
    assert!(found.outcome.foreign > 0);
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
}

/// Runs the other scenarios, each with enough messages for a fault.
fn played(target: &dyn Fn() -> Target) -> Vec<(&'static str, Verdict)> {
    let rooms =
        Rooms { target: target(), rooms: 2, members: 5, in_flight: 2, rate: None, seconds: 0.2, patience: 1 };
    let idle = Idle {
        target: target(),
        connections: 10,
        per_room: 10,
        one_room: true,
        hold: 0,
        messages: 10,
        patience: 1,
    };
    let slow = Slow { target: target(), members: 6, stalled: 1, in_flight: 4, seconds: 0.2, patience: 1 };
    vec![
        ("fanout", fanout(target()).run().unwrap().verdict()),
        ("rooms", rooms.run().unwrap().verdict()),
        ("idle", idle.run().unwrap().verdict()),
        ("slow", slow.run().unwrap().verdict()),
    ]
}

#[test]
fn a_resume_that_forgets_or_repeats_is_seen() {
    for lie in [Lie::Loses, Lie::Doubles] {
        let server = Liar::start(lie);
        let found = storm(target(server.url(), Dialect::Hiroba)).run().unwrap();
        assert_eq!(found.verdict(), Verdict::Failed, "{lie:?} {:?}", found.rows());
        let outcome = &found.outcome;
        assert!(outcome.lost + outcome.duplicates + outcome.out_of_order > 0, "{lie:?} {:?}", found.rows());
    }
    let server = Liar::start(Lie::None);
    let found = storm(target(server.url(), Dialect::Hiroba)).run().unwrap();
    assert_eq!(found.verdict(), Verdict::Passed, "{:?}", found.rows());
}
