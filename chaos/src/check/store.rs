//! Checks what the server sends against what is stored.

use std::collections::BTreeSet;

use shared::{Posted, RoomAddress, Seq};

use super::{Findings, Truth};
use crate::database::{Database, StoredMessage, StoredRoom};
use crate::world::Complaints;

pub(super) fn compare(truth: &Truth, database: &Database, findings: &Findings, complaints: &Complaints) {
    for (name, log) in truth {
        let Some(stored) = database.rooms.get(name) else {
            findings.missing.add();
            complaints.add(format!("the room {name} is not stored"));
            continue;
        };
        findings.messages.add_many(stored.messages.len() as u64);
        findings.changes.add_many(stored.changes.len() as u64);
        numbers(name, stored, findings, complaints);
        if log.len() != stored.messages.len() {
            findings.missing.add();
            complaints.add(format!(
                "{name} has {} messages, {} are stored",
                log.len(),
                stored.messages.len()
            ));
        }
        for posted in log.messages() {
            match stored.messages.get(&posted.seq) {
                None => {
                    findings.double.add();
                    complaints.add(format!("{} of {name} is told and not stored", posted.seq));
                }
                Some(row) if !same(posted, row) => {
                    findings.different.add();
                    complaints.add(format!("{name} tells {posted:?}\n      and stores {row:?}"));
                }
                Some(_) => {}
            }
        }
    }
}

/// Checks that the seqs of messages and changes together are 1, 2, 3 … without gaps.
fn numbers(name: &RoomAddress, stored: &StoredRoom, findings: &Findings, complaints: &Complaints) {
    let mut places: BTreeSet<Seq> = stored.messages.keys().copied().collect();
    let doors = stored.doors.iter().flat_map(|doors| doors.events.iter().map(|(seq, _)| *seq));
    for seq in stored.changes.iter().map(|change| change.seq).chain(doors) {
        if !places.insert(seq) {
            findings.double.add();
            complaints.add(format!("{seq} of {name} is given twice"));
        }
    }
    let mut expected = Seq::ZERO;
    for &place in &places {
        expected = expected.next();
        if place != expected {
            findings.out_of_order.add();
            complaints.add(format!("after {} of {name} comes {place}", expected.before()));
            return;
        }
    }
}

fn same(posted: &Posted, row: &StoredMessage) -> bool {
    posted.message_id == row.message_id
        && posted.sender_id == row.author
        && posted.client_message_id == row.client_id
        && posted.content.as_ref().map_or("", |text| text.as_str()) == row.content
        && posted.reply_to == row.reply_to
        && posted.deleted == row.deleted
        && posted.pinned == row.pinned
        && posted.changed_seq.unwrap_or_default() == row.changed
        && posted.reactions.iter().map(|reaction| reaction.count).sum::<u64>() == row.reactions
        && posted.reactions.iter().all(|reaction| reaction.count == reaction.users.len() as u64)
}
