//! One message, with a day separator where a day begins and the author's name where a group begins.

use std::sync::Arc;

use leptos::prelude::*;
use shared::RoomAddress;

use super::body::{Body, Delivery};
use super::day_line::DayLine;
use super::menu::MENU;
use super::row_keys;
use super::texts;
use super::tools::Tools;
use crate::browser::dates::{Style, format};
use crate::browser::events::own_element;
use crate::core::Store;
use crate::core::timeline::{Mark, Row};
use crate::features::message::actions::{Target, use_actions};
use crate::features::message::formatted::in_words;
use crate::features::message::quote::Quote;
use crate::features::reactions::chips::Reactions;
use crate::features::reactions::emoji_data::show;
use crate::i18n::{common, use_language};
use crate::ui::avatar::avatar;
use crate::ui::clock::use_moment;
use crate::ui::focus;
use crate::ui::long_press::LongPress;
use crate::ui::popup::Anchor;
use crate::ui::show::Show;
use crate::ui::status::status_sign;

/// A row of the timeline. Its element is reused for as long as the row is on the page.
#[component]
pub fn MessageRow(row: ReadSignal<Arc<Row>>) -> impl IntoView {
    let store: Store = expect_context();
    let actions = use_actions();
    let room = StoredValue::new(store.open.get_untracked());
    let day = Memo::new(move |_| row.with(|row| row.new_day));
    let heads = Memo::new(move |_| row.with(|row| row.heads_group));
    let mark = Memo::new(move |_| row.with(|row| row.mark));
    let seq = Memo::new(move |_| row.with(|row| row.seq));
    let own = row.with_untracked(|row| row.own);
    let pending = move || (mark.get() == Mark::Pending).then_some("true");
    let failed = move || matches!(mark.get(), Mark::Failed(..)).then_some("true");
    let is_target = Memo::new(move |_| {
        actions.target.with(|target| target.as_ref().is_some_and(|target| Some(target.seq) == seq.get()))
    });
    let (hovered, focused) = (RwSignal::new(false), RwSignal::new(false));
    // The tools stay while a layer opened from them is open: focus returns to them.
    let tools =
        Memo::new(move |_| (hovered.get() || focused.get() || is_target.get()) && seq.with(Option::is_some));
    let at = Callback::new(move |element: web_sys::Element| {
        let (room, seq) = room.get_value().zip(seq.get_untracked())?;
        let place = Anchor::of(&element);
        Some(Target { room, seq, anchor: Some(place) })
    });
    let article = NodeRef::<leptos::html::Article>::new();
    let menu = move || {
        if let Some(target) = article.get_untracked().and_then(|article| at.run(article.into())) {
            actions.open(MENU, target);
        }
    };
    let press = LongPress::new(menu);
    view! {
        <div class="row">
            {move || day.get().map(|day| view! { <DayLine day /> })}
            <article
                class="message"
                class:heads=heads
                class:own=own
                class:calls=move || row.with(|row| row.calls_me)
                class:deleted=move || row.with(|row| row.text.is_none())
                tabindex="-1"
                node_ref=article
                data-testid="message"
                data-seq=move || seq.get().map(|seq| seq.to_string())
                data-pending=pending
                data-failed=failed
                aria-label=label(row, focused)
                on:pointerenter=move |event| hovered.set(event.pointer_type() != "touch")
                on:pointerleave=move |_| hovered.set(false)
                on:focusin=move |_| focused.set(true)
                on:focusout=move |event| focused.set(focus::stays(&event))
                on:keydown=move |event| row_keys::pressed(&event, menu)
                on:pointerdown=move |event| press.down(&event)
                on:pointermove=move |event| press.moved(&event)
                on:pointerup=move |_| press.up()
                on:pointercancel=move |_| press.up()
                on:contextmenu=move |event| press.contextmenu(&event)
            >
                {move || heads.get().then(|| view! { <Head row /> })}
                <Show when=move || !heads.get()>
                    <span class="message-gutter"><Time row /></span>
                </Show>
                <div class="message-main">
                    <Quoting row room />
                    <Body row room />
                    <Reactions row room />
                    <Delivery row mark />
                </div>
                <Show when=move || tools.get()>
                    <Tools row at />
                </Show>
            </article>
        </div>
    }
}

/// The accessible name: author, time, text and reactions while focused, otherwise the author only: the rest follows as content.
fn label(row: ReadSignal<Arc<Row>>, focused: RwSignal<bool>) -> impl Fn() -> String + Send + Sync + 'static {
    let language = use_language();
    move || {
        row.with(|row| {
            if !focused.get() || row.folded {
                return row.author.to_string();
            }
            let language = language.get();
            let time = format(language.format_tag(), Style::Time, row.at);
            let text = row.text.as_ref().map(|text| in_words(text.as_str(), language));
            let text = text.as_deref().unwrap_or(common::DELETED.of(language));
            let label = (texts::MESSAGE_LABEL.of(language))(row.author.as_str(), &time, text);
            let reactions = row.reactions.iter().map(|of| format!("{} {}", show(&of.emoji), of.count));
            match reactions.collect::<Vec<_>>() {
                none if none.is_empty() => label,
                some => label + &(texts::REACTIONS_LABEL.of(language))(&some.join(", ")),
            }
        })
    }
}

#[component]
fn Quoting(row: ReadSignal<Arc<Row>>, room: StoredValue<Option<RoomAddress>>) -> impl IntoView {
    let reply_to = Memo::new(move |_| row.with(|row| row.reply_to));
    move || {
        let (room, seq) = room.get_value().zip(reply_to.get())?;
        Some(view! { <Quote room seq /> })
    }
}

#[component]
fn Head(row: ReadSignal<Arc<Row>>) -> impl IntoView {
    let actions = use_actions();
    let (store, language, now) = (actions.store, use_language(), use_moment().now);
    let person = Memo::new(move |_| row.with(|row| (row.author_id, row.author.clone())));
    // With a keyboard the menu of the message leads there.
    let show = move |event: web_sys::MouseEvent| {
        if let (Some(id), name) = person.get_untracked() {
            actions.show_person(id, name, own_element(&event).as_ref().map(Anchor::of));
        }
    };
    view! {
        {move || person.with(|(id, name)| avatar(store, *id, name))}
        <header class="message-head">
            <span class="message-author" data-testid="message-author" dir="auto" on:click=show>
                {move || person.with(|(_, name)| name.to_string())}
            </span>
            {move || status_sign(store, person.with(|(id, _)| *id), language.get(), now)}
            <Time row />
        </header>
    }
}

#[component]
fn Time(row: ReadSignal<Arc<Row>>) -> impl IntoView {
    let language = use_language();
    let at = Memo::new(move |_| row.with(|row| row.at));
    let written = move |style| format(language.get().format_tag(), style, at.get());
    view! {
        <time datetime=move || at.get().to_string() title=move || written(Style::Full)>
            {move || written(Style::Time)}
        </time>
    }
}
