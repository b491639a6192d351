//! Checks the unread counts of every device against a full recount.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use shared::limits::UNREAD_COUNTED;
use shared::{Posted, RoomAddress, Unread};

use super::{Findings, Truth};
use crate::database::Database;
use crate::device::Device;
use crate::world::Complaints;

const MOST: usize = UNREAD_COUNTED as usize;

/// Checks the counts that each device keeps itself against what the server sends. Runs before any read mark is moved,
/// which would make the server count.
pub fn followed(devices: &[Arc<Device>], truth: &Truth, findings: &Findings, complaints: &Complaints) {
    let mut marks = BTreeMap::new();
    for device in devices.iter().filter(|device| !device.person.is_gone()) {
        let Some(user) = device.person.user() else { continue };
        for (name, unread) in shown(device) {
            let Some(log) = truth.get(&name) else { continue };
            let after =
                |posted: &&Posted| posted.seq > unread.read() && posted.sender_id != user && !posted.deleted;
            let later: Vec<&Posted> = log.messages().filter(after).collect();
            let calls = later.iter().filter(|posted| posted.mentions.call(user)).count();
            let expected = (later.len().min(MOST), calls.min(MOST));
            let found = (unread.messages() as usize, unread.mentions() as usize);
            let mark = *marks.entry((user, name.clone())).or_insert(unread.read());
            findings.unread.add();
            if found != expected || mark != unread.read() {
                findings.wrong_unread.add();
                complaints.add(format!(
                    "{} follows (unread, mentions) {found:?} in {name}, {expected:?} is right; the mark of another \
                     device is {mark}; {unread:?}",
                    device.name()
                ));
            }
        }
    }
}

pub(super) async fn compare(
    devices: &[Arc<Device>],
    database: &mut Database,
    findings: &Findings,
    complaints: &Complaints,
) -> Result<()> {
    for device in devices.iter().filter(|device| !device.person.is_gone()) {
        let Some(user) = device.person.user() else { continue };
        for (name, unread) in shown(device) {
            let (mark, messages, mentions) = database.unread(&name, user).await?;
            let expected = (mark, messages.min(MOST), mentions.min(MOST));
            let found = (unread.read(), unread.messages() as usize, unread.mentions() as usize);
            findings.unread.add();
            if found != expected {
                findings.wrong_unread.add();
                complaints.add(format!(
                    "{} has (mark, unread, mentions) {found:?} in {name}, a recount gives {expected:?}; {unread:?}",
                    device.name()
                ));
            }
        }
    }
    Ok(())
}

fn shown(device: &Device) -> Vec<(RoomAddress, Unread)> {
    device
        .with(|state| state.rooms().iter().map(|(name, room)| (name.clone(), room.unread.clone())).collect())
}
