//! Deleting one's account.

use std::sync::Arc;

use shared::account::DELETED;
use shared::{UserId, UserName};

use super::{Accounts, Now, Proved, Refusal, names};
use crate::error::Error;
use crate::store::{Departed, StoreError};

impl Accounts {
    /// Deletes an account whose owner has [proved](Self::prove) the password. What it wrote stays, by a user without a name,
    /// or goes later.
    ///
    /// # Errors
    /// The password was changed meanwhile, or the store cannot be used.
    pub async fn close(
        &self,
        user: UserId,
        proved: &Proved,
        delete_messages: bool,
        now: Now,
    ) -> Result<(), Error> {
        let free_at = now.server.after(names::RESERVED);
        let closed = self.store.close_account(user, &proved.0, delete_messages, free_at).await?;
        closed.ok_or(Refusal::SessionEnded)?;
        self.is_gone(user);
        self.has_changed(user);
        Ok(())
    }

    /// Returns those whose messages are still to be deleted.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn departed_with_messages(&self) -> Result<Vec<UserId>, StoreError> {
        let departed = self.store.departed().await?.into_iter();
        Ok(departed.filter(|departed| departed.has_messages).map(|Departed { user, .. }| user).collect())
    }

    /// Records that all messages of somebody are deleted.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn messages_deleted(&self, user: UserId) -> Result<(), StoreError> {
        self.store.messages_deleted(user).await
    }

    /// From now on somebody is told of as a user whose account is deleted.
    pub(super) fn is_gone(&self, user: UserId) {
        // It is a possible name, and nobody else can have it.
        if let Ok(name) = UserName::new(DELETED) {
            self.is_called(user, name);
        }
        self.tells(user, Arc::default());
    }
}
