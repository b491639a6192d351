//! Keeps what is in a box, and where its caret is, for when the box is there again.

use std::time::Duration;

use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::text_box;
use crate::state::edits::Selection;

/// So long after a key.
const AFTER: Duration = Duration::from_millis(250);

/// Behind every text: browsers take what is too far for the end.
pub const AT_END: Selection = (u32::MAX, u32::MAX);

type Keep = Box<dyn Fn(&HtmlTextAreaElement)>;

/// Keeps one box.
#[derive(Clone, Copy)]
pub struct Keeping {
    input: StoredValue<Option<HtmlTextAreaElement>, LocalStorage>,
    waits: StoredValue<Option<TimeoutHandle>>,
    keep: StoredValue<Keep, LocalStorage>,
}

impl Keeping {
    /// Calls `keep` when the box goes, with its room for example, when the page goes, and a moment after [`Self::soon`].
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

    /// Something was written.
    pub fn soon(self) {
        if self.waits.with_value(Option::is_none) {
            // What is far too long to be sent takes longer to write down.
            let far = self.input.with_value(|input| input.as_ref().is_some_and(text_box::is_far));
            let after = if far { AFTER * 8 } else { AFTER };
            self.waits.set_value(set_timeout_with_handle(move || self.now(), after).ok());
        }
    }

    /// Keeps it at once.
    pub fn now(self) {
        if let Some(timer) = self.waits.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if let Some(input) = self.input.try_get_value().flatten() {
            self.keep.try_with_value(|keep| keep(&input));
        }
    }
}

/// What is selected in a box.
pub fn selected(input: &HtmlTextAreaElement) -> Selection {
    let start = input.selection_start().ok().flatten().unwrap_or_default();
    (start, input.selection_end().ok().flatten().unwrap_or(start))
}

/// Brings back what was in a box, and what was selected.
pub fn restore(input: &HtmlTextAreaElement, text: &str, (start, end): Selection) {
    // Another text would move the caret to its end, so it has to be there first; the view sets it only later.
    input.set_value(text);
    // A box of text has a selection.
    let _ = input.set_selection_range(start, end);
}
