//! Completes a name after `@`.

use leptos::prelude::*;
use shared::limits::USER_NAME_CHARS;
use shared::mention::{EVERYBODY, may_follow};
use shared::{Member, RoomAddress, UserId, UserName, lowercase};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::texts;
use crate::core::Store;
use crate::features::reactions::emoji_data::plain;
use crate::i18n::t;
use crate::ui::avatar::Avatar;
use crate::ui::show::Show;
use crate::ui::text_box;

/// Maximum number of proposals.
const PROPOSALS: usize = 8;

/// A user to mention, or everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Proposal {
    id: Option<UserId>,
    name: String,
}

/// The part of a text that is being completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// From the `@` to the caret, in UTF-16 code units as browsers count.
    start: u32,
    end: u32,
    name: String,
}

impl Begun {
    /// Finds the beginning of a mention before the caret.
    pub fn find(text: &str, caret: u32) -> Option<Self> {
        let units: Vec<u16> = text.encode_utf16().take(caret as usize).collect();
        let before = String::from_utf16(&units).ok()?;
        let (at, sign) =
            before.char_indices().rev().take(USER_NAME_CHARS + 1).find(|(_, c)| matches!(c, '@' | '＠'))?;
        let name = &before[at + sign.len_utf8()..];
        if !may_follow(&before[..at]) || name.contains('\n') || name.starts_with(char::is_whitespace) {
            return None;
        }
        let start = before[..at].encode_utf16().count() as u32;
        Some(Self { start, end: caret, name: name.to_owned() })
    }
}

/// The state of the list below the composer's caret.
#[derive(Clone, Copy)]
pub struct MentionList {
    begun: RwSignal<Option<Begun>>,
    chosen: RwSignal<usize>,
    proposals: Memo<Vec<Proposal>>,
}

impl MentionList {
    /// Proposes members of `room`.
    pub fn new(store: Store, room: StoredValue<RoomAddress>) -> Self {
        let begun = RwSignal::new(None::<Begun>);
        let proposals = Memo::new(move |_| {
            let Some(Begun { name, .. }) = begun.get() else { return Vec::new() };
            let members =
                room.with_value(|room| store.room(room)).map(|room| room.with(|room| room.members.sorted()));
            proposals(&name, &members.unwrap_or_default(), store.me())
        });
        Self { begun, chosen: RwSignal::new(0), proposals }
    }

    /// Whether there are proposals.
    pub fn is_open(self) -> bool {
        self.proposals.with(|proposals| !proposals.is_empty())
    }

    /// The id of the selected element.
    pub fn active(self) -> Option<String> {
        self.is_open().then(|| element_id(self.chosen.get()))
    }

    /// Handles a change of the text or caret.
    pub fn look(self, input: &HtmlTextAreaElement) {
        let caret = input.selection_end().ok().flatten();
        let collapsed = input.selection_start().ok().flatten() == caret;
        let begun = caret.filter(|_| collapsed).and_then(|caret| {
            let (text, from) = text_box::before(input, caret);
            let Begun { start, end, name } = Begun::find(&text, caret - from)?;
            Some(Begun { start: start + from, end: end + from, name })
        });
        if self.begun.with_untracked(|before| *before != begun) {
            self.chosen.set(0);
            self.begun.set(begun);
        }
    }

    /// Hides the proposals until the text or caret changes.
    pub fn close(self) {
        if self.begun.with_untracked(Option::is_some) {
            self.begun.set(None);
        }
    }

