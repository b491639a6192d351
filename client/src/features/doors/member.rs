//! What can be done about somebody in the open room: their role, removing, muting, banning, inviting them.

use leptos::prelude::*;
use shared::{Command, Privilege, RoomRole, UserId, UserName, Whom};

use super::dialogs::{BAN, MUTING, REMOVAL};
use super::texts;
use crate::core::Store;
use crate::core::notices::About;
use crate::core::requests::NoAnswer;
use crate::i18n::{t, use_language};
use crate::ui::layers::use_layers;
use crate::ui::room_name::room_name;
use crate::ui::show::Show;

/// What somebody is in the room, and what the user may do about it.
#[derive(Clone, Copy, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent facts about one person")]
struct Facts {
    moderates: bool,
    sets_role: bool,
    removes: bool,
    restricts: bool,
    invites: bool,
}

#[component]
pub fn MemberControls(id: UserId, name: UserName) -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let room = store.open.get_untracked()?;
    let state = store.rooms.with_untracked(|rooms| rooms.get(&room).cloned())?;
    let is_me = untrack(|| store.me()) == Some(id);
    let facts = Memo::new(move |_| {
        state.with(|state| {
            let (is_member, may) =
                (state.members.knows(id), |privilege| !is_me && state.doors.may(privilege));
            Facts {
                moderates: state.members.role(id) == RoomRole::Moderator,
                sets_role: is_member && may(Privilege::SetRoomRole),
                removes: is_member && may(Privilege::RemoveMember),
                restricts: may(Privilege::Restrict),
                invites: !is_member && may(Privilege::Invite),
            }
        })
    });
    let fact = move |fact: fn(&Facts) -> bool| Memo::new(move |_| facts.with(fact));
    let (moderates, sets_role) = (fact(|facts| facts.moderates), fact(|facts| facts.sets_role));
    let (removes, invites) = (fact(|facts| facts.removes), fact(|facts| facts.invites));
    let restricts = fact(|facts| facts.restricts);
    let said = move |why: NoAnswer| store.notify(why.into());
    let room = StoredValue::new(room);
    let set_role = move |_| {
        let role = if moderates.get_untracked() { RoomRole::Member } else { RoomRole::Moderator };
        let command = Command::SetRoomRole { room: room.get_value(), user_id: id, role };
        store.request(command, move |answer| {
            if let Err(why) = answer {
                said(why);
            }
        });
    };
    let invite = move |_| {
        let (command, name) = (Command::Invite { room: room.get_value(), whom: Whom::Id(id) }, name.clone());
        store.request(command, move |answer| match answer {
            Ok(_) => store.notify(About::Added(name)),
            Err(NoAnswer::Refused(failure)) => store.notify(About::NotAdded(name, failure)),
            Err(why) => store.notify(why.into()),
        });
        layers.close();
    };
    let role_label = move || {
        let text = if moderates.get() { &texts::TAKE_BACK } else { &texts::MAKE_MODERATOR };
        text.of(language.get())
    };
    let invite_label = move || {
        let language = language.get();
        (texts::INVITE_TO.of(language))(&room.with_value(|room| room_name(store, room, language)))
    };
    Some(view! {
        <Show when=move || moderates.get()>
            <p data-testid="person-moderates">{t(&texts::MODERATES)}</p>
        </Show>
        <Show when=move || sets_role.get()>
            <button type="button" class="button" data-testid="person-role" on:click=set_role>{role_label}</button>
        </Show>
        <Show when=move || removes.get()>
            <button type="button" class="button danger" data-testid="person-remove" aria-haspopup="dialog"
                on:click=move |_| layers.open(REMOVAL)>
                {t(&texts::REMOVE_MENU)}
            </button>
        </Show>
        <Show when=move || restricts.get()>
            <button type="button" class="button danger" data-testid="person-mute" aria-haspopup="dialog"
                on:click=move |_| layers.open(MUTING)>
                {t(&texts::MUTE)}
            </button>
            <button type="button" class="button danger" data-testid="person-ban" aria-haspopup="dialog"
                on:click=move |_| layers.open(BAN)>
                {t(&texts::BAN)}
            </button>
        </Show>
        <Show when=move || invites.get()>
            <button type="button" class="button" data-testid="person-invite" on:click=invite.clone()>{invite_label}</button>
        </Show>
    })
}
