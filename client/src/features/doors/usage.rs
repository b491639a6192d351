//! How a room is used: its pace, whether it can be written in, whether it stays when it is empty.

use leptos::prelude::*;
use shared::{Command, DetailsChange, Privilege, RoomAddress, RoomName};

use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::core::room::doors::Doors;
use crate::i18n::{common, span, t, use_language};
use crate::ui::focus;
use crate::ui::show::Show;

/// The usual pauses between two messages, in seconds.
const PAUSES: [u32; 6] = [0, 5, 30, 60, 300, 3_600];

#[component]
pub fn Usage(room: RoomAddress, doors: Memo<Doors>) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let may = move |privilege| Memo::new(move |_| doors.with(|doors| doors.may(privilege)));
    // The room in which everybody begins is always open, and always there.
    let is_first = room.public() == Some(RoomName::general());
    let [may_slow, archives, keeps] = [Privilege::SlowMode, Privilege::Archive, Privilege::KeepRoom].map(may);
    let [may_archive, may_keep] = [archives, keeps].map(|may| Memo::new(move |_| may.get() && !is_first));
    let slow = Memo::new(move |_| doors.with(|doors| doors.details.slow_seconds));
    let archived = Memo::new(move |_| doors.with(|doors| doors.details.archived));
    let permanent = Memo::new(move |_| doors.with(|doors| doors.details.permanent));
    let problem = RwSignal::new(None::<NoAnswer>);
    let change = Callback::new(move |change: DetailsChange| {
        problem.set(None);
        store.request(Command::EditRoom { room: room.clone(), change }, move |answer| {
            if let Err(why) = answer {
                // The dialog may be closed by now.
                let _ = problem.try_set(Some(why));
            }
        });
    });
    let set_pause = move |event| {
        if let Ok(seconds) = event_target_value(&event).parse() {
            change.run(DetailsChange { slow_seconds: Some(seconds), ..DetailsChange::default() });
        }
    };
    let set_kept = move |event| {
        change
            .run(DetailsChange { permanent: Some(event_target_checked(&event)), ..DetailsChange::default() });
    };
    let pause = move |seconds: u32| {
        let words = move || match seconds {
            0 => texts::OFF.of(language.get()).to_owned(),
            seconds => span(language.get(), seconds.into()),
        };
        view! { <option value=seconds.to_string() prop:selected=move || slow.get() == seconds>{words}</option> }
    };
    // One that somebody chose by a command is in the list too.
    let pauses = move || {
        let mut all = PAUSES.to_vec();
        all.extend(Some(slow.get()).filter(|slow| !PAUSES.contains(slow)));
        all.into_iter().map(pause).collect_view()
    };
    let facts = move || {
        let language = language.get();
        let paused = (slow.get() > 0 && !may_slow.get())
            .then(|| (texts::SLOW.of(language))(&span(language, slow.get().into())));
        let closed = archived.get().then(|| texts::ARCHIVED.of(language).to_owned());
        let facts: Vec<_> = [closed, paused].into_iter().flatten().collect();
        (!facts.is_empty()).then(|| view! { <p data-testid="room-usage">{facts.join(" ")}</p> })
    };
    let any = move || may_slow.get() || may_archive.get() || may_keep.get() || facts().is_some();
    view! {
        <Show when=any>
            <section class="doors-section" aria-label=t(&texts::USAGE)>
                {facts}
                <Show when=move || may_slow.get()>
                    <label class="field">
                        <span class="field-label">{t(&texts::SLOW_MODE)}</span>
                        <select data-testid="slow-mode" on:change=set_pause>{pauses}</select>
                        <span class="hint">{t(&texts::SLOW_EXPLAINED)}</span>
                    </label>
                </Show>
                <Show when=move || may_keep.get()>
                    <label class="room-keep">
                        <input type="checkbox" data-testid="keep-room" prop:checked=move || permanent.get() on:change=set_kept />
                        {t(&texts::KEEP)}
                    </label>
                </Show>
                <Show when=move || may_archive.get()>
                    <Archiving archived change />
                </Show>
                <Problem why=problem testid="usage-problem" />
            </section>
        </Show>
    }
}

/// The button that archives the room or opens it again, and the question before that.
#[component]
fn Archiving(archived: Memo<bool>, change: Callback<DetailsChange>) -> impl IntoView {
    let language = use_language();
    let asks = RwSignal::new(false);
    let ask = move |_| {
        asks.set(true);
        focus::soon("[data-testid=archive-cancel]");
    };
    let end = move || {
        asks.set(false);
        focus::soon("[data-testid=archive-open]");
    };
    let archive = move |_| {
        change.run(DetailsChange { archived: Some(!archived.get_untracked()), ..DetailsChange::default() });
        end();
    };
    let words = move |shut: &'static crate::i18n::Text, open: &'static crate::i18n::Text| {
        move || if archived.get() { open } else { shut }.of(language.get())
    };
    let (button, question) =
        (words(&texts::ARCHIVE, &texts::OPEN_AGAIN), words(&texts::ARCHIVE_QUESTION, &texts::OPEN_QUESTION));
    view! {
        <Show
            when=move || asks.get()
            fallback=move || view! {
                <button type="button" class="button" data-testid="archive-open" on:click=ask>{button}</button>
            }.into_any()
        >
            <div role="group" aria-label=button>
                <p>{question}</p>
                <div class="buttons">
                    <button type="button" class="button" data-testid="archive-cancel" on:click=move |_| end()>{t(&common::CANCEL)}</button>
                    <button type="button" class="button danger solid" data-testid="archive-confirm" on:click=archive>{button}</button>
                </div>
            </div>
        </Show>
    }
}
