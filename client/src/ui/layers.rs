//! Layers above the conversation, as a stack: Back, Escape and a close button close the top one.

use leptos::ev;
use leptos::prelude::*;
use shared::{RoomAddress, Seq};
use web_sys::HtmlDialogElement;

use super::composing::composing;
use super::focus::{self, Focus};
use crate::browser::events::on_window;
use crate::browser::location::Spot;
use crate::browser::{location, screen};
use crate::core::Store;

/// A layer, described by the part of the page that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Layer {
    /// Tells layers apart; a dialog's name in the styles and in the browser tests.
    name: &'static str,
    shape: Shape,
    /// Whether it closes when another layer opens from it, as a menu does.
    gives_way: bool,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Covers the conversation. The selector is that of the element that gets focus.
    Drawer(&'static str),
    /// A native dialog, in which the browser manages focus.
    Dialog,
    /// A dialog that Back closes on every screen.
    Page,
}

impl Layer {
    /// A drawer; `first` is the selector of the element that gets focus when it opens.
    pub const fn drawer(name: &'static str, first: &'static str) -> Self {
        Self { name, shape: Shape::Drawer(first), gives_way: false }
    }

    /// A small dialog. It opens and closes often, so it gets a history entry only on touch screens, where Back closes it.
    pub const fn dialog(name: &'static str) -> Self {
        Self { name, shape: Shape::Dialog, gives_way: false }
    }

    /// A large dialog, with a history entry.
    pub const fn page(name: &'static str) -> Self {
        Self { name, shape: Shape::Page, gives_way: false }
    }

    /// Closes when another layer opens from it, as a menu does.
    pub const fn giving_way(self) -> Self {
        Self { gives_way: true, ..self }
    }

    pub const fn name(self) -> &'static str {
        self.name
    }

    const fn is_drawer(self) -> bool {
        matches!(self.shape, Shape::Drawer(_))
    }

    /// Whether it has a history entry.
    fn is_place(self) -> bool {
        !matches!(self.shape, Shape::Dialog) || screen::is_touch()
    }
}

impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// A layer that is open.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Open {
    layer: Layer,
    /// Whether it has a history entry.
    has_entry: bool,
}

/// The open layers, as a context.
#[derive(Clone, Copy)]
pub struct Layers {
    /// From the lowest to the top one.
    stack: RwSignal<Vec<Open>>,
    /// Where focus returns to when a layer closes, for each of the stack.
    back_to: StoredValue<Vec<Focus>, LocalStorage>,
    /// The number of history entries of layers, as of when the browser has finished navigating.
    entries: StoredValue<usize>,
    /// Whether the page navigates back because layers were closed.
    steps_back: StoredValue<bool>,
    /// The drawer that the first history entry shows on a narrow screen.
    list: Layer,
    room: RwSignal<Option<RoomAddress>>,
    spot: RwSignal<Option<Seq>>,
}

impl Layers {
    /// Creates the context without a layer, and closes drawers on Escape. `list` is the drawer with the list of rooms.
    pub fn provide(store: Store, list: Layer) -> Self {
        let layers = Self {
            stack: RwSignal::default(),
            back_to: StoredValue::new_local(Vec::new()),
            entries: StoredValue::new(location::layers()),
            steps_back: StoredValue::new(false),
            list,
            room: store.open,
            spot: store.spot,
        };
        on_window(ev::keydown, move |event| {
            // The browser handles Escape for dialogs.
            let drawer = layers.top().is_some_and(Layer::is_drawer);
            if drawer && event.key() == "Escape" && !event.default_prevented() && !composing(&event) {
                event.prevent_default();
                layers.close();
            }
        });
        provide_context(layers);
        layers
    }

    /// Whether this layer is open. Tracked.
    pub fn is(self, layer: Layer) -> bool {
        self.stack.with(|stack| stack.iter().any(|open| open.layer == layer))
    }

