//! What the account tells others of itself.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::Profile;
use shared::limits::{PROFILE_COLOURS, READING_CHARS, STATUS_CHARS};
use shared::{Emoji, ShortText, Timestamp};

use super::api::{self, ProfileChange};
use super::duration::{Lasting, Until};
use super::texts;
use super::unfold::{Unfold, Unfolded};
use crate::browser::zones;
use crate::core::requests::NoAnswer;
use crate::core::{Store, now};
use crate::i18n::{Text, t, use_language};
use crate::wire::credentials::use_credentials;

/// A button that opens the form, and what it led to.
#[component]
pub fn EditProfile() -> impl IntoView {
    let state = Unfolded::new();
    let form = Box::new(move || view! { <ProfileForm state /> }.into_any());
    view! { <Unfold state button=&texts::EDIT_PROFILE testid="profile-edit" said=&texts::PROFILE_SAVED form /> }
}

/// What is typed and chosen.
#[derive(Clone, Copy)]
struct Draft {
    reading: RwSignal<String>,
    emoji: RwSignal<String>,
    status: RwSignal<String>,
    status_until: RwSignal<Until>,
    quiet_until: RwSignal<Until>,
    colour: RwSignal<Option<u32>>,
    tells_time: RwSignal<bool>,
}

impl Draft {
    fn of(profile: &Profile, now: Timestamp) -> Self {
        let text = |text: Option<&str>| RwSignal::new(text.unwrap_or_default().to_owned());
        // What is over is not told any more.
        let status = Some(profile).filter(|profile| profile.has_status(now));
        Self {
            reading: text(profile.reading.as_ref().map(ShortText::as_str)),
            emoji: text(status.and_then(|profile| profile.status_emoji.as_ref()).map(Emoji::as_str)),
            status: text(status.and_then(|profile| profile.status.as_ref()).map(ShortText::as_str)),
            status_until: RwSignal::new(
                status.and_then(|profile| profile.status_until).map_or(Until::Open, Until::Kept),
            ),
            quiet_until: RwSignal::new(
                profile.do_not_disturb_until.filter(|until| now < *until).map_or(Until::Not, Until::Kept),
            ),
            colour: RwSignal::new(profile.colour),
            tells_time: RwSignal::new(profile.time_zone.is_some()),
        }
    }

    fn change(self, now: Timestamp) -> ProfileChange {
        let has_status = !self.status.get_untracked().is_empty() || !self.emoji.get_untracked().is_empty();
        ProfileChange {
            reading: self.reading.get_untracked(),
            status_emoji: self.emoji.get_untracked(),
            status: self.status.get_untracked(),
            status_until: self.status_until.get_untracked().at(now).filter(|_| has_status),
            colour: self.colour.get_untracked(),
            do_not_disturb_until: self.quiet_until.get_untracked().for_quiet(now),
            time_zone: self.tells_time.get_untracked().then(zones::own).flatten(),
        }
    }
}

#[component]
fn ProfileForm(state: Unfolded) -> impl IntoView {
    let credentials = use_credentials();
    let store: Store = expect_context();
    let language = use_language();
    let profile = untrack(|| store.profile(store.me())).unwrap_or_default();
    let draft = Draft::of(&profile, now());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<NoAnswer>));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let done = api::set_profile(credentials, &draft.change(now())).await;
            // The form may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(()) => state.finish(),
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let words = move || {
        problem.with(|problem| problem.as_ref().map(|error| texts::why(language.get(), error, &texts::WRONG)))
    };
    view! {
        <form class="account-form" data-testid="profile-form" on:submit=submit>
            <label class="field">
                <span class="field-label">{t(&texts::READING)}</span>
                <input type="text" data-testid="profile-reading" autocomplete="off" maxlength=READING_CHARS.to_string()
                    prop:value=move || draft.reading.get()
                    on:input=move |event| draft.reading.set(event_target_value(&event)) />
                <span class="hint">{t(&texts::READING_HINT)}</span>
            </label>
            <Status draft />
            <Lasting label=&texts::STATUS_ENDS testid="profile-status-until" until=draft.status_until quiet=false />
            <Lasting label=&texts::QUIET testid="profile-quiet" until=draft.quiet_until quiet=true />
            <Colours draft />
            <label class="account-show">
                <input type="checkbox" data-testid="profile-time" prop:checked=move || draft.tells_time.get()
                    on:change=move |event| draft.tells_time.set(event_target_checked(&event)) />
                {t(&texts::TELL_TIME)}
            </label>
            <p class="problem" role="alert" data-testid="profile-problem">{words}</p>
            <button type="submit" class="button primary" data-testid="profile-save"
                aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { t(&texts::BUSY)() } else { t(&texts::SAVE_PROFILE)() }}
            </button>
        </form>
    }
}

/// The status, with some that one tap fills in.
#[component]
fn Status(draft: Draft) -> impl IntoView {
    let language = use_language();
    let usual = move || {
        let one = |(emoji, words): &'static (&'static str, Text)| {
            let (emoji, words) = (*emoji, words.of(language.get()));
            let take = move |_| {
                draft.emoji.set(emoji.to_owned());
                draft.status.set(words.to_owned());
            };
            view! {
                <button type="button" class="button quiet" data-testid="profile-usual" on:click=take>
                    {emoji} " " {words}
                </button>
            }
        };
        texts::USUAL.iter().map(one).collect_view()
    };
    view! {
        <fieldset class="account-fieldset">
            <legend class="field-label">{t(&texts::STATUS)}</legend>
            <div class="profile-status">
                <input type="text" class="profile-emoji" data-testid="profile-emoji" autocomplete="off"
                    aria-label=t(&texts::STATUS_EMOJI) placeholder="🙂" prop:value=move || draft.emoji.get()
                    on:input=move |event| draft.emoji.set(event_target_value(&event)) />
                <input type="text" data-testid="profile-status" autocomplete="off" aria-label=t(&texts::STATUS)
                    maxlength=STATUS_CHARS.to_string() placeholder=t(&texts::STATUS_HINT)
                    prop:value=move || draft.status.get()
                    on:input=move |event| draft.status.set(event_target_value(&event)) />
                <button type="button" class="button quiet" data-testid="profile-clear" on:click=move |_| {
                    draft.emoji.set(String::new());
                    draft.status.set(String::new());
                }>
                    {t(&texts::CLEAR_STATUS)}
                </button>
            </div>
            <div class="profile-usual">{usual}</div>
        </fieldset>
    }
}

/// The colours, as on avatars.
#[component]
fn Colours(draft: Draft) -> impl IntoView {
    let language = use_language();
    let one = move |colour: Option<u32>| {
        let number = colour.map_or_else(String::new, |colour| colour.to_string());
        let class = format!("profile-colour colour-{number}");
        let name = move || match colour {
            Some(colour) => (texts::COLOUR_NUMBER.of(language.get()))(colour + 1),
            None => texts::COLOUR_OF_ID.of(language.get()).to_owned(),
        };
        view! {
            <label class=class title=name>
                <input type="radio" name="profile-colour" data-testid="profile-colour" value=number aria-label=name
                    prop:checked=move || draft.colour.get() == colour
                    on:change=move |_| draft.colour.set(colour) />
            </label>
        }
    };
    view! {
        <fieldset class="account-fieldset">
            <legend class="field-label">{t(&texts::COLOUR)}</legend>
            <div class="profile-colours">
                {one(None)} {(0..PROFILE_COLOURS).map(|colour| one(Some(colour))).collect_view()}
            </div>
        </fieldset>
    }
}
