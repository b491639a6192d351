//! Formatting of the selected text by keyboard: bold, italic, code, a link.

use leptos::prelude::document;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement, KeyboardEvent};

use crate::browser::events::is_command;
use crate::ui::later::later;
use crate::ui::text_box;

/// Handles a key that no input method has consumed. Returns true if it formats the text. The box fires its own `input`
/// event then.
pub fn pressed(event: &KeyboardEvent, input: &HtmlTextAreaElement) -> bool {
    let is_shortcut = is_command(event) && !event.alt_key() && !event.shift_key();
    let key = event.key();
    let is_used = is_shortcut
        && !text_box::is_far(input)
        && match key.as_str() {
            "b" | "i" | "e" | "B" | "I" | "E" => true,
            // Without a selection this key opens the switcher.
            "k" | "K" => input.selection_start() != input.selection_end(),
            _ => false,
        };
    if is_used {
        let input = input.clone();
        let state =
            |input: &HtmlTextAreaElement| (input.value(), input.selection_start(), input.selection_end());
        let before = state(&input);
        spawn_local(async move {
            // While the code was on the way the user may have gone on.
            if let Ok(code) = formatter().await
                && document().active_element().as_ref() == Some(input.as_ref())
                && state(&input) == before
            {
                code(())(&input, &key);
            }
        });
    }
    is_used
}

/// Formats the selection as a key asks for.
type Formatter = fn(&HtmlTextAreaElement, &str);

later! {
    /// Fetches the code.
    fn formatter(() => Formatter) in dialogs: |()| format
}

fn format(input: &HtmlTextAreaElement, key: &str) {
    let units: Vec<u16> = input.value().encode_utf16().collect();
    let start = input.selection_start().ok().flatten().unwrap_or_default() as usize;
    let end = input.selection_end().ok().flatten().unwrap_or_default() as usize;
    let (start, end) = trimmed(&units, start, end);
    let edit = match key.to_ascii_lowercase().as_str() {
        "b" => surround(&units, start, end, "**"),
        "i" => surround(&units, start, end, "*"),
        "e" if units[start..end].contains(&NEWLINE) => fence(&units, start, end),
        "e" => surround(&units, start, end, "`"),
        _ => link(&units, start, end),
    };
    apply(input, &edit);
}

/// A change of a text; offsets are in UTF-16 code units, as browsers count.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
    /// What is selected afterwards.
    selected: (usize, usize),
}

const NEWLINE: u16 = b'\n' as u16;

/// Inserts the text as if it had been typed, so that undo works.
fn apply(input: &HtmlTextAreaElement, edit: &Edit) {
    let Edit { start, end, text, selected } = edit;
    // A textarea always supports selections.
    let _ = input.set_selection_range(*start as u32, *end as u32);
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        let command = if text.is_empty() { "delete" } else { "insertText" };
        let _ = document.exec_command_with_show_ui_and_value(command, false, text);
    }
    let _ = input.set_selection_range(selected.0 as u32, selected.1 as u32);
}

/// A selection without white space at its ends.
fn trimmed(units: &[u16], start: usize, end: usize) -> (usize, usize) {
    let is_space = |unit: &&u16| char::from_u32((**unit).into()).is_some_and(char::is_whitespace);
    let end = end.min(units.len());
    let start = start.min(end);
    let after = units[start..end].iter().rev().take_while(is_space).count();
    let before = units[start..end - after].iter().take_while(is_space).count();
    (start + before, end - after)
}

fn string(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}

