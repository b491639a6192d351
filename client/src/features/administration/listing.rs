//! A list that is read page by page.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::problem::words;
use crate::core::requests::NoAnswer;
use crate::i18n::{Text, common, t, use_language};
use crate::ui::each::each;
use crate::ui::show::Show;

/// A page that was asked for: its rows, and whether there are more.
pub type Page<T> = LocalBoxFuture<'static, Result<(Vec<T>, bool), NoAnswer>>;

type Ask<T> = Rc<dyn Fn(Option<T>) -> Page<T>>;

#[derive(Clone, PartialEq)]
enum Progress {
    Loading,
    Failed(NoAnswer),
    Done,
}

/// The rows so far. `ask` returns the page after a row.
pub struct Listing<T: Send + Sync + 'static> {
    /// With the number of the reading that they came with.
    rows: RwSignal<Vec<(u32, T)>>,
    progress: RwSignal<Progress>,
    has_more: RwSignal<bool>,
    /// How often the list was read: answers to an earlier reading are late.
    turn: StoredValue<u32>,
    ask: StoredValue<Ask<T>, LocalStorage>,
}

impl<T: Send + Sync> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Listing<T> {}

impl<T: Clone + Send + Sync + 'static> Listing<T> {
    /// Begins to read the list.
    pub fn new(ask: impl Fn(Option<T>) -> Page<T> + 'static) -> Self {
        let listing = Self {
            rows: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Progress::Loading),
            has_more: RwSignal::new(false),
            turn: StoredValue::new(0),
            ask: StoredValue::new_local(Rc::new(ask)),
        };
        listing.again();
        listing
    }

    /// Reads the list from its beginning. The present rows stay until its first page is there.
    pub fn again(self) {
        if let Some(turn) = self.turn.try_get_value() {
            self.turn.set_value(turn + 1);
            self.load(None);
        }
    }

    /// Reads the next page.
    fn more(self) {
        if self.progress.with_untracked(|progress| *progress != Progress::Loading) {
            self.load(self.rows.with_untracked(|rows| rows.last().map(|(_, row)| row.clone())));
        }
    }

    fn load(self, after: Option<T>) {
        let Some(ask) = self.ask.try_get_value() else { return };
        let turn = self.turn.get_value();
        self.progress.set(Progress::Loading);
        let is_first = after.is_none();
        spawn_local(async move {
            let answer = ask(after).await;
            // The section may be closed, or something else be looked for by now.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            let (page, more, progress) = match answer {
                Ok((page, more)) => (page, more, Progress::Done),
                Err(why) => (Vec::new(), !is_first, Progress::Failed(why)),
            };
            self.rows.update(|rows| {
                if is_first {
                    rows.clear();
                }
                rows.extend(page.into_iter().map(|row| (turn, row)));
            });
            self.has_more.set(more);
            self.progress.set(progress);
        });
    }
}

/// The list with what is said while there is nothing to show. Rows are made anew when the list is read again.
pub fn list<T: Clone + Send + Sync + 'static, N: IntoView + 'static>(
    listing: Listing<T>,
    label: &'static Text,
    none: &'static Text,
    key: impl Fn(&T) -> String + Send + 'static,
    row: impl Fn(T) -> N + Send + Sync + 'static,
) -> AnyView {
    let rows = listing.rows;
    let shown =
        each(move || rows.get(), move |(turn, of)| format!("{turn} {}", key(of)), move |(_, of)| row(of));
    let frame = Frame {
        label,
        none,
        progress: listing.progress,
        has_more: listing.has_more,
        is_empty: Memo::new(move |_| rows.with(Vec::is_empty)),
        again: Callback::new(move |()| listing.again()),
        more: Callback::new(move |()| listing.more()),
    };
    frame.around(shown)
}

/// What a list has beside its rows, the same for all.
struct Frame {
    label: &'static Text,
    none: &'static Text,
    progress: RwSignal<Progress>,
    has_more: RwSignal<bool>,
    is_empty: Memo<bool>,
    again: Callback<()>,
    more: Callback<()>,
}

impl Frame {
    fn around(self, rows: AnyView) -> AnyView {
        let Self { label, none, progress, has_more, is_empty, again, more } = self;
        let language = use_language();
        let is = move |what: &Progress| progress.with(|progress| progress == what);
        let is_failed = move || progress.with(|progress| matches!(progress, Progress::Failed(_)));
        let why = move || {
            progress.with(|progress| match progress {
                Progress::Failed(why) => Some(words(language.get(), why)),
                _ => None,
            })
        };
        let retry = move |_| if is_empty.get_untracked() { again.run(()) } else { more.run(()) };
        view! {
            <ul class="admin-list" aria-label=t(label) aria-busy=move || is(&Progress::Loading).to_string()>{rows}</ul>
            <Show when=move || is_empty.get() && is(&Progress::Done)>
                <p class="hint" data-testid="admin-none">{t(none)}</p>
            </Show>
            <Show when=move || is_empty.get() && is(&Progress::Loading)>
                <p class="hint late">{t(&common::LOADING)}</p>
            </Show>
            <Show when=is_failed>
                <p class="problem" role="alert" data-testid="admin-failed">
                    {why} " "
                    <button type="button" class="link-button" data-testid="admin-again" on:click=retry>
                        {t(&common::TRY_AGAIN)}
                    </button>
                </p>
            </Show>
            <Show when=move || has_more.get() && !is_failed()>
                <button type="button" class="button admin-more" data-testid="admin-more" on:click=move |_| more.run(())>
                    {t(&common::SHOW_MORE)}
                </button>
            </Show>
        }
        .into_any()
    }
}
