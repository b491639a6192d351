//! The edit history of a message.

use leptos::prelude::*;
use shared::Version;

use super::state::VersionsState;
use super::texts;
use crate::browser::dates::{Style, format};
use crate::browser::styles;
use crate::core::Store;
use crate::core::progress::Progress;
use crate::features::message::action::MessageAction;
use crate::features::message::actions::use_actions;
use crate::features::message::formatted::{formatted, is_tall};
use crate::i18n::{common, t, use_language};
use crate::ui::failed::Failed;
use crate::ui::icons::{CLOSE, HISTORY, Icon};
use crate::ui::later::{Later, later};
use crate::ui::layers::{Layer, use_layers};
use crate::ui::popup::{Popup, QUESTION_STYLES};
use crate::ui::show::Show;

/// Showing the earlier texts.
pub const SHOW_VERSIONS: MessageAction = MessageAction::new(
    "versions",
    |_| &texts::EDIT_HISTORY,
    HISTORY,
    |actions, target, _| actions.open(VERSIONS, target),
)
.when(|facts| facts.edited)
.with_popup();

const VERSIONS: Layer = Layer::dialog("versions");

/// The list of versions, the current one first.
#[component]
pub fn VersionList() -> impl IntoView {
    let layers = use_layers();
    view! {
        <Popup layer=VERSIONS label=&texts::EDIT_HISTORY>
            <div class="pane-head">
                <h2 class="pane-title">{t(&texts::EDIT_HISTORY)}</h2>
                <button type="button" class="icon-button" data-testid="versions-close" aria-label=t(&common::CLOSE) on:click=move |_| layers.close()>
                    <Icon path=CLOSE />
                </button>
            </div>
            <Later code=list of=() />
        </Popup>
    }
}

later! {
    /// Fetches the code of the list.
    pub fn list(()) in dialogs: |()| view! { <List /> }.into_any()
}

#[component]
fn List() -> impl IntoView {
    styles::adopt(QUESTION_STYLES);
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let target = use_actions().target.get_untracked()?;
    let state = VersionsState::new(store, target.room, target.seq);
    let progress = Memo::new(move |_| state.with(|versions| versions.progress.clone()));
    let more = Memo::new(move |_| state.with(|versions| versions.more));
    let list = move || {
        let versions = state.with(|versions| versions.list.clone());
        let (last, more) = (versions.len().saturating_sub(1), more.get());
        let shown = |(at, version): (usize, Version)| view! { <OneVersion version present=at == last first=at == 0 && !more /> };
        versions.into_iter().enumerate().rev().map(shown).collect_view()
    };
    Some(view! {
        {move || match progress.get() {
            Progress::Loading => Some(view! { <p class="hint late">{t(&common::LOADING)}</p> }.into_any()),
            Progress::Failed(_) => Some(view! { <Failed again=move || state.more() /> }.into_any()),
            Progress::Done => None,
        }}
        <ol class="versions" tabindex="0" aria-label=t(&texts::EDIT_HISTORY)>
            {list}
            <Show when=move || more.get()>
                <li>
                    <button type="button" class="button quiet" data-testid="versions-more" on:click=move |_| state.more()>
                        {t(&common::SHOW_MORE)}
                    </button>
                </li>
            </Show>
        </ol>
    })
}

#[component]
fn OneVersion(version: Version, present: bool, first: bool) -> impl IntoView {
    let language = use_language();
    let Version { content, timestamp, .. } = version;
    let tall = is_tall(content.as_str());
    let when = move || format(language.get().format_tag(), Style::Full, timestamp);
    let name = move || {
        let language = language.get();
        match (present, first) {
            (true, _) => Some(texts::PRESENT_VERSION.of(language)),
            (_, true) => Some(texts::FIRST_VERSION.of(language)),
            _ => None,
        }
    };
    view! {
        <li class="version" data-testid="version">
            <p class="version-head">
                <strong>{name}</strong>
                <time datetime=timestamp.to_string()>{when}</time>
            </p>
            <div class="message-text" class:tall=tall dir="auto">
                {formatted(move || content.to_string(), Vec::new())}
            </div>
        </li>
    }
}
