//! Long press: opens on touch screens what a pointer reaches by hovering.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::{MouseEvent, PointerEvent};

/// How long a finger must rest.
const RESTS: Duration = Duration::from_millis(450);
/// Movement beyond this many CSS pixels is a scroll.
const STILL: i32 = 10;

/// Tracks one finger.
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
    /// Calls `open` after a long press.
    pub fn new(open: impl Fn() + Send + Sync + 'static) -> Self {
        let press = Self { state: StoredValue::default(), open: StoredValue::new(Box::new(open)) };
        on_cleanup(move || press.up());
        press
    }

    /// Handles `pointerdown`.
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

    /// Handles `pointermove`.
    pub fn moved(self, event: &PointerEvent) {
        let (x, y) = self.state.with_value(|state| state.start);
        if (event.client_x() - x).abs() > STILL || (event.client_y() - y).abs() > STILL {
            self.up();
        }
    }

    /// Handles `pointerup`, and `pointercancel` when the browser takes over to scroll.
    pub fn up(self) {
        let timer = self.state.try_update_value(|state| state.timer.take()).flatten();
        if let Some(timer) = timer {
            timer.clear();
        }
    }

    /// Suppresses the browser's own long-press menu, which would cover ours.
    pub fn contextmenu(self, event: &MouseEvent) {
        if self.state.with_value(|state| state.touch) {
            event.prevent_default();
        }
    }
}
