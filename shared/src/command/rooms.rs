//! How requests about rooms are written: one body for all of them, because browsers download the code of each.

use serde::{Serialize, Serializer};

use super::{NewRoom, Whom};
use crate::id::{ClientMessageId, UserId};
use crate::room::{DetailsChange, RoomKind};
use crate::text::{RoomAddress, ShortText, UserName};

/// The fields of these requests; those that do not apply are omitted.
#[derive(Default, Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a RoomAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<RoomKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "<[UserId]>::is_empty")]
    user_ids: &'a [UserId],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<ClientMessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a UserName>,
}

impl Serialize for NewRoom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = &self.details;
        let body = Body {
            kind: Some(self.kind),
            title: details.title.as_ref().map(ShortText::as_str),
            topic: details.topic.as_ref().map(ShortText::as_str),
            description: details.description.as_ref().map(ShortText::as_str),
            user_ids: &self.user_ids,
            client_message_id: self.client_message_id,
            ..Body::default()
        };
        body.serialize(serializer)
    }
}

pub(super) fn invite<S: Serializer>(
    room: &RoomAddress,
    whom: &Whom,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let (user_id, username) = match whom {
        Whom::Id(id) => (Some(*id), None),
        Whom::Name(name) => (None, Some(name)),
    };
    Body { room: Some(room), user_id, username, ..Body::default() }.serialize(serializer)
}

pub(super) fn edit<S: Serializer>(
    room: &RoomAddress,
    change: &DetailsChange,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let body = Body {
        room: Some(room),
        title: written(change.title.as_ref()),
        topic: written(change.topic.as_ref()),
        description: written(change.description.as_ref()),
        ..Body::default()
    };
    body.serialize(serializer)
}

/// An empty text takes one away.
#[allow(clippy::option_option, reason = "a field is missing, empty or filled")]
fn written(field: Option<&Option<ShortText>>) -> Option<&str> {
    field.map(|text| text.as_ref().map_or("", ShortText::as_str))
}
