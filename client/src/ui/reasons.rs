//! Why something was refused, in words. There are many, so they are fetched when one is needed: the first page seldom
//! needs any.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::ErrorCode;

use super::later::later;
use crate::i18n::errors::{self, Of};
use crate::i18n::{Language, common};

type Explain = fn(Language, ErrorCode, Option<u64>, Of) -> String;

/// The words, once they are there, and who waits for them.
static WORDS: OnceLock<Explain> = OnceLock::new();
static COME: OnceLock<ArcTrigger> = OnceLock::new();
static HAVE_FAILED: AtomicBool = AtomicBool::new(false);
/// Milliseconds until they are fetched again.
const AGAIN_AFTER: u32 = 3_000;

later! {
    /// Fetches the words.
    fn words(() => Explain) in notices: |()| errors::explain
}

/// Explains an error code, as soon as that is possible; `retry_after_ms` is the delay before a retry. Tracked.
pub fn reason(language: Language, code: ErrorCode, retry_after_ms: Option<u64>, of: Of) -> String {
    if let Some(explain) = WORDS.get() {
        return explain(language, code, retry_after_ms, of);
    }
    let come = COME.get_or_init(ArcTrigger::new);
    come.track();
    spawn_local(async move {
        if let Ok(code) = words().await {
            // Several may have waited.
            let _ = WORDS.set(code(()));
        } else {
            HAVE_FAILED.store(true, Ordering::Relaxed);
            TimeoutFuture::new(AGAIN_AFTER).await;
        }
        come.notify();
    });
    if HAVE_FAILED.load(Ordering::Relaxed) {
        common::LOAD_FAILED.of(language).to_owned()
    } else {
        String::new()
    }
}
