//! Parts of the page whose code the browser fetches when they are first needed.

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use super::texts;
use crate::browser::{events, location};
use crate::i18n::{common, t};

/// What a piece contains: mostly a function that builds a part of the page.
pub type Build<A = (), R = AnyView> = fn(A) -> R;

/// A piece on its way. Boxed, because code for each kind of future would be downloaded for each part.
pub type Fetch<A = (), R = AnyView> = LocalBoxFuture<'static, Result<Build<A, R>, SplitLoaderError>>;

/// Whether reloading the page would help and loses nothing, as a context. Without it, reloading is always offered.
#[derive(Clone, Copy)]
pub struct MayReload(pub Signal<bool>);

#[derive(Clone, Copy)]
enum Code<A> {
    Loading,
    Failed,
    There(Build<A>),
}

/// A part of the page, as soon as its code is there.
#[component]
pub fn Later<A>(
    /// Fetches the code: a function made by [`later!`].
    code: fn() -> Fetch<A>,
    /// What the part is about.
    of: A,
    /// The class of the element that stands there until then.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView
where
    A: Clone + Send + 'static,
{
    let state = RwSignal::new(Code::Loading);
    let load = move || {
        let mut fetching = code();
        // Code that is there already is shown at once: a dialog is placed and focused when it opens.
        if let Some(fetched) = fetching.as_mut().now_or_never() {
            state.set(fetched.map_or(Code::Failed, Code::There));
            return;
        }
        state.set(Code::Loading);
        spawn_local(async move {
            let fetched = fetching.await.map_or(Code::Failed, Code::There);
            // Nobody waits any more if the part was closed meanwhile.
            let _ = state.try_set(fetched);
            // A dialog may be larger now.
            request_animation_frame(events::resized);
        });
    };
    load();
    move || match state.get() {
        Code::Loading => {
            view! { <div class=class><p class="hint late">{t(&common::LOADING)}</p></div> }.into_any()
        }
        Code::Failed => view! { <div class=class><NotFetched again=load /></div> }.into_any(),
        Code::There(build) => build(of.clone()),
    }
}

/// Reports that the code could not be fetched. After an update of the server a piece of the old page is gone for good,
/// and only reloading helps.
#[component]
fn NotFetched(#[prop(into)] again: Callback<()>) -> impl IntoView {
    let may_reload = use_context::<MayReload>();
    let reload = move || {
        if !may_reload.is_none_or(|MayReload(may)| may.get()) {
            return t(&texts::RELOAD_LATER).into_any();
        }
        view! {
            <button type="button" class="link-button" data-testid="later-reload" on:click=|_| location::reload()>
                {t(&texts::RELOAD)}
            </button>
        }
        .into_any()
    };
    view! {
        <p class="problem" role="alert" data-testid="later-failed">
            {t(&common::LOAD_FAILED)} " "
            <button type="button" class="link-button" data-testid="later-again" on:click=move |_| again.run(())>
                {t(&common::TRY_AGAIN)}
            </button>
            " "
            {reload}
        </p>
    }
}

/// Makes a function that fetches the code of a part: `later! { pub fn pins in panels: |room| view! { <Pins room/> } }`.
/// The finished page has the code of all parts of `panels` in a file of its own; in a development build it is in the
/// program itself. A piece may also contain something else than a part of the page: `fn name(() => Type) in …`.
macro_rules! later {
    ($(#[$about:meta])* $vis:vis fn $name:ident($of:ty) in $piece:ident: $build:expr) => {
        $crate::ui::later::later! {
            $(#[$about])* $vis fn $name($of => leptos::prelude::AnyView) in $piece: $build
        }
    };
    ($(#[$about:meta])* $vis:vis fn $name:ident($of:ty => $made:ty) in $piece:ident: $build:expr) => {
        $(#[$about])*
        $vis fn $name() -> $crate::ui::later::Fetch<$of, $made> {
            #[cfg(split)]
            #[leptos::wasm_split::wasm_split($piece, wasm_split_path = leptos::wasm_split, fallible)]
            #[allow(clippy::unnecessary_wraps, reason = "fetching the file may fail")]
            fn $name() -> Result<$crate::ui::later::Build<$of, $made>, leptos::wasm_split::SplitLoaderError> {
                Ok($build)
            }

            #[cfg(not(split))]
            #[allow(clippy::unused_async, clippy::unnecessary_wraps, reason = "fetching the file may fail")]
            async fn $name() -> Result<$crate::ui::later::Build<$of, $made>, leptos::wasm_split::SplitLoaderError>
            {
                Ok($build)
            }

            Box::pin($name())
        }
    };
}
pub(crate) use later;
