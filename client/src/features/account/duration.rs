//! How long something lasts, chosen from a few usual times.

use leptos::prelude::*;
use shared::Timestamp;

use super::texts;
use crate::browser::dates::{Style, format};
use crate::browser::zones;
use crate::i18n::{Text, t, use_language};

const MINUTE: i64 = 60_000;
/// What has no end ends after this long; in milliseconds.
const FOR_EVER: i64 = 50 * 365 * 24 * 60 * MINUTE;
/// Beyond this it has no end.
const LONG: i64 = 365 * 24 * 60 * MINUTE;
/// The hour at which a day of work begins.
const MORNING: u32 = 8;

/// When something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It is not so at all.
    Not,
    /// Somebody ends it.
    Open,
    Minutes(i64),
    /// When the day ends.
    Midnight,
    Morning,
    /// As it was chosen before.
    Kept(Timestamp),
}

impl Until {
    /// When it ends; `None` if it is not so, or has no end.
    pub fn at(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Not | Self::Open => None,
            Self::Minutes(minutes) => Some(Timestamp::from_millis(now.millis() + minutes * MINUTE)),
            Self::Midnight => Some(zones::next(0, now)),
            Self::Morning => Some(zones::next(MORNING, now)),
            Self::Kept(at) => Some(at),
        }
    }

    /// [`Self::at`], where having no end is a time far away.
    pub fn for_quiet(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Open => Some(Timestamp::from_millis(now.millis() + FOR_EVER)),
            other => other.at(now),
        }
    }
}

/// The choice.
#[component]
pub fn Lasting(
    label: &'static Text,
    testid: &'static str,
    until: RwSignal<Until>,
    /// Whether this is about not being disturbed, which need not be so at all.
    quiet: bool,
) -> impl IntoView {
    let language = use_language();
    let kept = until.get_untracked();
    let first = if quiet { (Until::Not, &texts::QUIET_OFF) } else { (Until::Open, &texts::NO_END) };
    let last = if quiet { (Until::Open, &texts::NO_END) } else { (Until::Midnight, &texts::TODAY) };
    let choices = [
        first,
        (Until::Minutes(30), &texts::HALF_AN_HOUR),
        (Until::Minutes(60), &texts::AN_HOUR),
        (Until::Minutes(240), &texts::FOUR_HOURS),
        (Until::Morning, &texts::TO_MORNING),
        last,
    ];
    let has_kept = matches!(kept, Until::Kept(_));
    let as_before = move || {
        let Until::Kept(at) = kept else { return None };
        let language = language.get();
        let words = if at.millis() - crate::core::now().millis() > LONG {
            texts::NO_END.of(language).to_owned()
        } else {
            (texts::UNTIL.of(language))(&format(language.format_tag(), Style::Short, at))
        };
        Some(view! { <option value="kept" selected=true>{words}</option> })
    };
    let change = move |event| {
        let chosen = event_target_value(&event).parse().ok().and_then(|at: usize| choices.get(at));
        until.set(chosen.map_or(kept, |(until, _)| *until));
    };
    let option = move |(at, (one, words)): (usize, (Until, &'static Text))| {
        view! { <option value=at.to_string() selected=!has_kept && kept == one>{t(words)}</option> }
    };
    view! {
        <label class="field">
            <span class="field-label">{t(label)}</span>
            <select data-testid=testid on:change=change>
                {as_before} {choices.into_iter().enumerate().map(option).collect_view()}
            </select>
        </label>
    }
}
