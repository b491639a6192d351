//! The results that all runs have.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cost::is_limited_here;
use super::{Cost, Member, Poster, Stage};
use crate::dialect::Dialect;
use crate::process::{Footprint, Process};
use crate::progress::grouped;
use crate::report::{Row, Verdict, millis};

/// The results that all runs have. The names contain the units.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub dialect: Dialect,
    /// Clients in all rooms.
    pub clients: u64,
    pub rooms: u64,
    /// Messages posted.
    pub posts: u64,
    /// Cost of the measured interval.
    pub cost: Cost,
    /// Deliveries over the whole run.
    pub deliveries: u64,
    /// Mean bytes of a delivery on the wire.
    pub bytes_per_delivery: f64,
    /// Median latency from post to delivery.
    pub p50_ms: f64,
    /// 99th percentile of the latency.
    pub p99_ms: f64,
    /// Highest latency.
    pub max_ms: f64,
    /// Number of latencies recorded.
    pub latency_samples: u64,
    /// Deliveries that never reached a client that listened.
    pub lost: u64,
    /// Deliveries that came more than once.
    pub duplicates: u64,
    /// Deliveries out of the order given by `seq`, or by the numbers of one sender.
    pub out_of_order: u64,
    /// Most different orders that clients of one room saw: 1 is right.
    pub orders: u64,
    /// Messages of others in the same room: a fault if nobody else knows the room.
    pub foreign: u64,
    #[serde(skip)]
    with_others: bool,
    /// Deliveries whose text differs from what was posted, as seen by one reader of each room.
    pub garbled: u64,
    /// Posts without ack, where the dialect has acks.
    pub acks_missing: u64,
    /// Second acks for one post.
    pub acks_doubled: u64,
    /// Acks whose `seq` differs from the echo's.
    pub acks_wrong: u64,
    /// Posts that were not made.
    pub unsent: u64,
    /// Refused posts by error code.
    pub refused: BTreeMap<String, u64>,
    /// Clients that lost their connection.
    pub disconnected: u64,
    /// Why they lost it.
    pub disconnect_reasons: BTreeSet<String>,
    /// Memory and descriptors of the server at the end, if its process is visible.
    pub server: Option<Footprint>,
}

impl Outcome {
    /// Combines what the clients saw, `per_room` of them in a room.
    pub fn new(
        stage: &Stage,
        members: &[Member],
        per_room: usize,
        cost: Cost,
        process: Option<Process>,
    ) -> Self {
        let sum = |count: fn(&Member) -> u64| members.iter().map(count).sum::<u64>();
        let posters = || members.iter().filter_map(|member| member.poster.as_ref());
        let mut lost = 0;
        let mut orders = 1;
        for room in members.chunks(per_room) {
            let due: u64 =
                room.iter().filter_map(|member| member.poster.as_ref()).map(Poster::accepted).sum();
            let readers = || room.iter().filter(|member| !member.stalled);
            lost += readers().map(|member| due.saturating_sub(member.ledger.received)).sum::<u64>();
            let hashes: BTreeSet<u64> = readers().map(|member| member.ledger.order_hash()).collect();
            orders = orders.max(hashes.len() as u64);
        }
        let mut refused = BTreeMap::new();
        for (code, count) in posters().flat_map(|poster| &poster.refused) {
            *refused.entry(code.clone()).or_default() += count;
        }
        let acks = |count: fn(&Poster) -> u64| {
            if stage.dialect.has_order() { posters().map(count).sum() } else { 0 }
        };
        let broken = || members.iter().filter(|member| !member.stalled).filter_map(|m| m.broken.as_ref());
        let latency = stage.latency.borrow();
        Self {
            dialect: stage.dialect,
            clients: members.len() as u64,
            rooms: members.len().div_ceil(per_room) as u64,
            posts: posters().map(|poster| u64::from(poster.posted)).sum(),
            cost,
            deliveries: stage.deliveries.get(),
            bytes_per_delivery: stage.delivered_bytes.get() as f64
                / sum(|m| m.ledger.received + m.ledger.duplicates + m.ledger.foreign).max(1) as f64,
            p50_ms: millis(latency.quantile(0.5)),
            p99_ms: millis(latency.quantile(0.99)),
            max_ms: millis(latency.max()),
            latency_samples: latency.count(),
            lost,
            duplicates: sum(|m| m.ledger.duplicates),
            out_of_order: sum(|m| if m.stalled { 0 } else { m.ledger.out_of_order }),
            orders,
            foreign: sum(|m| m.ledger.foreign),
            with_others: stage.with_others.get(),
            garbled: sum(|m| m.garbled),
            acks_missing: acks(|poster| poster.accepted().saturating_sub(poster.receipts.acks)),
            acks_doubled: acks(|poster| poster.receipts.doubled),
            acks_wrong: acks(|poster| poster.receipts.wrong),
            unsent: posters()
                .filter(|poster| poster.limit != u32::MAX)
                .map(|poster| u64::from(poster.limit - poster.posted))
                .sum(),
            refused,
            disconnected: broken().count() as u64,
            disconnect_reasons: broken().map(|ended| ended.why.clone()).collect(),
            server: process.and_then(Process::footprint),
        }
    }

