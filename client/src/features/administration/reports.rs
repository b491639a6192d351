//! Messages that were reported, of all rooms.

use leptos::prelude::*;
use shared::report::Report;

use super::listing::{Listing, list};
use super::report::ReportRow;
use super::{api, texts};
use crate::i18n::t;
use crate::wire::credentials::use_credentials;

#[component]
pub fn Reports() -> impl IntoView {
    let credentials = use_credentials();
    let is_open = RwSignal::new(true);
    let listing = Listing::new(move |after: Option<Report>| {
        let is_open = is_open.get_untracked();
        Box::pin(async move {
            let page = api::reports(credentials, is_open, after.map(|report| report.id)).await?;
            Ok((page.reports, page.more))
        })
    });
    let choose = move |event| {
        is_open.set(event_target_value(&event) == "open");
        listing.again();
    };
    view! {
        <label class="field">
            <span class="field-label">{t(&texts::WHICH_REPORTS)}</span>
            <select data-testid="reports-which" on:change=choose>
                <option value="open">{t(&texts::OPEN_REPORTS)}</option>
                <option value="all">{t(&texts::ALL_REPORTS)}</option>
            </select>
        </label>
        {list(listing, &texts::REPORTS, &texts::NO_REPORTS, |report| report.id.to_string(), |report| view! { <ReportRow report /> })}
    }
}
