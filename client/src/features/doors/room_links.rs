//! Inviting people to a room by a link: making one, and those that can be used.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use shared::account::NewLink;
use shared::limits::ROOM_LINK_SECONDS;
use shared::room_link::{RoomLink, RoomLinks};
use shared::{ErrorCode, RoomAddress};
use uuid::Uuid;

use super::problem::Problem;
use super::texts;
use crate::browser::dates::{Style, format, format_number};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::account;
use crate::features::account::api::{json, of_room, read, request_of};
use crate::features::account::link::Kind;
use crate::features::account::made_link::{Made, MadeLink};
use crate::i18n::{span, t, use_language};
use crate::ui::each::each;
use crate::ui::failed::Failed;
use crate::ui::show::Show;
use crate::wire::credentials::{Credentials, use_credentials};

/// How many may use a link.
const USES: [u32; 4] = [1, 10, 100, 1_000];

#[derive(Serialize)]
struct NewRoomLink {
    expires_in: u32,
    uses: u32,
}

async fn make(who: &(Store, Credentials), room: &RoomAddress, new: NewRoomLink) -> Result<NewLink, NoAnswer> {
    read(&request_of(who, "POST", &of_room(room, "links"), Some(&json(&new)?)).await?)
}

async fn links(who: &(Store, Credentials), room: &RoomAddress) -> Result<Vec<RoomLink>, NoAnswer> {
    let links = request_of(who, "GET", &of_room(room, "links"), None).await?;
    read::<RoomLinks>(&links).map(|links| links.links)
}

/// Withdraws a link. It is no failure if it has ended already.
async fn withdraw(who: &(Store, Credentials), room: &RoomAddress, id: Uuid) -> Result<(), NoAnswer> {
    match request_of(who, "DELETE", &of_room(room, &format!("links/{id}")), None).await {
        Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::NotFound => Ok(()),
        answer => answer.map(drop),
    }
}

#[component]
pub fn InviteByLink(room: RoomAddress) -> impl IntoView {
    account::adopt_styles();
    let who: (Store, Credentials) = (expect_context(), use_credentials());
    let language = use_language();
    let (lasts, uses) = (RwSignal::new(ROOM_LINK_SECONDS[2]), RwSignal::new(USES[2]));
    let (made, busy) = (RwSignal::new(None::<Made>), RwSignal::new(false));
    let list = RwSignal::new(Vec::<RoomLink>::new());
    let problem = RwSignal::new(None::<NoAnswer>);
    let failed = RwSignal::new(false);
    let room = StoredValue::new(room);
    let load = move || {
        let Some(room) = room.try_get_value() else { return };
        spawn_local(async move {
            // The dialog may be closed by then.
            let answer = links(&who, &room).await;
            let _ = failed.try_set(answer.is_err());
            if let Ok(links) = answer {
                let _ = list.try_set(links);
            }
        });
    };
    load();
    let invite = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let (room, expires_in, uses) = (room.get_value(), lasts.get_untracked(), uses.get_untracked());
        spawn_local(async move {
            let answer = make(&who, &room, NewRoomLink { expires_in, uses }).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(link) => {
                    let (secret, expires_at) = (link.link.as_str().to_owned(), link.expires_at);
                    made.set(Some(Made { kind: Kind::Room, secret, expires_at }));
                    load();
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let take_back = move |id: Uuid| {
        let Some(room) = room.try_get_value() else { return };
        problem.set(None);
        spawn_local(async move {
            match withdraw(&who, &room, id).await {
                Ok(()) => load(),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    let time = move |seconds: u32| {
        let words = move || span(language.get(), seconds.into());
        view! { <option value=seconds prop:selected=seconds == lasts.get_untracked()>{words}</option> }
    };
    let people = move |number: u32| {
        let words = move || number_of_people(language.get(), number);
        view! { <option value=number prop:selected=number == uses.get_untracked()>{words}</option> }
    };
    let take_back = Callback::new(take_back);
    let row = move |link: RoomLink| view! { <Row link take_back /> };
    let key = |link: &RoomLink| format!("{} {}", link.id, link.uses_left);
    view! {
        <section class="doors-section room-links" aria-label=t(&texts::INVITE_BY_LINK)>
            <h3 class="field-label">{t(&texts::INVITE_BY_LINK)}</h3>
            <p class="hint">{t(&texts::LINK_EXPLAINED)}</p>
            <label class="field">
                <span class="field-label">{t(&texts::LINK_LASTS)}</span>
                <select data-testid="room-link-time" on:change=move |event| {
                    lasts.set(event_target_value(&event).parse().unwrap_or(ROOM_LINK_SECONDS[2]));
                }>{ROOM_LINK_SECONDS.map(time).collect_view()}</select>
            </label>
            <label class="field">
                <span class="field-label">{t(&texts::LINK_FOR)}</span>
                <select data-testid="room-link-uses" on:change=move |event| {
                    uses.set(event_target_value(&event).parse().unwrap_or(USES[2]));
                }>{USES.map(people).collect_view()}</select>
            </label>
            <button type="button" id="room-link-make" class="button" data-testid="room-link-make"
                aria-disabled=move || busy.get().to_string() on:click=invite>
                {t(&texts::MAKE_LINK)}
            </button>
            <Problem why=problem testid="room-link-problem" />
            {move || made.get().map(|made| view! { <MadeLink made label=&texts::ROOM_LINK /> })}
            <Show when=move || failed.get()><Failed again=load /></Show>
            <ul class="account-sessions" aria-label=t(&texts::ROOM_LINKS)>{each(move || list.get(), key, row)}</ul>
        </section>
    }
}

/// A link that can be used, and a button that withdraws it.
#[component]
fn Row(link: RoomLink, take_back: Callback<Uuid>) -> impl IntoView {
    let language = use_language();
    let RoomLink { id, made_by, expires_at, uses_left, .. } = link;
    let about = move || {
        let language = language.get();
        let until = (texts::UNTIL.of(language))(&format(language.format_tag(), Style::Short, expires_at));
        format!("{until} {}", (texts::BY.of(language))(made_by.user.as_str()))
    };
    let label = {
        let about = about.clone();
        move || (texts::WITHDRAW_LINK.of(language.get()))(&about())
    };
    view! {
        <li class="account-session" data-testid="link-into-room">
            <span><strong>{move || number_of_people(language.get(), uses_left)}</strong></span>
            <span class="hint" dir="auto">{about}</span>
            <button type="button" class="button" data-testid="room-link-withdraw" aria-label=label
                on:click=move |_| take_back.run(id)>
                {t(&texts::WITHDRAW)}
            </button>
        </li>
    }
}

fn number_of_people(language: crate::i18n::Language, number: u32) -> String {
    (texts::FOR_PEOPLE.of(language))(number, &format_number(language.format_tag(), number.into()))
}
