//! The data folder: its permissions, its location, and the messages when it is damaged.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Process, general};

const LISTEN: [&str; 2] = ["--listen", "127.0.0.1:0"];

/// The program with a literal `--data-dir`, in this working folder.
fn program(data_dir: &str, working: &Path) -> Command {
    let mut command = Command::new(Process::command(working).get_program());
    command.current_dir(working).env_clear().env("NO_COLOR", "1").args(["--data-dir", data_dir]);
    command
}

fn start(data_dir: &str, working: &Path) -> Process {
    Process::start_as(working, &[], |_| {
        let mut command = program(data_dir, working);
        command.args(LISTEN);
        command
    })
}

fn succeed(mut command: Command, arguments: &[&str]) {
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Returns the permissions of a folder and everything in it.
fn permissions(path: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = vec![(path.to_owned(), path.metadata().unwrap().mode() & 0o777)];
    if path.is_dir() {
        found.extend(fs::read_dir(path).unwrap().flat_map(|file| permissions(&file.unwrap().path())));
    }
    found
}

fn assert_private(path: &Path) {
    for (path, mode) in permissions(path) {
        assert_eq!(mode & 0o077, 0, "{} can be used by others: {mode:o}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_on_the_machine_reads_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let working = folder.path().join("working");
    fs::create_dir(&working).unwrap();
    let server = start("data", &working);
    server.connect("alice").await.say(&general(), "between us").await;
    let data = working.join("data");
    assert!(data.join("hiroba.db-wal").exists() && data.join("hiroba.db-shm").exists());
    assert_private(&data);
    succeed(program("data", &working), &["backup", "backup.db"]);
    succeed(program("data", &working), &["export", "export"]);
    server.kill();
    for made in ["backup.db", "export"] {
        assert_private(&working.join(made));
    }
    // A backup of an earlier version was readable by everybody; the restored data is not.
    fs::set_permissions(working.join("backup.db"), Permissions::from_mode(0o644)).unwrap();
    succeed(program("restored", &working), &["restore", "backup.db"]);
    assert_private(&working.join("restored"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_an_earlier_version_is_taken_from_the_others_but_only_what_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    let working = folder.path().join("working");
    fs::create_dir(&working).unwrap();
    let data = working.join("data");
    let open_to_all = || {
        for (path, mode) in permissions(&data) {
            fs::set_permissions(
                path,
                Permissions::from_mode(mode | if mode & 0o100 > 0 { 0o755 } else { 0o644 }),
            )
            .unwrap();
        }
    };
    let server = start("data", &working);
    server.connect("alice").await.say(&general(), "between us").await;
    server.kill();
    open_to_all();
    let server = start("data", &working);
    server.connect("bob").await;
    assert_private(&data);
    server.kill();

    // A foreign file: the permissions of that file and of the folder are not ours to change.
    fs::write(data.join("notes.txt"), "").unwrap();
    open_to_all();
    let _server = start("data", &working);
    for (path, mode) in permissions(&data) {
        let is_ours = path.file_name().unwrap().to_str().unwrap().starts_with("hiroba");
        assert_eq!([0o600, 0o700].contains(&mode), is_ours, "{}: {mode:o}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_named_by_its_name_and_not_by_a_uri() {
    let folder = tempfile::tempdir().unwrap();
    let twice = format!("/{}/twice", folder.path().display());
    for name in ["file:x", "file:y?mode=memory&cache=shared", ":memory:", "a%41 'b' #c", &twice] {
        let server = start(name, folder.path());
        let mut alice = server.connect("alice").await;
        let ack = alice.say(&general(), "where I said").await;
        let data = folder.path().join(name);
        for file in ["hiroba.db", "hiroba-search.db", "hiroba.lock"] {
            crate::harness::eventually(&format!("{file} is in {name}"), async || {
                data.join(file).exists().then_some(())
            })
            .await;
        }
        let backup = format!("file:{}.db", ack.message_id.uuid());
        succeed(program(name, folder.path()), &["backup", &backup]);
        assert!(folder.path().join(&backup).is_file());
        succeed(program("file:restored", folder.path()), &["restore", &backup]);
        assert!(folder.path().join("file:restored/hiroba.db").is_file());
        fs::remove_dir_all(folder.path().join("file:restored")).unwrap();
        server.kill();
    }
    let others: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!others.iter().any(|name| name == "x" || name == "y" || name == "restored"), "{others:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[]);
    server.connect("alice").await.say(&general(), "soon gone").await;
    server.kill();
    succeed(Process::command(folder.path()), &["check"]);
    // The backup holds all of the log in one file, without a WAL.
    let database = folder.path().join("hiroba.db");
    succeed(Process::command(folder.path()), &["backup", "whole.db"]);
    for beside in ["hiroba.db-wal", "hiroba.db-shm"] {
        fs::remove_file(folder.path().join(beside)).unwrap();
    }
    let whole = fs::read(folder.path().join("whole.db")).unwrap();
    // From the first byte on, and after the first page.
    for from in [0, 4_096] {
        let mut bytes = whole.clone();
        bytes[from..].fill(0xAA);
        fs::write(&database, bytes).unwrap();
        for task in [&LISTEN[..], &["check"], &["backup", "never.db"]] {
            let output = Process::command(folder.path()).args(task).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success(), "{task:?}");
            assert!(
                said.contains("hiroba.db is damaged") && said.contains("restore a backup"),
                "{task:?}: {said}"
            );
            assert!(!said.contains("search index"), "{said}");
        }
    }
}
