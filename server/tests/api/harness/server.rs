//! A server inside the test process.

use std::net::SocketAddr;
use std::path::Path;

use hiroba::config::{Config, Listen};
use hiroba::tls::CertificateSource;
use hiroba::{app, listen};
use shared::{Auth, Joined, Position, RoomAddress, UserName};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::frames::joined;
use super::person::{Person, guest};
use super::tls::Tunnel;

/// A server on a free port with its own data folder; rate limits are off.
pub struct TestServer {
    /// The address for clients; where the server speaks TLS, that of a tunnel.
    pub address: SocketAddr,
    listens_at: SocketAddr,
    config: Config,
    folder: TempDir,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl TestServer {
    /// Starts a server with the default settings of the tests.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server with changed settings.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Self::config(folder.path());
        change(&mut config);
        Self::run(config, folder).await
    }

    /// [`Self::start`] on existing data.
    pub async fn start_in(folder: TempDir) -> Self {
        Self::start_in_with(folder, |_| {}).await
    }

    /// [`Self::start_in`] with changed settings.
    pub async fn start_in_with(folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Self::config(folder.path());
        change(&mut config);
        Self::run(config, folder).await
    }

    fn config(folder: &Path) -> Config {
        Config {
            listen: Listen::At("127.0.0.1:0".parse().unwrap()),
            rate_limits: false,
            ..Config::new(folder)
        }
    }

    /// The address that the server itself listens on.
    pub fn listens_at(&self) -> SocketAddr {
        self.listens_at
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn run(config: Config, folder: TempDir) -> Self {
        let listeners = listen::bind(config.listen, config.http_listen).unwrap();
        let listens_at = listeners[0].local_addr().unwrap();
        let address = match &config.tls {
            Some(CertificateSource::Files(files)) => Tunnel::start(listens_at, files).await.address,
            _ => listens_at,
        };
        let shutdown = CancellationToken::new();
        let running = tokio::spawn({
            let (config, shutdown) = (config.clone(), shutdown.clone());
            async move { app::serve(&config, listeners, shutdown).await }
        });
        let this = Self { address, listens_at, config, folder, shutdown, running };
        this.stats().await;
        this
    }

    /// Stops the server and waits until everything is stored.
    pub async fn stop(self) -> TempDir {
        self.shutdown.cancel();
        self.running.await.expect("the server does not panic").expect("the server stops in order");
        self.folder
    }

    /// Stops the server and starts another one on the same folder.
    pub async fn restart(self) -> Self {
        let config = self.config.clone();
        let folder = self.stop().await;
        Self::run(config, folder).await
    }

    /// [`Self::restart`], with `sql` executed on the database in between.
    pub async fn restart_after(self, sql: &'static str) -> Self {
        let config = self.config.clone();
        let folder = self.stop().await;
        let options = SqliteConnectOptions::new().filename(folder.path().join("hiroba.db"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        Self::run(config, folder).await
    }

    /// Whether the server is running.
    pub fn is_running(&self) -> bool {
        !self.running.is_finished()
    }

    /// Opens a WebSocket without signing in.
    pub async fn open(&self) -> Person {
        Person::open(self.address, "/ws").await
    }

    /// Connects a guest with protocol 1, in `general`.
    pub async fn connect(&self, name: &str) -> Person {
        self.connect_joined(name).await.0
    }

    /// [`Self::connect`], also returning the `joined` of `general`.
    pub async fn connect_joined(&self, name: &str) -> (Person, Joined) {
        let mut person = self.open().await;
        person.sign_in(guest(name)).await;
        let answer = person.expect(joined).await;
        (person, answer)
    }

    /// Connects a guest with protocol 1, in no room.
    pub async fn connect_outside(&self, name: &str) -> Person {
        let mut person = self.open().await;
        person.sign_in(Auth { rooms: Some(Vec::new()), ..guest(name) }).await;
        person
    }

    /// Connects a returning guest, with a session and these positions.
    pub async fn resume(&self, session: &str, positions: &[(&RoomAddress, Position)]) -> Person {
        Person::resume(self.address, session, positions).await
    }

    /// Connects a demo client, which is in `general`.
    pub async fn demo(&self, name: &str) -> Person {
        let mut person = Person::open(self.address, "/").await;
        let auth = Auth { username: Some(UserName::new(name).unwrap()), ..Auth::default() };
        person.sign_in(auth).await;
        // The server joins it without an answer; the pong shows that the join is done.
        person.send_text(r#"{"type":"ping"}"#).await;
        person.expect(|frame| matches!(frame, shared::ServerFrame::Pong { .. }).then_some(())).await;
        person
    }

    /// Returns `/api/stats`.
    pub async fn stats(&self) -> serde_json::Value {
        let answer = reqwest::get(format!("http://{}/api/stats", self.address)).await.unwrap();
        answer.json().await.unwrap()
    }
}
