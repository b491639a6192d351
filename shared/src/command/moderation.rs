//! Parses requests of moderation.

use super::Command;
use super::parse::{content, details, invalid, line, room, whom};
use crate::body::Body;
use crate::failure::Failure;
use crate::limits::{REASON_CHARS, RESTRICTION_SECONDS, SLOW_SECONDS};
use crate::restriction::RestrictionKind;
use crate::room::DetailsChange;

/// The `type` tags of these requests.
pub(super) const KINDS: [&str; 4] = ["restrict", "lift_restriction", "list_restrictions", "announce"];

pub(super) fn parse(kind: &str, body: &Body<'_>) -> Result<Command, Failure> {
    Ok(match kind {
        "restrict" => Command::Restrict {
            room: room(body)?,
            whom: whom(body)?,
            kind: restriction(body)?,
            seconds: seconds(body)?,
            reason: line(body, "reason", REASON_CHARS)?.flatten(),
        },
        "lift_restriction" => {
            Command::LiftRestriction { room: room(body)?, whom: whom(body)?, kind: restriction(body)? }
        }
        "list_restrictions" => Command::ListRestrictions { room: room(body)? },
        _ => Command::Announce { content: content(body)? },
    })
}

/// What is to change of a room.
pub(super) fn change(body: &Body<'_>) -> Result<DetailsChange, Failure> {
    let slow_seconds: Option<u32> = body.get("slow_seconds")?;
    if slow_seconds.is_some_and(|seconds| seconds > SLOW_SECONDS) {
        return Err(invalid("slow_seconds", format!("\"slow_seconds\" is at most {SLOW_SECONDS}")));
    }
    Ok(DetailsChange {
        slow_seconds,
        archived: body.get("archived")?,
        permanent: body.get("permanent")?,
        ..details(body)?
    })
}

fn restriction(body: &Body<'_>) -> Result<RestrictionKind, Failure> {
    match &*body.need_text("kind")? {
        "ban" => Ok(RestrictionKind::Ban),
        "mute" => Ok(RestrictionKind::Mute),
        _ => Err(invalid("kind", "\"kind\" must be \"ban\" or \"mute\"")),
    }
}

fn seconds(body: &Body<'_>) -> Result<Option<u32>, Failure> {
    match body.get::<u32>("seconds")? {
        Some(seconds) if !(1..=RESTRICTION_SECONDS).contains(&seconds) => {
            Err(invalid("seconds", format!("\"seconds\" must be 1 to {RESTRICTION_SECONDS}")))
        }
        seconds => Ok(seconds),
    }
}
