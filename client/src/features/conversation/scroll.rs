//! Owns the scroll position of the conversation: at the bottom it follows new messages, elsewhere the row being read
//! keeps its position when rows around it are added or removed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

/// Within this distance, in CSS pixels, the view counts as being at the bottom.
const AT_BOTTOM: f64 = 80.0;
/// More rows are fetched when fewer CSS pixels than this are left above or below.
const NEAR_EDGE: f64 = 800.0;
/// Distance of the unread divider from the upper edge, in CSS pixels: some already read messages stay visible.
const CONTEXT: f64 = 72.0;
/// Smaller offsets, in CSS pixels, are browser rounding.
const ROUNDING: f64 = 0.5;

/// Where the view should scroll to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The bottom.
    Bottom,
    /// The element that matches this selector, near the upper edge.
    Top(&'static str),
    /// The message that matches this selector, in the middle.
    Middle(String),
}

/// The row being read.
struct Anchor {
    row: Element,
    /// Offset of the row's upper edge from the view's, at scroll position `scrolled`.
    top: f64,
    scrolled: f64,
}

/// The state at the edges of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edges {
    /// Whether the first row is near.
    pub top: bool,
    /// Whether the last row is near.
    pub bottom: bool,
    /// Whether the view is at the bottom and follows new messages.
    pub following: bool,
}

/// Maintains the scroll position of `view`, which contains the rows.
pub struct Scroll {
    view: HtmlElement,
    following: Cell<bool>,
    /// Scroll position at the last check.
    seen: Cell<i32>,
    /// Heights of the content and of the view when it was last scrolled to the bottom.
    heights: Cell<(i32, i32)>,
    anchor: RefCell<Option<Anchor>>,
    /// Scroll target, possibly not rendered yet.
    target: RefCell<Option<Target>>,
    /// Whether the last row is the newest message of the room.
    at_end: Cell<bool>,
    observers: RefCell<Option<Observers>>,
}

struct Observers {
    mutation: MutationObserver,
    resize: ResizeObserver,
    _settle: Closure<dyn FnMut()>,
}

impl Scroll {
    /// Takes control of `view`, which scrolls `list`. `settled` is called after every correction.
    pub fn new(view: HtmlElement, list: &Element, settled: impl Fn() + 'static) -> Rc<Self> {
        let scroll = Rc::new(Self {
            view,
            following: Cell::new(false),
            seen: Cell::new(0),
            heights: Cell::new((0, 0)),
            anchor: RefCell::new(None),
            target: RefCell::new(None),
            at_end: Cell::new(true),
            observers: RefCell::new(None),
        });
        let weak = Rc::downgrade(&scroll);
        let settle = Closure::<dyn FnMut()>::new(move || {
            if let Some(scroll) = weak.upgrade() {
                scroll.settle();
                settled();
            }
        });
        let callback = settle.as_ref().unchecked_ref();
        if let (Ok(mutation), Ok(resize)) = (MutationObserver::new(callback), ResizeObserver::new(callback)) {
            // Rows: corrected in the same task, before anything is painted or measured.
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_subtree(true);
            what.set_character_data(true);
            // The options are complete, so this does not fail.
            let _ = mutation.observe_with_options(list, &what);
            // Everything else: the composer grows, the window is resized, a font loads.
            resize.observe(list);
            resize.observe(&scroll.view);
            *scroll.observers.borrow_mut() = Some(Observers { mutation, resize, _settle: settle });
        }
        scroll
    }

    /// Sets whether the last row is the newest message of the room: only then the bottom is followed.
    pub fn ends_room(&self, at_end: bool) {
        self.at_end.set(at_end);
    }

    /// Called after scrolling: determines the row being read.
    pub fn note(&self) {
        self.following.set(self.at_end.get() && self.below() <= AT_BOTTOM);
        self.seen.set(self.view.scroll_top());
        *self.anchor.borrow_mut() = self.find_anchor();
    }

    /// Scrolls to `target`, now or once it is rendered, and stays there while rows are still being laid out.
    pub fn aim(&self, target: Target) {
        *self.target.borrow_mut() = Some(target);
        self.approach();
    }

    /// The element that the view scrolled to; `None` if it is not rendered yet.
    pub fn arrived(&self) -> Option<Element> {
        self.approach()
    }

    /// Drops the target: from now on the row being read keeps its position.
    pub fn stay(&self) {
        self.target.borrow_mut().take();
        self.note();
    }

