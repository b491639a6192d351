//! The audit log: who did what to whom.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::act::sentence;
use super::audit_entry::AuditEntry;
use super::audit_filter::{AuditFields, AuditFilter};
use super::listing::{Listing, list};
use super::problem::words;
use super::{api, audit_texts as says, texts};
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::features::account::download::{Problem, download};
use crate::features::account::texts::{BROKE_OFF, DOWNLOADING};
use crate::i18n::{t, use_language};
use crate::wire::credentials::use_credentials;

#[derive(Clone)]
enum File {
    None,
    Busy,
    There,
    Failed(Problem),
}

#[component]
pub fn Audit() -> impl IntoView {
    let store: Store = expect_context();
    let (credentials, language) = (use_credentials(), use_language());
    let filter = RwSignal::new(AuditFilter::default());
    let file = RwSignal::new(File::None);
    let listing = Listing::new(move |after: Option<AuditEntry>| {
        let query = filter.with_untracked(AuditFilter::query);
        Box::pin(async move {
            let page = api::audit(credentials, query, after.map(|entry| entry.id)).await?;
            Ok((page.entries, page.more))
        })
    });
    let changed = Callback::new(move |()| {
        file.set(File::None);
        listing.again();
    });
    let is_busy = move || file.with(|file| matches!(file, File::Busy));
    let save = move |_| {
        if untrack(is_busy) {
            return;
        }
        file.set(File::Busy);
        let path = filter.with_untracked(AuditFilter::query).below("/api/v1/audit/download");
        spawn_local(async move {
            let done = download(credentials, &path, "hiroba-audit.jsonl").await;
            // The section may be closed: the file is saved all the same.
            let _ = file.try_set(done.map_or_else(File::Failed, |()| File::There));
        });
    };
    let problem = move || {
        file.with(|file| match file {
            File::Failed(Problem::BrokeOff) => Some(BROKE_OFF.of(language.get()).to_owned()),
            File::Failed(Problem::Refused(why)) => Some(words(language.get(), why)),
            _ => None,
        })
    };
    let row = move |entry: AuditEntry| {
        let at = entry.timestamp;
        let when = move || {
            let language = language.get();
            format(language.format_tag(), Style::Short, at)
        };
        let said = move || sentence(store, language.get(), &entry);
        view! {
            <li class="admin-row" data-testid="audit-entry">
                <p dir="auto">{said}</p>
                <p class="hint">{when}</p>
            </li>
        }
    };
    view! {
        <AuditFields filter changed />
        {list(listing, &texts::AUDIT, &says::NO_ENTRIES, |entry: &AuditEntry| entry.id.to_string(), row)}
        <div class="admin-part">
            <button type="button" class="button admin-start" data-testid="audit-download"
                aria-disabled=move || is_busy().to_string() on:click=save>
                {move || if is_busy() { t(&DOWNLOADING)() } else { t(&says::SAVE_FILE)() }}
            </button>
            <p class="hint" role="status" data-testid="audit-downloaded">
                {move || file.with(|file| matches!(file, File::There)).then(t(&says::SAVED_FILE))}
            </p>
            <p class="problem" role="alert">{problem}</p>
        </div>
    }
}
