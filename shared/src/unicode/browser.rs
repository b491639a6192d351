//! The browser's own tables. One without `Intl.Segmenter` counts code points.

use js_sys::Intl::{SegmentData, Segmenter};
use js_sys::wasm_bindgen::JsCast;
use js_sys::{Array, Function, JsString, Reflect, RegExp};

use super::Class;

thread_local! {
    static EXTEND: RegExp = RegExp::new(r"^[\p{Grapheme_Extend}\p{Mc}\p{Cf}\p{Emoji_Modifier}]$", "u");
    static SEGMENTER: Option<Segmenter> = segmenter();
    static IN_WORD: RegExp = RegExp::new(r"\p{XIDC}", "u");
    static URL: Option<Function> = url();
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
    };
    expression.with(|expression| expression.test(c.encode_utf8(&mut [0; 4])))
}

pub fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

pub fn nfkd(text: &str) -> String {
    JsString::from(text).normalize("NFKD").into()
}

/// Where one user-visible character ends and the next begins.
pub fn grapheme_cuts(text: &str) -> Vec<usize> {
    let segments =
        SEGMENTER.with(|segmenter| segmenter.as_ref().map(|segmenter| Array::from(&segmenter.segment(text))));
    let Some(segments) = segments else {
        return text.char_indices().map(|(start, _)| start).skip(1).collect();
    };
    // JavaScript counts in UTF-16.
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