    /// The rows of the table that every scenario has.
    pub fn rows(&self) -> Vec<Row> {
        let count = grouped;
        let mut rows = vec![
            (
                "clients",
                format!(
                    "{} in {} rooms, {} posts",
                    count(self.clients),
                    count(self.rooms),
                    count(self.posts)
                ),
            ),
            ("time", format!("{:.3} s", self.cost.seconds)),
            (
                "deliveries",
                format!(
                    "{}, {}/s",
                    count(self.cost.deliveries),
                    count(self.cost.deliveries_per_second as u64)
                ),
            ),
            ("bytes per delivery", format!("{:.0} on average", self.bytes_per_delivery)),
            (
                "latency",
                format!("p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", self.p50_ms, self.p99_ms, self.max_ms),
            ),
        ];
        rows.extend(self.faults());
        rows.extend(self.resources());
        rows
    }

    /// What the run used of both sides.
    pub fn resources(&self) -> Vec<Row> {
        let mut rows = vec![match (self.cost.server_cpu_seconds, self.cost.server_cpu_micros_per_delivery) {
            (Some(all), Some(each)) => ("server CPU", format!("{all:.2} s, {each:.3} µs per delivery")),
            _ => ("server process", "not seen (--server-pid)".to_owned()),
        }];
        if let Some(server) = self.server {
            let mib = |kib: u64| kib as f64 / 1024.0;
            rows.push((
                "server memory",
                format!("{:.1} MiB, peak {:.1} MiB", mib(server.rss_kib), mib(server.peak_rss_kib)),
            ));
        }
        if let (Some(seconds), Some(share)) = (self.cost.load_cpu_seconds, self.cost.load_share) {
            let limit = if is_limited_here(Some(share)) { ": it is what limits this run" } else { "" };
            rows.push(("load test CPU", format!("{seconds:.2} s, load at {:.0} %{limit}", share * 100.0)));
        }
        rows
    }

    /// What went wrong.
    pub fn faults(&self) -> Vec<Row> {
        let mut rows = vec![
            ("lost", grouped(self.lost)),
            ("duplicates", grouped(self.duplicates)),
            ("order violations", grouped(self.out_of_order)),
        ];
        if self.dialect.has_order() {
            rows.push(("different orders seen", format!("{} (1 is right)", self.orders)));
            rows.push(("acks missing", grouped(self.acks_missing)));
        }
        let unusual = [
            ("acks doubled", self.acks_doubled),
            ("acks with another seq", self.acks_wrong),
            ("posts not made", self.unsent),
            ("messages of others", self.foreign),
            ("texts changed", self.garbled),
            ("clients disconnected", self.disconnected),
        ];
        rows.extend(unusual.iter().filter(|(_, n)| *n > 0).map(|&(name, n)| (name, grouped(n))));
        rows.extend(
            self.refused.iter().map(|(code, n)| ("posts refused", format!("{} {code}", grouped(*n)))),
        );
        rows.extend(self.disconnect_reasons.iter().map(|why| ("disconnected", why.clone())));
        rows
    }

    /// Passes if nothing is lost, duplicated, out of order, altered, refused or disconnected.
    pub fn verdict(&self) -> Verdict {
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
            self.garbled,
            if self.with_others { 0 } else { self.foreign },
        ];
        if faults.iter().all(|&count| count == 0) { Verdict::Passed } else { Verdict::Failed }
    }
}
