//! The form for a new private room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::{INVITED_AT_ONCE, ROOM_TITLE_CHARS, TOPIC_CHARS};
use shared::{ClientMessageId, Command, NewRoom, RoomAddress, RoomDetails, RoomKind, Whom};

use super::line::{Line, LineField};
use super::name_field::Named;
use super::people_field::{Chosen, PeopleField};
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::notices::About;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t};
use crate::ui::layers::use_layers;

#[component]
pub fn Creation() -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let layers = use_layers();
    let title = Line::new("room-title", &texts::TITLE, ROOM_TITLE_CHARS, None).needed();
    let topic = Line::new("room-topic", &texts::TOPIC_OPTIONAL, TOPIC_CHARS, None);
    let chosen = Chosen::new(store, INVITED_AT_ONCE);
    // The same for every attempt, so that a lost answer does not make a second room.
    let id = ClientMessageId::new(uuid::Uuid::now_v7());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let is_named = chosen.take_typed();
        let (title, topic) = (title.read(), topic.read());
        let (true, false, Ok(title), Ok(topic)) = (is_named, busy.get_untracked(), title, topic) else {
            return;
        };
        let people = chosen.people.get_untracked();
        let new = NewRoom {
            kind: RoomKind::Private,
            details: RoomDetails { title, topic, ..RoomDetails::default() },
            user_ids: people.iter().filter_map(|named| named.id).collect(),
            usernames: Vec::new(),
            client_message_id: Some(id),
        };
        problem.set(None);
        busy.set(true);
        store.create_room(new, move |answer| match answer {
            Ok(room) => {
                layers.give_way(room);
                invite_by_name(store, room, &people);
            }
            Err(why) => {
                // The dialog may be closed by now.
                let _ = busy.try_set(false);
                let _ = problem.try_set(Some(why));
            }
        });
    };
    view! {
        <form class="doors-form" data-testid="new-private-form" on:submit=submit>
            <h2 class="pane-title">{t(&common::NEW_PRIVATE_ROOM)}</h2>
            <p class="hint">{t(&texts::PRIVATE_EXPLAINED)}</p>
            <LineField line=title first=true />
            <LineField line=topic />
            <PeopleField chosen id="new-room-person" label=&texts::WHOM_TO_INVITE list=&texts::INVITED_PEOPLE
                drop=&texts::DO_NOT_INVITE />
            <Problem why=problem testid="new-private-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="new-private-cancel" on:click=move |_| layers.close()>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button primary" data-testid="new-private-create"
                    aria-disabled=move || busy.get().to_string()>
                    {t(&texts::CREATE)}
                </button>
            </div>
        </form>
    }
}

/// Invites those who are not known here, and says whom the server does not know either.
fn invite_by_name(store: Store, room: &RoomAddress, people: &[Named]) {
    for named in people.iter().filter(|named| named.id.is_none()) {
        let name = named.name.clone();
        let command = Command::Invite { room: room.clone(), whom: Whom::Name(name.clone()) };
        store.request(command, move |answer| {
            if let Err(why) = answer {
                store.notify(About::NotAdded(name, why.into()));
            }
        });
    }
}
