//! A session: everything that belongs to somebody who is signed in, and the page that they see.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::task::spawn_local;

use super::{address, attention, persistence, shortcuts, texts, title};
use crate::browser::location;
use crate::core::Store;
use crate::core::entrance::{Ended, Entrance, Entry, use_entrance};
use crate::core::identity::Identity;
use crate::features::conversation::announcer::Announcer;
use crate::features::conversation::view::Conversation;
use crate::features::doors::dialogs::JOINING;
use crate::features::doors::joining;
use crate::features::leaving::question::Parting;
use crate::features::message::action::MessageActions;
use crate::features::message::actions::Actions;
use crate::features::message::names::Names;
use crate::features::notices::list::Notices;
use crate::features::reactions::emoji_data::EmojiData;
use crate::features::reactions::reactors::LastReactors;
use crate::features::rooms::list::{self, RoomsPane};
use crate::features::search::state::SearchState;
use crate::features::switcher::recent::Recent;
use crate::features::{self, Dialogs, members, search};
use crate::i18n::t;
use crate::ui::clock::Moment;
use crate::ui::later::MayReload;
use crate::ui::layers::{Layers, use_layers};
use crate::ui::pane::{Pane, PaneView, PanelButtons};
use crate::ui::show::Show;
use crate::ui::{focus, focus_successor};
use crate::wire;
use crate::wire::credentials::{Credentials, use_credentials};

/// The pieces of the page are fetched this long after the page is there, in milliseconds.
const FETCHES_REST_AFTER: u32 = 3_000;

/// How often it is looked whether there is a room, in milliseconds.
const LOOK: u32 = 50;
const LOOKS: u32 = 60;

/// Begins a session and shows its page.
#[component]
pub fn Session() -> impl IntoView {
    let entrance = use_entrance();
    let credentials = use_credentials();
    let identity = match entrance.entry() {
        Some(Entry::New(name)) => Some(Identity::newcomer(name)),
        Some(Entry::Kept) => persistence::identity(),
        Some(Entry::Account(known)) => Some(Identity::account(known)),
        None => None,
    };
    let Some(identity) = identity else {
        // Stored by an incompatible version.
        persistence::forget();
        entrance.end(Ended::ByServer);
        return None;
    };
    entrance.with_account().set(identity.is_account());
    // Not the owner of the elements: what their event handlers use must outlive them.
    let owner = entrance.session_owner();
    let ended = owner.clone();
    on_cleanup(move || {
        // A guest who may not come in now can become an account with an invitation, or come back when guests may.
        let stays = untrack(|| entrance.ended()) == Some(Ended::NoGuests);
        leave(stays);
        let end = move || {
            // A text box that is removed stores its draft once more.
            if entrance.entry().is_none() && !stays {
                persistence::forget();
            }
            ended.cleanup();
        };
        set_timeout(end, Duration::ZERO);
    });
    Some(owner.with(|| {
        begin(entrance, credentials, identity);
        OwnedView::new(view! { <ChatPage /> })
    }))
}

/// Leaves nothing of the session in the browser, unless who it is `stays` there.
fn leave(stays: bool) {
    if !stays {
        persistence::forget();
    }
    location::replace(None);
    document().set_title("Hiroba");
}

/// Wires the parts of a session: store, socket, address, storage, clock.
fn begin(entrance: Entrance, credentials: Credentials, identity: Identity) {
    let (store, orders) = Store::new(identity);
    provide_context(store);
    store.call_deleted(untrack(t(&texts::DELETED_USER)));
    let layers = Layers::provide(store, list::DRAWER);
    let moment = Moment::provide(move |now| store.tick(now));
    provide_context(MayReload(Signal::derive(move || {
        store.connection.get().is_online() && store.losses(None).is_none()
    })));
    if entrance.entry() == Some(Entry::Kept) {
        persistence::restore(store);
    }
    address::arrive(store);
    persistence::follow(store);
    title::follow(store, moment.now);
    attention::watch(store, moment);
    shortcuts::watch(store, layers);
    focus_successor::watch();
    // Signed out in another tab, or signed in to another account.
    let account = credentials.account();
    Effect::new(move || {
        let of_browser = account.with(|account| account.as_ref().map(|known| known.id));
        if store.is_account() && store.me() != of_browser {
            store.sign_out();
        }
    });
    wire::start(store, credentials, orders, move |ended| entrance.end(ended));
}

/// The page after sign-in: rooms, conversation and the pane beside it.
#[component]
fn ChatPage() -> impl IntoView {
    let store: Store = expect_context();
    let layers = use_layers();
    let pane = Pane::provide(store, &members::panel::PANEL);
    address::follow(store, layers, pane);
    provide_context(MessageActions(features::MESSAGE_ACTIONS));
    provide_context(PanelButtons(features::PANEL_BUTTONS));
    Actions::provide(store, layers, pane);
    Parting::provide(store, layers);
    EmojiData::provide();
    Names::provide(store);
    LastReactors::provide(store);
    SearchState::provide(store);
    Recent::provide(store);
    search::field::listen();
    let credentials = use_credentials();
    spawn_local(async move {
        if joining::pending().is_some() {
            // A room that opens closes what is asked, so it is asked then. There may be none to open.
            let mut looks = 0;
            while looks < LOOKS && store.open.try_with_untracked(Option::is_none) == Some(true) {
                looks += 1;
                TimeoutFuture::new(LOOK).await;
            }
            if !store.open.is_disposed() {
                layers.open(JOINING);
            }
        }
        TimeoutFuture::new(FETCHES_REST_AFTER).await;
        features::fetch_pieces(store, credentials).await;
    });
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus::on("#composer");
    };
    view! {
        <div class="square" class:two-panes=move || !pane.is_shown()
            class:roomy=move || pane.is_visited() class:covered=move || layers.covers()>
            <Show when=move || store.open.with(Option::is_some)>
                <a class="skip" href="#composer" data-testid="skip" on:click=skip>
                    {t(&texts::SKIP_TO_COMPOSER)}
                </a>
            </Show>
            <RoomsPane />
            <Conversation />
            <PaneView />
            <div class="scrim" on:click=move |_| layers.close()></div>
            <Notices />
            <Dialogs />
            <Announcer />
        </div>
    }
}
