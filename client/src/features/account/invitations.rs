//! Inviting people: a new link, and the invitations that can still be used.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Invitation;

use super::link::Kind;
use super::made_link::{Made, MadeLink};
use super::{admin_api, texts};
use crate::browser::dates::{Style, format};
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t, use_language};
use crate::ui::failed::Failed;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

const A_DAY: u32 = 24 * 60 * 60;

/// The part of the settings.
#[component]
pub fn InvitePeople() -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let (days, uses) = (RwSignal::new(7), RwSignal::new(Some(1)));
    let (made, busy) = (RwSignal::new(None::<Made>), RwSignal::new(false));
    let list = RwSignal::new(None::<Result<Vec<Invitation>, NoAnswer>>);
    let problem = RwSignal::new(None::<NoAnswer>);
    let load = move || {
        spawn_local(async move {
            let answer = admin_api::invitations(credentials).await.map(|answer| answer.invitations);
            // Nobody waits any more if the settings were closed meanwhile.
            let _ = list.try_set(Some(answer));
        });
    };
    load();
    let invite = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let (days, uses) = (days.get_untracked(), uses.get_untracked());
        spawn_local(async move {
            let answer = admin_api::invite(credentials, days * A_DAY, uses).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(link) => {
                    let (secret, expires_at) = (link.link.as_str().to_owned(), link.expires_at);
                    made.set(Some(Made { kind: Kind::Invitation, secret, expires_at }));
                    load();
                }
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let withdraw = move |invitation: Invitation| {
        problem.set(None);
        spawn_local(async move {
            match admin_api::withdraw(credentials, invitation.id).await {
                Ok(()) => load(),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    let words = move || {
        problem.with(|problem| problem.as_ref().map(|error| texts::why(language.get(), error, &texts::WRONG)))
    };
    let day = move |number: u32| {
        view! { <option value=number prop:selected=number == days.get_untracked()>{move || (texts::DAYS.of(language.get()))(number)}</option> }
    };
    let person = move |number: Option<u32>| {
        let value = number.map(|number| number.to_string()).unwrap_or_default();
        view! { <option value=value prop:selected=number == uses.get_untracked()>{move || (texts::PEOPLE.of(language.get()))(number)}</option> }
    };
    view! {
        <div class="field account" data-testid="invite">
            <span class="field-label">{t(&texts::INVITE)}</span>
            <label class="field">
                <span class="field-label">{t(&texts::HOW_LONG)}</span>
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
            <button type="button" class="button" data-testid="invite-make" aria-disabled=move || busy.get().to_string()
                on:click=invite>
                {move || if busy.get() { t(&texts::BUSY)() } else { t(&texts::MAKE_LINK)() }}
            </button>
            <p class="problem" role="alert" data-testid="invite-problem">{words}</p>
            {move || made.get().map(|made| view! { <MadeLink made label=&texts::INVITATION /> })}
            {move || match list.get() {
                None => view! { <p class="hint late">{t(&common::LOADING)}</p> }.into_any(),
                Some(Err(_)) => view! { <Failed again=load /> }.into_any(),
                Some(Ok(invitations)) => {
                    let rows = invitations.into_iter().map(|invitation| row(invitation, withdraw)).collect_view();
                    view! {
                        <ul class="account-sessions" aria-label=t(&texts::INVITATIONS)>{rows}</ul>
                    }
                    .into_any()
                }
            }}
            <Show when=move || list.with(|list| matches!(list, Some(Ok(list)) if list.is_empty()))>
                <p class="hint" data-testid="invite-none">{t(&texts::NO_INVITATIONS)}</p>
            </Show>
        </div>
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
        (texts::UNTIL.of(language))(&format(language.format_tag(), Style::Short, expires_at))
    };
    let label = move || (texts::WITHDRAW_UNTIL.of(language.get()))(&until());
    view! {
        <li class="account-session" data-testid="invitation">
            <span class="account-device"><strong>{move || (texts::USES_LEFT.of(language.get()))(uses_left)}</strong></span>
            <span class="hint">{move || (texts::MADE_BY.of(language.get()))(&made_by())} " · " {until}</span>
            <button type="button" class="button" data-testid="invitation-withdraw" aria-label=label
                on:click=move |_| withdraw(invitation.clone())>
                {t(&texts::WITHDRAW)}
            </button>
        </li>
    }
}
