//! The settings with a few values each: how the page looks, and which key sends.

use leptos::prelude::*;

use super::texts;
use crate::browser::choice;
use crate::browser::screen;
use crate::i18n::{Text, t};

/// A setting. The styles and `public/page.js` know it by its name, and its values but for the first, the default.
struct Choice {
    name: &'static str,
    label: &'static Text,
    values: &'static [(&'static str, &'static Text)],
}

const THEME: Choice = Choice {
    name: "theme",
    label: &texts::THEME,
    values: &[
        ("system", &texts::AS_THE_SYSTEM),
        ("light", &texts::THEME_LIGHT),
        ("dark", &texts::THEME_DARK),
    ],
};

const DENSITY: Choice = Choice {
    name: "density",
    label: &texts::DENSITY,
    values: &[("cosy", &texts::DENSITY_COSY), ("compact", &texts::DENSITY_COMPACT)],
};

const MOTION: Choice = Choice {
    name: "motion",
    label: &texts::MOTION,
    values: &[("system", &texts::AS_THE_SYSTEM), ("none", &texts::MOTION_NONE)],
};

/// See [`crate::ui::send_key`].
const SEND: Choice = Choice {
    name: "send",
    label: &texts::SEND_KEY,
    values: &[("enter", &texts::SEND_ENTER), ("command", &texts::SEND_CONTROL)],
};

/// The same with the key of a Mac.
const SEND_MAC: Choice =
    Choice { values: &[("enter", &texts::SEND_ENTER), ("command", &texts::SEND_COMMAND)], ..SEND };

#[component]
fn Select(choice: Choice) -> impl IntoView {
    let Choice { name, label, values } = choice;
    let chosen = choice::chosen(name);
    let option = |(at, &(value, words)): (usize, &(&'static str, &'static Text))| {
        let is_chosen = chosen.as_deref().map_or(at == 0, |chosen| chosen == value);
        view! { <option value=value selected=is_chosen>{t(words)}</option> }
    };
    let change = move |event| {
        let value = event_target_value(&event);
        choice::choose(name, Some(value.as_str()).filter(|value| *value != values[0].0));
    };
    view! {
        <label class="field">
            <span class="field-label">{t(label)}</span>
            <select data-testid=format!("{name}-select") on:change=change>
                {values.iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
}

pub fn section() -> AnyView {
    let send = if screen::has_command_key() { SEND_MAC } else { SEND };
    // On touch screens there is nothing to choose.
    let send = (!screen::is_touch()).then_some(send);
    let choices = [THEME, DENSITY, MOTION].into_iter().chain(send);
    choices.map(|choice| view! { <Select choice /> }).collect_view().into_any()
}
