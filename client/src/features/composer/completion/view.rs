//! The list of proposals above the composer.

use leptos::html::Textarea;
use leptos::prelude::*;

use super::super::aid::LIST;
use super::super::texts;
use super::Completion;
use super::begun::Kind;
use super::proposals::Proposal;
use crate::core::Store;
use crate::features::reactions::emoji_data::show;
use crate::i18n::{t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::room_name::room_sign;
use crate::ui::show::Show;

pub fn element_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

#[component]
pub fn Proposals(
    list: Completion,
    /// Called after a proposal was put into the text.
    #[prop(into)]
    taken: Callback<()>,
    /// The text box.
    input: NodeRef<Textarea>,
) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let option = move |(at, proposal): (usize, Proposal)| {
        let label = proposal.label();
        let sign = match &proposal {
            Proposal::Person(id, name) => avatar(store, Some(*id), name).into_any(),
            Proposal::Everybody => sign("@".to_owned()),
            Proposal::Room(room, _) => room_sign(room),
            Proposal::Emoji(emoji, _) => sign(show(emoji)),
            Proposal::Command(_) => ().into_any(),
        };
        let explained = if let Proposal::Command(command) = &proposal {
            let (usage, about) = (t(&command.usage), t(&command.about));
            Some(view! {
                <span class="proposal-usage">{usage}</span>
                <span class="hint proposal-about">{about}</span>
            })
        } else {
            None
        };
        let take = move |event: web_sys::MouseEvent| {
            // Keeps the focus in the text.
            event.prevent_default();
            if let Some(input) = input.get_untracked() {
                list.take(at, &input);
                taken.run(());
            }
        };
        view! {
            <li role="option" id=element_id(at) class="proposal" data-testid="completion-option"
                aria-selected=move || (list.chosen.get() == at).to_string() on:mousedown=take>
                {sign}
                <span class="proposal-name" dir="auto">{label}</span>
                {explained}
                {(proposal == Proposal::Everybody).then(|| view! { <span class="hint">{t(&texts::MENTION_EVERYBODY)}</span> })}
            </li>
        }
    };
    let label = move || {
        let kind = list.begun.with(|begun| begun.as_ref().map(|begun| begun.kind));
        let text = match kind {
            Some(Kind::Room) => &texts::NAME_WHICH_ROOM,
            Some(Kind::Emoji) => &texts::WHICH_EMOJI,
            Some(Kind::Command) => &texts::WHICH_COMMAND,
            _ => &texts::MENTION_WHOM,
        };
        text.of(language.get())
    };
    view! {
        <Show when=move || list.is_open()>
            // Scrolled by the pointer too, which leaves the focus in the text.
            <ul id=LIST role="listbox" class="proposals" data-testid="completion" tabindex="0" aria-label=label
                on:mousedown=|event| event.prevent_default()>
                {move || list.proposals.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
        </Show>
    }
}

fn sign(sign: String) -> AnyView {
    view! { <span class="proposal-sign" aria-hidden="true">{sign}</span> }.into_any()
}
