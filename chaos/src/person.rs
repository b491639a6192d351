//! A person with three devices: a guest whose devices share one session, or an account with a session on each.

use std::sync::Mutex;

use anyhow::Result;
use shared::{UserId, UserName, Welcome};
use tokio::sync::watch;

use crate::account::Account;
use crate::world::{World, lock};

/// Names in several scripts, with and without spaces.
const NAMES: [&str; 5] = ["Ada", "花子", "Taro Yamada", "テスト", "민수"];

/// What a device authenticates with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub secret: String,
    pub user: UserId,
}

/// How to proceed after a welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcomed {
    /// Use this connection.
    In,
    /// Another device was faster and got another session: reconnect with that one.
    Again,
}

/// A person with three devices.
pub struct Person {
    pub number: usize,
    /// The requested name, by which complaints call them; an account may have another one by now.
    pub name: UserName,
    account: Option<Account>,
    session: watch::Sender<Option<Session>>,
    users: Mutex<Vec<UserId>>,
}

impl Person {
    /// Creates a person without a session; every other one has an account.
    pub fn new(number: usize) -> Result<Self> {
        let name = UserName::new(&format!("{}{number}", NAMES[number % NAMES.len()]))?;
        let account = number
            .is_multiple_of(2)
            .then(|| Account::new(name.clone(), format!("the password of person {number}")));
        Ok(Self { number, name, account, session: watch::Sender::new(None), users: Mutex::default() })
    }

    /// The account; `None` for a guest.
    pub const fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// Whether the account is deleted.
    pub fn is_gone(&self) -> bool {
        self.account.as_ref().is_some_and(Account::is_gone)
    }

    /// Returns the session to authenticate with. All devices but the first wait until there is one.
    pub async fn session(&self, first: bool) -> Option<Session> {
        if first {
            return self.session.borrow().clone();
        }
        // Cannot fail: `self` owns the sender.
        self.session.subscribe().wait_for(Option::is_some).await.ok().and_then(|session| session.clone())
    }

    /// Handles a welcome: the server resumed the offered session or made a new one.
    pub fn welcomed(&self, world: &World, offered: Option<&Session>, welcome: &Welcome) -> Welcomed {
        world.add_name(&welcome.username);
        let user = welcome.client_id;
        if let Some(account) = &self.account {
            let mut users = lock(&self.users);
            let is_own = account.known().names.contains(&welcome.username);
            if !is_own || users.first().is_some_and(|&first| first != user) {
                world.complaints.add(format!("{} came back as {}", self.name, welcome.username));
            }
            if users.is_empty() {
                users.push(user);
            }
            return Welcomed::In;
        }
        if welcome.resumed {
            if offered.is_none_or(|offered| offered.user != user) {
                world.complaints.add(format!("{} came back as somebody else", self.name));
            }
            return Welcomed::In;
        }
        let Some(secret) = welcome.session.clone() else {
            world.complaints.add(format!("{} was welcomed without a session", self.name));
            return Welcomed::Again;
        };
        let mut welcomed = Welcomed::Again;
        self.session.send_if_modified(|session| {
            if session.as_ref() != offered {
                return false;
            }
            *session = Some(Session { secret, user });
            welcomed = Welcomed::In;
            true
        });
        if welcomed == Welcomed::In {
            lock(&self.users).push(user);
            if offered.is_some() {
                world.complaints.add(format!("the session of {} was lost", self.name));
            }
        }
        welcomed
    }

    /// The current user id.
    pub fn user(&self) -> Option<UserId> {
        let guest = self.session.borrow().as_ref().map(|session| session.user);
        guest.or_else(|| lock(&self.users).first().copied())
    }

    /// All user ids that this person had: one, unless a session was lost.
    pub fn users(&self) -> Vec<UserId> {
        lock(&self.users).clone()
    }
}
