//! Reporting a message: why, and thanks.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::limits::REASON_CHARS;

use super::super::line::{Line, LineField};
use super::super::problem::Problem;
use super::{api, texts};
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::features::message::actions::use_actions;
use crate::i18n::{common, t};
use crate::ui::focus;
use crate::ui::layers::use_layers;
use crate::ui::show::Show;
use crate::wire::credentials::use_credentials;

#[component]
pub fn Reporting() -> impl IntoView {
    super::adopt_styles();
    let (store, credentials): (Store, _) = (expect_context(), use_credentials());
    let (actions, layers) = (use_actions(), use_layers());
    let target = actions.target.get_untracked()?;
    let words =
        untrack(|| actions.posted()).and_then(|posted| posted.content.as_ref().map(ToString::to_string));
    let explained =
        if target.room.is_direct() { &texts::REPORT_DIRECT_EXPLAINED } else { &texts::REPORT_EXPLAINED };
    let line = Line::new("report-reason", &texts::WHY, REASON_CHARS, None);
    let problem = RwSignal::new(None::<NoAnswer>);
    let (busy, sent) = (RwSignal::new(false), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(reason) = line.read() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let target = target.clone();
        spawn_local(async move {
            let answer = api::report(&(store, credentials), &target.room, target.seq, reason.as_ref()).await;
            // The dialog may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    sent.set(true);
                    focus::soon("#report-done");
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let thanks = move || {
        view! {
            <div class="doors-form">
                <h2 class="pane-title">{t(&texts::THANKS)}</h2>
                <p class="hint" role="status" data-testid="report-thanks">{t(&texts::REPORTED)}</p>
                <div class="buttons">
                    <button type="button" id="report-done" class="button" data-testid="report-done"
                        on:click=move |_| layers.close()>
                        {t(&common::CLOSE)}
                    </button>
                </div>
            </div>
        }
        .into_any()
    };
    let words = StoredValue::new(words);
    let submit = StoredValue::new(submit);
    Some(view! {
        <Show when=move || !sent.get() fallback=thanks>
            <form class="doors-form" on:submit=move |event| submit.with_value(|submit| submit(event))>
                <h2 class="pane-title">{t(&texts::REPORT_QUESTION)}</h2>
                <blockquote class="reported" dir="auto">{words.get_value()}</blockquote>
                <p class="hint">{t(explained)}</p>
                <LineField line />
                <Problem why=problem testid="report-problem" />
                <div class="buttons">
                    <button type="button" class="button" data-testid="report-cancel" autofocus
                        on:click=move |_| layers.close()>
                        {t(&common::CANCEL)}
                    </button>
                    <button type="submit" class="button primary" data-testid="report-send"
                        aria-disabled=move || busy.get().to_string()>
                        {t(&texts::REPORT)}
                    </button>
                </div>
            </form>
        </Show>
    })
}
