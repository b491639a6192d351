//! How far a request for a page of something is.

use shared::Failure;

/// Loading state.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Progress {
    /// Loaded, or nothing was requested.
    #[default]
    Done,
    /// Requested.
    Loading,
    /// Refused, or the connection was lost.
    Failed(Failure),
}
