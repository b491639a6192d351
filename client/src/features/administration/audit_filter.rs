//! Which entries of the audit log are shown.

use js_sys::Date;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api::Query;
use super::audit_texts as says;
use crate::i18n::{Text, t};

/// What one looks for; an empty text allows everything.
#[derive(Clone, Default, PartialEq)]
pub struct AuditFilter {
    act: String,
    by: String,
    member: String,
    room: String,
    /// Days, as the browser's fields write them: `2026-11-30`.
    since: String,
    until: String,
}

impl AuditFilter {
    /// As the server is asked.
    pub fn query(&self) -> Query {
        let Self { act, by, member, room, since, until } = self;
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut query = Query::default();
        for (name, text) in [("act", act), ("by", by), ("member", member), ("room", room)] {
            query = query.with(name, given(text).as_deref());
        }
        query.with("since", midnight(since, 0).as_deref()).with("until", midnight(until, 1).as_deref())
    }
}

/// When a day of the user's time zone, or one some days later, begins.
fn midnight(day: &str, later: u32) -> Option<String> {
    let numbers: Vec<u32> = day.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [year, month, day] = numbers[..] else { return None };
    let date =
        Date::new_with_year_month_day(year, i32::try_from(month).ok()? - 1, i32::try_from(day + later).ok()?);
    date.get_time().is_finite().then(|| date.to_iso_string().into())
}

/// The fields. They count when they are sent.
#[component]
pub fn AuditFields(filter: RwSignal<AuditFilter>, changed: Callback<()>) -> impl IntoView {
    let typed = StoredValue::new(filter.get_untracked());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        filter.set(typed.get_value());
        changed.run(());
    };
    let act =
        |(name, words): &'static (&'static str, Text)| view! { <option value=*name>{t(words)}</option> };
    let set = move |part: fn(&mut AuditFilter) -> &mut String| {
        move |event: web_sys::Event| typed.update_value(|typed| *part(typed) = event_target_value(&event))
    };
    view! {
        <form class="admin-form admin-filter" on:submit=submit>
            <label class="field">
                <span class="field-label">{t(&says::WHAT)}</span>
                <select data-testid="audit-act" on:change=set(|typed| &mut typed.act)>
                    <option value="">{t(&says::ANYTHING)}</option>
                    {says::ACTS.iter().map(act).collect_view()}
                </select>
            </label>
            <label class="field">
                <span class="field-label">{t(&says::WHERE)}</span>
                <input type="text" data-testid="audit-room" autocomplete="off" on:input=set(|typed| &mut typed.room) />
            </label>
            <label class="field">
                <span class="field-label">{t(&says::WHO)}</span>
                <input type="text" data-testid="audit-by" autocomplete="off" on:input=set(|typed| &mut typed.by) />
            </label>
            <label class="field">
                <span class="field-label">{t(&says::TO_WHOM)}</span>
                <input type="text" data-testid="audit-member" autocomplete="off" on:input=set(|typed| &mut typed.member) />
            </label>
            <label class="field">
                <span class="field-label">{t(&says::SINCE)}</span>
                <input type="date" data-testid="audit-since" on:input=set(|typed| &mut typed.since) />
            </label>
            <label class="field">
                <span class="field-label">{t(&says::TO)}</span>
                <input type="date" data-testid="audit-until" on:input=set(|typed| &mut typed.until) />
            </label>
            <button type="submit" class="button primary admin-start" data-testid="audit-show">{t(&says::SHOW)}</button>
        </form>
    }
}
