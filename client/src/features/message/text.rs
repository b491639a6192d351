//! The text of a message with links, mentions and search highlights. Text of other users only ever becomes text nodes;
//! the styles preserve its line breaks.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use shared::UserId;

use super::text_runs::{Calls, Look, Run, runs};
use crate::core::Store;

/// The user ids of the open room's members by the [key](shared::UserName::key) of their name, as a context.
#[derive(Clone, Copy)]
pub struct Names(Memo<Arc<HashMap<String, UserId>>>);

impl Names {
    /// Creates the context, which follows the members of the open room.
    pub fn provide(store: Store) {
        let room = Memo::new(move |_| store.open.get().and_then(|room| store.room(&room)));
        let naming = Memo::new(move |_| room.get().map(|room| room.with(|room| room.members.naming())));
        provide_context(Self(Memo::new(move |_| {
            let _ = naming.get();
            let Some(room) = room.get() else { return Arc::default() };
            room.with_untracked(|room| {
                let name = |member: &shared::Member| (member.username.key(), member.user_id);
                Arc::new(room.members.known().map(name).collect())
            })
        })));
    }
}

/// Whether a text needs taller lines: its script has stacked or deep letters, from Arabic to Tibetan and Khmer.
pub fn is_tall(text: &str) -> bool {
    let is_tall = |c| {
        matches!(c, '\u{600}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{1900}'..='\u{1CFF}'
            | '\u{A800}'..='\u{A82F}' | '\u{A8E0}'..='\u{A8FF}' | '\u{A930}'..='\u{ABFF}' | '\u{11000}'..='\u{11FFF}')
    };
    text.chars().any(is_tall)
}

/// Renders a text. `found` holds the byte ranges that match the search, sorted.
pub fn pieces_of(text: &str, found: &[Range<usize>]) -> impl IntoView + use<> {
    let runs = if text.contains(['@', '＠']) {
        let Names(names) = expect_context();
        let store: Store = expect_context();
        runs(text, Some(&Calls { names: &names.get(), me: store.me() }), found)
    } else {
        runs(text, None, found)
    };
    runs.into_iter().map(run).collect_view()
}

fn run(run: Run) -> AnyView {
    let Run { text, look, found } = run;
    let text = if found { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() };
    match look {
        Look::Plain => text,
        Look::Link(target) => view! {
            <a href=target data-testid="text-link" target="_blank" rel="noopener noreferrer nofollow">
                {text}
            </a>
        }
        .into_any(),
        Look::Call { own } => view! {
            <span class="call" class:own=own>
                {text}
            </span>
        }
        .into_any(),
    }
}
