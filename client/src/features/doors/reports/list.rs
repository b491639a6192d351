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
            let Ok(page) = answer else { return };
            let known = reports.with_untracked(|known| known.clone().unwrap_or_default());
            let known = Reports { reports: known, more: more.get_untracked() };
            let Reports { reports: all, more: is_more } = merged(known, page, before);
            more.set(is_more);
            reports.set(Some(all));
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
    let begun = RwSignal::new(None);
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
            {each(rows, |one: &Report| one.id.to_string(), move |report| view! { <Entry report begun settled /> })}
        </ul>
        <Show when=move || more.get()>
            <button type="button" class="button" data-testid="reports-more" on:click=move |_| load(last())>
                {t(&common::SHOW_MORE)}
            </button>
        </Show>
    })
}

/// Puts a page, which begins after the report `before`, with those that are there, newest first. Somebody may be at work in
/// those that are older than a first page.
fn merged(known: Reports, page: Reports, before: Option<u64>) -> Reports {
    let end = page.reports.last().map(|last| last.id).or(before.map(|before| before - 1)).unwrap_or(u64::MAX);
    let (newer, older): (Vec<_>, Vec<_>) = known.reports.into_iter().partition(|report| report.id > end);
    let newer = newer.into_iter().filter(|report| before.is_some_and(|before| report.id >= before));
    let older = if page.more { older } else { Vec::new() };
    let older: Vec<_> = older.into_iter().filter(|report| report.id != end).collect();
    let more = if older.is_empty() { page.more } else { known.more };
    Reports { reports: newer.chain(page.reports).chain(older).collect(), more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(ids: &[u64], more: bool) -> Reports {
        let report = |id: u64| {
            let text = serde_json::json!({
                "id": id,
                "room": "general",
                "seq": 1,
                "author": { "user_id": "6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad", "user": "b" },
                "written_at": "2026-12-01T00:00:00Z",
                "by": { "user_id": "6e1f3f1e-93c4-4b0e-8a53-31a6f3a8f2ad", "user": "b" },
                "timestamp": "2026-12-01T00:00:00Z",
            });
            serde_json::from_str(&text.to_string()).unwrap()
        };
        Reports { reports: ids.iter().map(|id| report(*id)).collect(), more }
    }

    #[test]
    fn a_new_first_page_keeps_what_is_older_and_a_page_counts_once() {
        let ids = |reports: &Reports| reports.reports.iter().map(|one| one.id).collect::<Vec<_>>();
        let first = merged(reports(&[], false), reports(&[9, 8], true), None);
        assert_eq!((ids(&first), first.more), (vec![9, 8], true));
        let both = merged(first, reports(&[7, 5], true), Some(8));
        assert_eq!((ids(&both), both.more), (vec![9, 8, 7, 5], true));
        let twice = merged(both, reports(&[7, 5], true), Some(8));
        assert_eq!((ids(&twice), twice.more), (vec![9, 8, 7, 5], true));
        let last = merged(twice, reports(&[4], false), Some(5));
        assert_eq!((ids(&last), last.more), (vec![9, 8, 7, 5, 4], false));
        let reported = merged(last, reports(&[10, 9], true), None);
        assert_eq!((ids(&reported), reported.more), (vec![10, 9, 8, 7, 5, 4], false));
        let nothing = merged(reports(&[9, 8], true), reports(&[], false), Some(8));
        assert_eq!((ids(&nothing), nothing.more), (vec![9, 8], false));
        let settled = merged(reported, reports(&[10, 4], false), None);
        assert_eq!((ids(&settled), settled.more), (vec![10, 4], false));
        let none = merged(settled, reports(&[], false), None);
        assert_eq!((ids(&none), none.more), (vec![], false));
    }
}
