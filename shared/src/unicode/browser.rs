//! The browser's own Unicode tables. Without `Intl.Segmenter`, code points are counted instead of grapheme clusters.

use js_sys::Intl::{SegmentData, Segmenter};
use js_sys::wasm_bindgen::JsCast;
use js_sys::{Array, Function, JsString, Reflect, RegExp};

use super::Class;

thread_local! {
    static EXTEND: RegExp = RegExp::new(r"^[\p{Grapheme_Extend}\p{Mc}\p{Cf}\p{Emoji_Modifier}]$", "u");
    static PICTOGRAPH: RegExp = RegExp::new(r"^\p{Extended_Pictographic}$", "u");
    static EMOJI: RegExp = RegExp::new(r"^(?=\p{Emoji})\p{Extended_Pictographic}$", "u");
    static MODIFIER_BASE: RegExp = RegExp::new(r"^\p{Emoji_Modifier_Base}$", "u");
    static CURSIVE: RegExp = cursive();
    static CASED: RegExp = RegExp::new(r"^\p{Changes_When_Casemapped}$", "u");
    static SEGMENTER: Option<Segmenter> = segmenter();
    static IN_WORD: RegExp = RegExp::new(r"\p{XIDC}", "u");
    static URL: Option<Function> = url();
}

/// Cursive scripts.
fn cursive() -> RegExp {
    let scripts =
        ["Arab", "Syrc", "Mand", "Mong", "Nkoo", "Phag", "Mani", "Phlp", "Rohg", "Sogd", "Chrs", "Adlm"];
    RegExp::new(&format!(r"^[\p{{sc={}}}]$", scripts.join(r"}\p{sc=")), "u")
}

fn segmenter() -> Option<Segmenter> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::has(&intl, &"Segmenter".into()).is_ok_and(|has| has).then(Segmenter::default)
}

fn url() -> Option<Function> {
    Reflect::get(&js_sys::global(), &"URL".into()).ok()?.dyn_into().ok()
}

pub fn is(class: Class, c: char) -> bool {
    let expression = match class {
        Class::Extend => &EXTEND,
        Class::Pictograph => &PICTOGRAPH,
        Class::Emoji => &EMOJI,
        Class::ModifierBase => &MODIFIER_BASE,
        Class::Cursive => &CURSIVE,
        Class::Virama => return is_virama(c),
    };
    expression.with(|expression| expression.test(c.encode_utf8(&mut [0; 4])))
}

/// Returns whether the canonical combining class of `c` is 9: canonical ordering sorts it between marks of class 8 and
/// class 10.
fn is_virama(c: char) -> bool {
    let is_in_order = |text: String| JsString::from(&*text).normalize("NFD") == *text;
    is_in_order(format!("\u{3099}{c}\u{5B0}"))
        && !is_in_order(format!("{c}\u{3099}"))
        && !is_in_order(format!("\u{5B0}{c}"))
}

pub fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

pub fn nfkd(text: &str) -> String {
    JsString::from(text).normalize("NFKD").into()
}

pub fn lowercase(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

pub fn fold_case(text: &str) -> String {
    JsString::from(text).to_lower_case().to_upper_case().to_lower_case().into()
}

pub fn has_case(c: char) -> bool {
    CASED.with(|class| class.test(c.encode_utf8(&mut [0; 4])))
}

/// Returns the byte offsets of the boundaries between user-visible characters.
pub fn grapheme_cuts(text: &str) -> Vec<usize> {
    let segments =
        SEGMENTER.with(|segmenter| segmenter.as_ref().map(|segmenter| Array::from(&segmenter.segment(text))));
    let Some(segments) = segments else {
        return text.char_indices().map(|(start, _)| start).skip(1).collect();
    };
    // JavaScript offsets are in UTF-16 code units.
    let mut starts =
        segments.iter().map(|segment| segment.unchecked_into::<SegmentData>().index()).peekable();
    let mut place = 0;
    let cuts = text.char_indices().filter(|&(_, c)| {
        let starts_here = starts.next_if_eq(&place).is_some();
        place += c.len_utf16() as u32;
        starts_here
    });
    cuts.map(|(start, _)| start).skip(1).collect()
}

pub fn is_in_word(c: char) -> bool {
    IN_WORD.with(|class| class.test(c.encode_utf8(&mut [0; 4])))
}

pub fn is_url(text: &str) -> bool {
    URL.with(|url| url.as_ref().is_some_and(|url| Reflect::construct(url, &Array::of1(&text.into())).is_ok()))
}
