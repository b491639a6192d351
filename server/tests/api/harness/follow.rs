//! Follows a room with the client's own reducer and finds every gap, duplicate and reordering.

use shared::reduce::Applied;
use shared::{
    Command, Joined, Position, Posted, RequestId, RoomAddress, RoomEvent, RoomLog, Seq, ServerFrame, Unread,
    UserId,
};

use super::{At, Person, history, said};

/// A client's state of one room. Asserts that every event is exactly the next one.
#[derive(Debug, Clone)]
pub struct Follow {
    room: RoomAddress,
    me: UserId,
    /// The messages since the beginning or the snapshot.
    pub log: RoomLog,
    /// The unread count as this device knows it.
    pub unread: Unread,
    /// Whether only the server can tell the unread count now.
    in_doubt: bool,
}

impl Follow {
    /// Starts from the answer to a join, with all its pages.
    pub async fn from(person: &mut Person, joined: Joined) -> Self {
        let at = Position { epoch: joined.epoch, seq: joined.seq };
        let log = if joined.snapshot {
            assert!(!joined.more, "a snapshot is one frame");
            assert!(joined.events.iter().map(RoomEvent::seq).is_sorted());
            assert!(joined.events.iter().all(|event| matches!(event, RoomEvent::Posted(_))));
            RoomLog::from_snapshot(at, joined.start, &joined.events)
        } else {
            let start = joined.events.first().map_or(joined.seq, |first| first.seq().before());
            RoomLog::empty(joined.epoch, start)
        };
        let (room, me) = (joined.room.clone(), person.id());
        let mut this = Self { room, me, log, unread: Unread::default(), in_doubt: false };
        this.unread.reset(joined.read_seq, joined.unread);
        if !joined.snapshot {
            this.take_joined(person, joined).await;
        }
        this
    }

    /// Continues with the answer to a resume, which must follow the position without a snapshot.
    pub async fn resume(&mut self, person: &mut Person, joined: Joined) {
        assert!(!joined.snapshot, "a resume was answered with a snapshot");
        assert!(joined.members.is_empty(), "a resume repeats no members");
        assert_eq!(joined.epoch, self.position().epoch);
        self.in_doubt |= self.unread.told(joined.read_seq, joined.unread);
        self.take_joined(person, joined).await;
    }

    async fn take_joined(&mut self, person: &mut Person, joined: Joined) {
        let (mut more, seq) = (joined.more, joined.seq);
        self.take_all(joined.events);
        assert_eq!(self.seq(), seq, "`joined.seq` is the last event of the frame");
        while more {
            let room = self.room.clone();
            // Live frames of the room follow the last page, so the next frame of the room is a page.
            let page = person
                .expect(|frame| match frame {
                    ServerFrame::Events(page) if page.room == room => Some(page.clone()),
                    ServerFrame::Event(event) if is_of(event, &room) => {
                        panic!("a live event came before the last page")
                    }
                    _ => None,
                })
                .await;
            assert_eq!(page.epoch, self.position().epoch);
            self.take_all(page.events);
            more = page.more;
        }
    }

    /// Returns the next live event of the room.
    pub async fn next_event(&mut self, person: &mut Person) -> RoomEvent {
        loop {
            if let ServerFrame::Event(event) = self.next_frame(person, None).await {
                return event;
            }
        }
    }

    /// Returns the next live message of the room, after applying the changes before it.
    pub async fn next(&mut self, person: &mut Person) -> Posted {
        loop {
            if let RoomEvent::Posted(posted) = self.next_event(person).await {
                return posted;
            }
        }
    }

    /// Applies live events up to `seq`.
    pub async fn until(&mut self, person: &mut Person, seq: Seq) {
        while self.seq() < seq {
            self.next_event(person).await;
        }
    }

    /// Applies everything that the server has sent to this connection so far, and requests a count if needed.
    pub async fn settle(&mut self, person: &mut Person) {
        let ping = person.ask(Command::Ping).await;
        self.take_until(person, &ping).await;
        while std::mem::take(&mut self.in_doubt) {
            self.count(person).await;
        }
    }

    /// Moves the read mark and applies the server's answer.
    pub async fn mark_read(&mut self, person: &mut Person, seq: Seq) {
        let request = person.ask(Command::MarkRead { room: self.room.clone(), seq }).await;
        self.take_until(person, &request).await;
    }

