//! What is the case when somebody looks.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::process;

/// Figures that somebody else keeps.
#[derive(Debug, Default)]
pub struct Moment {
    /// Signed-in WebSockets.
    pub connections: usize,
    /// People with at least one.
    pub users: usize,
    /// Rooms with members.
    pub rooms: usize,
    /// Messages stored and handed out since the start.
    pub messages: u64,
    /// Messages handed to connections since the start.
    pub deliveries: u64,
    /// Connections closed as slow consumers since the start.
    pub slow_consumers: u64,
    /// Whether messages can be stored and delivered.
    pub is_ready: bool,
    /// Writes that wait to be stored.
    pub waiting_writes: usize,
    /// Free bytes on the disk of the data folder, and its size.
    pub disk: Option<(u64, u64)>,
    /// When the certificate of the server ends.
    pub certificate_ends: Option<DateTime<Utc>>,
    /// Seconds since the start.
    pub uptime: u64,
}

impl Moment {
    pub(super) fn register(&self, registry: &mut Registry) {
        let gauges = [
            ("connections", "Signed-in WebSockets", Some(self.connections as u64)),
            ("users", "People with a connection", Some(self.users as u64)),
            ("rooms", "Rooms with members", Some(self.rooms as u64)),
            ("ready", "1 while messages can be stored and delivered", Some(self.is_ready.into())),
            ("waiting_writes", "Writes that wait to be stored", Some(self.waiting_writes as u64)),
            ("memory_bytes", "Resident memory", process::memory()),
            ("open_files", "Open files and sockets", process::open_files()),
            ("disk_free_bytes", "Free space on the disk of the data folder", self.disk.map(|(free, _)| free)),
            ("disk_size_bytes", "Size of the disk of the data folder", self.disk.map(|(_, size)| size)),
            ("uptime_seconds", "Time since the start", Some(self.uptime)),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                let gauge = Gauge::<u64, AtomicU64>::default();
                gauge.set(value);
                registry.register(name, help, gauge);
            }
        }
        if let Some(end) = self.certificate_ends {
            let help = "When the certificate of the server ends, in Unix time";
            registry.register_with_unit(
                "certificate_ends_timestamp",
                help,
                Unit::Seconds,
                ConstGauge::new(end.timestamp()),
            );
        }
        for (name, help, value) in [
            ("messages", "Messages stored and handed out", self.messages),
            ("deliveries", "Messages handed to connections", self.deliveries),
            ("slow_consumers", "Connections closed because they did not read (4008)", self.slow_consumers),
        ] {
            registry.register(name, help, ConstCounter::new(value));
        }
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
    }
}
