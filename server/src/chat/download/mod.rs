//! What an account is given of everything that is stored about it, page by page, so that neither the server's memory nor
//! its database is held for long, however much it is. The format is described in docs/protocol.md.

mod lines;
mod running;

use std::collections::HashMap;
use std::sync::Arc;

use shared::Seq;

use super::Chat;
use crate::accounts::Principal;
use crate::error::Error;
use crate::hub::HubClosed;
use crate::room::{RoomId, RoomInfo};
use crate::store::{Authored, Bond};
use lines::Lines;
pub(super) use running::Downloads;
use running::Running;

/// Rooms that are looked at for one page: most may hold nothing of the account.
const ROOMS_AT_ONCE: usize = 20;

/// A download under way. Dropping it ends it.
pub struct Download {
    chat: Arc<Chat>,
    principal: Principal,
    part: Part,
    lines: Lines,
    _running: Running,
}

/// What comes next.
enum Part {
    Account,
    Rooms(Places),
    Over,
}

struct Places {
    rooms: std::vec::IntoIter<Arc<RoomInfo>>,
    bonds: HashMap<RoomId, Bond>,
    reading: Option<Reading>,
}

/// A room that is being read.
struct Reading {
    room: Arc<RoomInfo>,
    after: Seq,
    /// Its own line was written.
    told: bool,
}

impl Chat {
    /// Begins a download of what is stored about an account.
    ///
    /// # Errors
    /// Another one of the account is under way, there were several within the hour, or the store cannot be used.
    pub async fn download(self: &Arc<Self>, principal: Principal) -> Result<Download, Error> {
        let running = self.downloads.begin(principal.user.id)?;
        self.rates.download(principal.user.id)?;
        // Read marks are stored a little later than they are set.
        self.store_changes().await?;
        let (chat, lines) = (self.clone(), Lines::default());
        Ok(Download { chat, principal, part: Part::Account, lines, _running: running })
    }
}

impl Download {
    /// Returns the next lines, about 64 KiB; `None` at the end. The last line says how many came before it: without it the
    /// download is not whole.
    ///
    /// # Errors
    /// The session has ended, the server stops, or the store cannot be used.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        while !matches!(self.part, Part::Over) {
            if self.chat.is_stopping() {
                return Err(HubClosed.into());
            }
            self.chat.check_session(self.principal.session).await?;
            let chat = self.chat.clone();
            let _turn = chat.downloads.turn().await;
            match std::mem::replace(&mut self.part, Part::Over) {
                Part::Account => self.part = Part::Rooms(self.account().await?),
                Part::Rooms(places) => self.part = self.rooms(places).await?,
                Part::Over => {}
            }
            let page = self.lines.take();
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    async fn account(&mut self) -> Result<Places, Error> {
        let (chat, user, now) = (&self.chat, self.principal.user.id, self.chat.present());
        let account = chat.account(&self.principal).await?;
        let former = chat.accounts.former_names(now).await?.into_iter();
        let former = former.filter(|(of, _)| *of == user).map(|(_, name)| name).collect();
        self.lines.account(account, former, now.wall);
        self.lines.preferences(chat.preferences(user).await?);
        for session in chat.accounts.sessions(user, now).await? {
            let current = session.id == self.principal.session;
            self.lines.session(session, current);
        }
        for link in chat.accounts.links_of(user).await? {
            self.lines.link(&link, user);
        }
        for link in chat.store.room_links_of(user, (now.server, now.wall)).await? {
            self.lines.room_link(&link);
        }
        for report in chat.store.reports_by(user).await? {
            self.lines.report(&report);
        }
        let bonds = chat.store.bonds(user).await?;
        let bonds = bonds.into_iter().map(|bond| (bond.room, bond)).collect();
        Ok(Places { rooms: chat.store.rooms().await?.into_iter(), bonds, reading: None })
    }

    /// Reads until there is something to send, or until enough rooms held nothing.
    async fn rooms(&mut self, mut places: Places) -> Result<Part, Error> {
        for _ in 0..ROOMS_AT_ONCE {
            let first = |room| Reading { room, after: Seq::ZERO, told: false };
            let reading = places.reading.take().or_else(|| places.rooms.next().map(first));
            let Some(Reading { room, after, told }) = reading else {
                self.lines.end();
                return Ok(Part::Over);
            };
            let Authored { events, next } =
                self.chat.store.authored(&room, self.principal.user.id, after).await?;
            let bond = places.bonds.get(&room.id);
            let tell = !told && (bond.is_some() || !events.is_empty());
            if tell {
                self.lines.room(&room, bond);
            }
            for event in events {
                self.lines.event(event);
            }
            places.reading = next.map(|after| Reading { room, after, told: told || tell });
            if !self.lines.is_empty() || places.reading.is_some() {
                break;
            }
        }
        Ok(Part::Rooms(places))
    }
}
