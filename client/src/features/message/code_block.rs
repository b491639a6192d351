//! Lines of code with the name of their language and a button that copies them.

use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::actions::use_actions;
use super::highlight::view::highlighted;
use super::texts;
use crate::core::notices::About;
use crate::i18n::t;
use crate::ui::icons::{COPY, Icon};
use crate::ui::later::{Build, later};

later! {
    /// Fetches the code that colours a text in a language.
    fn highlighter((String, String)) in code: |(code, language)| highlighted(&code, &language)
}

#[component]
pub fn CodeBlock(
    /// The name of the language as the author wrote it, or nothing.
    language: String,
    code: String,
    /// What is shown if parts of the code are marked; otherwise it is coloured.
    marked: Option<AnyView>,
) -> impl IntoView {
    let actions = use_actions();
    let copied = code.clone();
    let shown = match marked {
        Some(marked) => marked,
        None if language.is_empty() => code.into_any(),
        None => view! { <Coloured code language=language.clone() /> }.into_any(),
    };
    view! {
        <div class="code" dir="ltr">
            <div class="code-head">
                <span>{language}</span>
                <button type="button" class="code-copy" data-testid="code-copy" aria-label=t(&texts::COPY_CODE) title=t(&texts::COPY_CODE)
                    on:click=move |_| actions.to_clipboard(copied.clone(), About::TextCopied)>
                    <Icon path=COPY />
                </button>
            </div>
            <pre tabindex="0"><code>{shown}</code></pre>
        </div>
    }
}

/// The code as plain text until the highlighter is there, which may be never.
#[component]
fn Coloured(code: String, language: String) -> impl IntoView {
    let build = RwSignal::new(None::<Build<(String, String)>>);
    let mut fetching = Box::pin(highlighter());
    match (&mut fetching).now_or_never() {
        Some(fetched) => build.set(fetched.ok()),
        None => spawn_local(async move {
            if let Ok(fetched) = fetching.await {
                // The message may be gone by now.
                let _ = build.try_set(Some(fetched));
            }
        }),
    }
    move || match build.get() {
        Some(build) => build((code.clone(), language.clone())),
        None => code.clone().into_any(),
    }
}
