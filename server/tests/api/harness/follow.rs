//! Follows a room as a client does and finds every gap, double and change of order.

use shared::{Joined, Position, Posted, RoomAddress, RoomEvent, Seq, ServerFrame};

use super::Person;

/// What a client has of one room. Every event must be exactly the next one.
#[derive(Debug, Clone)]
pub struct Follow {
    room: RoomAddress,
    position: Position,
    /// Every message since the beginning or the snapshot.
    pub messages: Vec<Posted>,
}

impl Follow {
    /// From the answer to a join, with all its pages.
    pub async fn from(person: &mut Person, joined: Joined) -> Self {
        let start = match joined.events.first() {
            Some(first) => Seq(first.seq().0 - 1),
            None => joined.seq,
        };
        let position = Position { epoch: joined.epoch, seq: start };
        let mut this = Self { room: joined.room.clone(), position, messages: Vec::new() };
        this.take_joined(person, joined).await;
        this
    }

    /// Goes on after the answer to a resume, which must follow the position without a snapshot.
    pub async fn resume(&mut self, person: &mut Person, joined: Joined) {
        assert!(!joined.snapshot, "a resume was answered with a snapshot");
        assert!(joined.members.is_empty(), "a resume repeats no members");
        assert_eq!(joined.epoch, self.position.epoch);
        self.take_joined(person, joined).await;
    }

    async fn take_joined(&mut self, person: &mut Person, joined: Joined) {
        let (mut more, seq) = (joined.more, joined.seq);
        self.take_all(joined.events);
        assert_eq!(self.position.seq, seq, "`joined.seq` is the last event of the frame");
        while more {
            let room = self.room.clone();
            // Live frames of the room come after the last page, so the next frame of the room is a page.
            let (events, epoch, goes_on) = person
                .expect(|frame| match frame {
                    ServerFrame::Events { room: of, events, more, epoch } if *of == room => {
                        Some((events.clone(), *epoch, *more))
                    }
                    ServerFrame::Message(posted) if posted.room == room => {
                        panic!("a live message came before the last page")
                    }
                    _ => None,
                })
                .await;
            assert_eq!(epoch, self.position.epoch);
            self.take_all(events);
            more = goes_on;
        }
    }

    /// The next live message of the room.
    pub async fn next(&mut self, person: &mut Person) -> Posted {
        let room = self.room.clone();
        let posted = person
            .expect(|frame| match frame {
                ServerFrame::Message(posted) if posted.room == room => Some(posted.clone()),
                _ => None,
            })
            .await;
        self.take(posted.clone());
        posted
    }

    /// Live messages until the one with this place.
    pub async fn until(&mut self, person: &mut Person, seq: Seq) {
        while self.position.seq < seq {
            self.next(person).await;
        }
    }

    /// The last event there is.
    pub fn seq(&self) -> Seq {
        self.position.seq
    }

    /// What a returning client says.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The texts in their order.
    pub fn texts(&self) -> Vec<&str> {
        self.messages.iter().map(|posted| posted.content.as_str()).collect()
    }

    fn take_all(&mut self, events: Vec<RoomEvent>) {
        for event in events {
            match event {
                RoomEvent::Posted(posted) => self.take(posted),
                RoomEvent::Unknown { kind, .. } => panic!("an event of the unknown type {kind}"),
            }
        }
    }

    fn take(&mut self, posted: Posted) {
        assert_eq!(posted.room, self.room);
        assert_eq!(posted.seq, self.position.seq.next(), "a gap, a double or another order");
        self.position.seq = posted.seq;
        self.messages.push(posted);
    }
}
