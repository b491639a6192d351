//! How long a test's own work takes: a busy machine does not count.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.cast_unsigned(), now.tv_nsec as u32)
}

/// Returns the time that this thread spends on the processor with `work`; the best of three.
pub fn of(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let begun = now();
        work();
        now().saturating_sub(begun)
    };
    (0..3).map(once).min().unwrap_or_default()
}
