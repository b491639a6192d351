//! Confirming a mail address with a link, on the first page. By a click: programs that look at mail open every link in it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ErrorCode;
use shared::account::ConfirmedMail;

use super::enter::{Otherwise, go_on};
use super::{api, link, texts};
use crate::core::entrance::use_entrance;
use crate::core::requests::NoAnswer;
use crate::i18n::{t, use_language};
use crate::ui::focus;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The question and what became of it.
#[component]
pub fn ConfirmMail(secret: String, is_by_link: RwSignal<bool>) -> impl IntoView {
    let (entrance, language) = (use_entrance(), use_language());
    let account = use_credentials().account();
    let (busy, answer) = (RwSignal::new(false), RwSignal::new(None::<Result<ConfirmedMail, NoAnswer>>));
    let is_done = move || answer.with(|answer| matches!(answer, Some(Ok(_))));
    let confirm = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let secret = secret.clone();
        spawn_local(async move {
            let told = api::confirm_mail(&secret).await;
            let is_done = told.is_ok();
            // Nobody waits any more if the page went on without the link.
            if busy.try_set(false).is_none() {
                answer.set(Some(told));
                if is_done {
                    link::forget();
                    focus::soon("#link-leave");
                }
            }
        });
    };
    let confirmed = move || {
        answer.with(|answer| match answer {
            Some(Ok(ConfirmedMail { name, mail })) => {
                Some((texts::MAIL_CONFIRMED.of(language.get()))(mail, name.as_str()))
            }
            _ => None,
        })
    };
    let problem = move || {
        answer.with(|answer| match answer {
            Some(Err(NoAnswer::Refused(failure))) if failure.code == ErrorCode::LinkEnded => {
                Some(texts::MAIL_LINK_ENDED.of(language.get()).to_string())
            }
            Some(Err(error)) => Some(texts::why(language.get(), error, &texts::WRONG)),
            _ => None,
        })
    };
    request_animation_frame(|| focus::on("#mail-confirm"));
    view! {
        <h2 class="pane-title">{t(&texts::CONFIRM_MAIL)}</h2>
        <p role="status" data-testid="mail-confirmed">{confirmed}</p>
        <Show when=move || !is_done() fallback=move || view! {
            <button type="button" class="button primary" id="link-leave" data-testid="link-leave"
                on:click=move |_| go_on(entrance, account.get_untracked(), is_by_link)>
                {t(&texts::TO_CHAT)}
            </button>
        }>
            <p class="hint">{t(&texts::CONFIRM_MAIL_MORE)}</p>
            <p class="problem" role="alert" data-testid="mail-problem">{problem}</p>
            <button type="button" class="button primary" id="mail-confirm" data-testid="mail-confirm"
                aria-disabled=move || busy.get().to_string() on:click=confirm.clone()>
                {move || if busy.get() { t(&texts::BUSY)() } else { t(&texts::CONFIRM)() }}
            </button>
            <Otherwise is_by_link />
        </Show>
    }
}
