//! Accounts, their sessions, and the keys that sign tokens.

use async_trait::async_trait;
use shared::account::{EntranceChange, Profile, Role};
use shared::{SessionId, Timestamp, UserId, UserName};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use uuid::Uuid;

use super::row::{self, corrupt};
use super::{
    SqliteStore, administration, departures, entrance, links, mail, names, new_account, passwords, people,
    profiles, sessions,
};
use crate::mail_address::MailAddress;
use crate::server_time::ServerTime;
use crate::store::{
    Account, AccountStore, AccountSummary, At, Decision, Departed, Device, FormerName, Link, LinkKind,
    NewSession, NotCreated, NotRenamed, OpenSession, RefreshHashes, Rotation, RotationTimes, SecretHash,
    SigningKey, Still, StoreError, User,
};

/// Selects what [`account`] reads.
macro_rules! account {
    () => {
        "SELECT users.id, name, kind, password, disabled, role, created_at, profile, mail FROM accounts
         JOIN users ON users.id = user"
    };
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn installation(&self) -> Result<Uuid, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'installation'");
                let id: String = query.fetch_one(reader).await?;
                id.parse().map_err(corrupt)
            })
            .await
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        self.readers
            .run(async |reader| {
                let query =
                    sqlx::query("SELECT private, made_at FROM signing_keys ORDER BY made_at DESC, id DESC");
                let key = |row: &SqliteRow| {
                    let made_at = Timestamp::from_millis(row.try_get(1)?);
                    Ok(SigningKey { private: row.try_get(0)?, made_at })
                };
                query.fetch_all(reader).await?.iter().map(key).collect()
            })
            .await
    }

    async fn add_signing_key(&self, key: &SigningKey, before: Timestamp) -> Result<(), StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("DELETE FROM signing_keys WHERE made_at < ? OR made_at > ?");
                query.bind(before.millis()).bind(key.made_at.millis()).execute(&mut *writer).await?;
                let query = sqlx::query("INSERT INTO signing_keys (private, made_at) VALUES (?, ?)");
                query.bind(&key.private[..]).bind(key.made_at.millis()).execute(writer).await?;
                Ok(())
            })
            .await
    }

    async fn accounts(&self) -> Result<Vec<AccountSummary>, StoreError> {
        self.readers.run(async |reader| administration::accounts(reader).await).await
    }

    async fn administrators(&self) -> Result<Vec<UserId>, StoreError> {
        self.readers.run(async |reader| administration::administrators(reader).await).await
    }

    async fn accounts_by_name(
        &self,
        part: &str,
        after: &str,
        limit: u16,
    ) -> Result<Vec<AccountSummary>, StoreError> {
        self.readers
            .run(async |reader| administration::accounts_by_name(reader, part, after, limit).await)
            .await
    }

    async fn create_account(
        &self,
        account: &Account,
        looks: &[String],
        session: Option<&NewSession>,
        link: Option<&SecretHash>,
        at: At,
    ) -> Result<Result<(), NotCreated>, StoreError> {
        self.writer
            .write(async |writer| new_account::create(writer, account, looks, session, link, at).await)
            .await
    }

    async fn account_named(&self, name: &UserName) -> Result<Option<Account>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(concat!(account!(), " WHERE name_key = ?"));
                query.bind(name.key()).fetch_optional(reader).await?.as_ref().map(account).transpose()
            })
            .await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(concat!(account!(), " WHERE user = ?"));
                let query = query.bind(row::blob(user.uuid()));
                query.fetch_optional(reader).await?.as_ref().map(account).transpose()
            })
            .await
    }

    async fn change_password(
        &self,
        user: UserId,
        old: &str,
        password: &str,
        keep: SessionId,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query(
                    "UPDATE accounts SET password = ?1 WHERE user = ?2 AND password = ?3
                     AND EXISTS (SELECT 1 FROM sessions WHERE id = ?4 AND user = ?2)",
                );
                let query = query.bind(password).bind(row::blob(user.uuid())).bind(old);
                let changed = query.bind(row::blob(keep.uuid())).execute(&mut *writer).await?;
                if changed.rows_affected() == 0 {
                    return Ok(None);
                }
                links::withdraw_of(writer, user).await?;
                sessions::end_all(writer, user, Some(keep)).await.map(Some)
            })
            .await
    }

    async fn reset_password(&self, user: UserId, password: &str) -> Result<Vec<SessionId>, StoreError> {
        self.writer
            .write(async |writer| {
                passwords::set(writer, user, password).await?;
                sessions::end_all(writer, user, None).await
            })
            .await
    }

    async fn set_disabled(
        &self,
        user: UserId,
        disabled: bool,
        decision: &Decision,
    ) -> Result<Vec<SessionId>, StoreError> {
        self.writer.write(async |writer| entrance::set_disabled(writer, user, disabled, decision).await).await
    }

    async fn open_session(
        &self,
        user: UserId,
        password: &str,
        session: &NewSession,
        at: At,
    ) -> Result<bool, StoreError> {
        self.writer.write(async |writer| sessions::open(writer, user, password, session, at).await).await
    }

    async fn rotate(
        &self,
        presented: &RefreshHashes,
        next: &SecretHash,
        device: &Device,
        times: RotationTimes,
    ) -> Result<Rotation, StoreError> {
        // Tokens that nobody gave out do not keep the writer busy.
        let is_known = self.readers.run(async |reader| sessions::is_family(reader, presented).await).await?;
        if !is_known {
            return Ok(Rotation::Unknown);
        }
        self.writer.write(async |writer| sessions::rotate(writer, presented, next, device, times).await).await
    }

    async fn session_user(
        &self,
        session: SessionId,
        since: ServerTime,
    ) -> Result<Option<(User, Role)>, StoreError> {
        self.readers
            .run(async |reader| {
                let query = sqlx::query(
                    "SELECT users.id, name, kind, role FROM sessions JOIN users ON users.id = sessions.user
                     JOIN accounts ON accounts.user = users.id WHERE sessions.id = ? AND refreshed_at > ?",
                );
                let query = query.bind(row::blob(session.uuid())).bind(since.millis());
                let found = query.fetch_optional(reader).await?;
                found.map(|row| Ok((people::user(&row)?, entrance::role(&row, 3)?))).transpose()
            })
            .await
    }

    async fn open_sessions(&self, user: UserId, since: ServerTime) -> Result<Vec<OpenSession>, StoreError> {
        self.readers.run(async |reader| sessions::of_user(reader, user, since).await).await
    }

    async fn end_session_of(&self, user: UserId, session: SessionId) -> Result<bool, StoreError> {
        self.writer.write(async |writer| sessions::end_of(writer, user, session).await).await
    }

    async fn end_session(&self, session: SessionId) -> Result<bool, StoreError> {
        self.writer.write(async |writer| sessions::end(writer, session).await).await
    }

    async fn forget_sessions(&self, before: ServerTime) -> Result<(), StoreError> {
        self.writer
            .write(async |writer| {
                let query = sqlx::query("DELETE FROM sessions WHERE refreshed_at <= ?");
                query.bind(before.millis()).execute(writer).await?;
                Ok(())
            })
            .await
    }

    async fn rename(
        &self,
        user: UserId,
        name: (&UserName, &[String]),
        most: usize,
        times: (ServerTime, ServerTime),
    ) -> Result<Result<(), NotRenamed>, StoreError> {
        self.writer.write(async |writer| names::rename(writer, user, name, most, times).await).await
    }

    async fn former_names(&self, now: ServerTime) -> Result<Vec<FormerName>, StoreError> {
        self.readers.run(async |reader| names::former(reader, now).await).await
    }

    async fn free_names(&self, now: ServerTime) -> Result<Vec<FormerName>, StoreError> {
        self.writer.write(async |writer| names::free(writer, now).await).await
    }

    async fn close_account(
        &self,
        user: UserId,
        password: &str,
        delete_messages: bool,
        free_at: ServerTime,
    ) -> Result<Option<Vec<SessionId>>, StoreError> {
        let close = async |writer: &mut SqliteConnection| {
            departures::close(writer, user, password, delete_messages, free_at).await
        };
        self.writer.write(close).await
    }

    async fn set_profile(&self, user: UserId, profile: &Profile) -> Result<bool, StoreError> {
        self.writer.write(async |writer| profiles::set(writer, user, profile).await).await
    }

    async fn profiles(&self) -> Result<Vec<(UserId, Profile)>, StoreError> {
        self.readers.run(async |reader| profiles::all(reader).await).await
    }

    async fn departed(&self) -> Result<Vec<Departed>, StoreError> {
        self.readers.run(async |reader| departures::departed(reader).await).await
    }

    async fn messages_deleted(&self, user: UserId) -> Result<(), StoreError> {
        self.writer.write(async |writer| departures::done(writer, user).await).await
    }

    async fn set_role(&self, user: UserId, role: Role, decision: &Decision) -> Result<(), StoreError> {
        self.writer.write(async |writer| entrance::set_role(writer, user, role, decision).await).await
    }

    async fn has_owner(&self) -> Result<bool, StoreError> {
        self.readers.run(async |reader| entrance::has_owner(reader).await).await
    }

    async fn entrance(&self) -> Result<EntranceChange, StoreError> {
        self.readers.run(async |reader| entrance::read(reader).await).await
    }

    async fn set_entrance(&self, change: EntranceChange, decision: &Decision) -> Result<(), StoreError> {
        self.writer.write(async |writer| entrance::write(writer, change, decision).await).await
    }

    async fn add_link(&self, link: &Link, secret: &SecretHash, at: At) -> Result<bool, StoreError> {
        self.writer.write(async |writer| links::add(writer, link, secret, at).await).await
    }

    async fn add_link_of(
        &self,
        user: UserId,
        still: Still<'_>,
        link: (&Link, &SecretHash),
        at: At,
    ) -> Result<bool, StoreError> {
        self.writer.write(async |writer| mail::add_link(writer, user, still, link, at).await).await
    }

    async fn link(&self, secret: &SecretHash, at: At) -> Result<Option<Link>, StoreError> {
        self.readers.run(async |reader| links::find(reader, secret, at).await).await
    }

    async fn invitations(&self, at: At) -> Result<Vec<(Link, Option<UserName>)>, StoreError> {
        self.readers.run(async |reader| links::invitations(reader, at).await).await
    }

    async fn links_of(&self, user: UserId) -> Result<Vec<Link>, StoreError> {
        self.readers.run(async |reader| links::of(reader, user).await).await
    }

    async fn withdraw(&self, invitation: Uuid) -> Result<bool, StoreError> {
        self.writer.write(async |writer| links::withdraw(writer, invitation).await).await
    }

    async fn claim_ownership(&self, user: UserId, secret: &SecretHash, at: At) -> Result<bool, StoreError> {
        self.writer
            .write(async |writer| {
                match links::find(writer, secret, at).await? {
                    Some(link @ Link { kind: LinkKind::Owner, .. }) => links::use_up(writer, &link).await?,
                    _ => return Ok(false),
                }
                entrance::become_owner(writer, user, at.1).await?;
                Ok(true)
            })
            .await
    }

    async fn reset_by_link(
        &self,
        secret: &SecretHash,
        password: &str,
        session: &NewSession,
        at: At,
    ) -> Result<Option<(Account, Vec<SessionId>)>, StoreError> {
        self.writer
            .write(async |writer| passwords::reset_by_link(writer, secret, password, session, at).await)
            .await
    }

    async fn account_with_mail(&self, mail: &MailAddress) -> Result<Option<Account>, StoreError> {
        let query = sqlx::query(concat!(account!(), " WHERE mail_key = ?")).bind(mail.key());
        let found = self.readers.run(async |reader| Ok(query.fetch_optional(reader).await?)).await?;
        found.as_ref().map(account).transpose()
    }

    async fn waiting_mail(&self, user: UserId, at: At) -> Result<Option<MailAddress>, StoreError> {
        self.readers.run(async |reader| mail::waiting(reader, user, at).await).await
    }

    async fn confirm_mail(
        &self,
        secret: &SecretHash,
        at: At,
    ) -> Result<Option<(Account, MailAddress)>, StoreError> {
        self.writer.write(async |writer| mail::confirm(writer, secret, at).await).await
    }

    async fn remove_mail(&self, user: UserId, password: &str) -> Result<bool, StoreError> {
        self.writer.write(async |writer| mail::remove(writer, user, password).await).await
    }
}

impl SqliteStore {
    /// Ends every session of every account, and every link.
    pub(super) async fn revoke_everything(&self) -> Result<(), StoreError> {
        let sql =
            "DELETE FROM sessions WHERE refreshed_at IS NOT NULL; DELETE FROM links; DELETE FROM room_links";
        self.writer.write(async |writer| Ok(sqlx::raw_sql(sql).execute(writer).await.map(drop)?)).await
    }
}

fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    let created_at = Timestamp::from_millis(row.try_get(6)?);
    let (password, disabled, role) = (row.try_get(3)?, row.try_get(4)?, entrance::role(row, 5)?);
    let profile = profiles::profile(row, 7)?;
    let mail = row.try_get::<Option<&str>, _>(8)?.map(mail::known).transpose()?;
    Ok(Account { user: people::user(row)?, password, role, disabled, created_at, profile, mail })
}

pub(super) async fn read(connection: &mut SqliteConnection, user: UserId) -> Result<Account, StoreError> {
    let query = sqlx::query(concat!(account!(), " WHERE user = ?"));
    account(&query.bind(row::blob(user.uuid())).fetch_one(connection).await?)
}
