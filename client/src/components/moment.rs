//! The time and whether the page can be seen, as a context.

use leptos::ev;
use leptos::leptos_dom::helpers::set_interval;
use leptos::prelude::*;
use shared::Timestamp;

use crate::browser::{dates, screen};
use crate::state::calendar::Day;
use crate::state::now;

/// How often time moves on on the page.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// What changes by itself.
#[derive(Clone, Copy)]
pub struct Moment {
    /// The time, to the second.
    pub now: RwSignal<Timestamp>,
    /// The person's day.
    pub today: Memo<Day>,
    /// Whether the page can be seen.
    pub visible: RwSignal<bool>,
}

impl Moment {
    /// Begins to follow the clock; `tick` is called with each step.
    pub fn provide(tick: impl Fn(Timestamp) + 'static) -> Self {
        let clock = RwSignal::new(now());
        let moment = Self {
            now: clock,
            today: Memo::new(move |_| dates::day(clock.get())),
            visible: RwSignal::new(screen::is_visible()),
        };
        set_interval(
            move || {
                dates::look_for_zone();
                clock.set(now());
                tick(clock.get_untracked());
            },
            TICK,
        );
        // The page lives as long as the program: the listener is never taken away.
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
            moment.visible.set(screen::is_visible());
        }));
        provide_context(moment);
        moment
    }
}

/// The time and visibility, from the context.
pub fn use_moment() -> Moment {
    expect_context()
}
