//! The pane beside the conversation: one resident panel, and others that visit it.

use leptos::prelude::*;
use shared::{RoomAddress, Seq};

use super::composing::composing;
use super::focus::{self, Focus};
use super::icons::{CLOSE, Icon};
use super::layers::{Layer, Layers, use_layers};
use crate::browser::screen;
use crate::core::Store;
use crate::i18n::{Text, common, t, use_language};

/// The pane as a drawer, on screens without space for it.
pub const DRAWER: Layer = Layer::drawer("details", CLOSE_BUTTON);

const CLOSE_BUTTON: &str = "#details .pane-close";

/// Something that the pane can show, described by the part of the page that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    /// Tells panels apart.
    name: &'static str,
    title: &'static Text,
    view: fn(Subject) -> Option<AnyView>,
    /// Shown beside the title.
    beside: fn() -> Option<AnyView>,
    /// Selector of the element that gets focus when the panel opens.
    first: &'static str,
    /// The message that it is about.
    seq: Option<Seq>,
}

/// What a panel is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The open room.
    pub room: Option<RoomAddress>,
    /// A message of it.
    pub seq: Option<Seq>,
}

impl Panel {
    pub const fn new(name: &'static str, title: &'static Text, view: fn(Subject) -> Option<AnyView>) -> Self {
        Self { name, title, view, beside: || None, first: CLOSE_BUTTON, seq: None }
    }

    /// With the selector of the element that gets focus when the panel opens; by default the close button.
    pub const fn focused_on(self, first: &'static str) -> Self {
        Self { first, ..self }
    }

    /// With something beside the title.
    pub const fn with_beside(self, beside: fn() -> Option<AnyView>) -> Self {
        Self { beside, ..self }
    }

    /// About a message of the open room. It closes with the room.
    pub const fn about(self, seq: Seq) -> Self {
        Self { seq: Some(seq), ..self }
    }
}

impl PartialEq for Panel {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.seq) == (other.name, other.seq)
    }
}

/// A button that opens a panel.
#[derive(Clone, Copy)]
pub struct PanelButton {
    pub panel: Panel,
    /// `data-testid` in the browser tests.
    pub name: &'static str,
    pub label: &'static Text,
    /// The path of the icon.
    pub icon: &'static str,
    /// A class of its own in the styles, or an empty text.
    pub class: &'static str,
    /// Whether a second click closes the panel.
    pub toggles: bool,
}

/// The buttons in their order, as a context.
#[derive(Clone, Copy)]
pub struct PanelButtons(pub &'static [PanelButton]);

/// The buttons that open panels.
#[component]
pub fn PanelButtonList() -> impl IntoView {
    let pane = use_pane();
    let PanelButtons(buttons) = expect_context();
    let button = |&PanelButton { panel, name, label, icon, class, toggles }: &'static PanelButton| {
        let expanded = move || (pane.is_shown() && pane.panel() == panel).to_string();
        let click = move |_| if toggles { pane.toggle(panel) } else { pane.show(panel) };
        view! {
            <button type="button" class=format!("icon-button {class}") data-testid=name aria-controls="details"
                aria-expanded=expanded aria-label=t(label) title=t(label) on:click=click>
                <Icon path=icon />
            </button>
        }
    };
    buttons.iter().map(button).collect_view()
}

/// What the pane shows, as a context.
#[derive(Clone, Copy)]
pub struct Pane {
    panel: RwSignal<Panel>,
    /// What is shown when no other panel is.
    resident: &'static Panel,
    /// The room of the message that the panel is about.
    room: StoredValue<Option<RoomAddress>>,
    open: RwSignal<Option<RoomAddress>>,
    /// Whether the pane is shown, on screens with space for it.
    shown: RwSignal<bool>,
    /// Whether the resident panel is shown when another one is closed.
    stays: RwSignal<bool>,
    back_to: StoredValue<Option<Focus>, LocalStorage>,
    layers: Layers,
}

impl Pane {
    /// Creates the context, showing `resident`.
    pub fn provide(store: Store, resident: &'static Panel) -> Self {
        let pane = Self {
            panel: RwSignal::new(*resident),
            resident,
            room: StoredValue::new(None),
            open: store.open,
            shown: RwSignal::new(true),
            stays: RwSignal::new(true),
            back_to: StoredValue::new_local(None),
            layers: use_layers(),
        };
        provide_context(pane);
        // A message belongs to one room.
        Effect::new(move || {
            let open = store.open.get();
            if untrack(|| pane.about()).is_some_and(|(room, _)| Some(room) != open) {
                pane.show_resident();
            }
        });
        // A drawer that was closed, e.g. by Back, shows the resident panel when it opens again.
        Effect::new(move |before: Option<bool>| {
            let open = pane.layers.is(DRAWER);
            if before == Some(true) && !open && !screen::fits_three_panes() {
                pane.show_resident();
            }
            open
        });
        pane
    }

