//! Moves focus when the focused element disappears. Browsers then reset focus to the page, where keyboard and screen
//! reader users lose their place; here it goes to the nearest focusable element.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

use super::focus;
use crate::browser::events::on_window;
use crate::browser::screen;

/// Elements that can be focused, by the user or by script.
const TAKES_FOCUS: &str = "a[href], button:enabled, input, select, textarea, [tabindex]";
/// Boundaries of the page's regions: elements beyond them are not near any more.
const PARTS: &str = "main, nav, .conversation-head, .square, body";
/// Where focus goes when nothing is near.
const ELSEWHERE: [&str; 5] =
    ["#composer", "#name", ".no-room button", "#details .pane-close", ".drawer-open"];

/// An element and its ancestors, innermost first.
type Place = Vec<Element>;

/// Watches until the current owner is cleaned up.
pub fn watch() {
    let place = Rc::new(RefCell::new(Place::new()));
    let has = place.clone();
    on_window(ev::focusin, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        *has.borrow_mut() = std::iter::successors(element, |inner| inner.parent_element()).collect();
    });
    // Whoever uses a pointer gives the focus up by clicking beside everything.
    let points = Rc::new(Cell::new(false));
    let (down, up) = (points.clone(), points.clone());
    on_window(ev::pointerdown, move |_| down.set(true));
    on_window(ev::keydown, move |_| up.set(false));
    let had = place.clone();
    let clicked = points.clone();
    on_window(ev::focusout, move |event| {
        if event.related_target().is_none() {
            let (had, clicked) = (had.clone(), clicked.clone());
            // Deferred until the browser has finished what causes this event.
            leptos::task::spawn_local(async move {
                let element = had.borrow().first().cloned();
                match element {
                    Some(element) if is_gone(&element) => pass_on(&had),
                    Some(_) if focus::is_lost() && clicked.get() => had.borrow_mut().clear(),
                    // It was moved, as the rows of a list are when others come before them.
                    Some(element) if focus::is_lost() => come_back(element),
                    _ => {}
                }
            });
        }
    });
    // Not every browser fires `focusout` when the focused element is removed.
    let changed = Closure::<dyn FnMut()>::new(move || {
        let element = place.borrow().first().filter(|_| focus::is_lost()).cloned();
        match element {
            Some(element) if is_gone(&element) => pass_on(&place),
            Some(element) if !points.get() => come_back(element),
            _ => {}
        }
    });
    if let (Ok(observer), Some(body)) =
        (MutationObserver::new(changed.as_ref().unchecked_ref()), document().body())
    {
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        // The options are complete, so this does not fail.
        let _ = observer.observe_with_options(&body, &what);
        let watching = StoredValue::new_local((observer, changed));
        on_cleanup(move || watching.with_value(|(observer, _)| observer.disconnect()));
    }
}

/// Gives the focus back in a frame: it may be on its way to another element.
fn come_back(element: Element) {
    request_animation_frame(move || {
        if focus::is_lost() && !is_gone(&element) {
            focus::again(&element);
        }
    });
}

/// Waits two frames, in which the code that removed the element may set focus itself.
fn pass_on(place: &RefCell<Place>) {
    let place = place.take();
    request_animation_frame(move || request_animation_frame(move || go_near(&place)));
}

fn go_near(place: &Place) {
    let around =
        || place.iter().filter(|element| element.is_connected()).take_while(|element| !is(element, PARTS));
    // First a focusable ancestor (the message of a button, the list of an entry), then a focusable element nearby.
    let itself = around().filter(|element| is(element, TAKES_FOCUS)).cloned();
    let inside = around().filter_map(|element| {
        let found = element.query_selector_all(TAKES_FOCUS).ok()?;
        (0..found.length()).find_map(|at| found.item(at)?.dyn_into().ok().filter(|near| !is_gone(near)))
    });
    for near in itself.chain(inside).filter_map(|element| element.dyn_into::<HtmlElement>().ok()) {
        if !focus::is_lost() {
            return;
        }
        focus::give(&near);
    }
    // On touch screens, focusing the composer would open the keyboard unasked.
    let first = if screen::is_touch() { "[role=log]" } else { "#composer" };
    for selector in std::iter::once(first).chain(ELSEWHERE) {
        if focus::is_lost() {
            focus::on(selector);
        }
    }
}

fn is(element: &Element, selector: &str) -> bool {
    element.matches(selector).unwrap_or(false)
}

/// Whether an element is removed from the page or hidden.
fn is_gone(element: &Element) -> bool {
    element.get_bounding_client_rect().width() == 0.0
}
