//! The theme setting.

use leptos::prelude::*;

use super::theme::{CurrentTheme, Theme};
use crate::i18n::{t, use_language};

#[component]
pub fn ThemeChoice() -> impl IntoView {
    let theme: CurrentTheme = expect_context();
    let language = use_language();
    let name = move |theme: Theme| {
        let texts = language.get().texts();
        match theme {
            Theme::System => texts.theme_system,
            Theme::Light => texts.theme_light,
            Theme::Dark => texts.theme_dark,
        }
    };
    let options = Theme::ALL.map(|choice| {
        view! {
            <option value=choice.name() selected=move || theme.get() == choice>
                {move || name(choice)}
            </option>
        }
    });
    view! {
        <label class="field">
            <span class="field-label">{t(|t| t.theme)}</span>
            <select data-testid="theme-select" on:change=move |event| theme.choose(&event_target_value(&event))>
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
}