    /// The current panel.
    pub fn panel(self) -> Panel {
        self.panel.get()
    }

    /// The message that the current panel is about. Tracked.
    pub fn about(self) -> Option<(RoomAddress, Seq)> {
        let seq = self.panel.get().seq?;
        Some((self.room.get_value()?, seq))
    }

    /// Whether the current panel is about this message.
    pub fn is_about(self, room: &RoomAddress, seq: Seq) -> bool {
        untrack(|| self.about()).is_some_and(|about| about.0 == *room && about.1 == seq)
    }

    /// Shows a panel as an address asks for it: focus stays where it is, if there is space beside the conversation.
    pub fn return_to(self, panel: Panel) {
        if screen::fits_three_panes() {
            self.show_beside(panel);
        } else {
            self.show(panel);
        }
    }

    /// Where the focus goes when the panel closes.
    pub fn returns_to(self, selector: &'static str) {
        self.back_to.set_value(Some(Focus::Selector(selector)));
    }

    /// Closes a panel about a message.
    pub fn end_about(self) {
        if self.panel.get_untracked().seq.is_some() {
            self.show_resident();
        }
    }

    /// Whether the pane is shown, on screens with space for it.
    pub fn is_shown(self) -> bool {
        self.shown.get()
    }

    /// Shows a panel and moves focus to it.
    pub fn show(self, panel: Panel) {
        if panel == *self.resident {
            self.stays.set(true);
        }
        let was_shown = self.panel.get_untracked() == panel && self.shown.get_untracked();
        self.put(panel);
        if screen::fits_three_panes() {
            self.layers.close_all();
            if !was_shown {
                self.back_to.set_value(Some(Focus::now()));
            }
            self.shown.set(true);
        } else {
            self.layers.open(DRAWER);
        }
        request_animation_frame(move || focus::on(panel.first));
    }

    /// Shows a panel, or closes it if it is open.
    pub fn toggle(self, panel: Panel) {
        if screen::fits_three_panes() && self.shown.get_untracked() && self.panel.get_untracked() == panel {
            self.close();
        } else {
            self.show(panel);
        }
    }

    /// Shows a panel if the screen has space for it; focus stays where it is.
    pub fn show_beside(self, panel: Panel) {
        if self.panel.get_untracked() != panel && screen::fits_three_panes() {
            self.put(panel);
            self.shown.set(true);
        }
    }

    fn put(self, panel: Panel) {
        self.room.set_value(self.open.get_untracked());
        self.panel.set(panel);
    }

    /// Whether a panel is shown in the pane, not in a drawer.
    pub fn is_beside(self, panel: Panel) -> bool {
        self.panel.get_untracked() == panel && !self.layers.is_any()
    }

    /// Whether another panel than the resident one is shown.
    pub fn is_visited(self) -> bool {
        self.panel.get() != *self.resident
    }

    /// Closes the current panel.
    pub fn close(self) {
        if untrack(|| self.layers.is(DRAWER)) {
            self.layers.close_layer(DRAWER);
            return;
        }
        if self.panel.get_untracked() == *self.resident {
            self.stays.set(false);
        }
        self.show_resident();
        if let Some(back_to) = self.back_to.try_update_value(Option::take).flatten() {
            focus::unless_moved(move || back_to.give());
        }
    }

    fn show_resident(self) {
        self.panel.set(*self.resident);
        self.shown.set(self.stays.get_untracked());
    }
}

/// Returns the pane from its context.
pub fn use_pane() -> Pane {
    expect_context()
}

/// The pane itself.
#[component]
pub fn PaneView() -> impl IntoView {
    let layers = use_layers();
    let pane = use_pane();
    let store: Store = expect_context();
    let language = use_language();
    let title = move || pane.panel().title.of(language.get());
    let key = move |event: web_sys::KeyboardEvent| {
        // The drawer handles Escape itself; the resident panel stays open.
        let closable = untrack(|| pane.is_visited()) && !layers.is_any();
        if event.key() == "Escape" && closable && !event.default_prevented() && !composing(&event) {
            event.prevent_default();
            pane.close();
        }
    };
    let content = move || {
        let panel = pane.panel();
        (panel.view)(Subject { room: store.open.get(), seq: panel.seq })
    };
    view! {
        <aside
            id="details"
            class="details-pane"
            class:open=move || layers.is(DRAWER)
            class:folded=move || !pane.is_shown()
            class:wide=move || pane.is_visited()
            data-testid="details"
            aria-label=title
            on:keydown=key
        >
            <div class="pane-head">
                <h2 class="pane-title">
                    {title} " "
                    {move || (pane.panel().beside)()}
                </h2>
                <button type="button" class="icon-button pane-close" data-testid="details-close"
                    aria-label=t(&common::CLOSE) on:click=move |_| pane.close()>
                    <Icon path=CLOSE />
                </button>
            </div>
            {content}
        </aside>
    }
}
