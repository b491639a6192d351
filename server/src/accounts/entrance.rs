//! Who may come in: what was said at the start, what an owner decided, or what is safe.

use std::sync::PoisonError;

use shared::account::{Entrance, EntranceChange, Role, SignUp};

use super::{Accounts, Now, Principal, Refusal};
use crate::error::Error;

/// What the operator said at the start, and where the server is.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// A field that is set cannot be changed while the server runs.
    pub given: EntranceChange,
    /// Only this machine reaches the server: guests are welcome unless somebody decides otherwise.
    pub is_local: bool,
    /// The address of the page, without a slash at its end.
    pub site: String,
}

impl Accounts {
    /// Whether guests may come in.
    pub fn are_guests_welcome(&self) -> bool {
        self.decided().guests.unwrap_or(self.rules.is_local)
    }

    /// Who may create an account.
    pub fn sign_up_rule(&self) -> SignUp {
        self.decided().sign_up.unwrap_or_default()
    }

    /// What the first page offers. Whether there is mail is not known here.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn entrance(&self) -> Result<Entrance, Error> {
        let has_owner = self.store.has_owner().await?;
        let (sign_up, guests) = (self.sign_up_rule(), self.are_guests_welcome());
        Ok(Entrance { sign_up, guests, has_owner, mail: false })
    }

    /// Decides who may come in.
    ///
    /// # Errors
    /// Only an owner may, and only what was not said at the start; or the store cannot be used.
    pub async fn change_entrance(
        &self,
        principal: &Principal,
        change: EntranceChange,
        now: Now,
    ) -> Result<(), Error> {
        principal.need(Role::Owner)?;
        let given = self.rules.given;
        if given.guests.is_some() && change.guests.is_some_and(|guests| given.guests != Some(guests)) {
            return Err(Refusal::FixedAtStart("guests").into());
        }
        if given.sign_up.is_some() && change.sign_up.is_some_and(|sign_up| given.sign_up != Some(sign_up)) {
            return Err(Refusal::FixedAtStart("sign_up").into());
        }
        let _alone = self.alone().await;
        self.store.set_entrance(change, &principal.decides(now)).await?;
        let mut chosen = self.chosen.write().unwrap_or_else(PoisonError::into_inner);
        *chosen = over(change, *chosen);
        Ok(())
    }

    fn decided(&self) -> EntranceChange {
        over(self.rules.given, *self.chosen.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What `first` says, and where it says nothing `second`.
fn over(first: EntranceChange, second: EntranceChange) -> EntranceChange {
    EntranceChange { guests: first.guests.or(second.guests), sign_up: first.sign_up.or(second.sign_up) }
}
