//! Where an account is signed in: its sessions, each of which can be ended.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::OpenSession;

use super::user_agent::device;
use super::{api, texts};
use crate::browser::dates::{Style, format};
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t, use_language};
use crate::ui::failed::Failed;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The list.
#[component]
pub fn SessionList(
    /// Changes when sessions were ended by something else.
    #[prop(into)]
    changed: Signal<bool>,
) -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let list = RwSignal::new(None::<Result<Vec<OpenSession>, NoAnswer>>);
    let problem = RwSignal::new(None::<NoAnswer>);
    let load = move || {
        spawn_local(async move {
            let answer = api::sessions(credentials).await.map(|answer| answer.sessions);
            // Nobody waits any more if the settings were closed meanwhile.
            let _ = list.try_set(Some(answer));
        });
    };
    Effect::new(move || {
        changed.track();
        load();
    });
    let end = move |session: OpenSession| {
        problem.set(None);
        spawn_local(async move {
            match api::end_session(credentials, session.id).await {
                Ok(()) => load(),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    let row = move |session: OpenSession| {
        let name = device(session.user_agent.as_deref());
        let name =
            move || name.clone().unwrap_or_else(|| texts::UNKNOWN_DEVICE.of(language.get()).to_owned());
        let (is_current, address, used_at) = (session.current, session.address.clone(), session.used_at);
        let when = move || {
            let used_at = used_at?;
            let language = language.get();
            let when = format(language.format_tag(), Style::Short, used_at);
            Some((texts::LAST_USED.of(language))(&when))
        };
        let facts = move || [address.clone(), when()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let label = name.clone();
        view! {
            <li class="account-session" data-testid="session">
                <span class="account-device">
                    <strong>{name}</strong>
                    {is_current.then(|| view! { <span class="account-here">{t(&texts::THIS_DEVICE)}</span> })}
                </span>
                <span class="hint">{facts}</span>
                {(!is_current).then(|| view! {
                    <button type="button" class="button" data-testid="session-end"
                        aria-label=move || (texts::END_DEVICE.of(language.get()))(&label())
                        on:click=move |_| end(session.clone())>
                        {t(&common::LOG_OUT)}
                    </button>
                })}
            </li>
        }
    };
    let rows = move || match list.get() {
        None => view! { <p class="hint late">{t(&common::LOADING)}</p> }.into_any(),
        Some(Err(_)) => view! { <Failed again=load /> }.into_any(),
        Some(Ok(sessions)) => view! {
            <ul class="account-sessions" aria-label=t(&texts::DEVICES)>
                {sessions.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any(),
    };
    let words = move || {
        problem.with(|problem| problem.as_ref().map(|error| texts::why(language.get(), error, &texts::WRONG)))
    };
    view! {
        <div class="field account">
            <span class="field-label">{t(&texts::DEVICES)}</span>
            {rows}
            <Show when=move || problem.with(Option::is_some)><p class="problem" role="alert">{words}</p></Show>
        </div>
    }
}
