//! The earlier texts of a message.

use shared::{Command, RoomAddress, Seq, Version};

use crate::core::progress::Progress;

/// The versions of a message's text, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    pub room: RoomAddress,
    /// The message.
    pub target: Seq,
    /// The loaded versions, from the current one back.
    pub list: Vec<Version>,
    /// Whether there are older ones.
    pub more: bool,
    pub progress: Progress,
}

impl Versions {
    /// An empty history that was just requested.
    pub const fn of(room: RoomAddress, target: Seq) -> Self {
        Self { room, target, list: Vec::new(), more: false, progress: Progress::Loading }
    }

    /// Prepends a page of older versions.
    pub fn page(&mut self, page: Vec<Version>, more: bool) {
        let start = self.start();
        self.list.splice(0..0, page.into_iter().filter(|version| version.seq < start));
        self.more = more;
        self.progress = Progress::Done;
    }

    /// The request for the page before the loaded versions.
    pub fn command(&self) -> Command {
        let (room, before) = (self.room.clone(), Some(self.start()));
        Command::ListVersions { room, target: self.target, after: None, before }
    }

    fn start(&self) -> Seq {
        self.list.first().map_or(Seq::BEYOND, |version| version.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::room::tests::posted;

    fn room() -> RoomAddress {
        RoomAddress::new("general").unwrap()
    }

    #[test]
    fn older_texts_are_put_before_the_newer_ones() {
        let version = |seq| Version {
            seq: Seq(seq),
            content: shared::MessageText::new("text").unwrap(),
            timestamp: posted(1, 1, 0).timestamp,
        };
        let before = |versions: &Versions| match versions.command() {
            Command::ListVersions { before, after: None, .. } => before,
            other => panic!("{other:?}"),
        };
        let mut versions = Versions::of(room(), Seq(1));
        assert_eq!(before(&versions), Some(Seq::BEYOND));
        versions.page(vec![version(8), version(9)], true);
        assert_eq!(before(&versions), Some(Seq(8)));
        versions.page(vec![version(1), version(4)], false);
        assert_eq!(versions.list.iter().map(|version| version.seq.0).collect::<Vec<_>>(), [1, 4, 8, 9]);
        assert!(!versions.more);
    }
}
