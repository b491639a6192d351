//! Orders of the operator to a running server, through a Unix socket in the data folder that only the owner of the folder
//! can open.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use shared::Failure;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use crate::accounts::{Done, Order};
use crate::chat::Chat;
use crate::store::sqlite::CONTROL_SOCKET;

/// Longest order, in bytes of one line of JSON.
const ORDER: u64 = 16 * 1024;
/// Time for an order and its answer.
const WITHIN: Duration = Duration::from_mins(1);

type Answer = Result<Done, Failure>;

/// The socket of a data folder. Its address goes through a descriptor of the folder, because the path of a socket has
/// at most 107 bytes.
struct Address {
    _folder: File,
    path: PathBuf,
}

impl Address {
    fn of(folder: &Path) -> io::Result<Self> {
        let open = File::open(folder)?;
        let path = if cfg!(target_os = "linux") {
            Path::new("/proc/self/fd").join(open.as_raw_fd().to_string()).join(CONTROL_SOCKET)
        } else {
            folder.join(CONTROL_SOCKET)
        };
        Ok(Self { _folder: open, path })
    }
}

/// Takes orders until the listener is dropped. The caller holds the lock of the folder, so that a socket that is there
/// was left by a server that was killed.
///
/// # Errors
/// The socket cannot be made.
pub fn listen(folder: &Path) -> anyhow::Result<UnixListener> {
    let path = folder.join(CONTROL_SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot replace {}", path.display()));
        }
        Ok(()) | Err(_) => {}
    }
    let cannot = || format!("cannot make {}", path.display());
    let address = Address::of(folder).with_context(cannot)?;
    let listener = UnixListener::bind(&address.path).with_context(cannot)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).with_context(cannot)?;
    Ok(listener)
}

/// Carries out orders.
pub async fn serve(listener: UnixListener, chat: Arc<Chat>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let chat = chat.clone();
                tokio::spawn(async move {
                    if let Ok(Err(error)) = timeout(WITHIN, answer(stream, &chat)).await {
                        tracing::debug!(%error, "an order of the operator was not answered");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot take an order of the operator");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(mut stream: UnixStream, chat: &Arc<Chat>) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    BufReader::new(reader.take(ORDER)).read_line(&mut line).await?;
    let answer: Answer = match serde_json::from_str(&line) {
        Ok(order) => chat.administer(order).await.map_err(crate::error::Error::into_failure),
        Err(error) => Err(Failure::new(shared::ErrorCode::BadJson, error.to_string())),
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    writer.write_all(&line).await
}

/// Sends an order to the server that runs on `folder`. `None`: there is no such server.
///
/// # Errors
/// The server refused the order or did not answer.
pub async fn ask(folder: &Path, order: &Order) -> anyhow::Result<Option<Done>> {
    // Without a folder there is no server.
    let Ok(address) = Address::of(folder) else { return Ok(None) };
    let mut stream = match UnixStream::connect(&address.path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot open {}", folder.join(CONTROL_SOCKET).display()));
        }
    };
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    let mut answer = String::new();
    let told = async {
        stream.write_all(&line).await?;
        stream.read_to_string(&mut answer).await
    };
    timeout(WITHIN, told).await.context("the server did not answer in time")??;
    match serde_json::from_str::<Answer>(&answer).context("the server did not answer")? {
        Ok(done) => Ok(Some(done)),
        Err(failure) => bail!("{}", failure.message),
    }
}
