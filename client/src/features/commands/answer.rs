//! What a command answers: above the composer, for this user only.

use leptos::prelude::*;

use super::session::Commands;
use super::texts;
use crate::browser::styles;
use crate::i18n::{Text, common, t};
use crate::ui::icons::{CLOSE, Icon};

#[derive(Clone)]
pub enum Answer {
    /// Lines of a head, which may be empty, and words.
    Said(Vec<(String, String)>),
    /// Why nothing was done.
    Wrong(String),
    Asks(Question),
}

/// What is asked before something is destroyed.
#[derive(Clone)]
pub struct Question {
    pub words: String,
    pub button: &'static Text,
    pub act: Callback<()>,
}

#[component]
pub fn AnswerBox(commands: Commands) -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let shown = move || commands.answer.get().map(|answer| shown(commands, answer));
    view! {
        <div role="status">{shown}</div>
    }
}

fn shown(commands: Commands, answer: Answer) -> AnyView {
    let close = move |_| {
        commands.dismiss();
    };
    let content = match answer {
        Answer::Said(lines) => {
            let line = |(head, words): (String, String)| {
                view! {
                    <p class="answer-line" dir="auto">
                        {(!head.is_empty()).then(|| view! { <strong class="answer-head">{head}</strong> " " })}
                        {words}
                    </p>
                }
            };
            let lines = lines.into_iter().map(line).collect_view();
            view! { <div class="answer-words" tabindex="0" role="group" aria-label=t(&texts::ANSWER)>{lines}</div> }.into_any()
        }
        Answer::Wrong(words) => view! { <p class="answer-words problem" dir="auto">{words}</p> }.into_any(),
        Answer::Asks(Question { words, button, act }) => {
            let confirm = move |_| {
                commands.dismiss();
                act.run(());
            };
            view! {
                <div class="answer-words">
                    <p dir="auto">{words}</p>
                    <div class="buttons">
                        <button type="button" class="button" data-testid="answer-cancel" on:click=close>{t(&common::CANCEL)}</button>
                        <button type="button" class="button danger solid" data-testid="answer-confirm" on:click=confirm>
                            {t(button)}
                        </button>
                    </div>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <section class="answer" data-testid="answer" aria-label=t(&texts::ANSWER)>
            <p class="answer-note hint">{t(&texts::ONLY_YOU)}</p>
            {content}
            <button type="button" class="icon-button" data-testid="answer-close" aria-label=t(&common::CLOSE) title=t(&common::CLOSE)
                on:click=close>
                <Icon path=CLOSE />
            </button>
        </section>
    }
    .into_any()
}
