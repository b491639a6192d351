//! Who has the focus after an element that vanishes. Browsers leave it at the page as a whole, where neither a keyboard
//! nor a screen reader finds its way; here it goes to what is nearest.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

use super::focus;
use crate::browser::screen;

/// What can have the focus, by itself or by a program.
const TAKES_FOCUS: &str = "a[href], button:enabled, input, select, textarea, [tabindex]";
/// Parts of the page: what is in them is not near any more.
const PARTS: &str = "main, nav, .conversation-head, .square, body";
/// Where the focus goes when nothing is near.
const ELSEWHERE: [&str; 5] =
    ["#composer", "#name", ".no-room button", "#details .pane-close", ".drawer-open"];

/// An element and what surrounds it, from the inside out.
type Place = Vec<Element>;

/// Begins to watch.
pub fn watch() {
    let place = Rc::new(RefCell::new(Place::new()));
    // The page lives as long as the program: the listeners are never taken away.
    let has = place.clone();
    std::mem::forget(window_event_listener(ev::focusin, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        *has.borrow_mut() = std::iter::successors(element, |inner| inner.parent_element()).collect();
    }));
    let had = place.clone();
    std::mem::forget(window_event_listener(ev::focusout, move |event| {
        if event.related_target().is_none() {
            let had = had.clone();
            // By then the browser has done what it is about to do.
            leptos::task::spawn_local(async move {
                let element = had.borrow().first().cloned();
                match element {
                    Some(element) if is_gone(&element) => pass_on(&had),
                    // Somebody clicked beside it.
                    Some(_) if focus::is_lost() => had.borrow_mut().clear(),
                    _ => {}
                }
            });
        }
    }));
    // Not every browser tells of a focus that is lost with its element.
    let changed = Closure::<dyn FnMut()>::new(move || {
        if focus::is_lost() && place.borrow().first().is_some_and(is_gone) {
            pass_on(&place);
        }
    });
    if let (Ok(observer), Some(body)) =
        (MutationObserver::new(changed.as_ref().unchecked_ref()), document().body())
    {
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        // The options are complete.
        let _ = observer.observe_with_options(&body, &what);
        changed.forget();
    }
}

/// After a moment, in which whoever took the element away may name another one.
fn pass_on(place: &RefCell<Place>) {
    let place = place.take();
    request_animation_frame(move || request_animation_frame(move || go_near(&place)));
}

fn go_near(place: &Place) {
    let around =
        || place.iter().filter(|element| element.is_connected()).take_while(|element| !is(element, PARTS));
    // The message that a button belonged to, or the list that an entry was in; else what was beside it.
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
    // On glass the box to write in would bring up the keyboard unasked.
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

/// Whether an element is not on the page, or not to be seen there.
fn is_gone(element: &Element) -> bool {
    element.get_bounding_client_rect().width() == 0.0
}
