//! Names of accounts, and how one changes them.

use std::sync::PoisonError;
use std::time::Duration;

use shared::account::DELETED;
use shared::{UserId, UserName};

use super::{Accounts, Now, Principal, Refusal};
use crate::error::Error;
use crate::look;
use crate::store::{FormerName, NotRenamed, StoreError};

/// Nobody else gets a former name for this long.
pub(super) const RESERVED: Duration = Duration::from_hours(24 * 30);
/// Former names of an account that nobody else gets.
const MOST: usize = 5;

/// The forms of a name that no two accounts may share.
///
/// # Errors
/// It looks like a name that nobody may have.
pub(super) fn looks(name: &UserName) -> Result<Vec<String>, Refusal> {
    let looks: Vec<String> = look::looks(name.as_str()).into_iter().collect();
    if look::reserved().any(|look| looks.contains(&look)) {
        return Err(Refusal::NameTaken);
    }
    Ok(looks)
}

impl Accounts {
    /// Changes the name of an account. Nobody else gets the old one for 30 days.
    ///
    /// # Errors
    /// The name is taken, or was until some days ago; it was changed too often; or the store cannot be used.
    pub async fn rename(&self, principal: &Principal, name: &UserName, now: Now) -> Result<(), Error> {
        let (looks, times) = (looks(name)?, (now.server, now.server.after(RESERVED)));
        let renamed = self.store.rename(principal.user.id, (name, &looks), MOST, times).await?;
        renamed.map_err(|why| match why {
            NotRenamed::NameTaken => Refusal::NameTaken,
            NotRenamed::TooOften => Refusal::RenamedTooOften,
            NotRenamed::NoAccount => Refusal::SessionEnded,
        })?;
        self.is_called(principal.user.id, name.clone());
        self.has_changed(principal.user.id);
        Ok(())
    }

    /// Returns every account with its present name.
    pub fn names(&self) -> Vec<(UserId, UserName)> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let accounts = names.iter().filter(|(_, name)| name.as_str() != DELETED);
        accounts.map(|(&user, name)| (user, name.clone())).collect()
    }

    /// Returns the present name of an account, or of one that was deleted.
    ///
    /// # Errors
    /// There never was such an account.
    pub fn present_name(&self, user: UserId) -> Result<UserName, Error> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        Ok(names.get(&user).cloned().ok_or(Refusal::NoSuchAccount)?)
    }

    /// Whether somebody had an account that is deleted.
    pub fn is_deleted(&self, user: UserId) -> bool {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.get(&user).is_some_and(|name| name.as_str() == DELETED)
    }

    pub(super) fn is_called(&self, user: UserId, name: UserName) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).insert(user, name);
    }

    /// Returns the former names that nobody else gets yet.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn former_names(&self, now: Now) -> Result<Vec<(UserId, UserName)>, StoreError> {
        Ok(pairs(self.store.former_names(now.server).await?))
    }

    /// Lets others have the names whose time has come. Returns them.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn free_names(&self, now: Now) -> Result<Vec<(UserId, UserName)>, StoreError> {
        Ok(pairs(self.store.free_names(now.server).await?))
    }
}

fn pairs(names: Vec<FormerName>) -> Vec<(UserId, UserName)> {
    names.into_iter().map(|former| (former.user, former.name)).collect()
}
