//! Checks what a device shows against what the server sends.

use std::collections::HashSet;

use shared::{Posted, RoomAddress, RoomLog, Seq};

use super::{Findings, Truth};
use crate::device::Device;
use crate::room::Room;
use crate::world::Complaints;

pub(super) fn compare(device: &Device, truth: &Truth, findings: &Findings, complaints: &Complaints) {
    device.with(|state| {
        for (name, room) in state.rooms() {
            let Some(truth) = truth.get(name) else {
                complaints.add(format!("{} is in {name}, which nobody else knows", device.name()));
                continue;
            };
            let place = Place { device, name, truth, findings, complaints };
            place.window(room);
            for &seq in &room.asides {
                place.message(seq, room.log.message(seq), truth.message(seq));
            }
        }
    });
}

struct Place<'a> {
    device: &'a Device,
    name: &'a RoomAddress,
    truth: &'a RoomLog,
    findings: &'a Findings,
    complaints: &'a Complaints,
}

impl Place<'_> {
    fn window(&self, room: &Room) {
        let log = &room.log;
        self.findings.windows.add();
        let there = |seq: Seq| log.start() < seq && seq <= log.end();
        let expected: Vec<&Posted> = self.truth.messages().filter(|posted| there(posted.seq)).collect();
        for &posted in &expected {
            self.message(posted.seq, log.message(posted.seq), Some(posted));
        }
        let mut ids = HashSet::new();
        for posted in log.messages() {
            if self.truth.message(posted.seq).is_none() || !ids.insert(posted.message_id) {
                self.findings.double.add();
                self.say(posted.seq, "shows what is not there, or twice", &format!("{posted:?}"));
            }
        }
    }

    fn message(&self, seq: Seq, shown: Option<&Posted>, expected: Option<&Posted>) {
        self.findings.shown.add();
        match (shown, expected) {
            (Some(shown), Some(expected)) if shown == expected => {}
            (Some(shown), expected) => {
                self.findings.different.add();
                self.say(seq, "shows", &format!("{shown:?}\n      instead of {expected:?}"));
            }
            (None, _) => {
                self.findings.missing.add();
                self.say(seq, "lacks a message", &format!("{expected:?}"));
            }
        }
    }

    fn say(&self, seq: Seq, what: &str, details: &str) {
        self.complaints.add(format!("{} at {seq} of {} {what}: {details}", self.device.name(), self.name));
    }
}
