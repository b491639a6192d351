//! Whom a request speaks for, that may be an account's or a guest's.

use shared::{ErrorCode, Failure};

use super::{AppState, ClientAddress};
use crate::chat::Caller;
use crate::error::Error;

/// Finds out whom a token of an account, or the secret of a guest, speaks for.
///
/// # Errors
/// It is not valid (any more), its user is banned, or the store cannot be used. A secret that nobody has counts as a sign-in of
/// the address.
pub(super) async fn caller(
    state: &AppState,
    ClientAddress(address): ClientAddress,
    token: &str,
) -> Result<Caller, Error> {
    if let Some(caller) = state.chat.caller(token).await? {
        return Ok(caller);
    }
    state.admission.sign_in(address)?;
    Err(Failure::new(ErrorCode::NotAuthenticated, "the session is not known any more").into())
}