/// Puts signs around the selection, or takes them away.
fn surround(units: &[u16], start: usize, end: usize, sign: &str) -> Edit {
    let length = sign.len();
    let unit = u16::from(sign.as_bytes()[0]);
    let is_sign = |candidate: &&u16| **candidate == unit;
    // Two stars are bold, one is italic, three are both.
    let has = |count: usize| if length == 2 { count >= 2 } else { count % 2 == 1 };
    let before = units[..start].iter().rev().take_while(is_sign).count();
    let after = units[end..].iter().take_while(is_sign).count();
    let inside = &units[start..end];
    let (first, last) =
        (inside.iter().take_while(is_sign).count(), inside.iter().rev().take_while(is_sign).count());
    if has(before) && has(after) {
        let (start, end) = (start - length, end + length);
        let text = string(inside);
        return Edit { start, end, text, selected: (start, end - 2 * length) };
    }
    if has(first) && has(last) && inside.len() > 2 * length {
        let text = string(&inside[length..inside.len() - length]);
        return Edit { start, end, text, selected: (start, end - 2 * length) };
    }
    let text = format!("{sign}{}{sign}", string(inside));
    Edit { start, end, text, selected: (start + length, end + length) }
}

/// Puts lines into a block of code.
fn fence(units: &[u16], start: usize, end: usize) -> Edit {
    let begins_line = start == 0 || units[start - 1] == NEWLINE;
    let before = if begins_line { "```\n" } else { "\n```\n" };
    let after = if units.get(end).is_none_or(|unit| *unit == NEWLINE) { "\n```" } else { "\n```\n" };
    let text = format!("{before}{}{after}", string(&units[start..end]));
    Edit { start, end, text, selected: (start + before.len(), end + before.len()) }
}

/// Makes the selection the text of a link, or its target if it is an address.
fn link(units: &[u16], start: usize, end: usize) -> Edit {
    let inside = string(&units[start..end]);
    let is_target = inside.starts_with("https://") || inside.starts_with("http://");
    let (text, caret) =
        if is_target { (format!("[]({inside})"), start + 1) } else { (format!("[{inside}]()"), end + 3) };
    Edit { start, end, text, selected: (caret, caret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies a change to a text whose selection is in `‹›`, and shows the new selection so.
    fn after(text: &str, change: impl Fn(&[u16], usize, usize) -> Edit) -> String {
        let bare = text.replace(['‹', '›'], "");
        let units: Vec<u16> = bare.encode_utf16().collect();
        let place = |sign: char| {
            text.replace(if sign == '‹' { '›' } else { '‹' }, "")
                .encode_utf16()
                .position(|unit| unit == sign as u16)
                .unwrap()
        };
        let (start, end) = trimmed(&units, place('‹'), place('›'));
        let edit = change(&units, start, end);
        let mut changed = units[..edit.start].to_vec();
        changed.extend(edit.text.encode_utf16());
        changed.extend(&units[edit.end..]);
        changed.insert(edit.selected.1, '›' as u16);
        changed.insert(edit.selected.0, '‹' as u16);
        string(&changed)
    }

    #[test]
    fn signs_are_put_around_the_selection_and_taken_away() {
        let bold = |units: &[u16], start, end| surround(units, start, end, "**");
        let italic = |units: &[u16], start, end| surround(units, start, end, "*");
        assert_eq!(after("a ‹word› b", bold), "a **‹word›** b");
        assert_eq!(after("a **‹word›** b", bold), "a ‹word› b");
        assert_eq!(after("a ‹**word**› b", bold), "a ‹word› b");
        assert_eq!(after("a **‹word›** b", italic), "a ***‹word›*** b");
        assert_eq!(after("a ***‹word›*** b", bold), "a *‹word›* b");
        assert_eq!(after("a *‹word›* b", italic), "a ‹word› b");
        assert_eq!(after("a‹ word ›b", bold), "a **‹word›** b");
        assert_eq!(after("‹›", bold), "**‹›**");
        assert_eq!(after("これは‹重要😀›です", bold), "これは**‹重要😀›**です");
    }

    #[test]
    fn lines_become_a_block_and_words_a_link() {
        assert_eq!(after("‹a\nb›", fence), "```\n‹a\nb›\n```");
        assert_eq!(after("see ‹a\nb› there", fence), "see \n```\n‹a\nb›\n```\n there");
        assert_eq!(after("see ‹this›.", link), "see [this](‹›).");
        assert_eq!(after("‹https://example.org›", link), "[‹›](https://example.org)");
    }
}
