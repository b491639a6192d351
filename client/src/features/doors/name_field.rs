//! A field in which people are named one after another, with those whom one knows proposed: an ARIA combobox.

use leptos::html::Input;
use leptos::prelude::*;
use shared::text::TextError;
use shared::{UserId, UserName, loosely, lowercase};
use web_sys::KeyboardEvent;

use super::{problem, texts};
use crate::browser::styles;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, Text, common, t, use_language};
use crate::ui::avatar::avatar;
use crate::ui::composing::composing;
use crate::ui::popup::PROPOSAL_STYLES;

/// Maximum number of proposals.
const PROPOSALS: usize = 5;

/// Somebody, with the id if they are known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub id: Option<UserId>,
    pub name: UserName,
}

/// Why somebody could not be named, or not be invited.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// Nobody can have this name.
    Impossible,
    /// The server refused it.
    NotInvited(UserName, NoAnswer),
}

impl Problem {
    fn words(&self, store: Store, language: Language) -> String {
        match self {
            Self::Impossible => common::NAME_FORBIDDEN.of(language).to_owned(),
            Self::NotInvited(name, why) => {
                (texts::NOT_INVITED.of(language))(name.as_str(), &problem::words(store, language, why))
            }
        }
    }
}

/// What is typed, and who is proposed.
#[derive(Clone, Copy)]
pub struct Naming {
    input: NodeRef<Input>,
    query: RwSignal<String>,
    /// The proposal that was chosen with the arrow keys.
    chosen: RwSignal<Option<usize>>,
    /// Whom to propose.
    known: Signal<Vec<Named>>,
    take: Callback<Named>,
    pub problem: RwSignal<Option<Problem>>,
}

impl Naming {
    /// Proposes people of `known`; `take` gets whoever is named.
    pub fn new(
        known: impl Fn() -> Vec<Named> + Send + Sync + 'static,
        take: impl Fn(Named) + Send + Sync + 'static,
    ) -> Self {
        Self {
            input: NodeRef::new(),
            query: RwSignal::default(),
            chosen: RwSignal::new(None),
            known: Signal::derive(known),
            take: Callback::new(take),
            problem: RwSignal::new(None),
        }
    }

    fn found(self) -> Vec<Named> {
        self.query.with(|query| self.known.with(|known| matching(query, known)))
    }

    /// Takes whoever is written in the field. Returns false if it cannot be a name.
    pub fn take_typed(self) -> bool {
        let Some(input) = self.input.get_untracked() else { return true };
        match UserName::new(&input.value()) {
            Ok(name) => {
                let known = self.known.with_untracked(|known| {
                    known.iter().find(|known| known.name.key() == name.key()).cloned()
                });
                self.take(known.unwrap_or(Named { id: None, name }));
            }
            Err(TextError::Empty) => {}
            Err(_) => {
                self.problem.set(Some(Problem::Impossible));
                return false;
            }
        }
        true
    }

    /// The field has what could not be taken, so that it can be corrected.
    pub fn give_back(self, name: &UserName, why: NoAnswer) {
        // The dialog may be closed by now.
        if self.problem.is_disposed() {
            return;
        }
        if let Some(input) = self.input.get_untracked().filter(|input| input.value().is_empty()) {
            input.set_value(name.as_str());
        }
        self.problem.set(Some(Problem::NotInvited(name.clone(), why)));
    }

    fn take(self, named: Named) {
        self.problem.set(None);
        self.query.set(String::new());
        self.chosen.set(None);
        if let Some(input) = self.input.get_untracked() {
            input.set_value("");
            // Focusing an element in the document does not fail.
            let _ = input.focus();
        }
        self.take.run(named);
    }

