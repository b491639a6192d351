//! Who may not come to the server, and from where nobody may.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Ban;

use super::ban_form::{BanForm, Target};
use super::listing::{Listing, list};
use super::problem::Problem;
use super::{api, texts};
use crate::browser::dates::{Style, format};
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, t, use_language};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn BanList() -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let problem = RwSignal::new(None::<NoAnswer>);
    let is_new = RwSignal::new(false);
    let listing = Listing::new(move |_: Option<Ban>| {
        Box::pin(async move { Ok((api::bans(credentials).await?.bans, false)) })
    });
    let done = Callback::new(move |()| {
        is_new.set(false);
        listing.again();
    });
    let lift = move |ban: u64| {
        problem.set(None);
        spawn_local(async move {
            match api::lift(credentials, ban).await {
                Ok(()) => listing.again(),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    let row = move |ban: Ban| {
        let (id, whom) = (ban.id, whom(&ban));
        let label = {
            let whom = whom.clone();
            move || (texts::LIFT_FOR.of(language.get()))(&whom)
        };
        let facts = move || facts(language.get(), &ban);
        view! {
            <li class="admin-row" data-testid="server-ban-row">
                <div class="admin-row-head">
                    <div class="admin-row-words">
                        <p><strong dir="auto">{whom}</strong></p>
                        <p class="hint" dir="auto">{facts}</p>
                    </div>
                    <button type="button" class="button" data-testid="server-ban-lift" aria-label=label on:click=move |_| lift(id)>
                        {t(&texts::LIFT)}
                    </button>
                </div>
            </li>
        }
    };
    view! {
        <Show when=move || is_new.get() fallback=move || view! {
            <button type="button" class="button admin-start" data-testid="server-ban-new" on:click=move |_| is_new.set(true)>
                {t(&texts::NEW_BAN)}
            </button>
        }>
            <BanForm target=Target::Named done no=Callback::new(move |()| is_new.set(false)) />
        </Show>
        <Problem why=problem />
        {list(listing, &texts::BANS, &texts::NO_BANS, |ban: &Ban| ban.id.to_string(), row)}
    }
}

fn whom(ban: &Ban) -> String {
    let user = ban.user.as_ref().map(ToString::to_string);
    match (user, &ban.address) {
        (Some(user), Some(address)) => format!("{address} ({user})"),
        (user, address) => user.or_else(|| address.clone()).unwrap_or_default(),
    }
}

/// Until when, who said so and why.
fn facts(language: Language, ban: &Ban) -> String {
    let until = match ban.until {
        Some(at) => (texts::UNTIL.of(language))(&format(language.format_tag(), Style::Short, at)),
        None => texts::UNTIL_LIFTED.of(language).to_owned(),
    };
    let by = (texts::BY.of(language))(ban.by.user.as_str());
    let reason = ban.reason.as_ref().map(|reason| (texts::QUOTED.of(language))(reason.as_str()));
    [Some(until), Some(by), reason].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
