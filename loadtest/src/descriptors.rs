//! The limit of open file descriptors of this process.

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors besides the connections: standard streams, the event queue, files under `/proc`.
const SPARE: u64 = 100;

/// Makes sure that `connections` can be open at once; raises the limit if this process may.
///
/// # Errors
/// The limit is too low and may not be raised; the error says what to do.
pub fn allow(connections: u64) -> Result<()> {
    let needed = connections + SPARE;
    let limit = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= needed);
    if enough(limit.current) {
        return Ok(());
    }
    if enough(limit.maximum) {
        let raised = Rlimit { current: Some(needed), maximum: limit.maximum };
        return setrlimit(Resource::Nofile, raised).context("cannot raise the limit of open descriptors");
    }
    // Only root may exceed the hard limit.
    if setrlimit(Resource::Nofile, Rlimit { current: Some(needed), maximum: Some(needed) }).is_ok() {
        return Ok(());
    }
    let most = limit.maximum.unwrap_or_default();
    bail!(
        "{connections} connections need {needed} descriptors, this user may open {most}: \
         run `ulimit -Hn {needed}` as root first, or ask for at most {} connections",
        most.saturating_sub(SPARE)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_possible_is_allowed_and_the_rest_explained() {
        allow(10).unwrap();
        let error = allow(u64::MAX / 2).unwrap_err().to_string();
        assert!(error.contains("ulimit -Hn"), "{error}");
    }
}
