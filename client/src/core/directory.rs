//! The public rooms of the server, from the `rooms` listing and its updates.

use shared::{RoomAddress, RoomSummary};

use super::sorted_map::SortedMap;

/// All public rooms with their member counts, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    rooms: SortedMap<RoomAddress, u64>,
    /// Rooms of a listing with further pages to come.
    incoming: Option<SortedMap<RoomAddress, u64>>,
    /// Incremented when a room is added or removed.
    listing: u64,
}

impl Directory {
    /// Starts a new listing: rooms that it does not contain are removed.
    pub fn begin(&mut self) {
        self.incoming = Some(SortedMap::default());
    }

    /// Applies one page of the listing. Returns the name after which to continue, if there is more.
    pub fn page(&mut self, page: Vec<RoomSummary>, more: bool) -> Option<RoomAddress> {
        let last = page.last().map(|summary| summary.room.clone());
        let incoming = self.incoming.get_or_insert_default();
        incoming.extend(page.into_iter().map(|summary| (summary.room, summary.member_count)));
        if more && last.is_some() {
            return last;
        }
        let rooms = self.incoming.take().unwrap_or_default();
        self.listing += u64::from(!rooms.keys().eq(self.rooms.keys()));
        self.rooms = rooms;
        None
    }

    /// A room was added or its member count changed.
    pub fn changed(&mut self, summary: RoomSummary) {
        if let Some(incoming) = &mut self.incoming {
            incoming.insert(summary.room.clone(), summary.member_count);
        }
        let new = self.rooms.insert(summary.room, summary.member_count).is_none();
        self.listing += u64::from(new);
    }

    /// A room was removed.
    pub fn removed(&mut self, room: &RoomAddress) {
        if let Some(incoming) = &mut self.incoming {
            incoming.remove(room);
        }
        let known = self.rooms.remove(room).is_some();
        self.listing += u64::from(known);
    }

    /// The rooms, sorted by name.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomAddress> {
        self.rooms.keys()
    }

    /// A number that changes when rooms are added or removed.
    pub const fn listing(&self) -> u64 {
        self.listing
    }

    /// The member count of `room`, if it is listed.
    pub fn member_count(&self, room: &RoomAddress) -> Option<u64> {
        self.rooms.get(room).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(room: &str, member_count: u64) -> RoomSummary {
        RoomSummary { room: RoomAddress::new(room).unwrap(), member_count }
    }

    fn names(directory: &Directory) -> Vec<&str> {
        directory.rooms().map(RoomAddress::as_str).collect()
    }

    #[test]
    fn a_listing_of_several_pages_replaces_the_old_one_at_its_end() {
        let mut directory = Directory::default();
        directory.changed(summary("gone", 1));
        directory.begin();
        let after = directory.page(vec![summary("a", 1), summary("b", 2)], true);
        assert_eq!(after.unwrap().as_str(), "b");
        assert_eq!(names(&directory), ["gone"]);
        directory.changed(summary("new", 1));
        assert_eq!(directory.page(vec![summary("c", 3)], false), None);
        assert_eq!(names(&directory), ["a", "b", "c", "new"]);
        directory.removed(&summary("b", 0).room);
        assert_eq!(names(&directory), ["a", "c", "new"]);
    }

    #[test]
    fn who_comes_and_goes_leaves_the_list_of_rooms_alone() {
        let mut directory = Directory::default();
        directory.changed(summary("a", 1));
        let before = directory.listing();
        directory.changed(summary("a", 2));
        directory.removed(&summary("b", 0).room);
        directory.begin();
        directory.page(vec![summary("a", 3)], false);
        assert_eq!(directory.listing(), before);
        directory.changed(summary("b", 1));
        assert_ne!(directory.listing(), before);
    }
}
