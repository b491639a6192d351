//! Signing in and signing up on the first page, also with a link.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::{AccountSession, Entrance, SignUp};
use shared::{ErrorCode, Failure};
use wasm_bindgen::JsCast;

use super::entrance_api::Change;
use super::form::{Field, Form, Sending};
use super::link::{self, Kind, Link};
use super::who_may_enter::WhoMayEnter;
use super::{api, renewal, texts};
use crate::browser::choice;
use crate::browser::storage::BrowserStorage;
use crate::core::entrance::{self, Ended, use_entrance};
use crate::core::identity::Known;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t, use_language};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

/// Storage key of the last name, the same as that of a guest.
const NAME: &str = "hiroba.name";

/// The attribute of the root element with which the server says that guests may not come in.
const GUESTS: &str = "guests";

/// The name and the password, and what else one may do.
#[component]
pub fn Enter(
    link: Option<Link>,
    is_by_link: RwSignal<bool>,
    /// Somebody forgot their password.
    is_forgotten: RwSignal<bool>,
) -> impl IntoView {
    let (entrance, credentials) = (use_entrance(), use_credentials());
    let kind = link.as_ref().map(|link| link.kind);
    let account = credentials.account().get_untracked();
    let is_new = RwSignal::new(kind.is_some() && account.is_none());
    let last = || BrowserStorage::Browser.text(NAME).unwrap_or_default();
    let typed = StoredValue::new(account.map_or_else(last, |known| known.name.to_string()));
    let switch = move |_| {
        let field = document().get_element_by_id("account-name").and_then(|field| field.dyn_into().ok());
        if let Some(field) = field {
            typed.set_value(web_sys::HtmlInputElement::value(&field));
        }
        is_new.update(|is_new| *is_new = !*is_new);
    };
    let rules = RwSignal::new(None::<Entrance>);
    let (guests, sign_up) = (RwSignal::new(false), RwSignal::new(SignUp::default()));
    spawn_local(async move {
        let told = api::entrance().await;
        // Nobody waits any more if the form was closed meanwhile.
        if let Some(told) = &told
            && guests.try_set(told.guests).is_none()
        {
            sign_up.set(told.sign_up);
            rules.set(Some(told.clone()));
        }
    });
    let rule = move || rules.with(|rules| rules.as_ref().map(|rules| rules.sign_up));
    let has_owner = move || rules.with(|rules| rules.as_ref().map(|rules| rules.has_owner));
    let can_mail = Signal::derive(move || rules.with(|rules| rules.as_ref().map(|rules| rules.mail)));
    let is_asked = move || kind == Some(Kind::Owner) && has_owner() == Some(false);
    // Also before the answer is there: the button below must not move while somebody clicks on it.
    let is_waiting = Signal::derive(move || has_owner().is_none());
    let has_room = move || kind == Some(Kind::Owner) && has_owner() != Some(true);
    let name = move || Field {
        id: "account-name",
        label: &texts::NAME,
        autocomplete: "username",
        is_password: false,
        value: typed.with_value(Clone::clone),
    };
    let form = move || {
        let is_new = is_new.get();
        let link = link.clone();
        let send = Box::new(move |values: Vec<String>| -> Sending {
            let link = link.clone();
            Box::pin(async move {
                let [name, password] = &values[..] else { return Ok(()) };
                let _alone = renewal::alone().await;
                // Where everybody may sign up, an invitation that has ended is in nobody's way.
                let is_needless = untrack(rule) == Some(SignUp::Open)
                    && link.as_ref().is_some_and(|link| link.kind == Kind::Invitation);
                let session = open(is_new, link.as_ref(), is_needless, name, password).await?;
                if untrack(is_asked) {
                    let decided = Change {
                        guests: Some(guests.get_untracked()),
                        sign_up: Some(sign_up.get_untracked()),
                    };
                    link::decide(&session.access_token, decided).await;
                }
                BrowserStorage::Browser.set_text(NAME, session.name.as_str());
                let account = Known { id: session.user_id, name: session.name.clone() };
                renewal::accept(credentials, session);
                if link.is_some() {
                    link::used(entrance, account);
                }
                Ok(())
            })
        });
        let (button, kind) =
            if is_new { (&texts::SIGN_UP, "new-password") } else { (&common::SIGN_IN, "current-password") };
        let hint = is_new.then_some(&texts::PASSWORD_RULE);
        let fields = vec![name(), Field::password("account-password", &texts::PASSWORD, kind)];
        let more = view! { <Show when=has_room><WhoMayEnter guests sign_up is_waiting /></Show> }.into_any();
        view! { <Form fields button testid="account-form" hint wrong=(&texts::WRONG, 1) more send /> }
    };
    let closed = move || texts::who_invites(rule().filter(|_| kind.is_none()));
    view! {
        <Head kind is_new is_waiting=move || has_owner() == Some(false) />
        {form}
        <Show when=move || !is_new.get()>
            <Lost can_mail is_forgotten />
        </Show>
        <Show when=move || kind.is_some() || rule() == Some(SignUp::Open)>
            <p class="account-other">
                {move || if is_new.get() { t(&common::HAS_ACCOUNT)() } else { t(&texts::NO_ACCOUNT)() }}
                " "
                <button type="button" class="link-button" data-testid="account-switch"
                    on:click=switch>
                    {move || if is_new.get() { t(&common::SIGN_IN)() } else { t(&texts::SIGN_UP)() }}
                </button>
            </p>
        </Show>
        <Show when=move || closed().is_some()>
            <p class="hint" data-testid="account-closed">{move || closed().map(|text| t(text)())}</p>
        </Show>
        <Otherwise is_by_link />
    }
}

