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
        self.has_changed(user);
        Ok(())
    }

    /// Returns everybody who tells something of themselves.
    pub fn profiles(&self) -> Vec<(UserId, Arc<Profile>)> {
        let profiles = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        profiles.iter().map(|(&user, profile)| (user, profile.clone())).collect()
    }

    /// Returns the frame that tells a client who somebody is at present, if they are an account or were one.
    pub fn present(&self, user: UserId) -> Option<ServerFrame> {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        let name = names.get(&user)?.clone();
        let profiles = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        Some(ServerFrame::UserChanged { user: name, user_id: user, profile: profiles.get(&user).cloned() })
    }

    /// [`Self::present`], if that is more than `name` or if a client that was away may know something else.
    pub fn introduction(&self, user: UserId, name: &UserName) -> Option<ServerFrame> {
        let frame = self.present(user)?;
        let ServerFrame::UserChanged { user: present, profile, .. } = &frame else { return None };
        let changed = || self.changed.read().unwrap_or_else(PoisonError::into_inner).contains(user);
        (present != name || profile.is_some() || changed()).then_some(frame)
    }

    /// Returns the accounts that were changed after the first `count` changes, at most 500, and how many changes there were
    /// by now.
    pub fn changed_since(&self, count: u64) -> (u64, Vec<UserId>) {
        self.changed.read().unwrap_or_else(PoisonError::into_inner).since(count)
    }

    pub(super) fn has_changed(&self, user: UserId) {
        self.changed.write().unwrap_or_else(PoisonError::into_inner).add(user);
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