    /// Scrolls to the target if it is rendered.
    fn approach(&self) -> Option<Element> {
        let target = self.target.borrow();
        match target.as_ref()? {
            Target::Bottom => {
                self.to_bottom();
                Some(self.view.clone().into())
            }
            Target::Top(selector) => {
                let element = self.view.query_selector(selector).ok()??;
                self.scroll_by(self.top_of(&element) - CONTEXT);
                Some(element)
            }
            Target::Middle(selector) => {
                let element = self.view.query_selector(selector).ok()??;
                let room = f64::from(self.view.client_height()) - element.get_bounding_client_rect().height();
                self.scroll_by(self.top_of(&element) - (room / 2.0).max(CONTEXT));
                Some(element)
            }
        }
    }

    fn scroll_by(&self, distance: f64) {
        let scrolled = f64::from(self.view.scroll_top());
        self.view.set_scroll_top((scrolled + distance).round() as i32);
        self.note();
    }

    /// Called after rows were added or removed: restores the position of the row being read.
    pub fn settle(&self) {
        if self.target.borrow().is_some() {
            self.approach();
            return;
        }
        // Scroll events arrive with the next frame, so the reader may have left the bottom already. A view that grew
        // taller also scrolls up, but stays at the bottom.
        let less = f64::from(self.seen.get() - self.view.scroll_top());
        let left = less > AT_BOTTOM && self.below() > AT_BOTTOM;
        if self.following.get() && !left {
            // Whoever moved away from the bottom by a little stays there until there is something new.
            if self.heights.get() != (self.view.scroll_height(), self.view.client_height()) {
                self.to_bottom();
            }
            return;
        }
        self.following.set(false);
        if let Some(anchor) = &*self.anchor.borrow()
            && anchor.row.is_connected()
        {
            let scrolled = f64::from(self.view.scroll_top());
            // Where rows became fewer, the browser scrolls up to stay inside of what is left; nobody scrolled then.
            let is_cut_off = scrolled < anchor.scrolled && self.below() <= 1.0;
            // Otherwise the reader may have scrolled since the anchor was taken.
            let by_reader = if is_cut_off { 0.0 } else { scrolled - anchor.scrolled };
            let expected = anchor.top - by_reader;
            let off = self.top_of(&anchor.row) - expected;
            if off.abs() > ROUNDING {
                self.view.set_scroll_top((scrolled + off).round() as i32);
            }
        }
        self.seen.set(self.view.scroll_top());
        *self.anchor.borrow_mut() = self.find_anchor();
    }

    /// Scrolls to the newest row and follows from now on.
    fn to_bottom(&self) {
        self.following.set(self.at_end.get());
        *self.anchor.borrow_mut() = None;
        self.view.set_scroll_top(self.view.scroll_height());
        self.seen.set(self.view.scroll_top());
        self.heights.set((self.view.scroll_height(), self.view.client_height()));
    }

    /// The state at the edges of the view; `None` while scrolling to a target.
    pub fn edges(&self) -> Option<Edges> {
        self.target.borrow().is_none().then(|| Edges {
            top: f64::from(self.view.scroll_top()) < NEAR_EDGE,
            bottom: self.below() < NEAR_EDGE,
            following: self.following.get(),
        })
    }

    /// The row being read, unless the view follows new messages.
    pub fn reads(&self) -> Option<Element> {
        let anchor = self.anchor.borrow();
        anchor.as_ref().filter(|_| !self.following.get()).map(|anchor| anchor.row.clone())
    }

    /// Stops observing the view.
    pub fn release(&self) {
        if let Some(observers) = self.observers.borrow_mut().take() {
            observers.mutation.disconnect();
            observers.resize.disconnect();
        }
    }

    fn below(&self) -> f64 {
        f64::from(self.view.scroll_height() - self.view.scroll_top() - self.view.client_height())
    }

    fn top_of(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().top() - self.view.get_bounding_client_rect().top()
    }

    /// The first message whose lower edge is in the view.
    fn find_anchor(&self) -> Option<Anchor> {
        let rows = self.view.query_selector_all("article").ok()?;
        let row = |at: u32| rows.item(at).and_then(|node| node.dyn_into::<Element>().ok());
        let upper = self.view.get_bounding_client_rect().top();
        // Rows are ordered by position: binary search.
        let (mut low, mut high) = (0, rows.length());
        while low < high {
            let middle = u32::midpoint(low, high);
            if row(middle)?.get_bounding_client_rect().bottom() > upper {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let row = row(low)?;
        Some(Anchor { top: self.top_of(&row), scrolled: f64::from(self.view.scroll_top()), row })
    }
}
