//! Threads of low priority.

use std::fs;

use rustix::process::{Pid, getpriority_process, setpriority_process};

/// Nice increment of a low-priority thread: it gets about a tenth of the CPU time of a normal thread beside it, and all
/// of it when alone.
const NICER: i32 = 10;
/// The highest nice value.
const NICEST: i32 = 19;

/// Lowers the priority of this process's threads with this name. Linux has a nice value per thread; where it cannot be
/// set, threads keep their priority.
pub(super) fn give_way(name: &str) {
    let (Ok(ours), Ok(threads)) = (getpriority_process(None), fs::read_dir("/proc/self/task")) else {
        return;
    };
    let nice = (ours + NICER).min(NICEST);
    for thread in threads.flatten() {
        let named = fs::read_to_string(thread.path().join("comm")).is_ok_and(|comm| comm.trim_end() == name);
        let id = thread.file_name().to_str().and_then(|id| id.parse().ok()).and_then(Pid::from_raw);
        if let Some(id) = id.filter(|_| named)
            && let Err(error) = setpriority_process(Some(id), nice)
        {
            tracing::debug!(%error, "a thread keeps its ordinary priority");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use rustix::thread::gettid;

    use super::*;

    #[test]
    fn only_the_thread_of_that_name_gives_way() {
        let (named, ids) = mpsc::channel();
        let (done, wait) = mpsc::channel::<()>();
        let worker = thread::Builder::new().name("gives-way".to_owned()).spawn(move || {
            named.send(gettid()).ok();
            wait.recv().ok();
        });
        let id = ids.recv().unwrap();
        let before = getpriority_process(None).unwrap();
        give_way("gives-way");
        assert_eq!(getpriority_process(Some(id)), Ok((before + NICER).min(NICEST)));
        assert_eq!(getpriority_process(None), Ok(before));
        drop(done);
        worker.unwrap().join().unwrap();
    }
}
