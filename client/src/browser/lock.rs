//! A lock that the tabs of a browser share. Without HTTPS browsers have no Web Locks; then it is a lease.

use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use js_sys::futures::JsFuture;
use js_sys::{Function, Math, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use super::lease;

/// A tab that holds it for longer than this, in milliseconds, was closed or does not run.
const STALE: i64 = 40_000;
/// How often it is looked whether a lease is free.
const LOOK: Duration = Duration::from_millis(50);

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
    Lease { name: String, holder: String },
}

impl Drop for Lock {
    fn drop(&mut self) {
        match &mut self.0 {
            // Resolving a promise does not fail.
            Holds::Lock(release) => drop(release.call0(&JsValue::NULL)),
            Holds::Lease { name, holder } => {
                spawn_local(lease::give_back(std::mem::take(name), std::mem::take(holder)));
            }
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
            // The tab that holds it does not run.
            Either::Left(_) | Either::Right((Either::Right(_), _)) => return lock,
        }
    }
    leased(name.to_owned()).await
}

async fn leased(name: String) -> Lock {
    let holder = Math::random().to_bits().to_string();
    while !lease::take(&name, &holder, STALE).await {
        sleep(LOOK).await;
    }
    Lock(Holds::Lease { name, holder })
}
