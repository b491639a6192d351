//! A finger that rests on something opens what a pointer finds by hovering.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::{MouseEvent, PointerEvent};

/// How long a finger rests.
const RESTS: Duration = Duration::from_millis(450);
/// A finger that moves further scrolls, in CSS pixels.
const STILL: i32 = 10;

/// Follows one finger.
#[derive(Clone, Copy)]
pub struct LongPress {
    state: StoredValue<State>,
    open: StoredValue<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct State {
    timer: Option<TimeoutHandle>,
    start: (i32, i32),
    touch: bool,
}

impl LongPress {
    /// Calls `open` when a finger has rested.
    pub fn new(open: impl Fn() + Send + Sync + 'static) -> Self {
        let press = Self { state: StoredValue::default(), open: StoredValue::new(Box::new(open)) };
        on_cleanup(move || press.up());
        press
    }

    /// A finger or pointer comes down.
    pub fn down(self, event: &PointerEvent) {
        self.up();
        let touch = event.pointer_type() == "touch";
        let start = (event.client_x(), event.client_y());
        let rested = move || {
            self.open.try_with_value(|open| open());
        };
        let timer = if touch { set_timeout_with_handle(rested, RESTS).ok() } else { None };
        self.state.set_value(State { timer, start, touch });
    }

    /// It moves.
    pub fn moved(self, event: &PointerEvent) {
        let (x, y) = self.state.with_value(|state| state.start);
        if (event.client_x() - x).abs() > STILL || (event.client_y() - y).abs() > STILL {
            self.up();
        }
    }

    /// It is gone, or the browser scrolls with it.
    pub fn up(self) {
        let timer = self.state.try_update_value(|state| state.timer.take()).flatten();
        if let Some(timer) = timer {
            timer.clear();
        }
    }

    /// The browser's own menu for a finger that rests would lie above ours.
    pub fn contextmenu(self, event: &MouseEvent) {
        if self.state.with_value(|state| state.touch) {
            event.prevent_default();
        }
    }
}
