//! Exports every room as a file of JSON lines, for people and programs that do not know Hiroba. The format is described
//! in docs/operating.md.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use shared::{Epoch, RoomAddress, RoomDetails, RoomKind, Seq, Timestamp, UserId};

use crate::hub::wall_clock;
use crate::room::RoomInfo;
use crate::store::sqlite::{Archive, Moment};

/// Events read at once.
const PAGE: u16 = 1_000;

/// The first line of a file.
#[derive(Serialize)]
struct Heading<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    room: &'a RoomAddress,
    /// Public rooms are exported as before there were others.
    #[serde(skip_serializing_if = "Option::is_none")]
    room_kind: Option<RoomKind>,
    /// Whose direct conversation it is.
    #[serde(skip_serializing_if = "<[UserId]>::is_empty")]
    people: &'a [UserId],
    #[serde(flatten)]
    details: &'a RoomDetails,
    epoch: Epoch,
    seq: Seq,
    exported_at: Timestamp,
}

/// Writes every room into `folder`, which must not exist, all from one snapshot. The server may be running.
///
/// # Errors
/// There is no data, or the folder cannot be written.
pub async fn export(data: &Path, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        bail!("{} exists already; choose another folder", folder.display());
    }
    let mut archive = Archive::open(data).await?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut moment = archive.moment().await?;
    let rooms = moment.rooms().await?;
    for room in &rooms {
        let file = folder.join(file_name(room));
        write_room(&mut moment, room, &file)
            .await
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    drop(moment);
    archive.close().await?;
    println!("{} rooms are in {}.", rooms.len(), folder.display());
    Ok(())
}

async fn write_room(moment: &mut Moment<'_>, room: &RoomInfo, file: &Path) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create_new(file)?);
    let seq = moment.extent(room).await?.head;
    let heading = Heading {
        kind: "room",
        room: &room.address,
        room_kind: room.is_private().then_some(room.kind),
        people: &room.people,
        details: &room.details,
        epoch: room.epoch,
        seq,
        exported_at: wall_clock(),
    };
    line(&mut out, &heading)?;
    let mut after = Seq::ZERO;
    loop {
        let events = moment.after(room, after, PAGE).await?;
        let Some(last) = events.last() else { break };
        after = last.seq();
        for event in &events {
            line(&mut out, event)?;
        }
    }
    out.into_inner()?.sync_all()?;
    Ok(())
}

fn line(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    Ok(out.write_all(b"\n")?)
}

/// Returns the room's id, so that no two names collide, followed by as much of its name as every file system accepts.
fn file_name(room: &RoomInfo) -> String {
    let plain: String =
        room.address.as_str().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    // At most three bytes per character stay well below the limit for file names.
    format!("{}-{}.jsonl", room.id.0, plain.chars().take(40).collect::<String>())
}
