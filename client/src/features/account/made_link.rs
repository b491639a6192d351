//! A link that was just made. Its secret is shown once.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Timestamp;

use super::link::{Kind, url};
use super::texts;
use crate::browser::clipboard;
use crate::browser::dates::{Style, format};
use crate::i18n::{Text, t, use_language};
use crate::ui::focus;

/// What is shown of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub kind: Kind,
    pub secret: String,
    pub expires_at: Timestamp,
}

/// The link in a field, with a button that copies it.
#[component]
pub fn MadeLink(made: Made, label: &'static Text) -> impl IntoView {
    let Made { kind, secret, expires_at } = made;
    let language = use_language();
    let field = NodeRef::<Input>::new();
    let copied = RwSignal::new(None::<bool>);
    let address = url(kind, &secret);
    let select = move || {
        if let Some(field) = field.get_untracked() {
            focus::give(&field);
            field.select();
        }
    };
    request_animation_frame(select);
    let copy = {
        let address = address.clone();
        move |_| {
            let address = address.clone();
            spawn_local(async move {
                let done = clipboard::copy(&address).await;
                // Nobody waits any more if the settings were closed meanwhile.
                if copied.try_set(Some(done)).is_none() && !done {
                    select();
                }
            });
        }
    };
    let until = move || {
        let language = language.get();
        (texts::LINK_ONCE.of(language))(&format(language.format_tag(), Style::Short, expires_at))
    };
    let done = move || {
        copied.get().map(|done| if done { t(&texts::LINK_COPIED)() } else { t(&texts::LINK_NOT_COPIED)() })
    };
    view! {
        <div class="account-session" data-testid="made">
            <span>
                <label class="field">
                    <span class="field-label">{t(label)}</span>
                    <input type="text" readonly data-testid="made-link" node_ref=field value=address
                        aria-describedby="made-about" on:focus=move |_| select() />
                </label>
            </span>
            <button type="button" class="button" data-testid="made-copy" on:click=copy>{t(&texts::COPY)}</button>
        </div>
        <p class="hint" id="made-about">{until}</p>
        <p class="hint" role="status" data-testid="made-copied">{done}</p>
    }
}
