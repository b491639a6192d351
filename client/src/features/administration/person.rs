//! An account in the list.

use leptos::prelude::*;
use shared::account::{ListedUser, Role};

use super::managing::Managing;
use super::texts;
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::i18n::{Language, Text, t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::show::Show;

/// What a role is called.
pub const fn role_name(role: Role) -> &'static Text {
    match role {
        Role::Member => &texts::MEMBER,
        Role::Admin => &texts::ADMIN,
        Role::Owner => &texts::OWNER,
    }
}

#[component]
pub fn PersonRow(user: ListedUser) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let is_me = untrack(|| store.me()) == Some(user.user_id);
    let (role, disabled) = (RwSignal::new(user.role), RwSignal::new(user.disabled));
    let open = RwSignal::new(false);
    let picture = untrack(|| avatar(store, Some(user.user_id), &user.name));
    let name = user.name.to_string();
    let label = {
        let name = name.clone();
        move || (texts::MANAGE.of(language.get()))(&name)
    };
    let shown = user.clone();
    let facts = move || facts(language.get(), &shown);
    let user = StoredValue::new(user);
    view! {
        <li class="admin-row" data-testid="admin-person">
            <div class="admin-row-head">
                {picture}
                <div class="admin-row-words">
                    <p>
                        <strong dir="auto">{name}</strong>
                        <Show when=move || role.get() != Role::Member>
                            <span class="admin-badge">{move || role_name(role.get()).of(language.get())}</span>
                        </Show>
                        <Show when=move || disabled.get()>
                            <span class="admin-badge admin-warns">{t(&texts::DISABLED)}</span>
                        </Show>
                    </p>
                    <p class="hint">{facts}</p>
                </div>
                {(!is_me).then(|| view! {
                    <button type="button" class="button" data-testid="person-manage" aria-label=label
                        aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                        {t(&texts::MANAGE_SHORT)}
                    </button>
                })}
            </div>
            <Show when=move || open.get()><Managing user=user.get_value() role disabled /></Show>
        </li>
    }
}

/// When somebody came, when they were last here, and their mail address.
fn facts(language: Language, user: &ListedUser) -> String {
    let day = |at| format(language.format_tag(), Style::Short, at);
    let used = user.used_at.map(|at| (texts::LAST_USED.of(language))(&day(at)));
    let facts = [Some((texts::CREATED.of(language))(&day(user.created_at))), used, user.mail.clone()];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
