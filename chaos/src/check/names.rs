//! Checks accounts after their changes: what the owners know, what is stored, and which names devices show.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use shared::account::DELETED;
use shared::{UserId, UserName};

use super::Findings;
use crate::account::Account;
use crate::database::{Database, StoredAccount};
use crate::device::Device;
use crate::world::Complaints;

pub(super) fn compare(
    devices: &[Arc<Device>],
    database: &Database,
    findings: &Findings,
    complaints: &Complaints,
) {
    for device in devices.iter().filter(|device| device.number == 0) {
        let (Some(account), Some(user)) = (device.person.account(), device.person.user()) else { continue };
        findings.accounts.add();
        if let Err(what) = owned(account, user, database) {
            findings.wrong_accounts.add();
            complaints.add(format!("{}: {what}", device.person.name));
        }
    }
    let mut looks: BTreeMap<String, UserId> = BTreeMap::new();
    for (&user, account) in &database.accounts {
        let key = UserName::new(&account.name).map(|name| name.key()).unwrap_or_default();
        if account.kind != StoredAccount::DELETED && looks.insert(key, user).is_some() {
            findings.wrong_accounts.add();
            complaints.add(format!("two users are called {}", account.name));
        }
    }
    let present = |user: &UserId| {
        let account = database.accounts.get(user).filter(|account| account.kind != StoredAccount::GUEST)?;
        Some(account.name.as_str())
    };
    for device in devices.iter().filter(|device| !device.person.is_gone()) {
        device.with(|state| {
            let mut told: HashMap<UserId, String> = HashMap::new();
            for posted in state.rooms().values().flat_map(|room| room.log.messages()) {
                let shown = state.name_of(posted);
                if present(&posted.sender_id).is_some_and(|name| name != shown.as_str()) {
                    told.insert(posted.sender_id, shown.to_string());
                }
            }
            for (user, shown) in told {
                findings.wrong_names.add();
                let name = present(&user).unwrap_or_default();
                complaints.add(format!("{} shows {shown}, who is called {name}", device.name()));
            }
        });
    }
}

/// Compares what the owner knows with what is stored.
fn owned(account: &Account, user: UserId, database: &Database) -> Result<(), String> {
    let known = account.known();
    let Some(stored) = database.accounts.get(&user) else { return Err("is not stored".to_owned()) };
    if let Some(wish) = &known.wish {
        return Err(format!("it is not known what became of {wish:?}"));
    }
    let Some(messages) = known.deleted else {
        let is_same = stored.kind == StoredAccount::ACCOUNT && stored.name == known.name.as_str();
        return if is_same { Ok(()) } else { Err(format!("is {known:?} and stored as {stored:?}")) };
    };
    if stored.kind != StoredAccount::DELETED || stored.name != DELETED {
        return Err(format!("is deleted and stored as {stored:?}"));
    }
    if stored.sessions + stored.memberships > 0 {
        return Err(format!("is deleted and there is more: {stored:?}"));
    }
    for other in database.accounts.values().filter(|other| other.kind != StoredAccount::DELETED) {
        if known.confirmed.iter().any(|name| name.as_str() == other.name) {
            return Err(format!("is deleted, and somebody else is called {}", other.name));
        }
    }
    let own = database.rooms.values().flat_map(|room| room.messages.values());
    let left = own.filter(|message| message.author == user && !message.deleted).count();
    if messages && left > 0 { Err(format!("is deleted, and {left} messages are not")) } else { Ok(()) }
}