    /// Handles a key that no input method has consumed. Returns true if the list used it.
    pub fn key(self, event: &KeyboardEvent, input: &HtmlTextAreaElement) -> bool {
        let count = self.proposals.with_untracked(Vec::len);
        if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => self.chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => self.take(self.chosen.get_untracked(), input),
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    /// Inserts the name into the text.
    fn take(self, at: usize, input: &HtmlTextAreaElement) {
        let name = self.proposals.with_untracked(|proposals| proposals.get(at).map(|of| of.name.clone()));
        let begun = self.begun.get_untracked();
        self.close();
        if let (Some(name), Some(Begun { start, end, .. })) = (name, begun) {
            // The offsets were read from this text.
            let _ = input.set_range_text_with_start_and_end_and_mode(&format!("@{name} "), start, end, "end");
        }
    }
}

fn proposals(begun: &str, members: &[Member], me: Option<UserId>) -> Vec<Proposal> {
    let wanted = key(begun);
    let others = members.iter().filter(|member| Some(member.user_id) != me);
    let people = others.map(|member| (Some(member.user_id), member.username.to_string()));
    let everybody = std::iter::once((None, EVERYBODY.to_owned()));
    // Prefix matches come first; within each group the members keep their order.
    let (mut beginning, mut within) = (Vec::new(), Vec::new());
    for (id, name) in people.chain(everybody) {
        match key(&name).find(&wanted) {
            Some(0) => beginning.push(Proposal { id, name }),
            Some(_) => within.push(Proposal { id, name }),
            None => {}
        }
    }
    beginning.append(&mut within);
    beginning.truncate(PROPOSALS);
    beginning
}

/// Normalizes for matching: ignores case, width, and the difference of hiragana and katakana. A trailing space is kept,
/// so that only longer names match.
fn key(name: &str) -> String {
    let key = UserName::new(name).map_or_else(|_| lowercase(name), |name| name.key());
    let space = if name.ends_with(char::is_whitespace) { " " } else { "" };
    plain(&format!("{key}{space}"))
}

fn element_id(at: usize) -> String {
    format!("mention-{at}")
}

#[component]
pub fn Proposals(
    list: MentionList,
    /// Called after a name was inserted into the text.
    #[prop(into)]
    taken: Callback<()>,
    /// The text box.
    input: NodeRef<leptos::html::Textarea>,
) -> impl IntoView {
    let option = move |(at, proposal): (usize, Proposal)| {
        let everybody = proposal.id.is_none();
        let name = proposal.name.clone();
        let take = move |event: web_sys::MouseEvent| {
            // Keeps the focus in the text.
            event.prevent_default();
            if let Some(input) = input.get_untracked() {
                list.take(at, &input);
                taken.run(());
            }
        };
        view! {
            <li role="option" id=element_id(at) class="proposal" data-testid="mention-option"
                aria-selected=move || (list.chosen.get() == at).to_string() on:mousedown=take>
                {UserName::new(&name).ok().map(|name| view! { <Avatar id=proposal.id name /> })}
                <span class="proposal-name" dir="auto">{name}</span>
                {everybody.then(|| view! { <span class="hint">{t(&texts::MENTION_EVERYBODY)}</span> })}
            </li>
        }
    };
    view! {
        <Show when=move || list.is_open()>
            <ul id="mentions" role="listbox" class="proposals" data-testid="mention-list" aria-label=t(&texts::MENTION_WHOM)>
                {move || list.proposals.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use shared::PresenceStatus;

    use super::*;

    fn begun(text: &str) -> Option<String> {
        Begun::find(text, text.encode_utf16().count() as u32).map(|begun| begun.name)
    }

    #[test]
    fn a_name_begins_after_the_sign_in_either_width() {
        assert_eq!(begun("hi @bo").as_deref(), Some("bo"));
        assert_eq!(begun("こんにちは＠花").as_deref(), Some("花"));
        assert_eq!(begun("@").as_deref(), Some(""));
        assert_eq!(begun("😀@taro ya").as_deref(), Some("taro ya"));
        assert_eq!(begun("mail@bo"), None, "a mail address");
        assert_eq!(begun("@ bo"), None);
        assert_eq!(begun("@bob\nnext"), None);
        assert_eq!(Begun::find("😀@bob", 4).unwrap(), Begun { start: 2, end: 4, name: "b".to_owned() });
    }

    #[test]
    fn people_are_proposed_whatever_the_kana_the_case_or_the_width() {
        let member = |number, name: &str| Member {
            user_id: UserId::new(uuid::Uuid::from_u128(number)),
            username: UserName::new(name).unwrap(),
            status: PresenceStatus::Online,
        };
        let members = [member(1, "Anna"), member(2, "はなこ"), member(3, "Hanna"), member(9, "Me")];
        let me = Some(members[3].user_id);
        let names =
            |begun: &str| proposals(begun, &members, me).into_iter().map(|of| of.name).collect::<Vec<_>>();
        assert_eq!(names("AN"), ["Anna", "Hanna"]);
        assert_eq!(names("ハナ"), ["はなこ"]);
        assert_eq!(names("ro"), ["room"]);
        assert_eq!(names("me"), [""; 0], "nobody calls themselves");
        assert_eq!(names("Anna "), [""; 0], "the name is whole");
        assert_eq!(names("").len(), 4);
    }
}
