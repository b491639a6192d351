//! The theme setting.

use leptos::prelude::*;

use super::texts;
use super::theme::{CurrentTheme, Theme};
use crate::i18n::{t, use_language};

#[component]
pub fn ThemeChoice() -> impl IntoView {
    let theme: CurrentTheme = expect_context();
    let language = use_language();
    let name = move |theme: Theme| {
        let language = language.get();
        match theme {
            Theme::System => texts::THEME_SYSTEM.of(language),
            Theme::Light => texts::THEME_LIGHT.of(language),
            Theme::Dark => texts::THEME_DARK.of(language),
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
            <span class="field-label">{t(&texts::THEME)}</span>
            <select data-testid="theme-select" on:change=move |event| theme.choose(&event_target_value(&event))>
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
}

pub fn section() -> AnyView {
    view! { <ThemeChoice /> }.into_any()
}
