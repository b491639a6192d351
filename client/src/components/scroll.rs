//! The one owner of the conversation's scroll position: at the bottom it follows what is new, elsewhere the
//! row that is being read stays where it is, whatever is added or taken away around it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

/// Closer to the bottom than this counts as being there, in CSS pixels.
const AT_BOTTOM: f64 = 80.0;
/// Rows are fetched when fewer than so many CSS pixels are left above or below.
const NEAR_EDGE: f64 = 800.0;
/// A divider is shown so far below the upper edge, in CSS pixels: what was read before can be seen.
const CONTEXT: f64 = 72.0;
/// Less than this is the browser's rounding.
const ROUNDING: f64 = 0.5;

/// Where the view is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the bottom.
    Bottom,
    /// To the element that this selector finds, near the upper edge.
    Top(&'static str),
    /// To the message that this selector finds, in the middle.
    Middle(String),
}

/// Where somebody reads.
struct Anchor {
    row: Element,
    /// The row's upper edge below the view's, when the view was scrolled to `scrolled`.
    top: f64,
    scrolled: f64,
}

/// What is at the edges of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edges {
    /// The upper edge of the rows is near.
    pub top: bool,
    /// The lower edge of the rows is near.
    pub bottom: bool,
    /// The view is at the bottom and follows.
    pub following: bool,
}

/// Keeps the position of a scrolling `view` with rows in it.
pub struct Scroll {
    view: HtmlElement,
    following: Cell<bool>,
    /// How far the view was scrolled when that was last looked at.
    seen: Cell<i32>,
    anchor: RefCell<Option<Anchor>>,
    /// Where to go as soon as it is there.
    target: RefCell<Option<Target>>,
    /// Whether the view ends where the room ends.
    at_end: Cell<bool>,
    observers: RefCell<Option<Observers>>,
}

struct Observers {
    mutation: MutationObserver,
    resize: ResizeObserver,
    _settle: Closure<dyn FnMut()>,
}

impl Scroll {
    /// Takes charge of `view`, which scrolls `list`. `settled` is called after every correction.
    pub fn new(view: HtmlElement, list: &Element, settled: impl Fn() + 'static) -> Rc<Self> {
        let scroll = Rc::new(Self {
            view,
            following: Cell::new(false),
            seen: Cell::new(0),
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
            // The options are complete.
            let _ = mutation.observe_with_options(list, &what);
            // Everything else: the composer grows, the window changes, a font arrives.
            resize.observe(list);
            resize.observe(&scroll.view);
            *scroll.observers.borrow_mut() = Some(Observers { mutation, resize, _settle: settle });
        }
        scroll
    }

    /// Tells whether the rows end where the room ends: only then the bottom is worth following.
    pub fn ends_room(&self, at_end: bool) {
        self.at_end.set(at_end);
    }

    /// The view was scrolled: finds out what is being read now.
    pub fn note(&self) {
        self.following.set(self.at_end.get() && self.below() <= AT_BOTTOM);
        self.seen.set(self.view.scroll_top());
        *self.anchor.borrow_mut() = self.find_anchor();
    }

    /// Goes somewhere, at once or as soon as it is there, and stays there while rows are still being laid out.
    pub fn aim(&self, target: Target) {
        *self.target.borrow_mut() = Some(target);
        self.approach();
    }

    /// The element that the view went to; none if it is not there yet.
    pub fn arrived(&self) -> Option<Element> {
        self.approach()
    }

    /// Goes nowhere any more: what is being read now is what counts.
    pub fn stay(&self) {
        self.target.borrow_mut().take();
        self.note();
    }

    /// Goes to the target if it is there.
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

    /// Something was added or taken away: brings back what was being read.
    pub fn settle(&self) {
        if self.target.borrow().is_some() {
            self.approach();
            return;
        }
        // The browser tells of scrolling with the next frame: the reader may have left the bottom already.
        // A view that became higher is scrolled less, and ends where it did.
        let less = f64::from(self.seen.get() - self.view.scroll_top());
        let left = less > AT_BOTTOM && self.below() > AT_BOTTOM;
        if self.following.get() && !left {
            self.to_bottom();
            return;
        }
        self.following.set(false);
        if let Some(anchor) = &*self.anchor.borrow()
            && anchor.row.is_connected()
        {
            // The reader may have scrolled further since.
            let scrolled = f64::from(self.view.scroll_top());
            let expected = anchor.top - (scrolled - anchor.scrolled);
            let off = self.top_of(&anchor.row) - expected;
            if off.abs() > ROUNDING {
                self.view.set_scroll_top((scrolled + off).round() as i32);
            }
        }
        self.seen.set(self.view.scroll_top());
        *self.anchor.borrow_mut() = self.find_anchor();
    }

    /// Goes to the newest row and follows from now on.
    fn to_bottom(&self) {
        self.following.set(self.at_end.get());
        *self.anchor.borrow_mut() = None;
        self.view.set_scroll_top(self.view.scroll_height());
        self.seen.set(self.view.scroll_top());
    }

    /// What is near the edges of the view; none while it is on its way somewhere.
    pub fn edges(&self) -> Option<Edges> {
        self.target.borrow().is_none().then(|| Edges {
            top: f64::from(self.view.scroll_top()) < NEAR_EDGE,
            bottom: self.below() < NEAR_EDGE,
            following: self.following.get(),
        })
    }

    /// The row that is being read, if the view does not follow what is new.
    pub fn reads(&self) -> Option<Element> {
        let anchor = self.anchor.borrow();
        anchor.as_ref().filter(|_| !self.following.get()).map(|anchor| anchor.row.clone())
    }

    /// Lets go of the view.
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
        // Rows are in order: the search halves.
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
