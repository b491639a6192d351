//! The form for a new private room.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::{INVITED_AT_ONCE, ROOM_TITLE_CHARS, TOPIC_CHARS};
use shared::{ClientMessageId, Command, NewRoom, RoomAddress, RoomDetails, RoomKind, Whom};

use super::line::{Line, LineField};
use super::name_field::{NameField, Named, Naming};
use super::problem::Problem;
use super::texts;
use crate::browser::styles;
use crate::core::Store;
use crate::core::notices::About;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t, use_language};
use crate::ui::each::each;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::layers::use_layers;

#[component]
pub fn Creation() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let title = Line::new("room-title", &texts::TITLE, ROOM_TITLE_CHARS, None).needed();
    let topic = Line::new("room-topic", &texts::TOPIC_OPTIONAL, TOPIC_CHARS, None);
    let people = RwSignal::new(Vec::<Named>::new());
    let known = move || {
        let all = store.acquaintances().into_iter().map(|(id, name)| Named { id: Some(id), name });
        people.with(|people| all.filter(|named| !people.contains(named)).collect())
    };
    let add = move |named: Named| {
        people.update(|people| {
            if people.len() < INVITED_AT_ONCE
                && people.iter().all(|other| other.name.key() != named.name.key())
            {
                people.push(named);
            }
        });
    };
    let naming = Naming::new(known, add);
    // The same for every attempt, so that a lost answer does not make a second room.
    let id = ClientMessageId::new(uuid::Uuid::now_v7());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let is_named = naming.take_typed();
        let (title, topic) = (title.read(), topic.read());
        let (true, false, Ok(title), Ok(topic)) = (is_named, busy.get_untracked(), title, topic) else {
            return;
        };
        let people = people.get_untracked();
        let new = NewRoom {
            kind: RoomKind::Private,
            details: RoomDetails { title, topic, description: None },
            user_ids: people.iter().filter_map(|named| named.id).collect(),
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
    let chip = move |named: Named| {
        let name = named.name.to_string();
        let label = {
            let name = name.clone();
            move || (texts::DO_NOT_INVITE.of(language.get()))(&name)
        };
        let drop = move |_| people.update(|people| people.retain(|other| *other != named));
        view! {
            <li class="person-chip" data-testid="person-chip">
                <span dir="auto">{name}</span>
                <button type="button" class="icon-button" data-testid="person-chip-drop" aria-label=label on:click=drop>
                    <Icon path=CLOSE />
                </button>
            </li>
        }
    };
    view! {
        <form class="doors-form" data-testid="new-private-form" on:submit=submit>
            <h2 class="pane-title">{t(&common::NEW_PRIVATE_ROOM)}</h2>
            <p class="hint">{t(&texts::PRIVATE_EXPLAINED)}</p>
            <LineField line=title first=true />
            <LineField line=topic />
            <NameField naming id="new-room-person" label=&texts::WHOM_TO_INVITE button=&texts::ADD />
            <ul class="person-chips" aria-live="polite" aria-label=t(&texts::INVITED_PEOPLE)>
                {each(move || people.get(), |named| named.name.to_string(), chip)}
            </ul>
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
