//! The user's cache of installed tools, shared by all clones.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::step;

/// `$XDG_CACHE_HOME/hiroba/tools`, by default `~/.cache/hiroba/tools`.
pub fn folder() -> Result<PathBuf> {
    let caches = env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let caches = caches.or_else(|| env::home_dir().map(|home| home.join(".cache")));
    Ok(caches.context("neither XDG_CACHE_HOME nor HOME is set")?.join("hiroba/tools"))
}

/// Returns the folder of `tool` at `version`; `install` fills it if it does not exist. `cost` says how long that takes.
///
/// An aborted installation leaves no folder of that name. If another clone is installing, this waits for it.
pub fn ensure(
    tool: &str,
    version: &str,
    cost: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let tools = folder()?;
    let note = format!("Installing {tool} {version} into {} (once; {cost})", tools.display());
    within(&tools, &format!("{tool}-{version}"), &note, install)
        .with_context(|| format!("{tool} {version} could not be installed"))
}

/// Whether `tool` is installed at `version`.
pub fn has(tool: &str, version: &str) -> Result<bool> {
    Ok(folder()?.join(format!("{tool}-{version}")).is_dir())
}

fn within(
    tools: &Path,
    name: &str,
    note: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let installed = tools.join(name);
    if installed.is_dir() {
        return Ok(installed);
    }
    let _alone = lock(tools, name)?;
    if installed.is_dir() {
        return Ok(installed);
    }
    step(note);
    // A process left over from a killed installation must not write into this one.
    let unfinished = tools.join(format!(".{name}.{}", std::process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    let result = install(&unfinished).and_then(|()| {
        fs::rename(&unfinished, &installed).with_context(|| format!("cannot create {}", installed.display()))
    });
    if unfinished.is_dir() {
        fs::remove_dir_all(&unfinished).with_context(|| format!("cannot remove {}", unfinished.display()))?;
    }
    result.map(|()| installed)
}

/// Keeps other clones from installing `what` until the returned file is dropped; waits if one does so now.
///
/// # Errors
/// The lock file, which is never removed, cannot be created.
pub fn alone(what: &str) -> Result<File> {
    lock(&folder()?, what)
}

fn lock(tools: &Path, what: &str) -> Result<File> {
    fs::create_dir_all(tools).with_context(|| format!("cannot create {}", tools.display()))?;
    let path = tools.join(format!(".{what}.lock"));
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    let locked = match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            step(&format!("Waiting for another clone, which installs {what}"));
            file.lock()
        }
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => Ok(()),
    };
    locked.with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use std::thread;

    use anyhow::bail;

    use super::*;

    #[test]
    fn two_at_once_install_once() {
        let tools = tempfile::tempdir().unwrap();
        let (all_here, installed) = (Barrier::new(4), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    all_here.wait();
                    let there = within(tools.path(), "saw-1", "", |folder| {
                        installed.fetch_add(1, SeqCst);
                        Ok(fs::write(folder.join("saw"), "sharp")?)
                    });
                    assert_eq!(fs::read_to_string(there.unwrap().join("saw")).unwrap(), "sharp");
                });
            }
        });
        assert_eq!(installed.load(SeqCst), 1);
    }

    #[test]
    fn a_failed_installation_is_begun_anew() {
        let tools = tempfile::tempdir().unwrap();
        let failed = within(tools.path(), "saw-1", "", |folder| {
            fs::write(folder.join("half"), "")?;
            bail!("no more iron")
        });
        assert_eq!(failed.unwrap_err().to_string(), "no more iron");
        let there = within(tools.path(), "saw-1", "", |_| Ok(())).unwrap();
        assert_eq!(fs::read_dir(there).unwrap().count(), 0, "nothing of the failed one is left");
    }
}