    fn key(self, event: &KeyboardEvent) {
        if composing(event) {
            return;
        }
        let found = untrack(|| self.found());
        let count = found.len();
        let chosen = self.chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => self.chosen.set(Some(chosen.map_or(0, |at| (at + 1) % count))),
            "ArrowUp" if count > 0 => {
                self.chosen.set(Some(chosen.map_or(count - 1, |at| (at + count - 1) % count)));
            }
            "Escape" if count > 0 => {
                self.query.set(String::new());
                self.chosen.set(None);
            }
            "Enter" => match chosen.and_then(|at| found.get(at)) {
                Some(named) => self.take(named.clone()),
                None if self.input.get_untracked().is_some_and(|input| !input.value().trim().is_empty()) => {
                    self.take_typed();
                }
                None => return,
            },
            _ => return,
        }
        event.prevent_default();
    }
}

/// Those whose names contain what was typed; those that begin with it come first.
fn matching(query: &str, known: &[Named]) -> Vec<Named> {
    let wanted = loosely(lowercase(query.trim()).trim());
    if wanted.is_empty() {
        return Vec::new();
    }
    let place = |named: &Named| loosely(&named.name.key()).find(&wanted);
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for named in known {
        match place(named) {
            Some(0) => first.push(named.clone()),
            Some(_) => rest.push(named.clone()),
            None => {}
        }
    }
    first.append(&mut rest);
    first.truncate(PROPOSALS);
    first
}

#[component]
pub fn NameField(
    naming: Naming,
    id: &'static str,
    label: &'static Text,
    /// What the button beside the field says.
    button: &'static Text,
) -> impl IntoView {
    styles::adopt(PROPOSAL_STYLES);
    let store: Store = expect_context();
    let language = use_language();
    let found = Memo::new(move |_| naming.found());
    let Naming { input, query, chosen, problem, .. } = naming;
    let none = move || found.with(Vec::is_empty);
    let list = format!("{id}-list");
    let option_id = move |at: usize| format!("{id}-{at}");
    let option = move |(at, named): (usize, Named)| {
        let (known, name) = (named.id, named.name.clone());
        let take = move |event: web_sys::MouseEvent| {
            // Keeps the focus in the field.
            event.prevent_default();
            naming.take(named.clone());
        };
        view! {
            <li role="option" id=option_id(at) class="proposal" data-testid="person-option"
                aria-selected=move || (chosen.get() == Some(at)).to_string() on:mousedown=take>
                {avatar(store, known, &name)}
                <span class="proposal-name" dir="auto">{name.to_string()}</span>
            </li>
        }
    };
    let words =
        move || problem.with(|problem| problem.as_ref().map(|problem| problem.words(store, language.get())));
    view! {
        <div class="field">
            <label class="field-label" for=id>{t(label)}</label>
            <div class="joined-inputs">
                <input id=id data-testid=id type="text" autocomplete="off" autocapitalize="none" spellcheck="false"
                    node_ref=input role="combobox" aria-autocomplete="list" aria-controls=list.clone()
                    aria-expanded=move || (!none()).to_string()
                    aria-activedescendant=move || chosen.get().map(option_id)
                    aria-describedby=format!("{id}-problem") aria-invalid=move || problem.with(Option::is_some).to_string()
                    on:input=move |event| {
                        problem.set(None);
                        chosen.set(None);
                        query.set(event_target_value(&event));
                    }
                    on:keydown=move |event| naming.key(&event) />
                <button type="button" class="button" data-testid=format!("{id}-add") on:click=move |_| { naming.take_typed(); }>
                    {t(button)}
                </button>
            </div>
            <ul id=list class="people-proposed" role="listbox" hidden=none aria-label=t(&texts::PEOPLE_YOU_KNOW)>
                {move || found.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
            <p id=format!("{id}-problem") class="problem" role="alert" data-testid=format!("{id}-problem")>{words}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_proposed_whatever_the_kana_or_the_case_and_never_all_of_them() {
        let known =
            ["Anna", "はなこ", "Hanna"].map(|name| Named { id: None, name: UserName::new(name).unwrap() });
        let names = |query: &str| {
            matching(query, &known).iter().map(|named| named.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names("AN"), ["Anna", "Hanna"]);
        assert_eq!(names("ハナ"), ["はなこ"]);
        assert_eq!(names(" "), [""; 0]);
    }
}
