//! What Prometheus is told.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use shared::RoomAddress;

use crate::harness::tls::Authority;
use crate::harness::{Process, general};

/// The values of a scrape whose names begin with `name`.
fn values(text: &str, name: &str) -> Vec<u64> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && line.starts_with(name));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect()
}

#[tokio::test]
async fn what_happens_is_counted_and_told_where_the_operator_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &["--metrics-listen", "127.0.0.1:0"]);
    server.says("metrics are at ").await;
    let log = server.log();
    let at = log.lines().find_map(|line| line.split_once("metrics are at ")).expect("the log tells where").1;
    let scrape = async || {
        let answer = reqwest::get(at).await.unwrap();
        assert!(
            answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text")
        );
        answer.text().await.unwrap()
    };
    let mut ann = server.connect("Ann").await;
    let mut bob = server.connect("Bob").await;
    for number in 0..5 {
        ann.say(&general(), &format!("a secret word {number}")).await;
    }
    for _ in 0..5 {
        bob.expect(crate::harness::message).await;
    }
    let room = RoomAddress::new("nowhere").unwrap();
    ann.request(shared::Command::LeaveRoom { room }).await.unwrap_err();

    let text = scrape().await;
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert_eq!(values(&text, "hiroba_connections "), [2]);
    assert_eq!(values(&text, "hiroba_messages_total"), [5]);
    assert_eq!(values(&text, "hiroba_ready"), [1]);
    assert!(values(&text, "hiroba_commit_seconds_count")[0] >= 5, "{text}");
    assert_eq!(values(&text, "hiroba_post_to_socket_seconds_count"), [5]);
    assert_eq!(values(&text, "hiroba_errors_total{").iter().sum::<u64>(), 1);
    assert!(
        values(&text, "hiroba_disk_free_bytes")[0] > 0 && values(&text, "hiroba_memory_bytes")[0] > 1_000_000
    );
    for secret in ["Ann", "Bob", "secret", "general"] {
        assert!(!text.contains(secret), "{secret} is nobody's business");
    }
    // Not where everybody comes.
    let page =
        reqwest::get(format!("http://{}/metrics", server.address)).await.unwrap().text().await.unwrap();
    assert!(!page.contains("hiroba_connections"), "{page}");
}

/// The names of ours in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
    words.filter(|word| word.starts_with("hiroba_")).collect()
}

#[tokio::test]
async fn the_examples_ask_for_what_is_told() {
    let authority = Authority::new();
    let files = authority.files();
    let [chain, key] = [&files.chain, &files.key].map(|file| file.to_str().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--metrics-listen", "127.0.0.1:0", "--tls-cert", chain, "--tls-key", key];
    let server = Process::start(folder.path(), &flags);
    server.says("metrics are at ").await;
    let log = server.log();
    let at = log.lines().find_map(|line| line.split_once("metrics are at ")).unwrap().1;
    let text = reqwest::get(at).await.unwrap().text().await.unwrap();
    let described = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let described: BTreeSet<&str> = described.map(|line| line.split(' ').next().unwrap()).collect();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/monitoring");
    for example in ["hiroba.rules.yml", "dashboard.json"] {
        let example = std::fs::read_to_string(examples.join(example)).unwrap();
        assert!(names(&example).len() > 8);
        for name in names(&example) {
            let family =
                ["_bucket", "_total"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
            assert!(described.contains(family), "{name} is not among {described:?}");
        }
    }
    let Ok(promtool) = Command::new("promtool").arg("--version").output() else {
        assert!(std::env::var_os("HIROBA_NEEDS_PEERS").is_none(), "promtool is missing");
        eprintln!("left out: promtool of Debian's package prometheus is not installed");
        return;
    };
    assert!(promtool.status.success());
    for task in [
        ["check", "rules", "hiroba.rules.yml"],
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "hiroba.rules.test.yml"],
    ] {
        let output = Command::new("promtool").args(task).current_dir(&examples).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{said}");
    }
}
