//! Reports of messages: anybody in a room makes them, those who keep order in it settle them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use shared::account::Role;
use shared::limits::PAGE_BYTES;
use shared::report::{Report, Reports as Page};
use shared::{Epoch, ErrorCode, Failure, RoomAddress, RoomRole, Seq, ShortText, UserId};

use super::accounts::whole;
use super::permissions::{Action, Standing};
use super::{Chat, Session};
use crate::accounts::Principal;
use crate::error::Error;
use crate::hub::wall_clock;
use crate::room::{RoomId, RoomInfo};
use crate::server_time::ServerTime;
use crate::store::{
    About, NewReport, OpenReports, Outcome, ReportFilter, ResolvedReport, Store, StoreError, Write,
};

/// Reports of a page.
const PAGE: u16 = 50;
/// How long what was said is kept after a report was settled.
const TEXTS_KEPT: Duration = Duration::from_hours(30 * 24);
/// How long the rest is kept.
const ROWS_KEPT: Duration = Duration::from_hours(180 * 24);

/// How many reports are open, by room and log: numbers of rooms are given again.
#[derive(Default)]
pub(super) struct Reports {
    open: RwLock<HashMap<(RoomId, Epoch), About>>,
    /// Held while something is changed in the store and here, so that both change in one order.
    changing: tokio::sync::Mutex<()>,
}

impl Reports {
    /// Restores the counts at the start.
    pub(super) async fn restore(store: &dyn Store) -> Result<Self, StoreError> {
        let reports = Self::default();
        for open in store.open_reports().await? {
            reports.set(open);
        }
        Ok(reports)
    }

    /// Sets the numbers of a room. Returns whom the report is about that is new or was settled.
    fn set(&self, OpenReports { room, epoch, about }: OpenReports) -> Option<UserId> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let before = open.remove(&(room, epoch)).unwrap_or_default();
        let mut differ = about.iter().filter(|one| !before.contains(one)).chain(
            // The last one about somebody was settled.
            before.iter().filter(|(author, _)| !about.iter().any(|(other, _)| other == author)),
        );
        let whom = differ.next().map(|(author, _)| *author);
        if !about.is_empty() {
            open.insert((room, epoch), about);
        }
        whom
    }

    fn is_any(&self, room: &RoomInfo) -> bool {
        self.open.read().unwrap_or_else(PoisonError::into_inner).contains_key(&(room.id, room.epoch))
    }

    /// How many are open in a room, as it is told to somebody there: nothing to whoever does not see them, and those about
    /// themselves to administrators only.
    pub(super) fn told(&self, room: &RoomInfo, user: UserId, to: Standing) -> Option<u32> {
        if !Action::SeeReports.is_allowed(room.kind, to) {
            return None;
        }
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let about = open.get(&(room.id, room.epoch))?.iter();
        let seen = about.filter(|(author, _)| *author != user || sees_own(to.role));
        Some(seen.map(|(_, count)| count).sum()).filter(|&count| count > 0)
    }
}

/// Whether somebody sees reports about what they wrote themselves: they learn who has reported it.
fn sees_own(role: Option<Role>) -> bool {
    role >= Some(Role::Admin)
}

