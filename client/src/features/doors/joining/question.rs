//! Whether to join the room that a link leads to.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::room_link::RoomLinkPreview;
use shared::{ErrorCode, RoomKind};

use super::{api, texts};
use crate::browser::dates::format_number;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{t, use_language};
use crate::ui::failed::Failed;
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn Question() -> impl IntoView {
    super::super::adopt_styles();
    let (store, credentials): (Store, _) = (expect_context(), use_credentials());
    let (layers, language) = (use_layers(), use_language());
    let link = super::pending()?;
    on_cleanup(super::asked);
    let room = RwSignal::new(None::<RoomLinkPreview>);
    let problem = RwSignal::new(None::<NoAnswer>);
    let (busy, failed) = (RwSignal::new(true), RwSignal::new(false));
    let asked = link.clone();
    let look = move || {
        let asked = asked.clone();
        busy.set(true);
        failed.set(false);
        spawn_local(async move {
            let answer = api::preview(&asked).await;
            // The dialog may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(told) => room.set(Some(told)),
                Err(NoAnswer::Refused(failure)) if failure.code == ErrorCode::LinkEnded => {
                    problem.set(Some(NoAnswer::Refused(failure)));
                }
                Err(_) => failed.set(true),
            }
        });
    };
    look();
    let look = Callback::new(move |()| look());
    let join = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let link = link.clone();
        spawn_local(async move {
            let answer = api::join(&(store, credentials), &link).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(room) => {
                    layers.give_way(&room);
                    store.go(room, None);
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let heading = move || {
        let language = language.get();
        room.with(|room| match room {
            Some(room) => (texts::JOIN_QUESTION.of(language))(&room.title),
            None => texts::JOIN.of(language).to_owned(),
        })
    };
    let about = move || {
        let language = language.get();
        room.with(|room| {
            let room = room.as_ref()?;
            let count = format_number(language.format_tag(), room.member_count);
            let people = (texts::PEOPLE.of(language))(room.member_count, &count);
            let kind = if room.kind == RoomKind::Public { &texts::PUBLIC } else { &texts::PRIVATE };
            Some(format!("{} · {people}", kind.of(language)))
        })
    };
    let words = move || problem.with(|problem| problem.as_ref().map(|why| api::why(language.get(), why)));
    let join = StoredValue::new(join);
    Some(view! {
        <div class="doors-form">
            <h2 class="pane-title" data-testid="joining-title" dir="auto">{heading}</h2>
            <p class="hint" role="status" data-testid="joining-about">{about}</p>
            <p class="problem" role="alert" data-testid="joining-problem">{words}</p>
            <Show when=move || failed.get()><Failed again=look /></Show>
            <div class="buttons">
                <button type="button" class="button" data-testid="joining-cancel" autofocus on:click=move |_| layers.close()>
                    {t(&texts::NOT_NOW)}
                </button>
                <Show when=move || room.with(Option::is_some)>
                    <button type="button" class="button primary" data-testid="joining-confirm"
                        aria-disabled=move || busy.get().to_string()
                        on:click=move |event| join.with_value(|join| join(event))>
                        {t(&texts::JOIN)}
                    </button>
                </Show>
            </div>
        </div>
    })
}
