//! Navigation between rooms and messages.

use leptos::prelude::*;
use shared::{Command, Failure, History, RoomAddress, Seq, ServerFrame};

use super::Store;
use super::notices::About;
use super::requests::{Answer, NoAnswer};
use super::room::Room;
use super::room::viewport::{Goal, Page, Taken};

/// Messages per page of history: a few screens.
const HISTORY_PAGE: u16 = 60;

impl Store {
    /// Opens a room, and joins it if necessary.
    pub fn open(&self, room: RoomAddress) {
        match self.room_untracked(&room) {
            Some(_) => self.show_members(&room),
            None if room.is_private() && self.is_somewhere() => return self.knock(room),
            None => self.join(room.clone()),
        }
        self.turn_to(Some(room));
    }

    /// Opens the place that an address names.
    pub fn go(&self, room: RoomAddress, seq: Option<Seq>) {
        match seq {
            Some(seq) => self.jump(&room, seq),
            None => {
                self.open(room);
                self.spot.set(None);
            }
        }
    }

    /// Handles an address that is reached again, e.g. by Back. A reader who is already there keeps their scroll
    /// position: they may have come for its message long ago.
    pub fn go_again(&self, room: RoomAddress, seq: Option<Seq>) {
        if self.open.get_untracked().as_ref() != Some(&room) || self.spot.get_untracked() != seq {
            self.go(room, seq);
        }
    }

    /// Jumps to a message, possibly far in the past. It becomes the address of the page.
    pub fn jump(&self, room: &RoomAddress, seq: Seq) {
        self.with_inner(|inner| inner.target = Some((room.clone(), seq)));
        self.open(room.clone());
        if self.open.get_untracked().as_ref() == Some(room) {
            self.spot.set(Some(seq));
        }
        self.go_to_target(room);
    }

    /// Goes to the newest message of a room.
    pub fn go_to_latest(&self, name: &RoomAddress) {
        if self.open.get_untracked().as_ref() == Some(name) {
            self.spot.set(None);
        }
        let page = self.in_room(name, |room| room.seek(Goal::Latest)).flatten();
        self.ask_page(name, page);
    }

    /// Called when the page is visible again: shows what arrived meanwhile.
    pub fn look_again(&self) {
        let Some(name) = self.open.get_untracked() else { return };
        let new = |room: &Room| room.has_arrived() && room.unread().messages() > 0 && room.log().is_at_head();
        if self.room_untracked(&name).is_some_and(|room| room.with_untracked(new)) {
            self.visit(&name);
        }
    }

    /// Requests the page before the window.
    pub fn ask_older(&self, name: &RoomAddress) {
        self.ask_edge(name, Room::lacks_older, Room::ask_older);
    }

    /// Requests the page after the window.
    pub fn ask_newer(&self, name: &RoomAddress) {
        self.ask_edge(name, Room::lacks_newer, Room::ask_newer);
    }

    /// Requests messages of a room that are not known yet.
    pub fn fetch(&self, name: &RoomAddress, seqs: impl IntoIterator<Item = Seq>) {
        let Some(room) = self.room_untracked(name) else { return };
        // A pending request is not visible, so subscribers are not notified.
        let seqs = room.try_update_untracked(|room| room.lacks(seqs)).unwrap_or_default();
        if !seqs.is_empty() {
            let command = Command::GetMessages { room: name.clone(), seqs: seqs.clone() };
            let (store, name) = (*self, name.clone());
            self.request(command, move |answer| store.fetched(&name, seqs, &answer));
        }
    }

    /// Switches to another room, or to none.
    pub(super) fn turn_to(&self, room: Option<RoomAddress>) {
        let before = self.open.get_untracked();
        if before == room {
            return;
        }
        if let Some(before) = before {
            self.in_room(&before, Room::end_visit);
        }
        self.spot.set(None);
        self.open.set(room.clone());
        if let Some(room) = room {
            self.visit(&room);
        }
    }

    /// Turns to the first room of the list, rather one of many than a conversation.
    pub(super) fn turn_to_first(&self) {
        let rooms = untrack(|| self.listed());
        let first = rooms.iter().find(|room| !room.is_direct()).or(rooms.first());
        self.turn_to(first.cloned());
    }

    /// Called when the user opens a room, or when the open room gets loaded.
    pub(super) fn visit(&self, name: &RoomAddress) {
        let page = self.in_room(name, Room::visit).flatten();
        self.ask_page(name, page);
        self.go_to_target(name);
        self.fetch_quoted(name);
    }

