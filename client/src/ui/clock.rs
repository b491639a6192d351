//! The clock and page visibility, as a context.

use leptos::ev;
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use shared::Timestamp;

use crate::browser::events::on_window;
use crate::browser::{dates, screen};
use crate::calendar::Day;
use crate::core::now;

/// Interval at which the clock on the page advances.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// The clock and page visibility.
#[derive(Clone, Copy)]
pub struct Moment {
    /// The current time, to the second.
    pub now: RwSignal<Timestamp>,
    /// The current day in the user's time zone.
    pub today: Memo<Day>,
    /// Whether the page is visible.
    pub visible: RwSignal<bool>,
}

impl Moment {
    /// Creates the context and starts the clock; `tick` is called on each step.
    pub fn provide(tick: impl Fn(Timestamp) + 'static) -> Self {
        let clock = RwSignal::new(now());
        let moment = Self {
            now: clock,
            today: Memo::new(move |_| dates::day(clock.get())),
            visible: RwSignal::new(screen::is_visible()),
        };
        let ticks = set_interval_with_handle(
            move || {
                dates::look_for_zone();
                clock.set(now());
                tick(clock.get_untracked());
            },
            TICK,
        );
        if let Ok(ticks) = ticks {
            on_cleanup(move || ticks.clear());
        }
        on_window(ev::visibilitychange, move |_| moment.visible.set(screen::is_visible()));
        provide_context(moment);
        moment
    }
}

/// Returns the clock and visibility from the context.
pub fn use_moment() -> Moment {
    expect_context()
}
