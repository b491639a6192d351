//! What one client received, and what was wrong with it.

use crate::dialect::Delivery;
use crate::payload::Key;

/// How the ledger classifies a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A post of this run, seen for the first time.
    New,
    /// A post of this run, seen before.
    Duplicate,
    /// Somebody else's message.
    Foreign,
}

/// Posts of one sender that were skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gap {
    sender: u32,
    from: u32,
    /// The first number after the gap.
    to: u32,
}

/// Everything that one client received, folded on arrival: cheap enough for millions of deliveries a second, and of
/// constant size as long as nothing is wrong.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// The first sender of this room.
    first: u32,
    /// By sender, the number after the highest received.
    next: Vec<u32>,
    gaps: Vec<Gap>,
    next_seq: u64,
    hashed_from: u64,
    order_hash: u64,
    /// Distinct posts received.
    pub received: u64,
    /// Posts received again.
    pub duplicates: u64,
    /// Deliveries whose `seq` was not the successor of the last, or that came after a later one of the same sender.
    pub out_of_order: u64,
    /// Messages that do not belong to this run.
    pub foreign: u64,
}

impl Ledger {
    /// Creates the ledger for a room whose senders are `first` and the `senders - 1` after it. `head` is the room's
    /// last `seq` when this client had joined; the order is compared after `hashed_from`, the head when the last client
    /// had.
    pub fn new(first: u32, senders: u32, head: u64, hashed_from: u64) -> Self {
        Self {
            first,
            next: vec![0; senders as usize],
            gaps: Vec::new(),
            next_seq: head + 1,
            hashed_from,
            order_hash: 0,
            received: 0,
            duplicates: 0,
            out_of_order: 0,
            foreign: 0,
        }
    }

    /// Records one delivery.
    #[inline]
    pub fn enter(&mut self, delivery: Delivery) -> Entry {
        let mut disordered = false;
        if let Some(seq) = delivery.seq {
            disordered = seq != self.next_seq;
            self.next_seq = self.next_seq.max(seq + 1);
            if seq > self.hashed_from {
                let key =
                    delivery.key.map_or(u64::MAX, |key| u64::from(key.sender) << 32 | u64::from(key.number));
                let both = seq.rotate_left(40) ^ key;
                self.order_hash = (self.order_hash.rotate_left(5) ^ both).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            }
        }
        let known = delivery.key.and_then(|key| {
            let sender = key.sender.wrapping_sub(self.first) as usize;
            self.next.get_mut(sender).map(|next| (key, next))
        });
        let entry = match known {
            None => Entry::Foreign,
            Some((key, next)) if key.number == *next => {
                *next += 1;
                Entry::New
            }
            Some((key, next)) if key.number > *next => {
                self.gaps.push(Gap { sender: key.sender, from: *next, to: key.number });
                *next = key.number + 1;
                Entry::New
            }
            Some((key, _)) => {
                let late = self.fill_gap(key);
                disordered |= late;
                if late { Entry::New } else { Entry::Duplicate }
            }
        };
        *match entry {
            Entry::New => &mut self.received,
            Entry::Duplicate => &mut self.duplicates,
            Entry::Foreign => &mut self.foreign,
        } += 1;
        self.out_of_order += u64::from(disordered);
        entry
    }

    /// Removes a post from the gap that contains it. Returns false if there is none.
    fn fill_gap(&mut self, Key { sender, number }: Key) -> bool {
        let holds = |gap: &Gap| gap.sender == sender && (gap.from..gap.to).contains(&number);
        let Some(at) = self.gaps.iter().position(holds) else {
            return false;
        };
        let gap = self.gaps.swap_remove(at);
        let halves = [Gap { to: number, ..gap }, Gap { from: number + 1, ..gap }];
        self.gaps.extend(halves.iter().filter(|half| half.from < half.to));
        true
    }

    /// The last `seq` received.
    pub fn seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Equal for two clients that received the same messages with the same `seq` in the same order.
    pub fn order_hash(&self) -> u64 {
        self.order_hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(seq: Option<u64>, place: u32) -> Delivery {
        Delivery { key: Some(Key { sender: place / 5, number: place % 5 }), seq }
    }

    fn fold(entries: &[(u64, u32)]) -> Ledger {
        let mut ledger = Ledger::new(0, 2, 10, 10);
        for &(seq, place) in entries {
            ledger.enter(delivery(Some(seq), place));
        }
        ledger
    }

    fn counts(entries: &[(u64, u32)]) -> (u64, u64, u64) {
        let ledger = fold(entries);
        (ledger.received, ledger.duplicates, ledger.out_of_order)
    }

    #[test]
    fn a_whole_log_is_clean() {
        assert_eq!(counts(&[(11, 0), (12, 5), (13, 1), (14, 6)]), (4, 0, 0));
    }

    #[test]
    fn a_lost_message_leaves_a_hole() {
        assert_eq!(counts(&[(11, 0), (13, 1), (14, 2)]), (3, 0, 1));
    }

    #[test]
    fn a_repeated_message_is_a_duplicate() {
        assert_eq!(counts(&[(11, 0), (12, 1), (12, 1), (13, 2)]), (3, 1, 1));
        assert_eq!(counts(&[(11, 0), (12, 0)]), (1, 1, 0), "stored twice under two seqs");
    }

    #[test]
    fn two_messages_that_changed_places_are_out_of_order() {
        let (received, duplicates, out_of_order) = counts(&[(11, 0), (13, 2), (12, 1), (14, 3)]);
        assert_eq!((received, duplicates), (4, 0));
        assert_eq!(out_of_order, 2);
    }

    #[test]
    fn without_seq_the_senders_numbers_tell() {
        let mut ledger = Ledger::new(0, 2, 0, 0);
        for place in [0, 5, 1, 4, 3, 6] {
            ledger.enter(delivery(None, place));
        }
        assert_eq!(
            (ledger.received, ledger.duplicates, ledger.out_of_order),
            (6, 0, 1),
            "2 is missing, 3 is late"
        );
        assert_eq!(ledger.enter(delivery(None, 3)), Entry::Duplicate);
        assert_eq!(ledger.enter(delivery(None, 2)), Entry::New);
        assert_eq!(ledger.enter(delivery(None, 2)), Entry::Duplicate);
        assert!(ledger.gaps.is_empty());
    }

    #[test]
    fn the_hash_tells_orders_apart_even_when_each_looks_whole() {
        let one = fold(&[(11, 0), (12, 1), (13, 2)]);
        assert_eq!(one.order_hash(), fold(&[(11, 0), (12, 1), (13, 2)]).order_hash());
        assert_ne!(one.order_hash(), fold(&[(11, 1), (12, 0), (13, 2)]).order_hash());
        assert_ne!(one.order_hash(), fold(&[(11, 0), (12, 1)]).order_hash());
    }

    #[test]
    fn strangers_count_for_the_order_only() {
        let mut ledger = Ledger::new(3, 1, 0, 0);
        let by = |sender| Some(Key { sender, number: 0 });
        assert_eq!(ledger.enter(Delivery { key: None, seq: Some(1) }), Entry::Foreign);
        assert_eq!(ledger.enter(Delivery { key: by(4), seq: Some(2) }), Entry::Foreign);
        assert_eq!(ledger.enter(Delivery { key: by(2), seq: Some(3) }), Entry::Foreign);
        assert_eq!(ledger.enter(Delivery { key: by(3), seq: Some(4) }), Entry::New);
        assert_eq!((ledger.received, ledger.foreign, ledger.out_of_order), (1, 3, 0));
    }
}
