//! The dialog: the list of sections and the open one beside it, or one at a time on a narrow screen.

use leptos::html::H3;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::section::Section;
use super::{ADMINISTRATION, SECTION, texts};
use crate::browser::later::in_a_frame;
use crate::browser::{screen, styles};
use crate::i18n::{common, t};
use crate::ui::composing::composing;
use crate::ui::focus;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::layers::use_layers;
use crate::ui::popup::QUESTION_STYLES;
use crate::ui::show::Show;

/// An arrow to the left.
const BACK: &str = "M12.5 4.5L7 10l5.5 5.5";

#[component]
pub fn Administration() -> impl IntoView {
    styles::adopt(QUESTION_STYLES);
    styles::adopt(include_str!("styles.css"));
    let layers = use_layers();
    // On a narrow screen one chooses first.
    let chosen = RwSignal::new(screen::fits_two_panes().then_some(Section::People));
    let title = NodeRef::<H3>::new();
    // Its code may come after the dialog has opened.
    request_animation_frame(|| focus::on(".admin-nav button"));
    let inside = move || layers.is(SECTION);
    let choose = move |section: Section| {
        chosen.set(Some(section));
        if !screen::fits_two_panes() {
            layers.open(SECTION);
            in_a_frame(chosen, move || {
                if let Some(title) = title.get_untracked() {
                    focus::give(&title);
                }
            });
        }
    };
    let entry = move |section: Section| {
        let is_chosen = move || chosen.get() == Some(section);
        view! {
            <li>
                <button type="button" class="admin-entry" data-testid="administration-section" data-section=section.name()
                    aria-current=move || is_chosen().then_some("true") on:click=move |_| choose(section)>
                    {t(section.title())}
                </button>
            </li>
        }
    };
    // The browser would close the dialog, not only the section.
    let keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !composing(&event) && untrack(inside) {
            event.prevent_default();
            layers.close();
        }
    };
    view! {
        <div class="admin" class:admin-inside=inside on:keydown=keydown>
            <div class="pane-head admin-head">
                <Show when=inside>
                    <button type="button" class="icon-button admin-back" data-testid="administration-back"
                        aria-label=t(&texts::BACK) on:click=move |_| layers.close()>
                        <Icon path=BACK />
                    </button>
                </Show>
                <h2 class="pane-title">{t(&texts::ADMINISTRATION)}</h2>
                <button type="button" class="icon-button" data-testid="administration-close" aria-label=t(&common::CLOSE)
                    on:click=move |_| layers.close_layer(ADMINISTRATION)>
                    <Icon path=CLOSE />
                </button>
            </div>
            <nav class="admin-nav" aria-label=t(&texts::ADMINISTRATION)>
                <ul>{Section::ALL.map(entry).collect_view()}</ul>
            </nav>
            {move || chosen.get().map(|section| view! {
                <section class="admin-section" aria-labelledby="admin-title" data-testid=format!("admin-{}", section.name())>
                    <h3 id="admin-title" class="admin-title" tabindex="-1" node_ref=title>{t(section.title())}</h3>
                    {section.content()}
                </section>
            })}
        </div>
    }
}
