//! The field of the switcher and what it offers: an ARIA combobox.

use std::collections::HashSet;

use leptos::prelude::*;
use shared::RoomAddress;
use web_sys::KeyboardEvent;

use super::candidates::{Goal, Named, best};
use super::recent::Recent;
use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::core::directory::Directory;
use crate::features::message::actions::use_actions;
use crate::features::search::panel::PANEL;
use crate::features::search::state::use_search;
use crate::i18n::{Language, common, t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::layers::use_layers;
use crate::ui::pane::use_pane;
use crate::ui::popup::PROPOSAL_STYLES;
use crate::ui::room_name::{room_name, room_sign};
use crate::ui::show::Show;

const LIST: &str = "switcher-list";

fn element_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

fn adopt_styles() {
    styles::adopt(PROPOSAL_STYLES);
    styles::adopt(include_str!("styles.css"));
}

#[component]
pub fn List() -> impl IntoView {
    adopt_styles();
    let store: Store = expect_context();
    let (layers, pane, search) = (use_layers(), use_pane(), use_search());
    let (recent, actions): (Recent, _) = (expect_context(), use_actions());
    let language = use_language();
    let query = RwSignal::new(String::new());
    // The goal that was chosen with the arrow keys; else the first one is. Rooms may appear meanwhile.
    let moved_to = RwSignal::new(None::<Goal>);
    let listing = Memo::new(move |_| store.directory.with(Directory::listing));
    let all = Memo::new(move |_| {
        let _ = listing.get();
        store.titles().track();
        untrack(|| Named::all(goals(store, recent, language.get()), |id| store.reading(id)))
    });
    let offered = Memo::new(move |_| all.with(|all| best(&query.get(), all)));
    let chosen = Memo::new(move |_| {
        let at = moved_to.with(|goal| {
            let goal = goal.as_ref()?;
            offered.with(|offered| offered.iter().position(|other| other.is(goal)))
        });
        at.unwrap_or_default()
    });
    let choose = move |at: usize| {
        moved_to.set(offered.with_untracked(|offered| offered.get(at).cloned()));
        focus::reveal(&element_id(at));
    };
    let go = move |goal: Goal| match goal {
        Goal::Room { room, .. } => layers.leave_for(store, room),
        Goal::Person(id, _) => actions.write_to(id),
        Goal::Written(_, name) => {
            layers.close();
            search.find(format!("from:\"{name}\""));
            pane.show(PANEL);
        }
    };
    let key = move |event: KeyboardEvent| {
        let count = offered.with_untracked(Vec::len);
        if composing(&event) || count == 0 {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => choose((chosen.get_untracked() + 1) % count),
            "ArrowUp" => choose((chosen.get_untracked() + count - 1) % count),
            "Enter" => {
                if let Some(goal) =
                    offered.with_untracked(|offered| offered.get(chosen.get_untracked()).cloned())
                {
                    go(goal);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    request_animation_frame(|| focus::on("#switcher-input"));
    let option = move |(at, goal): (usize, Goal)| {
        let label = goal.label().to_owned();
        let (sign, hint) = match &goal {
            Goal::Room { room, joined, unread, .. } => {
                let hint = if *joined { unread.then_some(&texts::UNREAD) } else { Some(&texts::NOT_JOINED) };
                (room_sign(room), hint)
            }
            Goal::Person(id, name) => (avatar(store, Some(*id), name).into_any(), Some(&texts::WRITE)),
            Goal::Written(id, name) => (avatar(store, Some(*id), name).into_any(), Some(&texts::MESSAGES)),
        };
        let take = move |_| go(goal.clone());
        view! {
            <li role="option" id=element_id(at) class="proposal" data-testid="switcher-option"
                aria-selected=move || (chosen.get() == at).to_string() on:click=take>
                {sign}
                <span class="proposal-name" dir="auto">{label}</span>
                {hint.map(|hint| view! { <span class="hint">{t(hint)}</span> })}
            </li>
        }
    };
    let none = Memo::new(move |_| offered.with(Vec::is_empty));
    view! {
        <input
            id="switcher-input"
            data-testid="switcher-input"
            type="text"
            autocomplete="off"
            role="combobox"
            aria-expanded=move || (!none.get()).to_string()
            aria-controls=LIST
            aria-activedescendant=move || (!none.get()).then(|| element_id(chosen.get()))
            aria-label=t(&texts::WHERE_TO)
            placeholder=t(&texts::WHERE_TO)
            on:input=move |event| {
                moved_to.set(None);
                query.set(event_target_value(&event));
            }
            on:keydown=key
        />
        <ul id=LIST class="switcher-list" role="listbox" hidden=move || none.get() aria-label=t(&common::GO_TO)>
            {move || offered.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
        <Show when=move || none.get()>
            <p class="hint" role="status">{t(&texts::NOTHING)}</p>
        </Show>
    }
}

/// All rooms and the people of the joined ones: recent rooms first, the open one after the other joined ones. A person
/// leads to the conversation with them, unless that is among the rooms, and to what they wrote.
fn goals(store: Store, recent: Recent, language: Language) -> Vec<Goal> {
    let open = store.open.get_untracked();
    let joined = store.listed();
    let directory: Vec<RoomAddress> =
        store.directory.with_untracked(|rooms| rooms.rooms().cloned().collect());
    let mut order: Vec<RoomAddress> = recent.rooms();
    order.retain(|room| joined.contains(room) && Some(room) != open.as_ref());
    order.extend(joined.iter().filter(|room| Some(*room) != open.as_ref()).cloned());
    order.extend(open);
    order.extend(directory);
    let mut seen = HashSet::new();
    let mut goals = Vec::new();
    for room in order {
        if seen.insert(room.clone()) {
            let state = store.room(&room);
            let unread = untrack(|| store.news_of(&room)).0 > 0;
            let name = room_name(store, &room, language);
            goals.push(Goal::Room { room, name, joined: state.is_some(), unread });
        }
    }
    let writes = store.is_account_untracked();
    for (id, name) in store.acquaintances() {
        if writes && store.conversation_with(&[id]).is_none() {
            goals.push(Goal::Person(id, name.clone()));
        }
        goals.push(Goal::Written(id, name));
    }
    goals
}
