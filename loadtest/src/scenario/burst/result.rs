//! What a burst found.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::player::{Board, Record};
use super::{Burst, latencies};
use crate::process::Process;
use crate::progress::grouped;
use crate::report::{Report, Verdict, millis};

/// What a burst found. Times in the units of the names.
#[derive(Debug, Serialize)]
pub struct BurstResult {
    clients: u32,
    messages_per_client: u32,
    window: u64,
    client_message_ids: bool,
    room: String,
    seconds: f64,
    posts: u64,
    deliveries: u64,
    deliveries_per_second: f64,
    bytes_per_delivery: f64,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    latency_samples: u64,
    latency_sampled_one_in: u64,
    lost: u64,
    duplicates: u64,
    out_of_order: u64,
    orders: u64,
    foreign: u64,
    acks_missing: u64,
    acks_doubled: u64,
    acks_wrong: u64,
    unsent: u64,
    refused: BTreeMap<&'static str, u64>,
    disconnected: u64,
    disconnect_reasons: BTreeSet<String>,
    server: Option<ServerCost>,
    load_cpu_seconds: Option<f64>,
}

/// What the server spent; missing parts could not be seen.
#[derive(Debug, Serialize)]
struct ServerCost {
    pid: u32,
    cpu_seconds: Option<f64>,
    cpu_micros_per_delivery: Option<f64>,
    rss_kib: Option<u64>,
    peak_rss_kib: Option<u64>,
}

impl BurstResult {
    /// Puts the clients' records together.
    pub(super) fn new(
        burst: &Burst,
        board: &Board,
        records: &[Record],
        server: Option<(Process, Option<u64>)>,
        own_cpu_nanos: Option<u64>,
    ) -> Self {
        let sum = |count: fn(&Record) -> u64| records.iter().map(count).sum::<u64>();
        let posts = sum(|r| u64::from(r.posted));
        let deliveries = sum(|r| r.ledger.received);
        let seconds = records.iter().map(|r| r.last).max().unwrap_or(0) as f64 / 1e9;
        let latency = latencies(records);
        let mut refused = BTreeMap::new();
        for (code, count) in records.iter().flat_map(|r| &r.refused) {
            *refused.entry(*code).or_default() += count;
        }
        let refusals: u64 = refused.values().sum();
        let stored = posts - refusals.min(posts);
        let messages = sum(|r| r.ledger.received + r.ledger.duplicates + r.ledger.foreign);
        let footprint = server.and_then(|(process, _)| process.footprint());
        Self {
            clients: burst.clients,
            messages_per_client: burst.messages,
            window: burst.window,
            client_message_ids: board.client_message_ids,
            room: board.room.to_string(),
            seconds,
            posts,
            deliveries,
            deliveries_per_second: if seconds > 0.0 { deliveries as f64 / seconds } else { 0.0 },
            bytes_per_delivery: sum(|r| r.delivered_bytes) as f64 / messages.max(1) as f64,
            p50_ms: millis(latency.quantile(0.5)),
            p99_ms: millis(latency.quantile(0.99)),
            max_ms: millis(latency.max()),
            latency_samples: latency.count(),
            latency_sampled_one_in: board.sampled,
            lost: (stored * u64::from(burst.clients)).saturating_sub(deliveries),
            duplicates: sum(|r| r.ledger.duplicates),
            out_of_order: sum(|r| r.ledger.out_of_order),
            orders: records.iter().map(|r| r.ledger.order_hash()).collect::<BTreeSet<_>>().len() as u64,
            foreign: sum(|r| r.ledger.foreign),
            acks_missing: stored.saturating_sub(sum(|r| r.acks)),
            acks_doubled: sum(|r| r.acks_doubled),
            acks_wrong: sum(|r| r.acks_wrong),
            unsent: board.posts_due() - posts,
            refused,
            disconnected: records.iter().filter(|r| r.broken.is_some()).count() as u64,
            disconnect_reasons: records.iter().filter_map(|r| r.broken.clone()).collect(),
            server: server.map(|(process, cpu_nanos)| ServerCost {
                pid: process.id(),
                cpu_seconds: cpu_nanos.map(|nanos| nanos as f64 / 1e9),
                cpu_micros_per_delivery: cpu_nanos.map(|nanos| nanos as f64 / 1e3 / deliveries.max(1) as f64),
                rss_kib: footprint.map(|f| f.rss_kib),
                peak_rss_kib: footprint.map(|f| f.peak_rss_kib),
            }),
            load_cpu_seconds: own_cpu_nanos.map(|nanos| nanos as f64 / 1e9),
        }
    }

    fn server_rows(&self) -> Vec<(&'static str, String)> {
        let Some(server) = &self.server else {
            return vec![("server process", "not seen (--server-pid)".to_owned())];
        };
        let known = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
        let mib = |kib: Option<u64>| known(kib.map(|kib| format!("{:.1} MiB", kib as f64 / 1024.0)));
        let cpu = server.cpu_seconds.zip(server.cpu_micros_per_delivery);
        let cpu = cpu.map(|(all, each)| format!("{all:.2} s, {each:.3} µs per delivery"));
        vec![
            ("server CPU", known(cpu)),
            ("server memory", format!("{}, peak {}", mib(server.rss_kib), mib(server.peak_rss_kib))),
        ]
    }
}

impl Report for BurstResult {
    fn rows(&self) -> Vec<(&'static str, String)> {
        let count = |number: u64| grouped(number);
        let mut rows = vec![
            (
                "clients × messages",
                format!("{} × {}", count(self.clients.into()), count(self.messages_per_client.into())),
            ),
            ("time", format!("{:.3} s", self.seconds)),
            (
                "deliveries",
                format!("{}, {}/s", count(self.deliveries), count(self.deliveries_per_second as u64)),
            ),
            ("bytes per delivery", format!("{:.0} on average", self.bytes_per_delivery)),
            (
                "latency",
                format!(
                    "p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms (1 delivery in {} taken)",
                    self.p50_ms, self.p99_ms, self.max_ms, self.latency_sampled_one_in
                ),
            ),
            ("lost", count(self.lost)),
            ("duplicates", count(self.duplicates)),
            ("order violations", count(self.out_of_order)),
            ("different orders seen", format!("{} (1 is right)", self.orders)),
            ("acks missing", count(self.acks_missing)),
        ];
        let unusual = [
            ("acks doubled", self.acks_doubled),
            ("acks with another seq", self.acks_wrong),
            ("posts not sent", self.unsent),
            ("messages of others", self.foreign),
        ];
        rows.extend(unusual.iter().filter(|(_, n)| *n > 0).map(|&(name, n)| (name, count(n))));
        rows.extend(self.refused.iter().map(|(code, n)| ("posts refused", format!("{} {code}", count(*n)))));
        rows.extend(self.disconnect_reasons.iter().map(|why| ("disconnected", why.clone())));
        if self.disconnected > 0 {
            rows.push(("clients disconnected", count(self.disconnected)));
        }
        rows.extend(self.server_rows());
        if let Some(seconds) = self.load_cpu_seconds {
            rows.push(("load test CPU", format!("{seconds:.2} s")));
        }
        rows
    }

    fn verdict(&self) -> Verdict {
        let faults = [
            self.lost,
            self.duplicates,
            self.out_of_order,
            self.orders - 1,
            self.acks_missing,
            self.acks_doubled,
            self.acks_wrong,
            self.unsent,
            self.refused.values().sum(),
            self.disconnected,
        ];
        if faults.iter().all(|&count| count == 0) { Verdict::Passed } else { Verdict::Failed }
    }
}
