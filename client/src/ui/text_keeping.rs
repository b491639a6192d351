//! Stores the text and caret of a text box, to restore them when the box is shown again.

use std::time::Duration;

use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::text_box;
use crate::core::edits::Selection;

/// Delay between a key press and storing.
const AFTER: Duration = Duration::from_millis(250);

/// Past the end of any text: browsers clamp it to the end.
pub const AT_END: Selection = (u32::MAX, u32::MAX);

type Keep = Box<dyn Fn(&HtmlTextAreaElement)>;

/// Stores the state of one text box.
#[derive(Clone, Copy)]
pub struct Keeping {
    input: StoredValue<Option<HtmlTextAreaElement>, LocalStorage>,
    waits: StoredValue<Option<TimeoutHandle>>,
    keep: StoredValue<Keep, LocalStorage>,
}

impl Keeping {
    /// Calls `keep` when the box is removed (e.g. with its room), on page unload, and shortly after [`Self::soon`].
    pub fn new(input: NodeRef<Textarea>, keep: impl Fn(&HtmlTextAreaElement) + 'static) -> Self {
        let keeping = Self {
            input: StoredValue::new_local(None),
            waits: StoredValue::new(None),
            keep: StoredValue::new_local(Box::new(keep)),
        };
        Effect::new(move || keeping.input.set_value(input.get()));
        let leaving = window_event_listener_untyped("pagehide", move |_| keeping.now());
        on_cleanup(move || {
            leaving.remove();
            keeping.now();
        });
        keeping
    }

    /// Schedules a call after a change.
    pub fn soon(self) {
        if self.waits.with_value(Option::is_none) {
            // A text far above the limit takes longer to store.
            let far = self.input.with_value(|input| input.as_ref().is_some_and(text_box::is_far));
            let after = if far { AFTER * 8 } else { AFTER };
            self.waits.set_value(set_timeout_with_handle(move || self.now(), after).ok());
        }
    }

    /// Calls `keep` immediately.
    pub fn now(self) {
        if let Some(timer) = self.waits.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if let Some(input) = self.input.try_get_value().flatten() {
            self.keep.try_with_value(|keep| keep(&input));
        }
    }
}

/// The selection in a box.
pub fn selected(input: &HtmlTextAreaElement) -> Selection {
    let start = input.selection_start().ok().flatten().unwrap_or_default();
    (start, input.selection_end().ok().flatten().unwrap_or(start))
}

/// Restores the text and selection of a box.
pub fn restore(input: &HtmlTextAreaElement, text: &str, (start, end): Selection) {
    // Setting the value moves the caret to the end, so set it before the selection; the view would set it only later.
    input.set_value(text);
    // A textarea always supports selections.
    let _ = input.set_selection_range(start, end);
}
