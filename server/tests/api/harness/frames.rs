//! Matchers of frames.

use std::collections::HashMap;

use shared::{
    ClientMessageId, Joined, MessageId, MessageText, Posted, PresenceStatus, RoomAddress, RoomEvent, Seq,
    ServerFrame,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acked {
    pub seq: Seq,
    /// The server's id of the message.
    pub message_id: MessageId,
    /// The author's id of the message.
    pub client_message_id: Option<ClientMessageId>,
    pub room: RoomAddress,
}

/// Returns the ack, if the frame is one.
pub fn acked(frame: &ServerFrame) -> Option<Acked> {
    match frame {
        ServerFrame::Ack { seq, message_id, client_message_id, room, .. } => Some(Acked {
            seq: *seq,
            message_id: *message_id,
            client_message_id: *client_message_id,
            room: room.clone(),
        }),
        _ => None,
    }
}

/// Returns the message, if the frame is one.
pub fn message(frame: &ServerFrame) -> Option<Posted> {
    match frame {
        ServerFrame::Event(RoomEvent::Posted(posted)) => Some(posted.clone()),
        _ => None,
    }
}

/// A message's text; empty if the message was deleted.
pub fn said(posted: &Posted) -> &str {
    posted.content.as_ref().map_or("", MessageText::as_str)
}

/// Maps client message ids to seqs; asserts that each id occurs once.
pub fn places(events: &[RoomEvent]) -> HashMap<ClientMessageId, Seq> {
    let mut places = HashMap::new();
    for event in events {
        let id = match event {
            RoomEvent::Posted(posted) => posted.client_message_id,
            RoomEvent::Changed(changed) => changed.client_message_id,
            RoomEvent::Unknown { .. } => panic!("{event:?}"),
        };
        if let Some(id) = id {
            assert!(places.insert(id, event.seq()).is_none(), "this is there twice: {event:?}");
        }
    }
    places
}

/// Returns the answer to a join, if the frame is one.
pub fn joined(frame: &ServerFrame) -> Option<Joined> {
    match frame {
        ServerFrame::Joined(joined) => Some(joined.clone()),
        _ => None,
    }
}

/// Matches a change of this person's status.
pub fn presence(name: &str) -> impl FnMut(&ServerFrame) -> Option<PresenceStatus> + '_ {
    move |frame| match frame {
        ServerFrame::Presence { user, status, .. } if user.as_str() == name => Some(*status),
        _ => None,
    }
}

/// Matches a typing frame of this person.
pub fn typing(name: &str) -> impl FnMut(&ServerFrame) -> Option<bool> + '_ {
    move |frame| match frame {
        ServerFrame::Typing { user, is_typing, .. } if user.as_str() == name => Some(*is_typing),
        _ => None,
    }
}
