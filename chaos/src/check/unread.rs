//! What every device counts as unread against a full recount.

use std::sync::Arc;

use anyhow::Result;
use shared::limits::UNREAD_COUNTED;

use super::Findings;
use crate::database::Database;
use crate::device::Device;
use crate::world::Complaints;

pub(super) async fn compare(
    devices: &[Arc<Device>],
    database: &mut Database,
    findings: &Findings,
    complaints: &Complaints,
) -> Result<()> {
    for device in devices {
        let Some(user) = device.person.user() else { continue };
        let shown = device.with(|state| {
            let rooms = state.rooms().iter();
            rooms.map(|(name, room)| (name.clone(), room.unread.clone())).collect::<Vec<_>>()
        });
        for (name, unread) in shown {
            let (mark, messages, mentions) = database.unread(&name, user).await?;
            let most = u64::from(UNREAD_COUNTED);
            let expected = (mark, messages.min(most), mentions.min(most));
            let found = (unread.read(), u64::from(unread.messages()), u64::from(unread.mentions()));
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
