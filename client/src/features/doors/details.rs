//! What the open room tells of itself.

use leptos::prelude::*;
use shared::{Privilege, RoomKind, RoomRole, ShortText};

use super::dialogs::{ROOM_DETAILS, close_with_room};
use super::edit::EditForm;
use super::invitation::Invitation;
use super::restrictions::RestrictionList;
use super::room_links::InviteByLink;
use super::texts;
use super::usage::Usage;
use crate::core::Store;
use crate::i18n::{Text, common, t, use_language};
use crate::ui::focus;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::layers::use_layers;
use crate::ui::room_name::shown_name;
use crate::ui::show::Show;

#[component]
pub fn Details() -> impl IntoView {
    super::adopt_styles();
    let store: Store = expect_context();
    let layers = use_layers();
    let language = use_language();
    let room = store.open.get_untracked()?;
    let state = store.rooms.with_untracked(|rooms| rooms.get(&room).cloned())?;
    close_with_room(store, layers, ROOM_DETAILS);
    let doors = Memo::new(move |_| state.with(|state| state.doors.clone()));
    let edits = RwSignal::new(false);
    let may = move |privilege| Memo::new(move |_| doors.with(|doors| doors.may(privilege)));
    let [may_edit, may_invite, may_link, may_restrict] =
        [Privilege::EditRoom, Privilege::Invite, Privilege::Link, Privilege::Restrict].map(may);
    let kind = move || {
        doors.with(|doors| match doors.kind {
            RoomKind::Public => texts::PUBLIC_EXPLAINED.of(language.get()),
            RoomKind::Private => texts::PRIVATE_EXPLAINED.of(language.get()),
            RoomKind::Direct => texts::DIRECT_EXPLAINED.of(language.get()),
        })
    };
    let moderates = move || doors.with(|doors| doors.role == RoomRole::Moderator);
    let told = move || {
        let details = doors.with(|doors| doors.details.clone());
        let one = |label: &'static Text, testid, text: &Option<ShortText>| {
            let text = text.as_ref()?.to_string();
            Some(view! {
                <dt>{t(label)}</dt>
                <dd data-testid=testid dir="auto">{text}</dd>
            })
        };
        if details.topic.is_none() && details.description.is_none() {
            return view! { <p class="hint">{t(&texts::NOTHING_TOLD)}</p> }.into_any();
        }
        view! {
            <dl class="room-told">
                {one(&texts::TOPIC, "told-topic", &details.topic)}
                {one(&texts::DESCRIPTION, "told-description", &details.description)}
            </dl>
        }
        .into_any()
    };
    let begin = move |_| {
        edits.set(true);
        focus::soon(".room-details form input");
    };
    let done = Callback::new(move |()| {
        edits.set(false);
        focus::soon(".room-details .popup-content > .button");
    });
    let (of_form, of_invitation, of_links, of_usage, of_list) =
        (room.clone(), room.clone(), room.clone(), room.clone(), room.clone());
    let form = move || {
        let details = doors.with_untracked(|doors| (*doors.details).clone());
        view! { <EditForm room=of_form.clone() details done /> }
    };
    let shown = move || {
        view! {
            {told}
            <Show when=move || may_edit.get()>
                <button type="button" class="button" data-testid="room-edit" on:click=begin>{t(&texts::EDIT)}</button>
            </Show>
        }
        .into_any()
    };
    Some(view! {
        <div class="pane-head">
            <h2 class="pane-title" dir="auto">{shown_name(store, &room)}</h2>
            <button type="button" class="icon-button" data-testid="room-details-close" autofocus aria-label=t(&common::CLOSE)
                on:click=move |_| layers.close()>
                <Icon path=CLOSE />
            </button>
        </div>
        <p class="hint">
            {kind}
            <Show when=moderates>" " {t(&texts::YOU_MODERATE)}</Show>
        </p>
        <Show when=move || edits.get() fallback=shown>{form.clone()}</Show>
        <Show when=move || may_invite.get()>
            <Invitation room=of_invitation.clone() />
        </Show>
        <Show when=move || may_link.get()>
            <InviteByLink room=of_links.clone() />
        </Show>
        <Usage room=of_usage doors />
        <Show when=move || may_restrict.get()>
            <RestrictionList room=of_list.clone() />
        </Show>
    })
}
