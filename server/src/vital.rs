//! Tasks that the server is nothing without. Tokio ends a task that panics and lets the others go on: the server would
//! answer and store nothing. So it ends with an error instead, and whoever supervises it starts it anew.

use std::sync::{Arc, OnceLock};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Starts such tasks and knows when one has panicked.
#[derive(Debug, Clone, Default)]
pub struct Vital(Arc<Fault>);

#[derive(Debug, Default)]
struct Fault {
    task: OnceLock<&'static str>,
    happened: CancellationToken,
}

/// Held by a task as long as it lives.
struct Guard {
    task: &'static str,
    vital: Vital,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.vital.0.task.set(self.task);
            self.vital.0.happened.cancel();
        }
    }
}

impl Vital {
    /// Starts a task under a name.
    pub fn spawn<F>(&self, task: &'static str, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let guard = Guard { task, vital: self.clone() };
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
        let vital = Vital::default();
        let ended = vital.spawn("one that ends", async { 7 });
        assert_eq!(ended.await.unwrap(), 7);
        let aborted = vital.spawn("one that is aborted", pending::<()>());
        aborted.abort();
        assert!(aborted.await.unwrap_err().is_cancelled());
        assert!(tokio::time::timeout(Duration::ZERO, vital.fault()).await.is_err());
        let broken = vital.spawn("one that panics", async {
            tokio::task::yield_now().await;
            panic!("as the test wants");
        });
        assert_eq!(vital.fault().await, "one that panics");
        assert!(broken.await.unwrap_err().is_panic());
    }
}
