//! What administrators and owners do about an account.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::{ListedUser, Role};

use super::ban_form::{BanForm, Target};
use super::doing::Doing;
use super::entry::OwnRole;
use super::person::role_name;
use super::problem::Problem;
use super::question::Question;
use super::texts;
use crate::core::requests::NoAnswer;
use crate::features::account::link::Kind;
use crate::features::account::made_link::{Made, MadeLink};
use crate::i18n::{t, use_language};
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

const ROLES: [Role; 3] = [Role::Member, Role::Admin, Role::Owner];

#[component]
pub fn Managing(user: ListedUser, role: RwSignal<Role>, disabled: RwSignal<bool>) -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let OwnRole(own) = expect_context();
    let doing = RwSignal::new(None::<Doing>);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<NoAnswer>);
    let made = RwSignal::new(None::<Made>);
    let said = RwSignal::new(false);
    let (user_id, name) = (user.user_id, user.name.to_string());
    let user = StoredValue::new(user);
    let begin = move |what| {
        problem.set(None);
        made.set(None);
        said.set(false);
        doing.set(Some(what));
    };
    let yes = Callback::new(move |()| {
        let (Some(what), user) = (doing.get_untracked(), user.get_value()) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = what.carry_out(credentials, &user).await;
            // Nobody waits any more if the section was closed meanwhile.
            if busy.try_set(false).is_some() {
                return;
            }
            doing.set(None);
            match answer {
                Ok(Some(link)) => {
                    let (secret, expires_at) = (link.link.as_str().to_owned(), link.expires_at);
                    made.set(Some(Made { kind: Kind::Reset, secret, expires_at }));
                }
                Ok(None) => {
                    match what {
                        Doing::Role(now) => role.set(now),
                        Doing::Disabled(now) => disabled.set(now),
                        Doing::Reset | Doing::Ban => {}
                    }
                    said.set(true);
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    });
    let no = Callback::new(move |()| doing.set(None));
    let name = StoredValue::new(name);
    let asks = Memo::new(move |_| doing.get().filter(|doing| *doing != Doing::Ban));
    let question = Signal::derive(move || {
        asks.get().map(|what| name.with_value(|name| what.question(language.get(), name))).unwrap_or_default()
    });
    let asking =
        move || asks.get().map(|what| view! { <Question words=question button=what.button() busy yes no /> });
    let banned = Callback::new(move |()| {
        doing.set(None);
        said.set(true);
    });
    view! {
        <div class="admin-doing">
            <Show when=move || own.get() == Role::Owner>
                <RoleChoice role doing choose=Callback::new(move |wanted| begin(Doing::Role(wanted))) />
            </Show>
            <div class="admin-buttons">
                <Show when=move || disabled.get() fallback=move || view! {
                    <button type="button" class="button" data-testid="person-disable" on:click=move |_| begin(Doing::Disabled(true))>
                        {t(&texts::DISABLE)}
                    </button>
                }>
                    <button type="button" class="button" data-testid="person-enable" on:click=move |_| begin(Doing::Disabled(false))>
                        {t(&texts::ENABLE)}
                    </button>
                </Show>
                <button type="button" class="button" data-testid="person-reset" on:click=move |_| begin(Doing::Reset)>
                    {t(&texts::RESET)}
                </button>
                <button type="button" class="button danger" data-testid="person-server-ban" on:click=move |_| begin(Doing::Ban)>
                    {t(&texts::BAN)}
                </button>
            </div>
            {asking}
            <Show when=move || doing.get() == Some(Doing::Ban)>
                <BanForm target=Target::Somebody(user_id, name.get_value()) done=banned no />
            </Show>
            <Problem why=problem />
            <p class="hint" role="status" data-testid="person-done">{move || said.get().then(t(&texts::DONE))}</p>
            {move || made.get().map(|made| view! { <MadeLink made label=&texts::RESET_LINK /> })}
        </div>
    }
}

/// The role, as it is or as somebody is asked about.
#[component]
fn RoleChoice(role: RwSignal<Role>, doing: RwSignal<Option<Doing>>, choose: Callback<Role>) -> impl IntoView {
    let option = move |of: Role| {
        let is_chosen = move || match doing.get() {
            Some(Doing::Role(wanted)) => wanted == of,
            _ => role.get() == of,
        };
        view! { <option value=of.as_str() prop:selected=is_chosen>{t(role_name(of))}</option> }
    };
    let change = move |event| {
        let wanted = event_target_value(&event).parse().ok();
        if let Some(wanted) = wanted.filter(|wanted| *wanted != role.get_untracked()) {
            choose.run(wanted);
        } else {
            doing.set(None);
        }
    };
    view! {
        <label class="field admin-role">
            <span class="field-label">{t(&texts::ROLE)}</span>
            <select data-testid="person-role" on:change=change>{ROLES.map(option).collect_view()}</select>
        </label>
    }
}
