//! Changes of messages: writes the change as an event of its own, and updates the message's row to the new state.

use shared::limits::{PINS, REACTION_KINDS};
use shared::{
    Action, Change, Changed, Emoji, ErrorCode, Mentions, MessageId, MessageText, Person, UserId, UserName,
};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::row::{self, change_columns, end_of, event_id, message_columns, seq_of};
use super::sequences::{Place, SequenceAllocator};
use super::{audit, doors};
use crate::store::{Act, NewChange, Outcome, StoreError};

/// The state of the message that a change applies to.
struct Target {
    id: i64,
    message_id: MessageId,
    author: UserId,
    /// The author's name when it was posted.
    name: UserName,
    content: Option<MessageText>,
    mentions: Mentions,
    pinned: bool,
    changed: i64,
}

pub(super) async fn apply(
    connection: &mut SqliteConnection,
    sequences: &mut SequenceAllocator,
    new: &NewChange,
) -> Result<Outcome, StoreError> {
    // What somebody wrote is theirs to delete, also after they left.
    if new.action != Action::DeleteMessage && !doors::may_write(connection, &new.room, new.author.id).await? {
        return Ok(Outcome::Refused(ErrorCode::NotAMember));
    }
    let Some(target) = find(connection, new).await? else {
        return Ok(Outcome::Refused(ErrorCode::NoSuchMessage));
    };
    if let Some(first) = repeated(connection, new, &target).await? {
        return Ok(first);
    }
    let unchanged = Outcome::Unchanged {
        message_id: target.message_id,
        seq: if target.changed > 0 { shared::Seq(target.changed as u64) } else { new.target },
    };
    let own = target.author == new.author.id;
    if target.content.is_none() {
        let again = (own || new.moderates) && new.action == Action::DeleteMessage;
        return Ok(if again { unchanged } else { Outcome::Refused(ErrorCode::NoSuchMessage) });
    }
    let is_for_authors = match new.action {
        Action::EditMessage { .. } => true,
        Action::DeleteMessage => !new.moderates,
        _ => false,
    };
    if !own && is_for_authors {
        return Ok(Outcome::Refused(ErrorCode::Forbidden));
    }
    let change = match &new.action {
        Action::EditMessage { content } if target.content.as_ref() == Some(content) => return Ok(unchanged),
        Action::EditMessage { content } => {
            Change::Edited { content: Some(content.clone()), mentions: new.mentions.clone() }
        }
        Action::DeleteMessage => Change::Deleted,
        Action::PinMessage if target.pinned => return Ok(unchanged),
        Action::PinMessage if pins(connection, new).await? >= PINS as i64 => {
            return Ok(Outcome::Refused(ErrorCode::TooMany));
        }
        Action::PinMessage => Change::Pinned,
        Action::UnpinMessage if target.pinned => Change::Unpinned,
        Action::UnpinMessage => return Ok(unchanged),
        Action::AddReaction { emoji } => match reaction(connection, &target, emoji, new.author.id).await? {
            (true, _) => return Ok(unchanged),
            (false, kinds) if kinds >= REACTION_KINDS as i64 => {
                return Ok(Outcome::Refused(ErrorCode::TooMany));
            }
            (false, _) => Change::ReactionAdded(emoji.clone()),
        },
        Action::RemoveReaction { emoji } => {
            match reaction(connection, &target, emoji, new.author.id).await? {
                (true, _) => Change::ReactionRemoved(emoji.clone()),
                (false, _) => return Ok(unchanged),
            }
        }
    };
    let by = Person { user_id: new.author.id, user: new.author.name.clone() };
    if change == Change::Deleted && !own {
        let act = Act::DeleteMessage { seq: new.target };
        let member = Person { user_id: target.author, user: target.name.clone() };
        audit::record(connection, new.timestamp, &by, Some(&new.room), Some(&member), &act).await?;
    }
    let place = sequences.next(connection, new.room.id).await?;
    let changed = Changed {
        room: new.room.address.clone(),
        seq: place.seq,
        target: new.target,
        by: Some(by),
        timestamp: new.timestamp,
        client_message_id: new.author.client_message_id,
        change,
    };
    fold(connection, &target, &changed).await?;
    insert(connection, target.id, event_id(new.room.id, place.seq), &changed, &place).await?;
    Ok(Outcome::Changed(changed, target.message_id))
}

