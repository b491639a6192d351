//! What accounts tell others of themselves.

use std::sync::{Arc, PoisonError};

use shared::account::Profile;
use shared::{ServerFrame, UserId, UserName};

use super::{Accounts, Refusal};
use crate::error::Error;

impl Accounts {
    /// Replaces what an account tells of itself.
    ///
    /// # Errors
    /// The account is gone, or the store cannot be used.
    pub async fn set_profile(&self, user: UserId, profile: Profile) -> Result<(), Error> {
        if !self.store.set_profile(user, &profile).await? {
            return Err(Refusal::SessionEnded.into());
        }
        self.tells(user, Arc::new(profile));
        self.changed.write().unwrap_or_else(PoisonError::into_inner).insert(user);
        Ok(())
    }

    /// Returns everybody who tells something of themselves.
    pub fn profiles(&self) -> Vec<(UserId, Arc<Profile>)> {
        let profiles = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        profiles.iter().map(|(&user, profile)| (user, profile.clone())).collect()
    }

    /// Returns the frame that tells a client who somebody is at present, if that is more than `name` or if a client that was
    /// away may know something else.
    pub fn introduction(&self, user: UserId, name: &UserName) -> Option<ServerFrame> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let present = names.get(&user)?;
        let profiles = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        let profile = profiles.get(&user).cloned();
        let is_news = present != name
            || profile.is_some()
            || self.changed.read().unwrap_or_else(PoisonError::into_inner).contains(&user);
        is_news.then(|| ServerFrame::UserChanged { user: present.clone(), user_id: user, profile })
    }

    pub(super) fn tells(&self, user: UserId, profile: Arc<Profile>) {
        let mut profiles = self.profiles.write().unwrap_or_else(PoisonError::into_inner);
        if *profile == Profile::default() {
            profiles.remove(&user);
        } else {
            profiles.insert(user, profile);
        }
    }
}
