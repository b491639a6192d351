//! Names of accounts, and how one changes them.

use std::collections::HashMap;
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

/// How many changed names whoever comes back is told, the newest ones.
const TOLD: usize = 500;

/// Accounts whose name was changed, in the order in which that happened.
#[derive(Default)]
pub(super) struct Renamed {
    places: HashMap<UserId, u64>,
    /// How many changes there were.
    count: u64,
}

impl Renamed {
    pub(super) fn add(&mut self, user: UserId) {
        self.count += 1;
        self.places.insert(user, self.count);
    }

    /// Returns the newest changes after the first `count` ones.
    fn since(&self, count: u64) -> Vec<UserId> {
        if count >= self.count {
            return Vec::new();
        }
        let mut since: Vec<(u64, UserId)> = self
            .places
            .iter()
            .map(|(&user, &place)| (place, user))
            .filter(|(place, _)| *place > count)
            .collect();
        since.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        since.truncate(TOLD);
        since.into_iter().map(|(_, user)| user).collect()
    }
}

impl FromIterator<UserId> for Renamed {
    fn from_iter<T: IntoIterator<Item = UserId>>(users: T) -> Self {
        let mut renamed = Self::default();
        users.into_iter().for_each(|user| renamed.add(user));
        renamed
    }
}

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
        self.renamed.write().unwrap_or_else(PoisonError::into_inner).add(principal.user.id);
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

    /// Returns the present name of an account, if it is another one than `name`, or if a client that was away may know it by
    /// another one.
    pub fn name_to_tell(&self, user: UserId, name: &UserName) -> Option<UserName> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let present = names.get(&user)?;
        let is_news = present != name
            || self.renamed.read().unwrap_or_else(PoisonError::into_inner).places.contains_key(&user);
        is_news.then(|| present.clone())
    }

    /// Returns the accounts whose name was changed after the first `count` changes, at most 500, and how many changes there
    /// were by now.
    pub fn renamed_since(&self, count: u64) -> (u64, Vec<UserId>) {
        let renamed = self.renamed.read().unwrap_or_else(PoisonError::into_inner);
        (renamed.count, renamed.since(count))
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
