//! The lock of a data folder. The lock file also serves to test for free disk space.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

pub(super) const FILE: &str = "hiroba.lock";
/// Disk space that a few messages need, with everything written along with them, in bytes.
const ROOM: usize = 256 * 1024;

/// How long a positive result is cached: anyone may ask, at any rate.
const HOLDS: Duration = Duration::from_secs(1);

/// Locks the folder for as long as it lives.
pub(super) struct FolderLock {
    file: Arc<File>,
    /// The last time the test succeeded.
    had_room: Mutex<Option<Instant>>,
}

impl FolderLock {
    /// Locks a folder: two servers on the same data would assign the same `seq` twice.
    pub(super) fn take(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file: Arc::new(file), had_room: Mutex::default() }),
            Err(TryLockError::WouldBlock) => bail!(
                "another Hiroba is using the data folder {}; stop it, or choose another folder with --data-dir",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Tests for free disk space by writing to the lock file and truncating it again.
    pub(super) async fn has_room(&self) -> io::Result<()> {
        let mut had_room = self.had_room.lock().await;
        if had_room.is_some_and(|at| at.elapsed() < HOLDS) {
            return Ok(());
        }
        *had_room = None;
        let file = self.file.clone();
        let tried = spawn_blocking(move || {
            let written = file.write_all_at(&vec![0; ROOM], 0);
            file.set_len(0)?;
            written
        });
        tried.await??;
        *had_room = Some(Instant::now());
        Ok(())
    }
}