async fn find(connection: &mut SqliteConnection, new: &NewChange) -> Result<Option<Target>, StoreError> {
    let query = sqlx::query(concat!("SELECT ", message_columns!(), " FROM messages WHERE id = ?"));
    let id = event_id(new.room.id, new.target);
    let Some(row) = query.bind(id).fetch_optional(connection).await? else { return Ok(None) };
    let posted = row::posted(&row, &new.room.address)?;
    Ok(Some(Target {
        id,
        message_id: posted.message_id,
        author: posted.sender_id,
        name: posted.sender,
        content: posted.content,
        mentions: posted.mentions,
        pinned: posted.pinned,
        changed: posted.changed_seq.map_or(0, |seq| seq.0 as i64),
    }))
}

/// Looks up a repeated request: the same change again returns the first outcome; a different one under the same id is
/// refused.
async fn repeated(
    connection: &mut SqliteConnection,
    new: &NewChange,
    target: &Target,
) -> Result<Option<Outcome>, StoreError> {
    let Some(id) = new.author.client_message_id else { return Ok(None) };
    let query = sqlx::query(concat!(
        "SELECT ",
        change_columns!(),
        " FROM changes WHERE client_message_id = ? AND author = ?"
    ));
    let query = query.bind(row::blob(id.uuid())).bind(row::blob(new.author.id.uuid()));
    let Some(row) = query.fetch_optional(connection).await? else { return Ok(None) };
    let first = row::changed(&row, &new.room.address)?;
    let same_kind = match (&first.change, &new.action) {
        // Deleting a message also erases the text of its edits.
        (Change::Edited { content, .. }, Action::EditMessage { content: again }) => {
            content.as_ref().is_none_or(|content| content == again)
        }
        (Change::ReactionAdded(one), Action::AddReaction { emoji })
        | (Change::ReactionRemoved(one), Action::RemoveReaction { emoji }) => one == emoji,
        (Change::Deleted, Action::DeleteMessage)
        | (Change::Pinned, Action::PinMessage)
        | (Change::Unpinned, Action::UnpinMessage) => true,
        _ => false,
    };
    let same_place = row.try_get::<i64, _>(2)? == target.id;
    Ok(Some(if same_kind && same_place {
        Outcome::RepeatedChange(first, target.message_id)
    } else {
        Outcome::Refused(ErrorCode::IdConflict)
    }))
}

async fn pins(connection: &mut SqliteConnection, new: &NewChange) -> Result<i64, StoreError> {
    let query = sqlx::query("SELECT count(*) FROM messages WHERE pinned AND id > ? AND id < ?");
    let query = query.bind(event_id(new.room.id, shared::Seq::ZERO)).bind(end_of(new.room.id));
    Ok(query.fetch_one(connection).await?.try_get(0)?)
}

/// Returns whether this user has reacted with `emoji`, and how many other kinds of reactions the message has.
async fn reaction(
    connection: &mut SqliteConnection,
    target: &Target,
    emoji: &Emoji,
    user: UserId,
) -> Result<(bool, i64), StoreError> {
    let query = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM reactions WHERE message = ?1 AND emoji = ?2 AND user = ?3),
                (SELECT count(DISTINCT emoji) FROM reactions WHERE message = ?1 AND emoji <> ?2)",
    );
    let query = query.bind(target.id).bind(emoji.as_str()).bind(row::blob(user.uuid()));
    let row = query.fetch_one(connection).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Applies a change to the message's row.
async fn fold(
    connection: &mut SqliteConnection,
    target: &Target,
    changed: &Changed,
) -> Result<(), StoreError> {
    let (id, seq) = (target.id, changed.seq.0 as i64);
    let update = match &changed.change {
        Change::Edited { content, mentions } => {
            remove_mentions(connection, target).await?;
            add_mentions(connection, id, mentions).await?;
            let query = sqlx::query(
                "UPDATE messages SET original = coalesce(original, content), content = ?, mentions = ?, edited_at = ?,
                 changed = ? WHERE id = ?",
            );
            let query = query.bind(content.as_ref().map_or("", MessageText::as_str));
            query.bind(row::mention_bytes(mentions)).bind(changed.timestamp.millis())
        }
        Change::Deleted => {
            remove_mentions(connection, target).await?;
            sqlx::query("DELETE FROM reactions WHERE message = ?").bind(id).execute(&mut *connection).await?;
            // Earlier texts are erased as well.
            let query = sqlx::query(
                "UPDATE changes SET content = NULL, mentions = NULL WHERE target = ? AND kind = 1",
            );
            query.bind(id).execute(&mut *connection).await?;
            sqlx::query(
                "UPDATE messages SET content = '', original = NULL, mentions = NULL, edited_at = NULL, deleted = 1,
                 pinned = 0, changed = ? WHERE id = ?",
            )
        }
        Change::ReactionAdded(emoji) => {
            react(connection, id, emoji, changed).await?;
            sqlx::query("UPDATE messages SET changed = ? WHERE id = ?")
        }
        Change::ReactionRemoved(emoji) => {
            let query = sqlx::query("DELETE FROM reactions WHERE message = ? AND emoji = ? AND user = ?");
            let user = changed.by.as_ref().map(|by| row::blob(by.user_id.uuid()));
            query.bind(id).bind(emoji.as_str()).bind(user).execute(&mut *connection).await?;
            sqlx::query("UPDATE messages SET changed = ? WHERE id = ?")
        }
        Change::Pinned => sqlx::query("UPDATE messages SET pinned = 1, changed = ? WHERE id = ?"),
        Change::Unpinned => sqlx::query("UPDATE messages SET pinned = 0, changed = ? WHERE id = ?"),
        Change::Trimmed
        | Change::MemberAdded { .. }
        | Change::MemberRemoved { .. }
        | Change::RoleChanged { .. }
        | Change::DetailsChanged(_) => return Ok(()),
    };
    update.bind(seq).bind(id).execute(connection).await?;
    Ok(())
}

