//! The form for a new message: whom it is for.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::DIRECT_PEOPLE;

use super::people_field::{Chosen, PeopleField};
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t};
use crate::ui::focus;
use crate::ui::layers::use_layers;
use crate::ui::show::Show;

const FIELD: &str = "new-message-person";

#[component]
pub fn NewMessage() -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let layers = use_layers();
    let chosen = Chosen::new(store, DIRECT_PEOPLE - 1);
    let (busy, nobody) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !chosen.take_typed() || busy.get_untracked() {
            return;
        }
        let people = chosen.people.get_untracked();
        nobody.set(people.is_empty());
        problem.set(None);
        if people.is_empty() {
            focus::on(&format!("#{FIELD}"));
            return;
        }
        let ids: Vec<_> = people.iter().filter_map(|named| named.id).collect();
        let names: Vec<_> =
            people.iter().filter(|named| named.id.is_none()).map(|named| named.name.clone()).collect();
        if let Some(room) = store.conversation_with(&ids).filter(|_| names.is_empty()) {
            return layers.leave_for(store, room);
        }
        busy.set(true);
        store.converse(ids, names, move |answer| match answer {
            Ok(room) => layers.give_way(room),
            Err(why) => {
                // The dialog may be closed by now.
                let _ = busy.try_set(false);
                let _ = problem.try_set(Some(why));
            }
        });
    };
    request_animation_frame(|| focus::on(&format!("#{FIELD}")));
    view! {
        <form class="doors-form" data-testid="new-message-form" on:submit=submit>
            <h2 class="pane-title">{t(&common::NEW_MESSAGE)}</h2>
            <p class="hint">{t(&texts::MESSAGE_EXPLAINED)}</p>
            <PeopleField chosen id=FIELD label=&texts::TO list=&texts::CHOSEN drop=&texts::DROP />
            <Show when=move || nobody.get() && chosen.people.with(Vec::is_empty)>
                <p class="problem" role="alert" data-testid="new-message-nobody">{t(&texts::NOBODY)}</p>
            </Show>
            <Problem why=problem testid="new-message-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="new-message-cancel" on:click=move |_| layers.close()>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button primary" data-testid="new-message-start"
                    aria-disabled=move || busy.get().to_string()>
                    {t(&texts::START)}
                </button>
            </div>
        </form>
    }
}
