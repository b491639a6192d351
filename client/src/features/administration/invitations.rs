//! Inviting people: a new link, and the invitations that can still be used.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Invitation;

use super::listing::{Listing, list};
use super::problem::Problem;
use super::{api, texts};
use crate::browser::dates::{Style, format};
use crate::core::requests::NoAnswer;
use crate::features::account::link::Kind;
use crate::features::account::made_link::{Made, MadeLink};
use crate::features::account::texts::{BUSY, UNTIL};
use crate::i18n::{t, use_language};
use crate::wire::credentials::use_credentials;

const A_DAY: u32 = 24 * 60 * 60;

#[component]
pub fn InvitePeople() -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let (days, uses) = (RwSignal::new(7), RwSignal::new(Some(1)));
    let (made, busy) = (RwSignal::new(None::<Made>), RwSignal::new(false));
    let problem = RwSignal::new(None::<NoAnswer>);
    let listing = Listing::new(move |_: Option<Invitation>| {
        Box::pin(async move { Ok((api::invitations(credentials).await?.invitations, false)) })
    });
    let invite = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let (days, uses) = (days.get_untracked(), uses.get_untracked());
        spawn_local(async move {
            let answer = api::invite(credentials, days * A_DAY, uses).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(link) => {
                    let (secret, expires_at) = (link.link.as_str().to_owned(), link.expires_at);
                    made.set(Some(Made { kind: Kind::Invitation, secret, expires_at }));
                    listing.again();
                }
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let withdraw = move |invitation: Invitation| {
        problem.set(None);
        spawn_local(async move {
            match api::withdraw(credentials, invitation.id).await {
                Ok(()) => listing.again(),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    let day = move |number: u32| {
        view! { <option value=number prop:selected=number == days.get_untracked()>{move || (texts::DAYS.of(language.get()))(number)}</option> }
    };
    let person = move |number: Option<u32>| {
        let value = number.map(|number| number.to_string()).unwrap_or_default();
        view! { <option value=value prop:selected=number == uses.get_untracked()>{move || (texts::FOR_PEOPLE.of(language.get()))(number)}</option> }
    };
    view! {
        <div class="admin-form" data-testid="invite">
            <label class="field">
                <span class="field-label">{t(&texts::VALID_FOR)}</span>
                <select data-testid="invite-days" on:change=move |event| {
                    days.set(event_target_value(&event).parse().unwrap_or(7));
                }>{[1, 7, 30].map(day).collect_view()}</select>
            </label>
            <label class="field">
                <span class="field-label">{t(&texts::HOW_MANY)}</span>
                <select data-testid="invite-uses" on:change=move |event| {
                    uses.set(event_target_value(&event).parse().ok());
                }>{[Some(1), Some(10), None].map(person).collect_view()}</select>
            </label>
            <button type="button" class="button admin-start" data-testid="invite-make" aria-disabled=move || busy.get().to_string()
                on:click=invite>
                {move || if busy.get() { t(&BUSY)() } else { t(&texts::MAKE_LINK)() }}
            </button>
            <Problem why=problem />
            {move || made.get().map(|made| view! { <MadeLink made label=&texts::INVITATION /> })}
        </div>
        {list(listing, &texts::OPEN_INVITATIONS, &texts::NO_INVITATIONS, |of| of.id.to_string(), move |of| row(of, withdraw))}
    }
}

fn row(invitation: Invitation, withdraw: impl Fn(Invitation) + 'static) -> impl IntoView {
    let language = use_language();
    let Invitation { made_by, expires_at, uses_left, .. } = invitation.clone();
    let made_by = move || {
        made_by
            .as_ref()
            .map_or_else(|| texts::THE_OPERATOR.of(language.get()).to_owned(), ToString::to_string)
    };
    let until = move || {
        let language = language.get();
        (UNTIL.of(language))(&format(language.format_tag(), Style::Short, expires_at))
    };
    let label = move || (texts::WITHDRAW_UNTIL.of(language.get()))(&until());
    view! {
        <li class="admin-row" data-testid="invitation">
            <div class="admin-row-head">
                <div class="admin-row-words">
                    <p><strong>{move || (texts::USES_LEFT.of(language.get()))(uses_left)}</strong></p>
                    <p class="hint">{move || (texts::MADE_BY.of(language.get()))(&made_by())} " · " {until}</p>
                </div>
                <button type="button" class="button" data-testid="invitation-withdraw" aria-label=label
                    on:click=move |_| withdraw(invitation.clone())>
                    {t(&texts::WITHDRAW)}
                </button>
            </div>
        </li>
    }
}
