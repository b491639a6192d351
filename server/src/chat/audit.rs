//! The audit log, for administrators.

use shared::account::Role;

use super::Chat;
use crate::accounts::Principal;
use crate::error::Error;
use crate::store::{AuditEntry, AuditFilter};

impl Chat {
    /// Returns at most `limit` entries of the audit log with ids below `before`, the newest first.
    ///
    /// # Errors
    /// The account is no administrator, or the store cannot be used.
    pub async fn audit(
        &self,
        principal: &Principal,
        of: &AuditFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, Error> {
        principal.need(Role::Admin)?;
        Ok(self.store.audit(of, before, limit).await?)
    }

    /// [`Self::audit`] for the next page of something that takes long.
    ///
    /// # Errors
    /// The session has ended meanwhile, the account is banned or no administrator any more, or the store cannot be used.
    pub async fn further_audit(
        &self,
        principal: &Principal,
        of: &AuditFilter,
        before: Option<u64>,
        limit: u16,
    ) -> Result<Vec<AuditEntry>, Error> {
        let present = self.still(principal).await?;
        self.audit(&present, of, before, limit).await
    }
}
