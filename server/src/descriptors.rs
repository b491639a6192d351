//! How many files and connections the system lets this process have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the server opens beside connections: the databases, their logs, sockets it listens on, what sorting needs.
const OWN: u64 = 64;
/// So few connections are served in any case.
const AT_LEAST: u64 = 16;

/// Raises the limit as far as it goes without privileges, and gives it.
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
    // None: there is no limit.
    limit.current.unwrap_or(u64::MAX)
}

/// How many connections fit below a limit, when so many are kept free for later.
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
