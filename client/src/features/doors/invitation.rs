//! Inviting people to a room, one after another.

use leptos::prelude::*;
use shared::{Command, RoomAddress, Whom};

use super::name_field::{NameField, Named, Naming};
use super::texts;
use crate::core::Store;
use crate::i18n::{common, t, use_language};

#[component]
pub fn Invitation(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let room = StoredValue::new(room);
    let invited = RwSignal::new(None::<String>);
    let known = move || {
        let state = room.with_value(|room| store.room(room));
        let others = store.acquaintances().into_iter();
        let others = others.filter(|(id, _)| {
            state.as_ref().is_none_or(|state| !state.with(|state| state.members.knows(*id)))
        });
        others.map(|(id, name)| Named { id: Some(id), name }).collect()
    };
    let naming = StoredValue::new(None::<Naming>);
    let invite = move |Named { id, name }: Named| {
        let whom = id.map_or_else(|| Whom::Name(name.clone()), Whom::Id);
        invited.set(None);
        store.request(Command::Invite { room: room.get_value(), whom }, move |answer| match answer {
            Ok(_) => {
                // The dialog may be closed by now.
                let _ = invited.try_set(Some(name.to_string()));
            }
            Err(why) => {
                if let Some(naming) = naming.try_get_value().flatten() {
                    naming.give_back(&name, why);
                }
            }
        });
    };
    let field = Naming::new(known, invite);
    naming.set_value(Some(field));
    let said = move || {
        let name = invited.get()?;
        Some((texts::INVITED.of(language.get()))(&name))
    };
    view! {
        <section class="doors-section" aria-label=t(&common::INVITE_PEOPLE)>
            <NameField naming=field id="invite-name" label=&common::INVITE_PEOPLE button=&texts::INVITE />
            <p class="hint done" role="status" data-testid="invited">{said}</p>
        </section>
    }
}
