//! What lives as long as the page: the language, the sign-in page, and the session that begins behind it.

mod address;
mod attention;
mod persistence;
mod session;
mod shortcuts;
mod texts;
mod title;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::session::Session;
use crate::browser::choice;
use crate::core::entrance::{Entrance, Entry};
use crate::features::account;
use crate::features::sign_in::page;
use crate::i18n::CurrentLanguage;
use crate::ui::show::Show;
use crate::wire::credentials::Credentials;

/// The root component.
#[component]
pub fn App() -> impl IntoView {
    CurrentLanguage::provide();
    let credentials = Credentials::provide(account::fetch_code);
    let known = credentials.account();
    let kept = persistence::has_session().then_some(Entry::Kept);
    // A link that lets somebody in waits to be used.
    let is_by_link = || choice::chosen("link").is_some();
    let entry = kept.or_else(|| known.get_untracked().map(Entry::Account)).filter(|_| !is_by_link());
    let entrance = Entrance::provide(entry, is_by_link());
    page::attach(entrance);
    // Every tab where nobody is signed in follows when the browser is.
    Effect::new(move || {
        if known.with(Option::is_none) || is_by_link() {
            return;
        }
        // Who has an account signs in to it again.
        entrance.with_account().set(true);
        if !entrance.is_passed() {
            spawn_local(async move {
                // The session before has to end first.
                TimeoutFuture::new(50).await;
                if let (None, Some(known)) = (entrance.entry(), known.get_untracked()) {
                    entrance.enter(Entry::Account(known));
                }
            });
        }
    });
    view! {
        <Show when=move || entrance.is_passed()>
            <Session />
        </Show>
    }
}
