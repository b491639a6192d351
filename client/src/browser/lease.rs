//! What one tab of a browser holds for a while, where there are no Web Locks: a record in `IndexedDB`, whose transactions
//! come one after the other in all tabs. Storage does not serve: tabs see each other's writes too late.
//!
//! Called by name, because bindings of each method would be downloaded with the page.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::futures::JsFuture;
use js_sys::{Array, Date, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;

const DATABASE: &str = "hiroba";
const RECORDS: &str = "leases";

/// Takes a lease for `millis`, unless another tab has it. Returns false then; true also if the browser keeps no databases.
pub async fn take(name: &str, holder: &str, millis: i64) -> bool {
    let taken = Rc::new(Cell::new(true));
    let (told, holder) = (taken.clone(), holder.to_owned());
    let decide = move |record: Option<String>| {
        let until = record.and_then(|record| record.split(' ').next()?.parse().ok()).unwrap_or(0_i64);
        let now = Date::now() as i64;
        // One that lasts far longer was made while the clock was wrong.
        let is_free = until < now || until > now + 2 * millis;
        told.set(is_free);
        is_free.then(|| format!("{} {holder}", now + millis))
    };
    change(name.to_owned(), decide).await.map_or(true, |()| taken.get())
}

/// Gives a lease back, if `holder` still has it.
pub async fn give_back(name: String, holder: String) {
    let decide =
        move |record: Option<String>| record?.ends_with(&format!(" {holder}")).then(|| "0".to_owned());
    // If this fails, the lease ends by itself.
    let _ = change(name, decide).await;
}

/// Replaces a record in one transaction by what `decide` makes of it.
async fn change(
    name: String,
    decide: impl FnOnce(Option<String>) -> Option<String> + 'static,
) -> Result<(), JsValue> {
    let database = open().await?;
    let transaction = call(&database, "transaction", &[RECORDS.into(), "readwrite".into()])?;
    let records = call(&transaction, "objectStore", &[RECORDS.into()])?;
    let get = call(&records, "get", &[(&name).into()])?;
    let found = get.clone();
    // Within the event: a transaction with nothing to do ends.
    let got = Closure::once_into_js(move || {
        let record = Reflect::get(&found, &"result".into()).ok().and_then(|record| record.as_string());
        if let Some(record) = decide(record) {
            // If it fails, so does the transaction.
            let _ = call(&records, "put", &[record.into(), name.into()]);
        }
    });
    Reflect::set(&get, &"onsuccess".into(), &got)?;
    let done = over(&transaction, "oncomplete", "onabort").await;
    let _ = call(&database, "close", &[]);
    done
}

async fn open() -> Result<JsValue, JsValue> {
    let databases = Reflect::get(&window(), &"indexedDB".into())?;
    let request = call(&databases, "open", &[DATABASE.into()])?;
    let opened = request.clone();
    let make = Closure::once_into_js(move || {
        // If it fails, so does the request.
        let _ = result(&opened).and_then(|database| call(&database, "createObjectStore", &[RECORDS.into()]));
    });
    Reflect::set(&request, &"onupgradeneeded".into(), &make)?;
    over(&request, "onsuccess", "onerror").await?;
    result(&request)
}

fn result(request: &JsValue) -> Result<JsValue, JsValue> {
    Reflect::get(request, &"result".into())
}

/// Waits for one of two events.
///
/// # Errors
/// It was `bad`.
async fn over(target: &JsValue, good: &str, bad: &str) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        // Handlers can be set on every target of these events.
        let _ = Reflect::set(target, &good.into(), &resolve);
        let _ = Reflect::set(target, &bad.into(), &reject);
    });
    JsFuture::from(promise).await.map(drop)
}

fn call(target: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(target, &method.into())?.dyn_into()?;
    let arguments: Array = arguments.iter().collect();
    method.apply(target, &arguments)
}