    /// The top layer. Untracked.
    pub fn top(self) -> Option<Layer> {
        self.stack.with_untracked(|stack| stack.last().map(|open| open.layer))
    }

    /// Whether any layer is open. Untracked.
    pub fn is_any(self) -> bool {
        self.top().is_some()
    }

    /// Whether a dialog is open. Tracked.
    pub fn has_dialog(self) -> bool {
        self.stack.with(|stack| stack.iter().any(|open| !open.layer.is_drawer()))
    }

    /// Whether a drawer covers the conversation.
    pub fn covers(self) -> bool {
        self.stack.with(|stack| stack.iter().any(|open| open.layer.is_drawer()))
    }

    /// Opens a layer above the others. A drawer covers the whole page, so it replaces them.
    pub fn open(self, layer: Layer) {
        self.put(layer, layer.is_place(), Focus::now());
        // While the page navigates back, the entry is made when it has arrived.
        if !self.steps_back() {
            self.count_entries();
            self.make_entries();
        }
    }

    /// Handles Back from the first room: on a narrow screen this history entry shows the list of rooms in its drawer.
    pub fn show_list(self) {
        if !screen::fits_two_panes() && !self.is_any() {
            self.put(self.list, false, Focus::Selector(".drawer-open"));
        }
    }

    /// Puts a layer on the stack in place of those that give way to it; focus then returns to where it was before them.
    fn put(self, layer: Layer, has_entry: bool, mut back_to: Focus) {
        let mut stack = self.stack.get_untracked();
        while let Some(top) = stack.last()
            && (top.layer.gives_way || layer.is_drawer() || top.layer == layer)
        {
            stack.pop();
            if let Some(earlier) = self.back_to.try_update_value(Vec::pop).flatten() {
                back_to = earlier;
            }
        }
        stack.push(Open { layer, has_entry });
        self.back_to.update_value(|all| all.push(back_to));
        self.stack.set(stack);
        if let Shape::Drawer(first) = layer.shape {
            request_animation_frame(move || focus::on(first));
        }
    }

    /// Closes the top layer, as its own close button does.
    pub fn close(self) {
        let height = self.stack.with_untracked(Vec::len);
        if let Some(top) = height.checked_sub(1) {
            self.close_from(top);
        }
    }

    /// Closes this layer and those above it.
    pub fn close_layer(self, layer: Layer) {
        if let Some(at) = self.position(layer) {
            self.close_from(at);
        }
    }

    /// Closes all layers.
    pub fn close_all(self) {
        if self.is_any() {
            self.close_from(0);
        }
    }

    /// Closes all layers and moves focus to what `selector` matches.
    pub fn close_to(self, selector: &'static str) {
        if self.is_any() {
            self.back_to.update_value(|all| *all = vec![Focus::Selector(selector)]);
            self.close_all();
        } else {
            // Focus now, so that the next key goes there; an element about to be shown gets focus on the next frame.
            focus::on(selector);
            focus::soon(selector);
        }
    }

    fn close_from(self, at: usize) {
        self.drop_from(at);
        if !self.steps_back() {
            self.count_entries();
        }
        let surplus = self.entries.get_value().saturating_sub(self.places());
        if surplus > 0 {
            self.entries.set_value(self.places());
            self.steps_back.set_value(true);
            location::back_by(surplus);
        } else if !self.is_any() && location::is_list() {
            self.room.with_untracked(|room| {
                if let Some(room) = room {
                    location::push(&(room.clone(), self.spot.get_untracked().map(Spot::Message)));
                }
            });
        }
    }

