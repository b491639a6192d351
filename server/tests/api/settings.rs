//! Flags and environment variables are validated before anything else happens.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::harness::{LIMIT, Process, general};

/// Returns the error with which the program refuses to start.
fn refusal(mut program: Command) -> String {
    let mut child = program.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("the program runs: {program:?}");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    assert!(!status.success());
    std::io::read_to_string(child.stderr.unwrap()).unwrap()
}

#[test]
fn a_time_that_is_too_long_is_refused_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let program = || Process::command(folder.path());
    let file = folder.path().join("too-long.toml");
    for (setting, time) in [("message", "999999999999d"), ("room", "36501d")] {
        let mut by_flag = program();
        by_flag.args([&format!("--{setting}-retention"), time]);
        let mut by_environment = program();
        by_environment.env(format!("HIROBA_{}_RETENTION", setting.to_uppercase()), time);
        let mut by_file = program();
        std::fs::write(&file, format!("{setting}_retention = \"{time}\"")).unwrap();
        by_file.arg("--config").arg(&file);
        for program in [by_flag, by_environment, by_file] {
            let said = refusal(program);
            assert!(said.contains(time) && said.contains("at most 36500d"), "{said}");
        }
    }
    assert!(!folder.path().join("hiroba.db").exists(), "nothing was begun");
}

#[test]
fn what_is_missing_for_mail_is_said_in_one_sentence_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = "smtps://chat:s3cr3t@mail.example";
    let from = ["--smtp-from", "chat@chat.example"];
    for (url, arguments, problem) in [
        (url, &from[..], "--smtp-url needs --public-url"),
        (url, &["--public-url", "https://chat.example"], "--smtp-url needs --smtp-from"),
        ("", &from, "--smtp-from needs --smtp-url"),
        (
            "smtp://chat:s3cr3t@mail.example",
            &[&from[..], &["--public-url", "https://chat.example"]].concat(),
            "in the clear",
        ),
    ] {
        let mut program = Process::command(folder.path());
        program.env("HIROBA_SMTP_URL", url).args(arguments);
        let said = refusal(program);
        assert!(said.contains(problem) && said.lines().count() == 1 && !said.contains("s3cr3t"), "{said}");
        let file = folder.path().join("mail.toml");
        std::fs::write(&file, format!("smtp_url = \"{url}\"\nsmtp_from = 7\n")).unwrap();
        let mut program = Process::command(folder.path());
        program.arg("--config").arg(file);
        let said = refusal(program);
        assert!(!said.contains("s3cr3t"), "{said}");
    }
    let help = Process::command(folder.path()).env("HIROBA_SMTP_URL", url).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("HIROBA_SMTP_URL") && !help.contains("s3cr3t"), "{help}");
    assert!(!folder.path().join("hiroba.db").exists(), "nothing was begun");
}

#[tokio::test]
async fn the_longest_time_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let longest = ["--message-retention", "36500d", "--room-retention", "36500d"];
    for round in 1..=2 {
        let mut server = Process::start(folder.path(), &longest);
        let mut alice = server.connect("alice").await;
        assert_eq!(alice.say(&general(), "kept").await.seq.0, round);
        server.signal(rustix::process::Signal::TERM);
        server.exit(LIMIT).await;
    }
}

#[tokio::test]
async fn an_empty_variable_is_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let help = Process::command(folder.path()).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let mut names: BTreeSet<&str> =
        help.split(|c| !is_name(c)).filter(|name| name.starts_with("HIROBA_")).collect();
    assert!(names.len() >= 9, "{names:?}");
    names.insert("RUST_LOG");
    let server = Process::start_as(folder.path(), &[], |mut program| {
        program.envs(names.iter().map(|name| (name, "")));
        program
    });
    server.connect("alice").await;
}
