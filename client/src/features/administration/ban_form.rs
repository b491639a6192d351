//! Banning somebody, or an address, from the server: for how long, and why.

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::UserId;

use super::api::{self, NewBan};
use super::problem::Problem;
use super::texts;
use crate::browser::later::in_a_frame;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, span, t, use_language};
use crate::ui::focus;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The usual times, in seconds; 0 stands for no end.
const TIMES: [u32; 5] = [3_600, 86_400, 604_800, 2_592_000, 0];

/// Whom a ban is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This account.
    Somebody(UserId, String),
    /// Whoever is named in the form.
    Named,
}

#[component]
pub fn BanForm(
    target: Target,
    /// The ban is in force.
    done: Callback<()>,
    /// Nothing is to be done.
    no: Callback<()>,
) -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<NoAnswer>));
    let by_address = RwSignal::new(false);
    let first = NodeRef::<Input>::new();
    let time = NodeRef::<Select>::new();
    let (name, seconds) = (RwSignal::new(String::new()), RwSignal::new(TIMES[0]));
    let (reason, with_addresses) = (RwSignal::new(String::new()), RwSignal::new(false));
    let is_named = target == Target::Named;
    in_a_frame(first, move || {
        if let Some(first) = first.get_untracked() {
            focus::give(&first);
        } else if let Some(time) = time.get_untracked() {
            focus::give(&time);
        }
    });
    let (whom, question) = match target {
        Target::Somebody(id, name) => (Some(id), Some(name)),
        Target::Named => (None, None),
    };
    let question = question.map(|name| move || (texts::BAN_QUESTION.of(language.get()))(&name));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = name.with_untracked(|name| name.trim().to_owned());
        if busy.get_untracked() || is_named && typed.is_empty() {
            return;
        }
        let (is_address, typed) = (by_address.get_untracked(), is_named.then_some(typed));
        let new = NewBan {
            user_id: whom,
            name: typed.clone().filter(|_| !is_address),
            address: typed.filter(|_| is_address),
            seconds: Some(seconds.get_untracked()).filter(|seconds| *seconds > 0),
            reason: reason.get_untracked(),
            with_addresses: with_addresses.get_untracked() && !is_address,
        };
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = api::ban(credentials, &new).await;
            // Nobody waits any more if the section was closed meanwhile.
            if busy.try_set(false).is_none() {
                match answer {
                    Ok(()) => done.run(()),
                    Err(why) => problem.set(Some(why)),
                }
            }
        });
    };
    let option = move |time: u32| {
        let words = move || match time {
            0 => texts::UNTIL_LIFTED.of(language.get()).to_owned(),
            time => span(language.get(), time.into()),
        };
        view! { <option value=time.to_string()>{words}</option> }
    };
    view! {
        <form class="admin-form" data-testid="server-ban" on:submit=submit>
            {question.map(|question| view! { <p dir="auto">{question}</p> })}
            <p class="hint">{t(&texts::BAN_EXPLAINED)}</p>
            {is_named.then(|| view! { <Naming by_address name first /> })}
            <label class="field">
                <span class="field-label">{t(&texts::HOW_LONG)}</span>
                <select data-testid="ban-time" node_ref=time on:change=move |event| {
                    seconds.set(event_target_value(&event).parse().unwrap_or(TIMES[0]));
                }>{TIMES.map(option).collect_view()}</select>
            </label>
            <label class="field">
                <span class="field-label">{t(&texts::REASON)}</span>
                <input type="text" data-testid="ban-reason" autocomplete="off"
                    on:input=move |event| reason.set(event_target_value(&event)) />
            </label>
            <Show when=move || !by_address.get()>
                <label class="admin-check">
                    <input type="checkbox" data-testid="ban-addresses" prop:checked=move || with_addresses.get()
                        on:change=move |event| with_addresses.set(event_target_checked(&event)) />
                    {t(&texts::WITH_ADDRESSES)}
                </label>
            </Show>
            <Problem why=problem />
            <div class="buttons">
                <button type="button" class="button" data-testid="ban-cancel" on:click=move |_| no.run(())>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button danger solid" data-testid="ban-confirm"
                    aria-disabled=move || busy.get().to_string()>
                    {t(&texts::BAN_BUTTON)}
                </button>
            </div>
        </form>
    }
}

/// Whom the ban is for.
#[component]
fn Naming(by_address: RwSignal<bool>, name: RwSignal<String>, first: NodeRef<Input>) -> impl IntoView {
    let what = move || t(if by_address.get() { &texts::ADDRESS } else { &texts::NAME })();
    view! {
        <label class="field">
            <span class="field-label">{t(&texts::WHOM)}</span>
            <select data-testid="ban-kind" on:change=move |event| by_address.set(event_target_value(&event) == "address")>
                <option value="name">{t(&texts::A_PERSON)}</option>
                <option value="address">{t(&texts::AN_ADDRESS)}</option>
            </select>
        </label>
        <label class="field">
            <span class="field-label">{what}</span>
            <input type="text" data-testid="ban-whom" autocomplete="off" autocapitalize="none" spellcheck="false"
                node_ref=first on:input=move |event| name.set(event_target_value(&event)) />
        </label>
    }
}
