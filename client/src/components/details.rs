//! The pane beside the conversation: the members, or temporarily search, pins or replies.

use leptos::prelude::*;
use shared::Seq;

use super::focus::{self, Focus};
use super::icons::{CLOSE, Icon};
use super::keys::composing;
use super::layers::{Layer, Layers, use_layers};
use super::members::{MemberCount, MemberList};
use super::pins::Pins;
use super::replies::Replies;
use super::search_panel::SearchPanel;
use super::show::Show;
use crate::browser::screen;
use crate::i18n::{Texts, t, use_language};
use crate::state::Store;

/// What the pane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// The members of the room.
    Members,
    /// The search results.
    Search,
    /// The pinned messages of the room.
    Pins,
    /// The replies to a message of the room.
    Replies(Seq),
}

impl Panel {
    const fn title(self, texts: &'static Texts) -> &'static str {
        match self {
            Self::Members => texts.members,
            Self::Search => texts.search,
            Self::Pins => texts.pins,
            Self::Replies(_) => texts.replies,
        }
    }

    /// Selector of the element that gets focus when the panel opens.
    const fn first(self) -> &'static str {
        match self {
            Self::Search => "input.search-input",
            Self::Members | Self::Pins | Self::Replies(_) => "#details .pane-close",
        }
    }
}

/// The state of the details pane, as a context.
#[derive(Clone, Copy)]
pub struct Details {
    panel: RwSignal<Panel>,
    /// Whether the pane is shown, on screens with space for it.
    shown: RwSignal<bool>,
    /// Whether the members are shown when another panel is closed.
    members: RwSignal<bool>,
    back_to: StoredValue<Option<Focus>, LocalStorage>,
    layers: Layers,
}

impl Details {
    /// Creates the context, showing the members.
    pub fn provide(store: Store) -> Self {
        let details = Self {
            panel: RwSignal::new(Panel::Members),
            shown: RwSignal::new(true),
            members: RwSignal::new(true),
            back_to: StoredValue::new_local(None),
            layers: use_layers(),
        };
        provide_context(details);
        // Replies belong to one room.
        Effect::new(move |before: Option<_>| {
            let open = store.open.get();
            if before.is_some_and(|before| before != open)
                && matches!(details.panel.get_untracked(), Panel::Replies(_))
            {
                details.show_members();
            }
            open
        });
        // A drawer that was closed, e.g. by Back, shows the members when it opens again.
        Effect::new(move |before: Option<bool>| {
            let open = details.layers.is(Layer::Details);
            if before == Some(true) && !open && !screen::fits_three_panes() {
                details.show_members();
            }
            open
        });
        details
    }

    /// The current panel.
    pub fn panel(self) -> Panel {
        self.panel.get()
    }

    /// Whether the pane is shown, on screens with space for it.
    pub fn is_shown(self) -> bool {
        self.shown.get()
    }

    /// Shows a panel and moves focus to it.
    pub fn show(self, panel: Panel) {
        if panel == Panel::Members {
            self.members.set(true);
        }
        let was_shown = self.panel.get_untracked() == panel && self.shown.get_untracked();
        self.panel.set(panel);
        if screen::fits_three_panes() {
            self.layers.close();
            if !was_shown {
                self.back_to.set_value(Some(Focus::now()));
            }
            self.shown.set(true);
            request_animation_frame(move || focus::on(panel.first()));
        } else {
            self.layers.open(Layer::Details);
            if panel == Panel::Search {
                request_animation_frame(move || focus::on(panel.first()));
            }
        }
    }

    /// Shows a panel, or closes it if it is open.
    pub fn toggle(self, panel: Panel) {
        if screen::fits_three_panes() && self.shown.get_untracked() && self.panel.get_untracked() == panel {
            self.close();
        } else {
            self.show(panel);
        }
    }

    /// Shows the search panel if the screen has space for it; focus stays in the search field.
    pub fn open_search(self) {
        if self.panel.get_untracked() != Panel::Search && screen::fits_three_panes() {
            self.panel.set(Panel::Search);
            self.shown.set(true);
        }
    }

    /// Whether the search is shown in its own pane, not in a drawer.
    pub fn is_search_beside(self) -> bool {
        self.panel.get_untracked() == Panel::Search && !self.layers.is_any()
    }

    /// Closes the current panel.
    pub fn close(self) {
        if self.layers.is_untracked(Layer::Details) {
            self.layers.close();
            return;
        }
        if self.panel.get_untracked() == Panel::Members {
            self.members.set(false);
        }
        self.show_members();
        if let Some(back_to) = self.back_to.try_update_value(Option::take).flatten() {
            request_animation_frame(move || back_to.give());
        }
    }

    fn show_members(self) {
        self.panel.set(Panel::Members);
        self.shown.set(self.members.get_untracked());
    }
}

/// Returns the details from the context.
pub fn use_details() -> Details {
    expect_context()
}

/// The pane itself.
#[component]
pub fn DetailsPane() -> impl IntoView {
    let layers = use_layers();
    let details = use_details();
    let store: Store = expect_context();
    let language = use_language();
    let title = move || details.panel().title(language.get().texts());
    let key = move |event: web_sys::KeyboardEvent| {
        // The drawer handles Escape itself; the members stay open.
        let closable = details.panel.get_untracked() != Panel::Members && !layers.is_any();
        if event.key() == "Escape" && closable && !event.default_prevented() && !composing(&event) {
            event.prevent_default();
            details.close();
        }
    };
    let content = move || {
        let room = store.open.get();
        match (details.panel(), room) {
            (Panel::Search, _) => Some(view! { <SearchPanel /> }.into_any()),
            (Panel::Members, Some(room)) => Some(view! { <MemberList room /> }.into_any()),
            (Panel::Pins, Some(room)) => Some(view! { <Pins room /> }.into_any()),
            (Panel::Replies(target), Some(room)) => Some(view! { <Replies room target /> }.into_any()),
            (_, None) => None,
        }
    };
    view! {
        <aside
            id="details"
            class="details-pane"
            class:open=move || layers.is(Layer::Details)
            class:folded=move || !details.is_shown()
            class:wide=move || details.panel() != Panel::Members
            data-testid="details"
            aria-label=title
            on:keydown=key
        >
            <div class="pane-head">
                <h2 class="pane-title">
                    {title}
                    <Show when=move || details.panel() == Panel::Members>
                        <MemberCount />
                    </Show>
                </h2>
                <button type="button" class="icon-button pane-close" data-testid="details-close"
                    aria-label=t(|t| t.close) on:click=move |_| details.close()>
                    <Icon path=CLOSE />
                </button>
            </div>
            {content}
        </aside>
    }
}
