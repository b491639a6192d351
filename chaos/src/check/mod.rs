//! The final checks: what devices show, what the server sends and what is stored must agree.

mod answers;
mod doors;
mod fold;
mod names;
mod store;
pub mod unread;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use shared::{RoomAddress, RoomLog};

use crate::database::Database;
use crate::device::Device;
use crate::world::{Complaints, Count};

/// The complete log of each room, as the server sends it at the end of the run.
pub type Truth = BTreeMap<RoomAddress, RoomLog>;

/// Counts of what was checked and of what was wrong.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each is a line of the report, which has the words")]
pub struct Findings {
    pub messages: Count,
    pub changes: Count,
    pub windows: Count,
    pub shown: Count,
    pub acks: Count,
    pub refusals: Count,
    pub unread: Count,
    pub missing: Count,
    pub double: Count,
    pub out_of_order: Count,
    pub different: Count,
    pub wrong_answers: Count,
    pub wrong_unread: Count,
    pub accounts: Count,
    pub wrong_accounts: Count,
    pub wrong_names: Count,
    pub private_rooms: Count,
    pub added: Count,
    pub removed: Count,
    pub roles: Count,
    pub details: Count,
    pub door_answers: Count,
    pub sightings: Count,
    pub wrong_doors: Count,
    pub seen: Count,
}

impl Findings {
    /// Whether nothing was wrong.
    pub fn are_clean(&self) -> bool {
        let wrong = [
            &self.missing,
            &self.double,
            &self.out_of_order,
            &self.different,
            &self.wrong_answers,
            &self.wrong_unread,
            &self.wrong_accounts,
            &self.wrong_names,
            &self.wrong_doors,
            &self.seen,
        ];
        wrong.iter().all(|count| count.get() == 0)
    }
}

/// Runs all checks except [`unread::followed`], which has to run before read marks are moved.
pub async fn everything(
    devices: &[Arc<Device>],
    truth: &Truth,
    database: &mut Database,
    findings: &Findings,
    complaints: &Complaints,
) -> Result<()> {
    store::compare(truth, database, findings, complaints);
    for device in devices.iter().filter(|device| !device.person.is_gone()) {
        fold::compare(device, truth, findings, complaints);
    }
    answers::compare(devices, database, findings, complaints);
    names::compare(devices, database, findings, complaints);
    doors::compare(devices, truth, database, findings, complaints);
    unread::compare(devices, database, findings, complaints).await?;
    Ok(())
}
