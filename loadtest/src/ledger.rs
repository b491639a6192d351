//! What one client was given, and what was wrong with it.

use crate::payload::Key;

/// A set of small numbers.
#[derive(Debug, Clone)]
pub struct BitSet(Vec<u64>);

impl BitSet {
    /// Room for the numbers below `size`.
    pub fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    /// Adds a number; false when it was there already.
    #[inline]
    pub fn insert(&mut self, number: usize) -> bool {
        let (word, bit) = (&mut self.0[number / 64], 1 << (number % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// What the ledger says about a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A post of this run, seen for the first time.
    New,
    /// A post of this run, seen before.
    Duplicate,
    /// Somebody else's message.
    Foreign,
}

/// Everything one client received, folded as it comes: cheap enough for millions of entries a second.
#[derive(Debug, Clone)]
pub struct Ledger {
    clients: u32,
    messages: u32,
    seen: BitSet,
    next_seq: u64,
    hashed_from: u64,
    order_hash: u64,
    /// Different posts received.
    pub received: u64,
    /// Posts received once more.
    pub duplicates: u64,
    /// Deliveries whose `seq` was not the one after the last.
    pub out_of_order: u64,
    /// Messages that are none of this run's.
    pub foreign: u64,
}

impl Ledger {
    /// For a run of `clients` with `messages` posts each. `head` is the room's last `seq` when this client had
    /// joined; the order is compared after `hashed_from`, the head when the last one had.
    pub fn new(clients: u32, messages: u32, head: u64, hashed_from: u64) -> Self {
        Self {
            clients,
            messages,
            seen: BitSet::new(clients as usize * messages as usize),
            next_seq: head + 1,
            hashed_from,
            order_hash: 0,
            received: 0,
            duplicates: 0,
            out_of_order: 0,
            foreign: 0,
        }
    }

    /// Enters one delivery.
    #[inline]
    pub fn enter(&mut self, seq: u64, key: Option<Key>) -> Entry {
        if seq == self.next_seq {
            self.next_seq += 1;
        } else {
            self.out_of_order += 1;
            self.next_seq = self.next_seq.max(seq + 1);
        }
        let ours = key.filter(|key| key.sender < self.clients && key.number < self.messages);
        let place = ours.map(|key| u64::from(key.sender) * u64::from(self.messages) + u64::from(key.number));
        if seq > self.hashed_from {
            let both = seq.rotate_left(40) ^ place.unwrap_or(u64::MAX);
            self.order_hash = (self.order_hash.rotate_left(5) ^ both).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        let Some(place) = place else {
            self.foreign += 1;
            return Entry::Foreign;
        };
        if self.seen.insert(place as usize) {
            self.received += 1;
            Entry::New
        } else {
            self.duplicates += 1;
            Entry::Duplicate
        }
    }

    /// Equal for two clients that were given the same messages with the same `seq` in the same order.
    pub fn order_hash(&self) -> u64 {
        self.order_hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(entries: &[(u64, u32)]) -> Ledger {
        let mut ledger = Ledger::new(2, 5, 10, 10);
        for &(seq, place) in entries {
            ledger.enter(seq, Some(Key { sender: place / 5, number: place % 5 }));
        }
        ledger
    }

    fn counts(entries: &[(u64, u32)]) -> (u64, u64, u64) {
        let ledger = fold(entries);
        (ledger.received, ledger.duplicates, ledger.out_of_order)
    }

    #[test]
    fn a_whole_log_is_clean() {
        assert_eq!(counts(&[(11, 0), (12, 5), (13, 1), (14, 9)]), (4, 0, 0));
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
    fn the_hash_tells_orders_apart_even_when_each_looks_whole() {
        let one = fold(&[(11, 0), (12, 1), (13, 2)]);
        assert_eq!(one.order_hash(), fold(&[(11, 0), (12, 1), (13, 2)]).order_hash());
        assert_ne!(one.order_hash(), fold(&[(11, 1), (12, 0), (13, 2)]).order_hash());
        assert_ne!(one.order_hash(), fold(&[(11, 0), (12, 1)]).order_hash());
    }

    #[test]
    fn strangers_count_for_the_order_only() {
        let mut ledger = Ledger::new(1, 1, 0, 0);
        assert_eq!(ledger.enter(1, None), Entry::Foreign);
        assert_eq!(ledger.enter(2, Some(Key { sender: 1, number: 0 })), Entry::Foreign);
        assert_eq!(ledger.enter(3, Some(Key { sender: 0, number: 0 })), Entry::New);
        assert_eq!((ledger.received, ledger.foreign, ledger.out_of_order), (1, 2, 0));
    }
}
