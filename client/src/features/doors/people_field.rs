//! Naming several people before something begins: those who were named stand below the field and can be dropped again.

use leptos::prelude::*;

use super::name_field::{NameField, Named, Naming};
use super::texts;
use crate::core::Store;
use crate::i18n::{Text, use_language};
use crate::ui::each::each;
use crate::ui::icons::{CLOSE, Icon};

/// The people named so far, and the field for more.
#[derive(Clone, Copy)]
pub struct Chosen {
    pub people: RwSignal<Vec<Named>>,
    naming: Naming,
}

impl Chosen {
    /// Nobody yet, and at most `limit`.
    pub fn new(store: Store, limit: usize) -> Self {
        let people = RwSignal::new(Vec::<Named>::new());
        let known = move || {
            let all = store.acquaintances().into_iter().map(|(id, name)| Named { id: Some(id), name });
            people.with(|people| all.filter(|named| !people.contains(named)).collect())
        };
        let add = move |named: Named| {
            people.update(|people| {
                if people.len() < limit && people.iter().all(|other| other.name.key() != named.name.key()) {
                    people.push(named);
                }
            });
        };
        Self { people, naming: Naming::new(known, add) }
    }

    /// Takes whoever is written in the field. Returns false if it cannot be a name.
    pub fn take_typed(self) -> bool {
        self.naming.take_typed()
    }
}

#[component]
pub fn PeopleField(
    chosen: Chosen,
    id: &'static str,
    label: &'static Text,
    /// What the list of those who were named is called.
    list: &'static Text,
    /// What the button says that drops one of them.
    drop: &'static Text<fn(&str) -> String>,
) -> impl IntoView {
    let language = use_language();
    let Chosen { people, naming } = chosen;
    let chip = move |named: Named| {
        let name = named.name.to_string();
        let label = {
            let name = name.clone();
            move || (drop.of(language.get()))(&name)
        };
        let drop = move |_| people.update(|people| people.retain(|other| *other != named));
        view! {
            <li class="person-chip" data-testid="person-chip">
                <span dir="auto">{name}</span>
                <button type="button" class="icon-button" data-testid="person-chip-drop" aria-label=label on:click=drop>
                    <Icon path=CLOSE />
                </button>
            </li>
        }
    };
    view! {
        <NameField naming id label button=&texts::ADD />
        <ul class="person-chips" aria-live="polite" aria-label=move || list.of(language.get())>
            {each(move || people.get(), |named| named.name.to_string(), chip)}
        </ul>
    }
}
