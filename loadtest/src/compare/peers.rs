//! The servers that Hiroba is compared with, and how each is started.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::serving::free_port;
use crate::dialect::Dialect;

/// Builds the command that serves on a port, with a folder for its files.
type Start = Box<dyn Fn(u16, &Path) -> Result<Command>>;

/// A server to measure.
pub struct Peer {
    name: String,
    /// The version that the program reports.
    pub version: String,
    pub dialect: Dialect,
    /// Path of the WebSocket.
    pub path: &'static str,
    /// The program, if it is a single file.
    pub binary: Option<PathBuf>,
    pub command: Start,
}

/// A peer that is used if it is installed.
pub struct Known {
    pub name: &'static str,
    /// Finds the peer, or says what is missing.
    pub find: fn() -> Result<Peer>,
}

/// All peers known to this program.
pub const KNOWN: &[Known] = &[
    Known { name: "nats", find: nats },
    Known { name: "mosquitto", find: mosquitto },
    Known { name: "axum-broadcast", find: axum_broadcast },
    Known { name: "node-ws", find: node },
    Known { name: "python", find: python },
];

impl Peer {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns Hiroba itself, with its data in the folder.
    ///
    /// # Errors
    /// The program does not run.
    pub fn hiroba(program: &Path) -> Result<Self> {
        let program = program.canonicalize()?;
        let version = said(Command::new(&program).arg("--version"))?;
        Ok(Self {
            name: "hiroba".to_owned(),
            version,
            dialect: Dialect::Hiroba,
            path: "/ws",
            binary: Some(program.clone()),
            command: Box::new(move |port, folder| {
                let mut command = Command::new(&program);
                command.current_dir(folder).args(["--rate-limits", "off", "--listen"]);
                command.arg(format!("127.0.0.1:{port}")).arg("--data-dir").arg(folder.join("data"));
                Ok(command)
            }),
        })
    }

    /// Parses a peer of the command line: `NAME:DIALECT=COMMAND`, with `{port}` in the command.
    ///
    /// # Errors
    /// The text has another form.
    pub fn named(text: &str) -> Result<Self> {
        let parts = text.split_once('=').and_then(|(head, line)| Some((head.split_once(':')?, line)));
        let ((name, dialect), line) =
            parts.with_context(|| format!("--peer: {text:?} is not NAME:DIALECT=COMMAND"))?;
        let dialect = Dialect::from_str(dialect, true).map_err(|error| anyhow::anyhow!("--peer: {error}"))?;
        let line = line.to_owned();
        Ok(Self {
            name: name.to_owned(),
            version: "as given".to_owned(),
            dialect,
            path: "/",
            binary: None,
            command: Box::new(move |port, _| {
                let mut command = Command::new("sh");
                let line = line.replace("{port}", &port.to_string());
                command.arg("-c").arg(format!("exec {line}")).env("PORT", port.to_string());
                Ok(command)
            }),
        })
    }
}

fn nats() -> Result<Peer> {
    let program = find("nats-server").context("`apt-get install nats-server`")?;
    Ok(Peer {
        name: "nats".to_owned(),
        version: said(Command::new(&program).arg("--version"))?,
        dialect: Dialect::Nats,
        path: "/",
        binary: Some(program.clone()),
        command: Box::new(move |port, folder| {
            let config = folder.join("nats.conf");
            let own = free_port()?;
            fs::write(
                &config,
                format!(
                    "listen: \"127.0.0.1:{own}\"\nwebsocket {{ listen: \"127.0.0.1:{port}\", no_tls: true }}\n\
                     max_connections: 100000\n"
                ),
            )?;
            let mut command = Command::new(&program);
            command.arg("-c").arg(config);
            Ok(command)
        }),
    })
}