    /// Handles a change of the history entry. Returns true if it was caused only by closing layers.
    pub fn has_stepped_back(self) -> bool {
        if self.steps_back() {
            // Browsers may merge navigations, so what counts is the entry that was reached.
            if location::layers() <= self.entries.get_value() {
                self.steps_back.set_value(false);
                self.count_entries();
                // Layers may have been opened meanwhile.
                self.make_entries();
            }
            return true;
        }
        self.count_entries();
        let (places, entries) = (self.places(), self.entries.get_value());
        let top = self.stack.with_untracked(|stack| stack.last().copied());
        if places > entries && top.is_some_and(|top| !top.has_entry) {
            // Back closes the top layer only, so the one below it gets its entry again.
            self.drop_from(self.stack.with_untracked(Vec::len) - 1);
            self.make_entries();
        } else if entries == 0 {
            self.drop_all();
        } else if places > entries {
            let first = self.stack.with_untracked(|stack| {
                let with_entry = |(at, open): (usize, &Open)| open.has_entry.then_some(at);
                stack.iter().enumerate().filter_map(with_entry).nth(entries)
            });
            self.drop_from(first.unwrap_or_default());
        }
        false
    }

    /// Whether the page is navigating back from a layer, so that its address is not final.
    pub fn steps_back(self) -> bool {
        self.steps_back.get_value()
    }

    /// Handles the close event of a layer's dialog, e.g. after Escape. The browser fires it a moment later, when
    /// another layer may be open, or this one again.
    pub fn dialog_closed(self, layer: Layer, event: &ev::Event) {
        if !event_target::<HtmlDialogElement>(event).open() {
            self.close_layer(layer);
        }
    }

    /// Closes all layers without navigating back.
    pub fn drop_all(self) {
        if self.is_any() {
            self.drop_from(0);
        }
    }

    /// Switches to a room from a layer; Back then leads to the previous room.
    pub fn leave_for(self, store: Store, room: RoomAddress) {
        let layered = self.is_any() && (location::layers() > 0 || location::is_list());
        if layered && store.open.get_untracked().as_ref() == Some(&room) {
            self.close_all();
            return;
        }
        self.give_way(&room);
        store.open(room);
    }

    /// Closes all layers without navigating back, because the page goes to `room` at once.
    pub fn give_way(self, room: &RoomAddress) {
        if self.is_any() && location::layers() > 0 {
            location::replace(Some(&(room.clone(), None)));
            self.entries.set_value(0);
        }
        self.back_to.set_value(Vec::new());
        self.stack.maybe_update(|stack| !std::mem::take(stack).is_empty());
    }

    /// Takes layers from the stack and gives focus back.
    fn drop_from(self, at: usize) {
        let lowest = self.stack.with_untracked(|stack| stack.get(at).map(|open| open.layer.shape));
        self.stack.update(|stack| stack.truncate(at));
        let back_to = self.back_to.try_update_value(|all| all.drain(at.min(all.len())..).next()).flatten();
        if let Some(back_to) = back_to {
            // The browser has given focus back already, and a quick user may be elsewhere by now.
            let is_given = matches!((lowest, &back_to), (Some(Shape::Dialog), Focus::Element(_)));
            // After the layer is gone: only then can the elements it covered be focused.
            request_animation_frame(move || {
                if !is_given || focus::is_lost() {
                    back_to.give();
                }
            });
        }
    }

    /// The number of open layers with a history entry.
    fn places(self) -> usize {
        self.stack.with_untracked(|stack| stack.iter().filter(|open| open.has_entry).count())
    }

    /// Takes the number of entries from the browser: the page's address may have replaced the entry of a layer.
    fn count_entries(self) {
        self.entries.set_value(location::layers());
    }

    /// Makes the entries that the open layers lack.
    fn make_entries(self) {
        for entry in self.entries.get_value() + 1..=self.places() {
            location::push_layer(entry);
            self.entries.set_value(entry);
        }
    }

    fn position(self, layer: Layer) -> Option<usize> {
        self.stack.with_untracked(|stack| stack.iter().position(|open| open.layer == layer))
    }
}

/// Returns the layers from the context.
pub fn use_layers() -> Layers {
    expect_context()
}
