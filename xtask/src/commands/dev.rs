//! `cargo xtask dev`: runs client and server side by side and rebuilds each when its files change.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, run as run_to_end, step};
use crate::tools;
use crate::workspace;

/// Polling interval for changes of the server's files.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Grace period before the server is killed.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// Runs until Ctrl-C, which reaches all three processes.
pub fn run(flags: &[&str]) -> Result<()> {
    tools::wasm_target::ensure()?;
    let trunk = tools::trunk::ensure()?;
    let bindgen = tools::wasm_bindgen::ensure()?;
    step("Starting trunk: the page will be on http://localhost:8080 and reload when client/ changes");
    let mut page =
        Running(tools::trunk::command("serve", [trunk, bindgen])?.spawn().context("cannot start trunk")?);
    let mut server: Option<Running> = None;
    let mut built = None;
    loop {
        let newest = newest_change()?;
        if built != Some(newest) {
            built = Some(newest);
            step("Building the server");
            match run_to_end(cargo().args(["build", "--package", "server"])) {
                Ok(()) => {
                    drop(server.take());
                    server = Some(start_server(flags)?);
                }
                Err(error) => eprintln!("{error:#}; waiting for a change"),
            }
        }
        if let Some(status) = page.0.try_wait()? {
            bail!("trunk ended ({status})");
        }
        if let Some(status) = server.as_mut().map(|server| server.0.try_wait()).transpose()?.flatten() {
            eprintln!("the server ended ({status}); waiting for a change");
            server = None;
        }
        sleep(LOOK_EVERY);
    }
}

fn start_server(flags: &[&str]) -> Result<Running> {
    let binary = workspace::target()?.join("debug/hiroba");
    let mut command = Command::new(&binary);
    let process = command.args(flags).current_dir(workspace::root()).spawn();
    Ok(Running(process.with_context(|| format!("cannot start {}", binary.display()))?))
}

/// Returns the newest modification time among the files that the server is built from.
fn newest_change() -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for path in ["server", "shared", "Cargo.toml", "Cargo.lock"] {
        for file in workspace::files_below(&workspace::root().join(path))? {
            newest = newest.max(modified(&file));
        }
    }
    Ok(newest)
}

/// Returns when a file was modified. One that an editor has removed since it was listed does not count.
fn modified(file: &Path) -> SystemTime {
    PathBuf::from(file).metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A process that is stopped on drop: with SIGTERM first, then with SIGKILL.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let asked = output(Command::new("kill").args(["-TERM", &self.0.id().to_string()])).is_some();
        let mut waited = Duration::ZERO;
        while asked && waited < STOPS_WITHIN && matches!(self.0.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(50));
            waited += Duration::from_millis(50);
        }
        // Both fail only if the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
