//! What the first page shows of accounts: the form that the link in the address leads to, otherwise signing in.

use leptos::prelude::*;

use super::confirm_mail::ConfirmMail;
use super::enter::Enter;
use super::forgotten::Forgotten;
use super::link::{self, Kind, Link};
use super::new_password::NewPassword;
use super::texts;
use crate::browser::styles;
use crate::core::entrance::use_entrance;
use crate::i18n::{t, use_language};
use crate::wire::credentials::use_credentials;

#[component]
pub fn AccountEntrance() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let account = use_credentials().account();
    let is_known = Memo::new(move |_| account.with(Option::is_some));
    let is_by_link = RwSignal::new(link::is_pending());
    let is_forgotten = RwSignal::new(false);
    move || {
        if is_forgotten.get() {
            return view! { <Forgotten is_forgotten /> }.into_any();
        }
        let link = if is_by_link.get() { Link::of_address() } else { None };
        match link {
            Some(Link { kind: Kind::Reset, secret }) => {
                view! { <NewPassword secret is_by_link /> }.into_any()
            }
            Some(Link { kind: Kind::Mail, secret }) => view! { <ConfirmMail secret is_by_link /> }.into_any(),
            Some(Link { kind: Kind::Invitation, .. }) if is_known.get() => view! { <NotNeeded /> }.into_any(),
            link => view! { <Enter link is_by_link is_forgotten /> }.into_any(),
        }
    }
}

/// An invitation, for somebody who has an account.
#[component]
fn NotNeeded() -> impl IntoView {
    let (entrance, language) = (use_entrance(), use_language());
    let account = use_credentials().account();
    let name = move || {
        account.with(|account| account.as_ref().map(|known| known.name.to_string()).unwrap_or_default())
    };
    request_animation_frame(|| crate::ui::focus::on("#link-leave"));
    view! {
        <h2 class="pane-title">{t(&texts::INVITED)}</h2>
        <p data-testid="link-needless">{move || (texts::ALREADY_IN.of(language.get()))(&name())}</p>
        <button type="button" class="button primary" id="link-leave" data-testid="link-leave"
            on:click=move |_| link::leave(entrance, account.get_untracked())>
            {t(&texts::TO_CHAT)}
        </button>
    }
}
