//! The `hiroba` program.

use std::process::ExitCode;

use hiroba::config::{Config, Task};
use hiroba::{app, listen, maintenance, telemetry};
use rustix::fs::Mode;
use rustix::process::{Signal, umask};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hiroba: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    // Files written by the server or a sub-command are private to its user.
    umask(Mode::RWXG | Mode::RWXO);
    let (config, task) = Config::read()?;
    match task {
        Task::Serve => serve(&config).await,
        Task::Backup { file } => maintenance::backup(&config.data_dir, &file).await,
        Task::Restore { file } => maintenance::restore(&config.data_dir, &file).await,
        Task::Export { folder } => maintenance::export(&config.data_dir, &folder).await,
        Task::Check => maintenance::check(&config.data_dir).await,
        Task::User(task) => maintenance::user(&config, task).await,
        Task::Token { name } => maintenance::token(&config, name).await,
        Task::Invite(task) => maintenance::invite(&config, task).await,
    }
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    telemetry::start(config.log_format);
    let listeners = listen::bind(config.listen, config.http_listen)?;
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    // Catch SIGXFSZ: a file that reaches its size limit is then an error like a full disk, not the end of the program.
    let _too_large = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    app::serve(config, listeners, shutdown).await
}
