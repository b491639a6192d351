//! Lines of code with the name of their language and a button that copies them.

use leptos::prelude::*;

use super::actions::use_actions;
use super::texts;
use crate::core::notices::About;
use crate::i18n::t;
use crate::ui::icons::{COPY, Icon};

#[component]
pub fn CodeBlock(
    /// The name of the language as the author wrote it, or nothing.
    language: String,
    code: String,
    children: Children,
) -> impl IntoView {
    let actions = use_actions();
    view! {
        <div class="code" dir="ltr">
            <div class="code-head">
                <span>{language}</span>
                <button type="button" class="code-copy" data-testid="code-copy" aria-label=t(&texts::COPY_CODE) title=t(&texts::COPY_CODE)
                    on:click=move |_| actions.to_clipboard(code.clone(), About::TextCopied)>
                    <Icon path=COPY />
                </button>
            </div>
            <pre tabindex="0"><code>{children()}</code></pre>
        </div>
    }
}
