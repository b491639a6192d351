//! How values are written in JSON, for the description of the API over HTTP. What objects are made of is derived from
//! their definition (`fields`); here is what they are made of in the end.

use std::borrow::Cow;

use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::account::{LinkSecret, Role, SignUp};
use crate::emoji::Emoji;
use crate::event::{Posted, RoomEvent};
use crate::failure::ErrorCode;
use crate::id::{ClientMessageId, Epoch, MessageId, RequestId, Seq, SessionId, UserId};
use crate::presence::PresenceStatus;
use crate::restriction::RestrictionKind;
use crate::room::{Privilege, RoomKind, RoomRole};
use crate::text::{MessageText, RoomAddress, RoomName, ShortText, UserName};
use crate::time::Timestamp;

macro_rules! schemas {
    ($($name:ident: $schema:expr;)*) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    $schema.into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )*
    };
}

schemas! {
    UserId: id("The id of a person.");
    SessionId: id("The id of a session.");
    MessageId: id("The id of a message.");
    ClientMessageId: id("The author's own id for a message or a change.");
    RequestId: text("The `id` of a request; not in answers over HTTP.");
    Epoch: number("Which log positions count in.");
    Seq: number("A position in the log of a room.");
    RoomName: text("The name of a public room.");
    RoomAddress: text("The name of a public room, or the opaque address (`~…`) of another one.");
    UserName: text("The name of a person.");
    MessageText: text("The text of a message, with the formatting that docs/protocol.md describes.");
    ShortText: text("One line.");
    Emoji: text("One emoji.");
    Timestamp: ObjectBuilder::from(text("A moment, in UTC and ISO 8601."))
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .build();
    PresenceStatus: words("Whether somebody is there.", ["online", "away", "offline"]);
    RoomKind: words("Who may see a room.", RoomKind::ALL.iter().map(|kind| kind.as_str()));
    RoomRole: words("What somebody is in a room.", RoomRole::ALL.iter().map(|role| role.as_str()));
    Privilege: words("What somebody may do in a room.", Privilege::ALL.iter().map(|one| one.as_str()));
    RestrictionKind: words("What is not allowed.", RestrictionKind::ALL.iter().map(|kind| kind.as_str()));
    Role: words("What an account may do in the whole installation.", ["member", "admin", "owner"]);
    SignUp: words("Who may make an account.", ["open", "invitation", "closed"]);
    LinkSecret: text("The secret of a link.");
    ErrorCode: words("What was wrong.", ErrorCode::ALL.iter().map(|code| code.as_str()));
}

impl PartialSchema for RoomEvent {
    /// History and lists have messages only, so that their definition is the useful one.
    fn schema() -> RefOr<Schema> {
        Posted::schema()
    }
}

impl ToSchema for RoomEvent {
    fn name() -> Cow<'static, str> {
        "Message".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Posted::schemas(schemas);
    }
}

fn text(about: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).description(Some(about)).build()
}

fn id(about: &str) -> Object {
    ObjectBuilder::from(text(about)).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).build()
}

fn number(about: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).description(Some(about)).minimum(Some(0)).build()
}

fn words<'a>(about: &str, words: impl IntoIterator<Item = &'a str>) -> Object {
    ObjectBuilder::from(text(about)).enum_values(Some(words)).build()
}
