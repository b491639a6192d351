//! What an owner knows of an account that changes: the last request may have been carried out although it had no answer.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use shared::UserName;

use crate::world::lock;

/// A change of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Name(UserName),
    Password(String),
    /// The session of the device that decides it ends.
    SignOut,
    Delete {
        messages: bool,
    },
}

/// A change that was decided and has no answer yet.
#[derive(Debug, Clone)]
pub struct Wish {
    pub change: Change,
    /// How many times it was sent.
    pub sent: u32,
}

/// What is known of an account.
#[derive(Debug)]
pub struct Known {
    pub name: UserName,
    /// Every name that it had or may have had.
    pub names: BTreeSet<UserName>,
    /// Those that it certainly had: nobody else gets them during a run.
    pub confirmed: BTreeSet<UserName>,
    pub password: String,
    pub wish: Option<Wish>,
    /// Raised whenever sessions may end, so that a session from before may have ended.
    pub revision: u64,
    /// `Some` once it is deleted: whether its messages go too.
    pub deleted: Option<bool>,
    /// How many changes were decided, for new names and passwords.
    pub changes: u64,
}

/// An account that its owner changes on one device, while the others see what comes of it.
#[derive(Debug)]
pub struct Account(Mutex<Known>);

impl Account {
    /// An account as it was created.
    pub fn new(name: UserName, password: String) -> Self {
        let names = BTreeSet::from([name.clone()]);
        let confirmed = names.clone();
        let (wish, revision, deleted, changes) = (None, 0, None, 0);
        Self(Mutex::new(Known { name, names, confirmed, password, wish, revision, deleted, changes }))
    }

    /// Locks what is known.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.0)
    }

    /// Passwords that may be the right one, the likelier first, and since which revision.
    pub fn passwords(&self) -> (Vec<String>, u64) {
        let known = self.known();
        let mut passwords = vec![known.password.clone()];
        if let Some(Wish { change: Change::Password(next), sent: 1.. }) = &known.wish {
            passwords.push(next.clone());
        }
        (passwords, known.revision)
    }

    /// Whether it is deleted.
    pub fn is_gone(&self) -> bool {
        self.known().deleted.is_some()
    }
}

impl Known {
    /// Decides on a change.
    pub fn decide(&mut self, change: Change) {
        self.changes += 1;
        self.wish = Some(Wish { change, sent: 0 });
    }

    /// Returns the wish that is to be sent now, if there is one.
    pub fn send(&mut self) -> Option<Wish> {
        let wish = self.wish.as_mut()?;
        wish.sent += 1;
        match &wish.change {
            Change::Name(name) => drop(self.names.insert(name.clone())),
            Change::Password(_) | Change::Delete { .. } => self.revision += 1,
            Change::SignOut => {}
        }
        self.wish.clone()
    }

    /// The wish was carried out.
    pub fn done(&mut self) {
        match self.wish.take().map(|wish| wish.change) {
            Some(Change::Name(name)) => {
                self.confirmed.insert(name.clone());
                self.name = name;
            }
            Some(Change::Password(password)) => {
                self.password = password;
                self.revision += 1;
            }
            Some(Change::Delete { messages }) => self.deleted = Some(messages),
            Some(Change::SignOut) | None => {}
        }
    }

    /// The wish was refused for good.
    pub fn refused(&mut self) {
        self.wish = None;
    }

    /// Names that may be the present one, the likelier first.
    pub fn possible_names(&self) -> Vec<UserName> {
        let mut names = vec![self.name.clone()];
        if let Some(Wish { change: Change::Name(next), sent: 1.. }) = &self.wish {
            names.push(next.clone());
        }
        names
    }

    /// Whether sign-ins may fail because the account may be deleted.
    pub fn may_be_gone(&self) -> bool {
        self.deleted.is_some() || matches!(self.wish, Some(Wish { change: Change::Delete { .. }, sent: 1.. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> UserName {
        UserName::new(text).unwrap()
    }

    #[test]
    fn until_a_change_has_an_answer_both_may_be_true() {
        let account = Account::new(name("Ada"), "old".to_owned());
        account.known().decide(Change::Password("new".to_owned()));
        assert_eq!(account.passwords(), (vec!["old".to_owned()], 0));
        account.known().send();
        assert_eq!(account.passwords(), (vec!["old".to_owned(), "new".to_owned()], 1));
        account.known().done();
        assert_eq!(account.passwords(), (vec!["new".to_owned()], 2));
        account.known().decide(Change::Delete { messages: true });
        assert!(!account.known().may_be_gone());
        account.known().send();
        assert!(account.known().may_be_gone() && !account.is_gone());
        account.known().done();
        assert!(account.is_gone());
    }
}
