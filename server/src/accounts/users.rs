//! What administrators see and change of accounts.

use shared::account::{ListedUser, Role, UserChange, Users};
use shared::{SessionId, UserId};

use super::{Accounts, Now, Principal, Refusal};
use crate::error::Error;
use crate::store::AccountSummary;

impl Accounts {
    /// Returns at most `limit` accounts after the name `after`, those whose names contain `part`.
    ///
    /// # Errors
    /// Only an administrator may; or the store cannot be used.
    pub async fn users(
        &self,
        principal: &Principal,
        part: &str,
        after: &str,
        limit: u16,
    ) -> Result<Users, Error> {
        principal.need(Role::Admin)?;
        let mut found = self.store.accounts_by_name(part, after, limit + 1).await?;
        let more = found.len() > usize::from(limit);
        found.truncate(limit.into());
        let told = |AccountSummary { user, role, disabled, created_at, used_at, mail }| ListedUser {
            user_id: user.id,
            name: user.name,
            role,
            disabled,
            created_at,
            used_at,
            mail: mail.map(|mail| mail.as_str().to_owned()),
        };
        Ok(Users { users: found.into_iter().map(told).collect(), more })
    }

    /// Changes the role of an account, or whether it can be used. Returns the sessions that ended. The caller holds
    /// [`Self::alone`].
    ///
    /// # Errors
    /// There is no such account; only somebody above it may, and nobody gives a role above their own; it is the caller's, or
    /// that of the last owner; or the store cannot be used.
    pub async fn change_user(
        &self,
        principal: &Principal,
        user: UserId,
        change: UserChange,
        now: Now,
    ) -> Result<Vec<SessionId>, Error> {
        principal.need(Role::Admin)?;
        let account = self.store.account(user).await?.ok_or(Refusal::NoSuchAccount)?;
        let is_own = user == principal.user.id;
        let is_owner = principal.role == Role::Owner;
        let is_above = is_owner || account.role < principal.role;
        // Owners may step down, as long as there is another one.
        if !is_above || is_own && change.disabled == Some(true) {
            return Err(Refusal::NotAbove.into());
        }
        if let Some(role) = change.role.filter(|&role| role != account.role) {
            if !is_owner {
                return Err(Refusal::NotAllowed(Role::Owner).into());
            }
            if account.role == Role::Owner && !self.has_other_owner(user).await? {
                return Err(Refusal::LastOwner.into());
            }
            self.store.set_role(user, role, &principal.decides(now)).await?;
        }
        match change.disabled.filter(|&disabled| disabled != account.disabled) {
            Some(disabled) => Ok(self.store.set_disabled(user, disabled, &principal.decides(now)).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn has_other_owner(&self, user: UserId) -> Result<bool, Error> {
        let is_other = |account: &AccountSummary| {
            account.role == Role::Owner && !account.disabled && account.user.id != user
        };
        Ok(self.store.accounts().await?.iter().any(is_other))
    }
}
