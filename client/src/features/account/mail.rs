//! The mail address of the account, in the settings.

use leptos::prelude::*;
use shared::account::Account;

use super::form::{Field, Form, Sending};
use super::unfold::{Unfold, Unfolded};
use super::{api, texts};
use crate::i18n::{t, use_language};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// The address, one that waits to be confirmed, and the buttons that change them. Nothing where the server sends no mail and
/// there is none.
#[component]
pub fn MailAddress(
    account: RwSignal<Option<Account>>,
    /// Something about it has changed.
    changed: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let told =
        move |what: fn(&Account) -> Option<String>| account.with(|account| account.as_ref().and_then(what));
    let mail = Memo::new(move |_| told(|account| account.mail.clone()));
    let waiting = Memo::new(move |_| told(|account| account.mail_waiting.clone()));
    let can_mail =
        Memo::new(move |_| account.with(|account| account.as_ref().is_some_and(|account| account.can_mail)));
    let has_any = move || mail.with(Option::is_some) || waiting.with(Option::is_some);
    let (set, remove) = (Unfolded::new(), Unfolded::new());
    let about = move || match mail.get() {
        Some(mail) => mail,
        None => t(&texts::MAIL_WHY)().to_owned(),
    };
    let waits = move || waiting.get().map(|mail| (texts::MAIL_WAITING.of(language.get()))(&mail));
    view! {
        <Show when=move || can_mail.get() || has_any()>
            <div class="field account" data-testid="mail">
                <span class="field-label">{t(&texts::MAIL)}</span>
                <p class="hint" data-testid="mail-address">{about}</p>
                <p class="hint" role="status" data-testid="mail-waiting">{waits}</p>
                <Show when=move || can_mail.get()><SetMail state=set is_first=mail changed /></Show>
                <Show when=move || has_any() || remove.done.get()><RemoveMail state=remove changed /></Show>
            </div>
        </Show>
    }
}

#[component]
fn SetMail(state: Unfolded, is_first: Memo<Option<String>>, changed: Callback<()>) -> impl IntoView {
    let credentials = use_credentials();
    move || {
        let button = if is_first.with(Option::is_none) { &texts::SET_MAIL } else { &texts::CHANGE_MAIL };
        let form = Box::new(move || {
            let send = Box::new(move |values: Vec<String>| -> Sending {
                Box::pin(async move {
                    let [mail, password] = &values[..] else { return Ok(()) };
                    api::want_mail(credentials, mail, password).await?;
                    state.finish();
                    changed.run(());
                    Ok(())
                })
            });
            let mail = Field {
                id: "mail-new",
                label: &texts::MAIL,
                autocomplete: "email",
                is_password: false,
                value: String::new(),
            };
            let password = Field::password("mail-password", &texts::PRESENT_PASSWORD, "current-password");
            let fields = vec![mail, password];
            view! {
                <Form fields button testid="mail-form" hint=Some(&texts::MAIL_RULE)
                    wrong=(&texts::WRONG_PASSWORD, 1) send />
            }
            .into_any()
        });
        view! { <Unfold state button testid="mail-set" said=&texts::MAIL_SENT form /> }
    }
}

#[component]
fn RemoveMail(state: Unfolded, changed: Callback<()>) -> impl IntoView {
    let credentials = use_credentials();
    let form = Box::new(move || {
        let send = Box::new(move |values: Vec<String>| -> Sending {
            Box::pin(async move {
                let [password] = &values[..] else { return Ok(()) };
                api::remove_mail(credentials, password).await?;
                state.finish();
                changed.run(());
                Ok(())
            })
        });
        let fields =
            vec![Field::password("mail-removal-password", &texts::PRESENT_PASSWORD, "current-password")];
        view! {
            <Form fields button=&texts::REMOVE_MAIL testid="mail-removal-form" hint=None
                wrong=(&texts::WRONG_PASSWORD, 0) send />
        }
        .into_any()
    });
    view! { <Unfold state button=&texts::REMOVE_MAIL testid="mail-removal" said=&texts::MAIL_REMOVED form /> }
}
