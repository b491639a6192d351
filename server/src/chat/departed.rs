//! Deletes the messages of people who deleted their accounts and wanted them to go. It goes on after a restart.

use std::sync::Arc;
use std::time::Duration;

use shared::{Action, Mentions, Seq, UserId};
use tokio::time::sleep;

use super::Chat;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::room::RoomInfo;
use crate::store::{Author, NewChange, Write, Written};

/// Rest after a step, so that it keeps nobody waiting.
const REST: Duration = Duration::from_millis(20);
/// What a connection wrote just before it was closed is stored by then.
const LAST_WRITES: Duration = Duration::from_mins(1);
/// After the store has failed.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Deletes what there is to delete, at the start and whenever somebody has gone, until the server stops.
pub(super) async fn run(chat: Arc<Chat>) {
    loop {
        while let Err(error) = delete_all(&chat).await {
            tracing::warn!(error = %error, "messages of a deleted account could not be deleted; trying again later");
            sleep(TRY_AGAIN).await;
        }
        chat.departed.notified().await;
    }
}

async fn delete_all(chat: &Chat) -> Result<(), Error> {
    let departed = chat.accounts.departed_with_messages().await?;
    if departed.is_empty() {
        return Ok(());
    }
    delete_of(chat, &departed).await?;
    sleep(LAST_WRITES).await;
    delete_of(chat, &departed).await?;
    for user in departed {
        chat.accounts.messages_deleted(user).await?;
    }
    Ok(())
}

async fn delete_of(chat: &Chat, departed: &[UserId]) -> Result<(), Error> {
    for room in chat.store.rooms().await? {
        for &user in departed {
            delete_in(chat, &room, user).await?;
        }
    }
    Ok(())
}

async fn delete_in(chat: &Chat, room: &Arc<RoomInfo>, user: UserId) -> Result<(), Error> {
    let mut after = Some(Seq::ZERO);
    while let Some(from) = after {
        let Written { messages, next } = chat.store.written(room, user, from).await?;
        let name = chat.accounts.present_name(user)?;
        let delete = |target| {
            let author = Author { id: user, name: name.clone(), client_message_id: None };
            let (action, mentions) = (Action::DeleteMessage, Mentions::default());
            let room = room.clone();
            let moderates = false;
            Write::Change(NewChange {
                room,
                author,
                target,
                action,
                mentions,
                moderates,
                timestamp: wall_clock(),
            })
        };
        for target in messages {
            // Refused if it is gone already.
            chat.writer.commit(delete(target)).await?;
        }
        after = next;
        sleep(REST).await;
    }
    Ok(())
}
