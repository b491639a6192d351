//! The limit of open files and connections of this process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that the server needs beside connections: databases with their WAL files, listening sockets, temporary
/// files for sorting.
const OWN: u64 = 64;
/// Connections served in any case, whatever the limit.
const AT_LEAST: u64 = 16;

/// Raises the limit as far as possible without privileges and returns it.
pub fn raise() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let limit = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => raised,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            limit
        }
    };
    // `None`: there is no limit.
    limit.current.unwrap_or(u64::MAX)
}

/// Returns how many connections fit below a limit when `reserve` descriptors are kept free for later.
pub fn connections(limit: u64, reserve: usize) -> usize {
    let left = limit.saturating_sub(OWN).saturating_sub(reserve as u64).max(AT_LEAST);
    usize::try_from(left).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_keeps_descriptors_for_itself_and_for_the_reserve() {
        assert_eq!(connections(160, 16), 80);
        assert_eq!(connections(20_000, 16), 19_920);
        assert_eq!(connections(50, 16), 16);
        assert_eq!(connections(u64::MAX, 0) as u64, u64::MAX - OWN);
    }
}
