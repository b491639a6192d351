//! One message, with the day that begins with it and the author's name where a group begins.

use std::sync::Arc;

use leptos::prelude::*;

use super::avatar::Avatar;
use super::moment::use_moment;
use crate::browser::dates::{Style, format, format_day};
use crate::i18n::{Texts, reason, t, use_language};
use crate::state::Store;
use crate::state::calendar::{Day, DayName};
use crate::state::links::{Piece, pieces};
use crate::state::pending::Reason;
use crate::state::timeline::{Mark, Row};

/// A row of the conversation. Its element stays the same for as long as the row is on the page.
#[component]
pub fn MessageRow(
    /// What it shows.
    row: Memo<Arc<Row>>,
) -> impl IntoView {
    let day = Memo::new(move |_| row.with(|row| row.new_day));
    let heads = Memo::new(move |_| row.with(|row| row.heads_group));
    let mark = Memo::new(move |_| row.with(|row| row.mark));
    let seq = Memo::new(move |_| row.with(|row| row.seq.map(|seq| seq.to_string())));
    let text = Memo::new(move |_| row.with(|row| row.text.clone()));
    let own = row.with_untracked(|row| row.own);
    let pending = move || (mark.get() == Mark::Pending).then_some("true");
    let failed = move || matches!(mark.get(), Mark::Failed(..)).then_some("true");
    view! {
        <div class="row">
            {move || day.get().map(|day| view! { <DayLine day /> })}
            <article
                class="message"
                class:heads=heads
                class:own=own
                data-testid="message"
                data-seq=move || seq.get()
                data-pending=pending
                data-failed=failed
                aria-label=move || row.with(|row| row.author.to_string())
            >
                {move || heads.get().then(|| view! { <Head row /> })}
                <Show when=move || !heads.get()>
                    <span class="message-gutter"><Time row /></span>
                </Show>
                <div class="message-text" data-testid="message-text" dir="auto">
                    {move || text.get().map(|text| pieces(text.as_str()).into_iter().map(piece).collect_view())}
                </div>
                {move || marked(mark.get())}
            </article>
        </div>
    }
}

#[component]
fn Head(row: Memo<Arc<Row>>) -> impl IntoView {
    let person = Memo::new(move |_| row.with(|row| (row.author_id, row.author.clone())));
    view! {
        {move || {
            let (id, name) = person.get();
            view! { <Avatar id name /> }
        }}
        <header class="message-head">
            <span class="message-author" data-testid="message-author" dir="auto">
                {move || person.with(|(_, name)| name.to_string())}
            </span>
            <Time row />
        </header>
    }
}

#[component]
fn Time(row: Memo<Arc<Row>>) -> impl IntoView {
    let language = use_language();
    let at = Memo::new(move |_| row.with(|row| row.at));
    let written = move |style| format(language.get().format_tag(), style, at.get());
    view! {
        <time datetime=move || at.get().to_string() title=move || written(Style::Full)>
            {move || written(Style::Time)}
        </time>
    }
}

#[component]
fn DayLine(day: Day) -> impl IntoView {
    let moment = use_moment();
    let language = use_language();
    let name = move || {
        let language = language.get();
        let texts = language.texts();
        match DayName::of(day, moment.today.get()) {
            DayName::Today => texts.today.to_owned(),
            DayName::Yesterday => texts.yesterday.to_owned(),
            DayName::Date(day) => format_day(language.format_tag(), day),
        }
    };
    let full = move || format_day(language.get().format_tag(), day);
    view! {
        <div class="day" role="separator" aria-label=name title=full>
            <span>{name}</span>
        </div>
    }
}

fn marked(mark: Mark) -> Option<impl IntoView> {
    let store: Store = expect_context();
    let language = use_language();
    match mark {
        Mark::None => None,
        Mark::Pending => Some(view! { <p class="delivery">{t(|t| t.sending)}</p> }.into_any()),
        Mark::Failed(id, why) => Some(
            view! {
                <div class="delivery failed">
                    <p>{move || words(language.get().texts(), why)}</p>
                    <button type="button" class="link-button" on:click=move |_| store.retry(id)>
                        {t(|t| t.retry)}
                    </button>
                    <button type="button" class="link-button" on:click=move |_| store.discard(id)>
                        {t(|t| t.discard)}
                    </button>
                </div>
            }
            .into_any(),
        ),
    }
}

fn words(texts: &Texts, why: Reason) -> String {
    match why {
        Reason::Refused(code) => reason(texts, code, None),
        Reason::Uncertain => texts.uncertain.to_owned(),
    }
}

/// Text of others only ever becomes text nodes; line breaks are kept by the styles.
fn piece(piece: Piece) -> impl IntoView {
    match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link { text, target } => view! {
            <a href=target target="_blank" rel="noopener noreferrer nofollow">
                {text}
            </a>
        }
        .into_any(),
    }
}
