//! The open reports of the open room.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::report::{Report, Reports};

use super::super::dialogs::{REPORTS, close_with_room};
use super::super::problem::Problem;
use super::entry::Entry;
use super::{api, texts};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t};
use crate::ui::each::each;
use crate::ui::failed::Failed;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn ReportList() -> impl IntoView {
    super::adopt_styles();
    let (store, credentials): (Store, _) = (expect_context(), use_credentials());
    let layers = use_layers();
    let room = store.open.get_untracked()?;
    let state = store.rooms.with_untracked(|rooms| rooms.get(&room).cloned())?;
    close_with_room(store, layers, REPORTS);
    let reports = RwSignal::new(None::<Vec<Report>>);
    let (more, failed) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<NoAnswer>);
    let room = StoredValue::new(room);
    let load = move |before: Option<u64>| {
        let Some(room) = room.try_get_value() else { return };
        spawn_local(async move {
            let answer = api::open(&(store, credentials), &room, before).await;
            // The dialog may be closed by now.
            if failed.try_set(answer.is_err()).is_some() {
                return;
            }
            let Ok(Reports { reports: page, more: is_more }) = answer else { return };
            more.set(is_more);
            reports.update(|reports| match reports {
                Some(earlier) if before.is_some() => earlier.extend(page),
                _ => *reports = Some(page),
            });
        });
    };
    // Whenever somebody reports something, or settles a report.
    let count = Memo::new(move |_| state.with(|state| state.doors.reports));
    Effect::new(move |before: Option<Option<u32>>| {
        // A memo that nobody reads follows nothing.
        let count = count.get();
        if before != Some(count) {
            load(None);
        }
        count
    });
    let last = move || {
        reports.with_untracked(|reports| reports.as_ref().and_then(|all| all.last().map(|one| one.id)))
    };
    let rows = move || reports.get().unwrap_or_default();
    let settled = Callback::new(move |answer: Result<u64, NoAnswer>| match answer {
        Ok(id) => {
            problem.set(None);
            reports.update(|reports| {
                if let Some(reports) = reports {
                    reports.retain(|one| one.id != id);
                }
            });
        }
        Err(why) => problem.set(Some(why)),
    });
    Some(view! {
        <div class="pane-head">
            <h2 class="pane-title">{t(&texts::REPORTS)}</h2>
            <button type="button" class="icon-button" data-testid="reports-close" autofocus aria-label=t(&common::CLOSE)
                on:click=move |_| layers.close()>
                <Icon path=CLOSE />
            </button>
        </div>
        <p class="hint">{t(&texts::REPORTS_EXPLAINED)}</p>
        <Problem why=problem testid="reports-problem" />
        <Show when=move || reports.with(Option::is_none) && !failed.get()>
            <p class="hint late">{t(&common::LOADING)}</p>
        </Show>
        <Show when=move || failed.get()>
            <Failed again=move || load(None) />
        </Show>
        <Show when=move || reports.with(|reports| reports.as_ref().is_some_and(Vec::is_empty))>
            <p class="hint" data-testid="no-reports">{t(&texts::NO_REPORTS)}</p>
        </Show>
        <ul class="reports-list">
            {each(rows, |one: &Report| one.id.to_string(), move |report| view! { <Entry report settled /> })}
        </ul>
        <Show when=move || more.get()>
            <button type="button" class="button" data-testid="reports-more" on:click=move |_| load(last())>
                {t(&common::SHOW_MORE)}
            </button>
        </Show>
    })
}