impl Session {
    /// Reports a message of somebody else as it is now. A second report of the same message is the first one.
    ///
    /// # Errors
    /// The user wrote it, or is not in the room; there is no such message, there are too many reports, or it cannot be
    /// stored.
    pub async fn report(
        &self,
        address: &RoomAddress,
        target: Seq,
        reason: Option<ShortText>,
    ) -> Result<(), Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::Report).await?;
        self.chat.rates.report(self.user)?;
        let (by, timestamp) = (self.person(), wall_clock());
        let write = Write::Report(NewReport { room: room.clone(), target, by, reason, timestamp });
        self.chat.change_reports(room, write).await.map_err(|error| match error {
            Error::NotStored(ErrorCode::Forbidden) => {
                Failure::new(ErrorCode::Forbidden, "you wrote this yourself: you can delete it").into()
            }
            other => other,
        })
    }

    /// Returns reports of a room with ids below `before`, the newest first; those that are `open`, or are not.
    ///
    /// # Errors
    /// The user does not keep order in the room, or the store cannot be used.
    pub async fn reports(
        &self,
        address: &RoomAddress,
        open: Option<bool>,
        before: Option<u64>,
    ) -> Result<Page, Error> {
        let room = self.joined(address)?;
        self.check(&room, Action::SeeReports).await?;
        let not_about = (!sees_own(self.role().await?)).then_some(self.user);
        let page = self.chat.page_of(ReportFilter { room: Some(room.id), open, not_about }, before).await?;
        self.check_reader(&room).await?;
        Ok(page)
    }

    /// Settles a report of a room in which the user keeps order, or of any if they are an administrator.
    ///
    /// # Errors
    /// There is no such report, which is also the answer to whoever may not; it is about a message of the user; or it cannot
    /// be stored.
    pub async fn resolve_report(&self, id: u64, note: Option<ShortText>) -> Result<(), Error> {
        self.chat.rates.moderate(self.user)?;
        let role = self.role().await?;
        // The same is asked whether there is such a report or not.
        let room = self.chat.store.report_room(id).await?;
        let of = room.as_ref().map_or(RoomId(0), |room| room.id);
        let member = self.chat.hub.member(of, self.user).await?;
        let room = room.ok_or(Error::NotFound)?;
        let may = |(_, room_role)| Action::SeeReports.is_allowed(room.kind, Standing { role, room_role });
        if role < Some(Role::Admin) && !member.is_some_and(may) {
            return Err(Error::NotFound);
        }
        let write = Write::ResolveReport(ResolvedReport {
            id,
            room: room.clone(),
            by: self.person(),
            note,
            also_own: role == Some(Role::Owner),
            timestamp: wall_clock(),
            at: self.chat.clock.now(),
        });
        self.chat.change_reports(room, write).await.map_err(|error| match error {
            Error::NotStored(ErrorCode::Forbidden) if sees_own(role) => {
                let message = "this report is about what you wrote; somebody else settles it";
                Failure::new(ErrorCode::Forbidden, message).into()
            }
            Error::NotStored(_) => Error::NotFound,
            other => other,
        })
    }

    /// How many reports of a room are open, as far as the user is told.
    ///
    /// # Errors
    /// The session has ended, or the store cannot be used.
    pub(super) async fn open_reports(
        &self,
        room: &RoomInfo,
        room_role: RoomRole,
    ) -> Result<Option<u32>, Error> {
        if !self.chat.reports.is_any(room) {
            return Ok(None);
        }
        // Somebody else may have given the user another role since they came.
        let standing = Standing { role: self.role().await?, room_role };
        Ok(self.chat.reports.told(room, self.user, standing))
    }
}

impl Chat {
    /// Returns reports of all rooms with ids below `before`, the newest first; those that are `open`, or are not.
    ///
    /// # Errors
    /// The account is no administrator, or the store cannot be used.
    pub async fn reports(
        &self,
        principal: &Principal,
        open: Option<bool>,
        before: Option<u64>,
    ) -> Result<Page, Error> {
        principal.need(Role::Admin)?;
        self.page_of(ReportFilter { room: None, open, not_about: None }, before).await
    }

    async fn page_of(&self, of: ReportFilter, before: Option<u64>) -> Result<Page, Error> {
        let mut reports = self.store.reports(of, before, PAGE + 1).await?;
        let mut bytes = 0;
        let mut fits = |report: &Report| {
            bytes += report.content.as_ref().map_or(0, |text| text.as_str().len());
            bytes <= PAGE_BYTES
        };
        let fitting = reports.iter().take(PAGE.into()).take_while(|report| fits(report)).count().max(1);
        let more = reports.len() > fitting;
        reports.truncate(fitting);
        Ok(Page { reports, more })
    }

    /// Carries out a write about reports of a room, and tells those who see them how many are open.
    async fn change_reports(self: &Arc<Self>, room: Arc<RoomInfo>, write: Write) -> Result<(), Error> {
        let chat = self.clone();
        whole(async move {
            let _alone = chat.reports.changing.lock().await;
            let about = match chat.writer.commit(write).await? {
                Outcome::Refused(code) => return Err(Error::NotStored(code)),
                Outcome::Reports(open) => chat.reports.set(open),
                _ => return Ok(()),
            };
            for user in chat.who_sees_reports(&room, about).await? {
                if let Some((_, role)) = chat.hub.member(room.id, user).await? {
                    chat.tell_standing(&room, user, role).await?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Those who see reports of a room about somebody, who does not learn of them as a moderator.
    async fn who_sees_reports(&self, room: &RoomInfo, about: Option<UserId>) -> Result<Vec<UserId>, Error> {
        let mut users = self.hub.moderators(room.id).await?;
        users.retain(|&user| Some(user) != about);
        users.extend(self.accounts.administrators().await?);
        users.sort_unstable();
        users.dedup();
        Ok(users)
    }
}

/// The write that drops what old reports tell.
pub(super) fn expire(now: ServerTime) -> Write {
    Write::ExpireReports { texts: now.before(TEXTS_KEPT), rows: now.before(ROWS_KEPT) }
}