    /// Moves the read mark before this message and applies the server's answer.
    pub async fn mark_unread(&mut self, person: &mut Person, seq: Seq) {
        let request = person.ask(Command::MarkUnread { room: self.room.clone(), seq }).await;
        self.take_until(person, &request).await;
    }

    /// Requests an unread count from the server.
    pub async fn count(&mut self, person: &mut Person) {
        let request = person.ask(Command::CountUnread { room: self.room.clone() }).await;
        self.take_until(person, &request).await;
    }

    /// What this device shows: the read mark, the unread messages, and the unread mentions.
    pub fn shown(&self) -> (u64, u32, u32) {
        (self.unread.read().0, self.unread.messages(), self.unread.mentions())
    }

    /// Applies a frame, if it is of this room.
    pub fn hear(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Event(event) if is_of(event, &self.room) => self.take(event),
            ServerFrame::Read { room, seq, unread, .. } if *room == self.room => {
                self.in_doubt |= self.unread.told(*seq, *unread);
            }
            _ => {}
        }
    }

    /// Asserts, in a quiet room, that the followed state equals what the server answers now.
    pub async fn check(&mut self, person: &mut Person) {
        self.settle(person).await;
        let followed = self.shown();
        self.count(person).await;
        assert_eq!(followed, self.shown(), "unread, as it was followed and as the server counts it");
        let (mut after, mut told) = (self.log.start(), Vec::new());
        loop {
            let answer = person.request(history(&self.room, At::After(after.0), 200)).await;
            let Ok(ServerFrame::History(page)) = answer else { panic!("{answer:?}") };
            assert_eq!(page.start, after);
            after = page.end;
            told.extend(posted(page.events));
            if !page.more {
                break;
            }
        }
        assert_eq!(self.messages(), told, "the messages, as they were followed and as the server tells them");
    }

    /// The last event applied.
    pub fn seq(&self) -> Seq {
        self.log.head()
    }

    /// The position that a returning client sends.
    pub fn position(&self) -> Position {
        self.log.position()
    }

    /// The messages in their current state.
    pub fn messages(&self) -> Vec<Posted> {
        self.log.messages().cloned().collect()
    }

    /// The texts in order.
    pub fn texts(&self) -> Vec<&str> {
        self.log.messages().map(said).collect()
    }

    async fn take_until(&mut self, person: &mut Person, request: &RequestId) {
        loop {
            let frame = self.next_frame(person, Some(request)).await;
            assert!(!matches!(frame, ServerFrame::Error { .. }), "{frame:?}");
            if frame.request_id() == Some(request) {
                return;
            }
        }
    }

    /// Waits for the next event or read mark of this room, or the answer to that request, and applies it.
    async fn next_frame(&mut self, person: &mut Person, request: Option<&RequestId>) -> ServerFrame {
        let room = self.room.clone();
        let frame = person
            .expect(|frame| {
                let takes = match frame {
                    ServerFrame::Event(event) => is_of(event, &room),
                    ServerFrame::Read { room: of, .. } => *of == room,
                    other => request.is_some() && other.request_id() == request,
                };
                takes.then(|| frame.clone())
            })
            .await;
        self.hear(&frame);
        frame
    }

    fn take_all(&mut self, events: Vec<RoomEvent>) {
        for event in events {
            self.take(&event);
        }
    }

    fn take(&mut self, event: &RoomEvent) {
        assert!(is_of(event, &self.room), "an event of another room or of an unknown type: {event:?}");
        let before = self.seq();
        let applied = self.log.apply(event);
        assert_eq!(applied, Applied::Advanced, "a gap or a double: {} after {before}", event.seq());
        self.in_doubt |= self.unread.follow(event, self.me);
    }
}

fn is_of(event: &RoomEvent, room: &RoomAddress) -> bool {
    match event {
        RoomEvent::Posted(posted) => posted.room == *room,
        RoomEvent::Changed(changed) => changed.room == *room,
        RoomEvent::Unknown { .. } => false,
    }
}

/// The messages of a page. Panics if it holds anything else.
pub fn posted(events: Vec<RoomEvent>) -> Vec<Posted> {
    let message = |event| match event {
        RoomEvent::Posted(posted) => posted,
        other => panic!("not a message: {other:?}"),
    };
    events.into_iter().map(message).collect()
}
