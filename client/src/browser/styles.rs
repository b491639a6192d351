//! Styles of parts whose code is fetched on demand: they come with that code.

use std::cell::RefCell;

use leptos::prelude::document;
use web_sys::CssStyleSheet;

thread_local! {
    static ADOPTED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Adds styles behind those of the page, once.
pub fn adopt(styles: &'static str) {
    let is_new = ADOPTED.with_borrow_mut(|adopted| {
        let is_new = !adopted.iter().any(|other| std::ptr::eq(*other, styles));
        if is_new {
            adopted.push(styles);
        }
        is_new
    });
    if !is_new {
        return;
    }
    if let Ok(sheet) = CssStyleSheet::new()
        && sheet.replace_sync(styles).is_ok()
    {
        let document = document();
        let sheets = document.adopted_style_sheets().slice(0, u32::MAX);
        sheets.push(&sheet);
        document.set_adopted_style_sheets(&sheets);
    }
}
