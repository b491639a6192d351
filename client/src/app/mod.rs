//! What lives as long as the page: the language, the sign-in page, and the session that begins behind it.

mod address;
mod attention;
mod persistence;
mod session;
mod shortcuts;
mod texts;
mod title;

use leptos::prelude::*;

use crate::app::session::Session;
use crate::core::entrance::Entrance;
use crate::features::sign_in::page;
use crate::i18n::CurrentLanguage;
use crate::ui::show::Show;

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    CurrentLanguage::provide();
    let entrance = Entrance::provide(persistence::has_session());
    page::attach(entrance);
    view! {
        <Show when=move || entrance.is_passed()>
            <Session />
        </Show>
    }
}