/// The way to a new password: by mail, or else whom to ask.
#[component]
fn Lost(
    /// Whether the server sends mail, once that is known.
    can_mail: Signal<Option<bool>>,
    is_forgotten: RwSignal<bool>,
) -> impl IntoView {
    move || {
        let by_mail = can_mail.get()?;
        Some(if by_mail {
            view! {
                <p class="account-other">
                    <button type="button" class="link-button" data-testid="forgotten-open"
                        on:click=move |_| is_forgotten.set(true)>
                        {t(&texts::FORGOTTEN)}
                    </button>
                </p>
            }
            .into_any()
        } else {
            view! { <p class="hint" data-testid="forgotten-ask">{t(&texts::FORGOTTEN_ASK)}</p> }.into_any()
        })
    }
}

/// What led here, and what the form is for.
#[component]
fn Head(
    /// What the link is for.
    kind: Option<Kind>,
    /// Whether an account is created.
    is_new: RwSignal<bool>,
    /// Whether nobody owns the square yet.
    #[prop(into)]
    is_waiting: Signal<bool>,
) -> impl IntoView {
    let entrance = use_entrance();
    if untrack(|| entrance.ended()) == Some(Ended::NoGuests) {
        choice::set(GUESTS, Some("off"));
    }
    let ended = move || {
        let (text, testid) = match entrance.ended()? {
            Ended::ByServer => (&texts::SIGNED_OUT, "session-ended"),
            Ended::NoGuests => (&texts::NO_GUESTS, "guests-ended"),
            Ended::ByUser => return None,
        };
        Some(view! { <p class="hint" role="alert" data-testid=testid>{t(text)}</p> })
    };
    let title = move || match kind {
        Some(Kind::Invitation) => t(&texts::INVITED)(),
        Some(_) => t(&texts::OPEN_SQUARE)(),
        None if is_new.get() => t(&texts::SIGN_UP)(),
        None => t(&common::SIGN_IN)(),
    };
    let about = move || {
        let text = match kind {
            Some(Kind::Invitation) if is_new.get() => &texts::INVITED_MORE,
            Some(Kind::Owner) => &texts::OPEN_SQUARE_MORE,
            None if is_waiting.get() && !has_guests() => &texts::NEW_SQUARE,
            _ => return None,
        };
        Some(view! { <p class="hint" data-testid="entrance-about">{t(text)}</p> })
    };
    view! {
        {ended}
        <h2 class="pane-title">{title}</h2>
        {about}
    }
}

/// Whether guests may come in, as far as the page has heard.
fn has_guests() -> bool {
    choice::chosen(GUESTS).as_deref() != Some("off")
}

/// Opens a session. A guest of this tab that follows a link becomes the account.
async fn open(
    is_new: bool,
    link: Option<&Link>,
    is_needless: bool,
    name: &str,
    password: &str,
) -> Result<AccountSession, NoAnswer> {
    let secret = link.filter(|_| !is_needless).map(|link| link.secret.as_str());
    if !is_new {
        let secret = secret.filter(|_| link.is_some_and(|link| link.kind == Kind::Owner));
        return api::sign_in(name, password, secret).await;
    }
    if let Some(guest) = link.and_then(|_| link::guest()?.session) {
        match api::sign_up(Some(&guest), name, password, secret).await {
            // The guest was away for too long.
            Err(NoAnswer::Refused(Failure { code: ErrorCode::NotAuthenticated, .. })) => {}
            answer => return answer,
        }
    }
    api::sign_up(None, name, password, secret).await
}

/// Goes on without the form, and without the link if there is one.
pub fn go_on(entrance: entrance::Entrance, account: Option<Known>, is_by_link: RwSignal<bool>) {
    if is_by_link.get_untracked() {
        link::leave(entrance, account);
        is_by_link.set(false);
    }
    entrance.with_account().set(!has_guests());
}

/// What one may do instead: go on as who one is, or come in as a guest.
#[component]
pub fn Otherwise(
    /// Whether there is a link to go on without.
    is_by_link: RwSignal<bool>,
) -> impl IntoView {
    let (entrance, language) = (use_entrance(), use_language());
    let account = use_credentials().account();
    // Who would go on.
    let name = move || {
        let known = account.with(|account| account.as_ref().map(|known| known.name.to_string()));
        known.or_else(|| link::guest().map(|guest| guest.name.to_string()))
    };
    let leave = move |_| go_on(entrance, account.get_untracked(), is_by_link);
    let words = move || match name() {
        Some(name) if is_by_link.get() => (texts::GO_ON.of(language.get()))(&name),
        _ if !has_guests() => t(&texts::WITHOUT_LINK)().to_owned(),
        _ => t(&texts::AS_GUEST)().to_owned(),
    };
    view! {
        <Show when=move || is_by_link.get() || has_guests()>
            <p class="account-other">
                <button type="button" class="link-button" data-testid="account-back" on:click=leave>{words}</button>
            </p>
        </Show>
    }
}
