//! Who is banned or muted in a room, and ending that.

use leptos::prelude::*;
use shared::{Command, Restriction, RestrictionKind, RoomAddress, ServerFrame, Timestamp, Whom};

use super::problem::Problem;
use super::texts;
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, t, use_language};
use crate::ui::each::each;
use crate::ui::show::Show;

#[component]
pub fn RestrictionList(room: RoomAddress) -> impl IntoView {
    let store: Store = expect_context();
    let language = use_language();
    let list = RwSignal::new(None::<Vec<Restriction>>);
    let problem = RwSignal::new(None::<NoAnswer>);
    let room = StoredValue::new(room);
    let ask = move || {
        store.request(Command::ListRestrictions { room: room.get_value() }, move |answer| match answer {
            // The dialog may be closed by now.
            Ok(ServerFrame::Restrictions { restrictions, .. }) => {
                drop(list.try_set(Some(restrictions.clone())));
            }
            Ok(_) => {}
            Err(why) => drop(problem.try_set(Some(why))),
        });
    };
    ask();
    let lift = move |of: &Restriction| {
        let (whom, kind) = (Whom::Id(of.user_id), of.kind);
        let Some(room) = room.try_get_value() else { return };
        store.request(Command::LiftRestriction { room, whom, kind }, move |answer| match answer {
            Ok(_) if list.is_disposed() => {}
            Ok(_) => ask(),
            Err(why) => drop(problem.try_set(Some(why))),
        });
    };
    let row = move |of: Restriction| {
        let (name, shown) = (of.user.to_string(), of.clone());
        let words = move || words(language.get(), &shown);
        let label = {
            let name = name.clone();
            move || (texts::LIFT_FOR.of(language.get()))(&name)
        };
        view! {
            <li class="restriction" data-testid="restriction">
                <span class="restriction-words" dir="auto">
                    <strong>{name}</strong>
                    " "
                    {words}
                </span>
                <button type="button" class="button" data-testid="restriction-lift" aria-label=label on:click=move |_| lift(&of)>
                    {t(&texts::LIFT)}
                </button>
            </li>
        }
    };
    let rows = move || list.get().unwrap_or_default();
    let key = |of: &Restriction| format!("{} {} {}", of.user_id, of.kind.as_str(), of.timestamp);
    view! {
        <section class="doors-section restrictions" aria-label=t(&texts::RESTRICTIONS)>
            <h3 class="field-label">{t(&texts::RESTRICTIONS)}</h3>
            <Show when=move || list.with(|list| list.as_ref().is_some_and(Vec::is_empty))>
                <p class="hint" data-testid="no-restrictions">{t(&texts::NO_RESTRICTIONS)}</p>
            </Show>
            <ul>{each(rows, key, row)}</ul>
            <Problem why=problem testid="restrictions-problem" />
        </section>
    }
}

/// What somebody may not do, until when, who said so and why.
fn words(language: Language, of: &Restriction) -> String {
    let what = if of.kind == RestrictionKind::Ban { &texts::IS_BANNED } else { &texts::IS_MUTED };
    let until = match of.until {
        Some(at) => (texts::UNTIL.of(language))(&time(language, at)),
        None => texts::UNTIL_LIFTED.of(language).to_owned(),
    };
    let by = (texts::BY.of(language))(of.by.user.as_str());
    let reason =
        of.reason.as_ref().map(|reason| (texts::QUOTED.of(language))(reason.as_str())).unwrap_or_default();
    format!("{} {until} {by}{reason}", what.of(language))
}

fn time(language: Language, at: Timestamp) -> String {
    format(language.format_tag(), Style::Short, at)
}
