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
use crate::store::{NewReport, OpenReports, Outcome, ReportFilter, ResolvedReport, Store, StoreError, Write};

/// Reports of a page.
const PAGE: u16 = 50;
/// How long what was said is kept after a report was settled.
const TEXTS_KEPT: Duration = Duration::from_hours(30 * 24);
/// How long the rest is kept.
const ROWS_KEPT: Duration = Duration::from_hours(180 * 24);

/// How many reports are open, by room and log: numbers of rooms are given again.
#[derive(Default)]
pub(super) struct Reports {
    open: RwLock<HashMap<(RoomId, Epoch), u32>>,
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

    fn set(&self, OpenReports { room, epoch, count }: OpenReports) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if count == 0 {
            open.remove(&(room, epoch));
        } else {
            open.insert((room, epoch), count);
        }
    }

    /// How many are open in a room, as it is told to somebody there: nothing to whoever does not see them.
    pub(super) fn told(&self, room: &RoomInfo, to: Standing) -> Option<u32> {
        if !Action::SeeReports.is_allowed(room.kind, to) {
            return None;
        }
        self.open.read().unwrap_or_else(PoisonError::into_inner).get(&(room.id, room.epoch)).copied()
    }
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
        let page = self.chat.page_of(ReportFilter { room: Some(room.id), open }, before).await?;
        self.check_reader(&room).await?;
        Ok(page)
    }

    /// Settles a report of a room in which the user keeps order, or of any if they are an administrator.
    ///
    /// # Errors
    /// There is no such report, which is also the answer to whoever may not; it is about a message of the user; or it cannot
    /// be stored.
    pub async fn resolve_report(&self, id: u64, note: Option<ShortText>) -> Result<(), Error> {
        let room = self.chat.store.report_room(id).await?.ok_or(Error::NotFound)?;
        let role = self.role().await?;
        let member = self.chat.hub.member(room.id, self.user).await?;
        let may = |(_, room_role)| Action::SeeReports.is_allowed(room.kind, Standing { role, room_role });
        if role < Some(Role::Admin) && !member.is_some_and(may) {
            return Err(Error::NotFound);
        }
        self.chat.rates.moderate(self.user)?;
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
            Error::NotStored(ErrorCode::Forbidden) => {
                let message = "this report is about what you wrote; somebody else settles it";
                Failure::new(ErrorCode::Forbidden, message).into()
            }
            Error::NotStored(_) => Error::NotFound,
            other => other,
        })
    }

    /// How many reports of a room are open, as far as the user is told.
    pub(super) fn open_reports(&self, room: &RoomInfo, room_role: RoomRole) -> Option<u32> {
        let role = self.login.as_ref().map(|login| login.role);
        self.chat.reports.told(room, Standing { role, room_role })
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
        self.page_of(ReportFilter { room: None, open }, before).await
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
            match chat.writer.commit(write).await? {
                Outcome::Refused(code) => return Err(Error::NotStored(code)),
                Outcome::Reports(open) => chat.reports.set(open),
                _ => return Ok(()),
            }
            for user in chat.who_sees_reports(&room).await? {
                if let Some((_, role)) = chat.hub.member(room.id, user).await? {
                    chat.tell_standing(&room, user, role).await?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn who_sees_reports(&self, room: &RoomInfo) -> Result<Vec<UserId>, Error> {
        let mut users = self.hub.moderators(room.id).await?;
        let accounts = self.accounts.list().await?.into_iter();
        users.extend(accounts.filter(|account| account.role >= Role::Admin).map(|account| account.user.id));
        users.sort_unstable();
        users.dedup();
        Ok(users)
    }
}

/// The write that drops what old reports tell.
pub(super) fn expire(now: ServerTime) -> Write {
    Write::ExpireReports { texts: now.before(TEXTS_KEPT), rows: now.before(ROWS_KEPT) }
}
