//! The separator between two days.

use leptos::prelude::*;

use super::texts;
use crate::browser::dates::format_day;
use crate::calendar::{Day, DayName};
use crate::i18n::use_language;
use crate::ui::clock::use_moment;

#[component]
pub fn DayLine(
    /// The day that begins.
    day: Day,
) -> impl IntoView {
    let moment = use_moment();
    let language = use_language();
    let name = move || {
        let language = language.get();
        match DayName::of(day, moment.today.get()) {
            DayName::Today => texts::TODAY.of(language).to_owned(),
            DayName::Yesterday => texts::YESTERDAY.of(language).to_owned(),
            DayName::Date(day) => format_day(language.format_tag(), day),
        }
    };
    let full = move || format_day(language.get().format_tag(), day);
    view! {
        <div class="day" role="separator" aria-label=name title=full>
            <span>{name}</span>
        </div>
    }
}
