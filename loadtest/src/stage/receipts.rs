//! Checks that the acks of one poster agree with what it sees in the room.

/// Acks and echoes, by number of the post.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    /// The first `seq` of each post, from its ack or its echo; 0 for none yet.
    seqs: Vec<u64>,
    acked: Vec<bool>,
    /// Acknowledged posts.
    pub acks: u64,
    /// Acks of posts that had one already.
    pub doubled: u64,
    /// Acks whose `seq` differs from the echo's, or that belong to no post.
    pub wrong: u64,
}

impl Receipts {
    /// Records that another post was made.
    pub fn posted(&mut self) {
        self.seqs.push(0);
        self.acked.push(false);
    }

    /// Records the echo of a post.
    pub fn echoed(&mut self, number: u32, seq: u64) {
        self.compare(u64::from(number), seq);
    }

    /// Records the ack of a post.
    pub fn acknowledged(&mut self, number: u64, seq: u64) {
        let Some(acked) = self.acked.get_mut(number as usize) else {
            self.wrong += 1;
            return;
        };
        if std::mem::replace(acked, true) {
            self.doubled += 1;
        } else {
            self.acks += 1;
        }
        self.compare(number, seq);
    }

    fn compare(&mut self, number: u64, seq: u64) {
        match self.seqs.get_mut(number as usize) {
            Some(known) if *known == 0 => *known = seq,
            Some(known) if *known == seq => {}
            _ => self.wrong += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ack_and_echo_come_in_either_order() {
        let mut receipts = Receipts::default();
        receipts.posted();
        receipts.posted();
        receipts.echoed(0, 7);
        receipts.acknowledged(0, 7);
        receipts.acknowledged(1, 8);
        receipts.echoed(1, 8);
        assert_eq!((receipts.acks, receipts.doubled, receipts.wrong), (2, 0, 0));
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut receipts = Receipts::default();
        receipts.posted();
        receipts.acknowledged(0, 7);
        receipts.acknowledged(0, 7);
        receipts.echoed(0, 9);
        receipts.acknowledged(5, 1);
        assert_eq!((receipts.acks, receipts.doubled, receipts.wrong), (1, 1, 2));
    }
}
