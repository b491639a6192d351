//! Somebody with three devices, which share one session.

use std::sync::Mutex;

use anyhow::Result;
use shared::{UserId, UserName, Welcome};
use tokio::sync::watch;

use crate::world::{World, lock};

/// Names of several scripts, with and without spaces.
const NAMES: [&str; 5] = ["Ada", "花子", "Taro Yamada", "テスト", "민수"];

/// What a device signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The secret.
    pub secret: String,
    /// Who that is.
    pub user: UserId,
}

/// What a welcome means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcomed {
    /// Go on.
    In,
    /// Another device was first with another session: come again with that.
    Again,
}

/// Somebody with three devices.
pub struct Person {
    /// Which one.
    pub number: usize,
    /// The name asked for.
    pub name: UserName,
    session: watch::Sender<Option<Session>>,
    users: Mutex<Vec<UserId>>,
}

impl Person {
    /// Somebody who was never here.
    pub fn new(number: usize) -> Result<Self> {
        let name = UserName::new(&format!("{}{number}", NAMES[number % NAMES.len()]))?;
        Ok(Self { number, name, session: watch::Sender::new(None), users: Mutex::default() })
    }

    /// What a device signs in with. All but the first wait until that one is in.
    pub async fn session(&self, first: bool) -> Option<Session> {
        if first {
            return self.session.borrow().clone();
        }
        // The sender is here, it cannot be gone.
        self.session.subscribe().wait_for(Option::is_some).await.ok().and_then(|session| session.clone())
    }

    /// The server took up the session that was offered, or made a new one.
    pub fn welcomed(&self, world: &World, offered: Option<&Session>, welcome: &Welcome) -> Welcomed {
        world.add_name(&welcome.username);
        let user = welcome.client_id;
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

    /// Who this is now.
    pub fn user(&self) -> Option<UserId> {
        self.session.borrow().as_ref().map(|session| session.user)
    }

    /// Everybody this person ever was: one, unless a session was lost.
    pub fn users(&self) -> Vec<UserId> {
        lock(&self.users).clone()
    }
}
