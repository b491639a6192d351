//! Who one is here, and signing out.

use leptos::prelude::*;

use super::texts;
use crate::core::Store;
use crate::features::leaving::question::Parting;
use crate::i18n::{common, t};

pub fn section() -> AnyView {
    let store: Store = expect_context();
    let parting: Parting = expect_context();
    let is_account = Memo::new(move |_| store.is_account());
    let name = move || store.identity.with(|identity| identity.name.to_string());
    view! {
        <div class="field parting">
            <span class="field-label">{t(&texts::SIGNED_IN_AS)}</span>
            <strong dir="auto">{name}</strong>
            <p class="hint">{move || t(if is_account.get() { &texts::SIGN_OUT_OF_ACCOUNT } else { &texts::SIGN_OUT_EXPLAINED })()}</p>
            <button type="button" class="button danger" data-testid="sign-out" on:click=move |_| parting.part(None)>
                {move || t(if is_account.get() { &common::LOG_OUT } else { &common::SIGN_OUT })()}
            </button>
        </div>
    }
    .into_any()
}
