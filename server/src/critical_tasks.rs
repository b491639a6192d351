//! Tasks that the server cannot run without. Tokio ends a task that panics and lets the others continue: the server
//! would answer but store nothing. So it exits with an error instead, to be restarted by its supervisor.

use std::sync::{Arc, OnceLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Spawns critical tasks and detects when one panics.
#[derive(Debug, Clone, Default)]
pub struct CriticalTasks(Arc<Fault>);

#[derive(Debug, Default)]
struct Fault {
    task: OnceLock<&'static str>,
    happened: CancellationToken,
}

/// Lives as long as its task.
struct Guard {
    task: &'static str,
    tasks: CriticalTasks,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.tasks.0.task.set(self.task);
            self.tasks.0.happened.cancel();
        }
    }
}

impl CriticalTasks {
    /// Spawns a task under a name.
    pub fn spawn<F>(&self, task: &'static str, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let guard = Guard { task, tasks: self.clone() };
        tokio::spawn(async move {
            let _guard = guard;
            future.await
        })
    }

    /// Resolves with the name of the first task that panicked.
    pub async fn fault(&self) -> &'static str {
        self.0.happened.cancelled().await;
        self.0.task.get().copied().unwrap_or("a task")
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn only_a_panic_is_a_fault() {
        let tasks = CriticalTasks::default();
        let ended = tasks.spawn("one that ends", async { 7 });
        assert_eq!(ended.await.unwrap(), 7);
        let aborted = tasks.spawn("one that is aborted", pending::<()>());
        aborted.abort();
        assert!(aborted.await.unwrap_err().is_cancelled());
        assert!(tokio::time::timeout(Duration::ZERO, tasks.fault()).await.is_err());
        let broken = tasks.spawn("one that panics", async {
            tokio::task::yield_now().await;
            panic!("as the test wants");
        });
        assert_eq!(tasks.fault().await, "one that panics");
        assert!(broken.await.unwrap_err().is_panic());
    }
}
