//! The sections of the administration.

use leptos::prelude::*;

use super::announcement::Announcement;
use super::audit::Audit;
use super::bans::BanList;
use super::invitations::InvitePeople;
use super::people::People;
use super::reports::Reports;
use super::rooms::Rooms;
use super::texts;
use super::who_comes_in::WhoComesIn;
use crate::i18n::Text;

/// A section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    People,
    Rooms,
    Invitations,
    Reports,
    Bans,
    Audit,
    Settings,
}

impl Section {
    /// In the order of the list.
    pub const ALL: [Self; 7] = [
        Self::People,
        Self::Rooms,
        Self::Invitations,
        Self::Reports,
        Self::Bans,
        Self::Audit,
        Self::Settings,
    ];

    /// What it is called.
    pub const fn title(self) -> &'static Text {
        match self {
            Self::People => &texts::PEOPLE,
            Self::Rooms => &texts::ROOMS,
            Self::Invitations => &texts::INVITATIONS,
            Self::Reports => &texts::REPORTS,
            Self::Bans => &texts::BANS,
            Self::Audit => &texts::AUDIT,
            Self::Settings => &texts::SERVER_SETTINGS,
        }
    }

    /// What the browser tests know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Rooms => "rooms",
            Self::Invitations => "invitations",
            Self::Reports => "reports",
            Self::Bans => "bans",
            Self::Audit => "audit",
            Self::Settings => "settings",
        }
    }

    /// Its content, which is loaded now.
    pub fn content(self) -> AnyView {
        match self {
            Self::People => view! { <People /> }.into_any(),
            Self::Rooms => view! { <Rooms /> }.into_any(),
            Self::Invitations => view! { <InvitePeople /> }.into_any(),
            Self::Reports => view! { <Reports /> }.into_any(),
            Self::Bans => view! { <BanList /> }.into_any(),
            Self::Audit => view! { <Audit /> }.into_any(),
            Self::Settings => view! {
                <WhoComesIn />
                <Announcement />
            }
            .into_any(),
        }
    }
}
