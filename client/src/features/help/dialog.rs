//! The list of keyboard shortcuts and commands.

use leptos::prelude::*;

use super::texts;
use crate::browser::screen;
use crate::browser::styles;
use crate::features::commands::table::{self, Command};
use crate::i18n::{Text, common, t};
use crate::ui::focus;
use crate::ui::icons::{CLOSE, Icon};
use crate::ui::later::later;
use crate::ui::later_popup::LaterDialog;
use crate::ui::layers::{Layer, use_layers};
use crate::ui::send_key;

pub const HELP: Layer = Layer::dialog("help");

/// Keys, separated by spaces, and what they do. `Mod` is Ctrl or ⌘, `Send` and `Break` are a matter of choice.
type Shortcut = (&'static str, &'static Text);

const SHORTCUTS: [(&Text, &[Shortcut]); 3] = [
    (
        &texts::EVERYWHERE,
        &[
            ("Mod+K", &common::GO_TO),
            ("/ Mod+Shift+F", &texts::SEARCH),
            ("Alt+↑ Alt+↓", &texts::NEXT_ROOM),
            ("Alt+Shift+↑ Alt+Shift+↓", &texts::NEXT_UNREAD),
            ("F6", &texts::NEXT_REGION),
            ("Esc", &texts::CLOSE_OR_READ),
            ("Mod+/", &texts::THIS),
        ],
    ),
    (
        &texts::WRITING,
        &[
            ("Send", &texts::SEND),
            ("Break", &texts::BREAK),
            ("↑", &texts::EDIT_LAST),
            ("Mod+B", &texts::BOLD),
            ("Mod+I", &texts::ITALIC),
            ("Mod+E", &texts::CODE),
            ("Mod+K", &texts::LINK),
            ("@ # : /", &texts::COMPLETE),
        ],
    ),
    (&texts::MESSAGES, &[("↑ ↓", &texts::MOVE), ("Home End", &texts::ENDS), ("Enter", &texts::MENU)]),
];

later! {
    /// Fetches the code of the list.
    fn shortcuts(()) in dialogs: |()| view! { <Shortcuts /> }.into_any()
}

/// The dialog.
pub const DIALOG: LaterDialog = LaterDialog::new(HELP, &common::KEYBOARD, shortcuts);

#[component]
fn Shortcuts() -> impl IntoView {
    styles::adopt(include_str!("styles.css"));
    let layers = use_layers();
    // Their code may come after the dialog has opened.
    request_animation_frame(|| focus::on(".help-sections"));
    let command = screen::command_key();
    let alt = if screen::has_command_key() { "⌥" } else { "Alt" };
    let (send, line_break) =
        if send_key::needs_command() { ("Mod+Enter", "Enter") } else { ("Enter", "Shift+Enter") };
    let keys = move |keys: &'static str| {
        let combination = |keys: &'static str| {
            let one = |name: &'static str| {
                let name = match name {
                    "Mod" => command,
                    "Alt" => alt,
                    _ => name,
                };
                view! { <kbd>{name}</kbd> }
            };
            view! { <span class="help-keys">{keys.split('+').map(one).collect_view()}</span> }
        };
        let keys = match keys {
            "Send" => send,
            "Break" => line_break,
            _ => keys,
        };
        keys.split(' ').map(combination).collect_view()
    };
    let row = move |&(shortcut, does): &'static Shortcut| {
        view! {
            <div class="help-row">
                <dt>{t(does)}</dt>
                <dd>{keys(shortcut)}</dd>
            </div>
        }
    };
    let section = move |(title, rows): (&'static Text, &'static [Shortcut])| {
        view! {
            <section>
                <h3 class="list-title">{t(title)}</h3>
                <dl>{rows.iter().map(row).collect_view()}</dl>
            </section>
        }
    };
    let command = move |command: &'static Command| {
        let usage = t(&command.usage);
        view! {
            <div class="help-row">
                <dt class="help-command">
                    <span lang="en">"/" {command.name}</span>
                    " "
                    {usage}
                </dt>
                <dd>{t(&command.about)}</dd>
            </div>
        }
    };
    view! {
        <div class="pane-head">
            <h2 class="pane-title">{t(&common::KEYBOARD)}</h2>
            <button type="button" class="icon-button" data-testid="help-close" aria-label=t(&common::CLOSE)
                on:click=move |_| layers.close()>
                <Icon path=CLOSE />
            </button>
        </div>
        <div class="help-sections" tabindex="0" role="group" aria-label=t(&common::KEYBOARD)>
            {SHORTCUTS.into_iter().map(section).collect_view()}
            <section class="help-commands" data-testid="help-commands">
                <h3 class="list-title">{t(&texts::COMMANDS)}</h3>
                <dl>{table::ALL.iter().map(command).collect_view()}</dl>
            </section>
        </div>
    }
}

/// The part of the settings that opens the list.
pub fn section() -> AnyView {
    let layers = use_layers();
    view! {
        <div class="field">
            <button type="button" class="button" data-testid="help-open" aria-keyshortcuts="Control+/ Meta+/"
                on:click=move |_| layers.open(HELP)>
                {t(&common::KEYBOARD)}
            </button>
        </div>
    }
    .into_any()
}
