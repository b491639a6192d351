//! The real program, for what only a process can show: signals, exit code, descriptors and memory.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};

use super::eventually;
use super::person::{Person, guest};

/// A running `hiroba`; killed on drop.
pub struct Process {
    child: Child,
    /// The address that it listens on.
    pub address: SocketAddr,
    said: Arc<Mutex<String>>,
}

impl Process {
    /// Starts the program on a free port with its data in `folder`, and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_as(folder, arguments, |program| program)
    }

    /// [`Self::start`] with the program wrapped into another command.
    pub fn start_as(folder: &Path, arguments: &[&str], wrap: impl FnOnce(Command) -> Command) -> Self {
        let arguments = [&["--listen", "127.0.0.1:0"], arguments].concat();
        Self::run(folder, &arguments, wrap)
    }

    /// [`Self::start`] where the arguments say.
    pub fn start_at(folder: &Path, arguments: &[&str]) -> Self {
        Self::run(folder, arguments, |program| program)
    }

    fn run(folder: &Path, arguments: &[&str], wrap: impl FnOnce(Command) -> Command) -> Self {
        let mut program = Self::command(folder);
        program.args(arguments);
        let mut child =
            wrap(program).env("NO_COLOR", "1").stderr(Stdio::piped()).spawn().expect("the program was built");
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (address, said) = find_address(&mut log);
        // Drain the log: a full pipe would block the server.
        let said = Arc::new(Mutex::new(said));
        std::thread::spawn({
            let said = said.clone();
            move || {
                for line in log.lines().map_while(Result::ok) {
                    said.lock().unwrap().push_str(&(line + "\n"));
                }
            }
        });
        Self { child, address, said }
    }

    /// [`Self::start`] with the log in a file.
    pub async fn start_with_log(folder: &Path, arguments: &[&str], log: &Path) -> Self {
        let mut program = Self::command(folder);
        program.args(["--listen", "127.0.0.1:0"]).args(arguments).stderr(File::create(log).unwrap());
        let child = program.spawn().expect("the program was built");
        let address = eventually("it listens", async || {
            let said = std::fs::read_to_string(log).unwrap();
            let (_, address) = said.rsplit_once("://")?;
            address.strip_suffix('\n')?.parse().ok()
        });
        Self { child, address: address.await, said: Arc::default() }
    }

    /// The program with its data in `folder`, isolated from the settings of this machine.
    pub fn command(folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hiroba"));
        command
            .current_dir(folder)
            .arg("--data-dir")
            .arg(folder)
            .env_clear()
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped());
        command
    }

    /// Connects a guest with protocol 1, in `general`.
    pub async fn connect(&self, name: &str) -> Person {
        let mut person = Person::open(self.address, "/ws").await;
        person.sign_in(guest(name)).await;
        person.expect(super::joined).await;
        person
    }

    /// Waits until the log contains `what`.
    pub async fn says(&self, what: &str) {
        super::eventually(what, async || self.said.lock().unwrap().contains(what).then_some(())).await;
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal and returns at once.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    /// Waits for the process to end.
    pub async fn exit(&mut self, limit: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < limit, "the program did not end within {limit:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether the process has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Limits the size of the process's files, in bytes; writes beyond it fail. `None` lifts the limit.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = Rlimit { current: bytes, maximum: None };
        prlimit(Some(self.pid()), Resource::Fsize, limit).unwrap();
    }

    /// The log so far.
    pub fn log(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// The limits of open files: soft and hard.
    pub fn file_limits(&self) -> (u64, u64) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
        let mut numbers = line.split_whitespace().map_while(|number| number.parse().ok());
        (numbers.next().unwrap(), numbers.next().unwrap())
    }

    /// Number of open descriptors.
    pub fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        self.status_kib("VmRSS:")
    }

    /// Peak resident memory in KiB since the start or [`Self::forget_peak`].
    pub fn peak_kib(&self) -> u64 {
        self.status_kib("VmHWM:")
    }

    /// Resets [`Self::peak_kib`].
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// Processor time so far, in ticks.
    pub fn processor_ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    fn status_kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Returns `/api/stats`.
    pub async fn stats(&self) -> serde_json::Value {
        let answer = reqwest::get(format!("http://{}/api/stats", self.address)).await.unwrap();
        answer.json().await.unwrap()
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asserts with `hiroba check` that the logs in `folder` are intact.
pub fn everything_is_whole(folder: &Path) {
    let output = Process::command(folder).arg("check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Reads the log until it names the listening address.
fn find_address(log: &mut BufReader<ChildStderr>) -> (SocketAddr, String) {
    let mut said = String::new();
    for line in log.lines() {
        let line = line.unwrap();
        if let Some((_, address)) = line.split_once("is open: ").and_then(|(_, url)| url.split_once("://")) {
            return (address.trim().parse().unwrap(), said);
        }
        said.push_str(&(line + "\n"));
    }
    panic!("the program ended before it listened: {said}");
}
