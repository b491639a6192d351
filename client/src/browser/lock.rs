//! A lock that the tabs of a browser share. Without HTTPS browsers have no Web Locks; then a note in the storage, which
//! all tabs see, says who has it.

use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use js_sys::futures::JsFuture;
use js_sys::{Date, Function, Math, Promise};
use wasm_bindgen::prelude::*;

use super::storage::BrowserStorage;

/// A note that is older than this, in milliseconds, is of a tab that was closed.
const STALE: i64 = 40_000;

#[wasm_bindgen]
extern "C" {
    /// Fails where there are no locks.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request(name: &str, granted: &JsValue) -> Result<Promise, JsValue>;
}

/// Holds the lock until it is dropped.
pub struct Lock(Holds);

enum Holds {
    Lock(Function),
    Note { key: String, note: String },
}

impl Drop for Lock {
    fn drop(&mut self) {
        match &self.0 {
            // Resolving a promise does not fail.
            Holds::Lock(release) => drop(release.call0(&JsValue::NULL)),
            Holds::Note { key, note } if BrowserStorage::Browser.text(key).as_ref() == Some(note) => {
                BrowserStorage::Browser.remove(key);
            }
            Holds::Note { .. } => {}
        }
    }
}

/// Waits for the lock of this name.
pub async fn lock(name: &str) -> Lock {
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let (grant, granted) = oneshot::channel();
    let take = Closure::once_into_js(move |_: JsValue| {
        // Nobody waits any more if the session has ended; the lock is released with the function below.
        let _ = grant.send(());
        held
    });
    if let (Ok(requested), Some(release)) = (request(name, &take), release) {
        let lock = Lock(Holds::Lock(release));
        let rejected = JsFuture::from(requested);
        match select(granted, select(rejected, sleep(Duration::from_millis(STALE as u64)))).await {
            // The browser has locks and does not give them to this page.
            Either::Right((Either::Left(_), _)) => {}
            // A tab that holds it for so long does not run.
            Either::Left(_) | Either::Right((Either::Right(_), _)) => return lock,
        }
    }
    note(name.to_owned()).await
}

async fn note(key: String) -> Lock {
    let me = (Math::random() * f64::from(u32::MAX)) as u32;
    loop {
        let read = || BrowserStorage::Browser.text(&key);
        let until = read().and_then(|note| note.split(' ').next()?.parse().ok()).unwrap_or(0_i64);
        let now = Date::now() as i64;
        if until < now || until > now + STALE {
            let note = format!("{} {me}", now + STALE);
            BrowserStorage::Browser.set_text(&key, &note);
            // Another tab may write in the same moment: the last one has it.
            sleep(Duration::from_millis(50)).await;
            if read().is_none_or(|last| last == note) {
                return Lock(Holds::Note { key, note });
            }
        } else {
            sleep(Duration::from_millis(50)).await;
        }
    }
}
