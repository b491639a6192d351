//! How requests about rooms are written: one body for all of them, because browsers download the code of each.

use serde::{Serialize, Serializer};

use super::{NewRoom, Whom};
use crate::id::{ClientMessageId, UserId};
use crate::restriction::RestrictionKind;
use crate::room::DetailsChange;
use crate::text::{RoomAddress, ShortText, UserName};

/// The fields of these requests; those that do not apply are omitted.
#[derive(Default, Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a RoomAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "<[UserId]>::is_empty")]
    user_ids: &'a [UserId],
    #[serde(skip_serializing_if = "<[UserName]>::is_empty")]
    usernames: &'a [UserName],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<ClientMessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a UserName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slow_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent: Option<bool>,
}

impl<'a> Body<'a> {
    fn about(room: &'a RoomAddress, whom: &'a Whom) -> Self {
        let (user_id, username) = match whom {
            Whom::Id(id) => (Some(*id), None),
            Whom::Name(name) => (None, Some(name)),
        };
        Self { room: Some(room), user_id, username, ..Self::default() }
    }
}

impl Serialize for NewRoom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = &self.details;
        let body = Body {
            kind: Some(self.kind.as_str()),
            title: details.title.as_ref().map(ShortText::as_str),
            topic: details.topic.as_ref().map(ShortText::as_str),
            description: details.description.as_ref().map(ShortText::as_str),
            user_ids: &self.user_ids,
            usernames: &self.usernames,
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
    Body::about(room, whom).serialize(serializer)
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes references to fields")]
pub(super) fn restrict<S: Serializer>(
    room: &RoomAddress,
    whom: &Whom,
    kind: &RestrictionKind,
    seconds: &Option<u32>,
    reason: &Option<ShortText>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let reason = reason.as_ref().map(ShortText::as_str);
    let body = Body { kind: Some(kind.as_str()), seconds: *seconds, reason, ..Body::about(room, whom) };
    body.serialize(serializer)
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde passes references to fields")]
pub(super) fn lift<S: Serializer>(
    room: &RoomAddress,
    whom: &Whom,
    kind: &RestrictionKind,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Body { kind: Some(kind.as_str()), ..Body::about(room, whom) }.serialize(serializer)
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
        slow_seconds: change.slow_seconds,
        archived: change.archived,
        permanent: change.permanent,
        ..Body::default()
    };
    body.serialize(serializer)
}

/// An empty text takes one away.
#[allow(clippy::option_option, reason = "a field is missing, empty or filled")]
fn written(field: Option<&Option<ShortText>>) -> Option<&str> {
    field.map(|text| text.as_ref().map_or("", ShortText::as_str))
}