    /// Resumes a navigation that the room was not ready for.
    pub(super) fn pursue(&self, name: &RoomAddress) {
        let page = self.in_room(name, Room::pursue).flatten();
        self.ask_page(name, page);
    }

    pub(super) fn ask_page(&self, name: &RoomAddress, page: Option<Page>) {
        let Some(page) = page else { return };
        let (mut before, mut after, mut around) = (None, None, None);
        match page {
            Page::Latest => {}
            Page::Before(seq) => before = Some(seq),
            Page::After(seq) => after = Some(seq),
            Page::Around(seq) => around = Some(seq),
        }
        let command =
            Command::History { room: name.clone(), before, after, around, limit: Some(HISTORY_PAGE) };
        let (store, name) = (*self, name.clone());
        self.request(command, move |answer| match answer {
            Ok(ServerFrame::History(history)) => store.page_came(&name, page, history),
            Err(NoAnswer::Refused(failure)) => store.page_refused(&name, page, failure),
            // A room without connection is not loading.
            Ok(_) | Err(NoAnswer::Offline) => {}
        });
    }

    /// Requests the messages that those in the window reply to.
    pub(super) fn fetch_quoted(&self, name: &RoomAddress) {
        if self.open.get_untracked().as_ref() == Some(name)
            && let Some(room) = self.room_untracked(name)
        {
            self.fetch(name, room.with_untracked(Room::answered));
        }
    }

    fn page_came(&self, name: &RoomAddress, page: Page, history: &History) {
        if self.in_room(name, |room| room.page(page, history)) == Some(Taken::NoSuchMessage) {
            // Says so and goes to the newest message.
            self.spot.set(None);
            self.notify(About::NoSuchMessage);
            let page = self.in_room(name, |room| room.seek(Goal::Latest)).flatten();
            self.ask_page(name, page);
        }
        self.fetch_quoted(name);
    }

    fn page_refused(&self, name: &RoomAddress, page: Page, failure: Failure) {
        let sought = self.in_room(name, |room| {
            let seeks = room.seeks(page);
            room.page_failed(page);
            seeks
        });
        if sought == Some(true) && matches!(page, Page::Around(_)) {
            self.notify(About::Refused(failure));
        }
    }

    fn fetched(&self, name: &RoomAddress, seqs: Vec<Seq>, answer: &Answer<'_>) {
        let Ok(ServerFrame::Messages(messages)) = answer else {
            self.in_room(name, |room| room.fetch_failed(&seqs));
            return;
        };
        self.in_room(name, |room| room.fetched(&seqs, messages.epoch, &messages.events, messages.more));
        if messages.more {
            self.fetch(name, seqs);
        }
    }

    /// Whether a room is open and the server can be asked for another one.
    fn is_somewhere(&self) -> bool {
        self.open.with_untracked(Option::is_some) && self.connection.get_untracked().is_online()
    }

    fn go_to_target(&self, name: &RoomAddress) {
        let loaded = self.room_untracked(name).is_some_and(|room| room.with_untracked(Room::is_loaded));
        let target = self.with_inner(|inner| inner.target.take_if(|(room, _)| loaded && room == name));
        if let Some((_, seq)) = target {
            let page = self.in_room(name, |room| room.seek(Goal::Message(seq))).flatten();
            self.ask_page(name, page);
        }
    }

    fn ask_edge(&self, name: &RoomAddress, lacks: fn(&Room) -> bool, ask: fn(&mut Room) -> Option<Page>) {
        // Checked first: an update notifies subscribers even if it changes nothing.
        if self.room_untracked(name).is_some_and(|room| room.with_untracked(lacks)) {
            let page = self.in_room(name, ask).flatten();
            self.ask_page(name, page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::receive::tests::{general, on_a_page};
    use super::*;

    #[test]
    fn who_is_at_the_place_that_back_leads_to_stays_where_they_read() {
        on_a_page(|store, _| {
            store.jump(&general(), Seq(2));
            let aims = || store.room_untracked(&general())?.with_untracked(Room::aim).map(|aim| aim.number);
            let before = aims();
            store.go_again(general(), Some(Seq(2)));
            assert_eq!(aims(), before, "they came for it long ago");
            store.go_again(general(), Some(Seq(3)));
            assert!(aims() > before);
            store.go_again(general(), None);
            assert_eq!(store.spot.get_untracked(), None);
        });
    }
}
