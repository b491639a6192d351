//! What the help for somebody who writes consists of: proposals above the box, and the answers of commands.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::aid::{Hands, Helped};
use super::completion::Completion;
use super::completion::view::Proposals;
use crate::browser::styles;
use crate::core::Store;
use crate::features::commands::answer::AnswerBox;
use crate::features::commands::session::Commands;
use crate::ui::popup::PROPOSAL_STYLES;

#[component]
pub fn Assistant(helped: Helped) -> impl IntoView {
    styles::adopt(PROPOSAL_STYLES);
    let store: Store = expect_context();
    let Helped { room, input, changed, clear, aid } = helped;
    let commands = Commands::new(room, input, clear);
    let completion = Completion::new(store, room, commands);
    let look = move |()| {
        if let Some(input) = input.get_untracked() {
            completion.look(&input);
        }
    };
    let key = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked() else { return false };
        if untrack(|| completion.is_open()) {
            let before = input.value();
            let used = completion.key(&event, &input);
            if used && input.value() != before {
                changed.run(());
            }
            return used;
        }
        event.key() == "Escape" && commands.dismiss()
    };
    aid.begin(Hands {
        active: Signal::derive(move || completion.active()),
        look: Callback::new(look),
        key: Callback::new(key),
        close: Callback::new(move |()| completion.close()),
        run: Callback::new(move |()| commands.run()),
    });
    view! {
        <Proposals list=completion taken=changed input />
        <AnswerBox commands />
    }
}
