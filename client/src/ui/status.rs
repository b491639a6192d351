//! What somebody is doing, as a sign beside the name.

use leptos::prelude::*;
use shared::account::Profile;
use shared::{Timestamp, UserId};

use super::texts;
use crate::browser::dates::{Style, format};
use crate::core::Store;
use crate::i18n::Language;

/// Stands for a status without an emoji.
const SPEAKS: &str = "💬";
const QUIET: &str = "🌙";
/// A do-not-disturb that ends later than this ends by hand; in milliseconds.
const FOR_EVER: i64 = 365 * 24 * 3_600_000;

/// The sign, which whoever does not want to be disturbed has too. Tracked.
pub fn status_sign(
    store: Store,
    id: Option<UserId>,
    language: Language,
    now: RwSignal<Timestamp>,
) -> Option<impl IntoView + use<>> {
    let profile = store.profile(id)?;
    // Only what ends by itself follows the clock.
    let ends = profile.status_until.is_some() || profile.do_not_disturb_until.is_some();
    let now = if ends { now.get() } else { now.get_untracked() };
    let (sign, words) = if profile.is_quiet(now) {
        (QUIET, texts::QUIET.of(language))
    } else if profile.has_status(now) {
        let sign = profile.status_emoji.as_ref().map_or(SPEAKS, |emoji| emoji.as_str());
        (sign, profile.status.as_ref().map_or(sign, |status| status.as_str()))
    } else {
        return None;
    };
    // Some systems draw older symbols as text without the selector.
    Some(view! {
        <span class="status-sign" role="img" title=words.to_owned()>
            {format!("{sign}\u{FE0F}")}
        </span>
    })
}

/// Until when somebody does not want to be disturbed, as text.
pub fn quiet_words(profile: &Profile, now: Timestamp, language: Language) -> Option<String> {
    let until = profile.do_not_disturb_until.filter(|until| now < *until)?;
    if until.millis() - now.millis() > FOR_EVER {
        return Some(texts::QUIET_NOW.of(language).to_owned());
    }
    Some((texts::QUIET_UNTIL.of(language))(&format(language.format_tag(), Style::Short, until)))
}