async fn react(
    connection: &mut SqliteConnection,
    message: i64,
    emoji: &Emoji,
    changed: &Changed,
) -> Result<(), StoreError> {
    let query = sqlx::query(
        "INSERT INTO reactions (message, emoji, user, name, seq, kind_seq) VALUES (?1, ?2, ?3, ?4, ?5,
         coalesce((SELECT kind_seq FROM reactions WHERE message = ?1 AND emoji = ?2 LIMIT 1), ?5))",
    );
    let (user, name) = changed.by.as_ref().map(|by| (row::blob(by.user_id.uuid()), by.user.as_str())).unzip();
    let query = query.bind(message).bind(emoji.as_str()).bind(user).bind(name).bind(changed.seq.0 as i64);
    query.execute(connection).await?;
    Ok(())
}

/// Records whom a message mentions.
pub(super) async fn add_mentions(
    connection: &mut SqliteConnection,
    message: i64,
    mentions: &Mentions,
) -> Result<(), StoreError> {
    for user in called(mentions) {
        let query = sqlx::query("INSERT OR IGNORE INTO mentions (user, message) VALUES (?, ?)");
        query.bind(user).bind(message).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn remove_mentions(connection: &mut SqliteConnection, target: &Target) -> Result<(), StoreError> {
    for user in called(&target.mentions) {
        let query = sqlx::query("DELETE FROM mentions WHERE user = ? AND message = ?");
        query.bind(user).bind(target.id).execute(&mut *connection).await?;
    }
    Ok(())
}

fn called(mentions: &Mentions) -> impl Iterator<Item = Vec<u8>> {
    let everybody = mentions.room.then(Vec::new);
    mentions.users.iter().map(|user| row::blob(user.uuid())).chain(everybody)
}

/// Inserts the event itself. `target` is a row id.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    target: i64,
    id: i64,
    changed: &Changed,
    place: &Place,
) -> Result<(), StoreError> {
    let of_the_room = doors::content(&changed.change)?;
    let (content, mentions, emoji) = match &changed.change {
        Change::Edited { content, mentions } => {
            (content.as_ref().map(MessageText::as_str), row::mention_bytes(mentions), None)
        }
        Change::ReactionAdded(emoji) | Change::ReactionRemoved(emoji) => (None, None, Some(emoji.as_str())),
        Change::Deleted | Change::Pinned | Change::Unpinned | Change::Trimmed => (None, None, None),
        Change::MemberAdded { .. }
        | Change::MemberRemoved { .. }
        | Change::RoleChanged { .. }
        | Change::DetailsChanged(_) => (of_the_room.as_deref(), None, None),
    };
    let query = sqlx::query(concat!(
        "INSERT INTO changes (",
        change_columns!(),
        ", commit_no) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ));
    let by = changed.by.as_ref();
    let query = query.bind(id).bind(row::kind(&changed.change)).bind(target);
    let query = query.bind(by.map(|by| row::blob(by.user_id.uuid()))).bind(by.map(|by| by.user.as_str()));
    let query = query.bind(changed.client_message_id.map(|id| row::blob(id.uuid())));
    let query = query.bind(content).bind(mentions).bind(emoji).bind(changed.timestamp.millis());
    query.bind(place.commit_no).execute(connection).await?;
    debug_assert_eq!(seq_of(id), changed.seq);
    Ok(())
}