fn mosquitto() -> Result<Peer> {
    let program = find("mosquitto").context("`apt-get install mosquitto`")?;
    Ok(Peer {
        name: "mosquitto".to_owned(),
        version: said(Command::new(&program).arg("-h"))?,
        dialect: Dialect::Mqtt,
        path: "/",
        binary: Some(program.clone()),
        command: Box::new(move |port, folder| {
            let config = folder.join("mosquitto.conf");
            // mosquitto does not start with a WebSocket listener alone.
            let own = free_port()?;
            fs::write(
                &config,
                format!(
                    "listener {own} 127.0.0.1\nlistener {port} 127.0.0.1\nsocket_domain ipv4\n\
                     protocol websockets\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n\
                     max_inflight_messages 0\nset_tcp_nodelay true\nuser root\nlog_type error\n"
                ),
            )?;
            let mut command = Command::new(&program);
            command.arg("-c").arg(config);
            Ok(command)
        }),
    })
}

fn axum_broadcast() -> Result<Peer> {
    let program = std::env::current_exe()?.with_file_name("axum-broadcast");
    if !program.exists() {
        bail!("`cargo build --release -p axum-broadcast`");
    }
    Ok(Peer {
        name: "axum-broadcast".to_owned(),
        version: said(Command::new(&program).arg("--version"))?,
        dialect: Dialect::EchoJson,
        path: "/",
        binary: Some(program.clone()),
        command: Box::new(move |port, _| Ok(with_port(Command::new(&program), port))),
    })
}

fn node() -> Result<Peer> {
    let program = find("node").context("Node.js is missing")?;
    let folder = folder().join("node");
    let manifest = folder.join("node_modules/ws/package.json");
    let manifest = fs::read_to_string(manifest).context("`npm ci --prefix loadtest/peers/node`")?;
    let ws: serde_json::Value = serde_json::from_str(&manifest)?;
    let node = said(Command::new(&program).arg("--version"))?;
    Ok(Peer {
        name: "node-ws".to_owned(),
        version: format!("Node {node}, ws {}", ws["version"].as_str().unwrap_or("?")),
        dialect: Dialect::EchoJson,
        path: "/",
        binary: None,
        command: Box::new(move |port, _| {
            let mut command = Command::new(&program);
            command.arg(folder.join("server.js"));
            Ok(with_port(command, port))
        }),
    })
}

fn python() -> Result<Peer> {
    let program = find("python3").context("Python 3 is missing")?;
    let packages = websockets();
    let python = move || {
        let mut command = Command::new(&program);
        if let Some(packages) = &packages {
            command.env("PYTHONPATH", packages);
        }
        command
    };
    let version = "import sys, websockets; print(f'Python {sys.version.split()[0]}, websockets {websockets.__version__}')";
    let version = said(python().args(["-c", version]));
    Ok(Peer {
        name: "python".to_owned(),
        version: version.context("`pip install websockets`")?,
        dialect: Dialect::Seed,
        path: "/",
        binary: None,
        command: Box::new(move |port, _| {
            let mut command = python();
            command.arg(folder().join("python/server.py"));
            Ok(with_port(command, port))
        }),
    })
}

/// Returns the package that `cargo xtask test` installs for the demo client.
fn websockets() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let tools = fs::read_dir(cache.join("hiroba/tools")).ok()?.flatten().map(|entry| entry.path());
    let is_one = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with("python-websockets-"))
    };
    tools.filter(is_one).max()
}

fn with_port(mut command: Command, port: u16) -> Command {
    command.arg(port.to_string());
    command
}

/// The folder of the small peers.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Returns the first line that a command prints.
fn said(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        bail!("it does not say its version: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_of_the_command_line() {
        let peer = Peer::named("mine:echo-json=./server --port={port}").unwrap();
        assert_eq!((peer.name(), peer.dialect), ("mine", Dialect::EchoJson));
        let command = (peer.command)(4711, Path::new(".")).unwrap();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["-c", "exec ./server --port=4711"]);
        for wrong in ["mine", "mine=x", "mine:klingon=x"] {
            assert!(Peer::named(wrong).is_err(), "{wrong}");
        }
    }
}
