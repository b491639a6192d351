//! Downloading everything that the server holds about the account.

use std::time::Duration;

use gloo_timers::future::sleep;
use js_sys::futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, Failure};
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Response, Url};

use super::{api, texts};
use crate::browser::fetch;
use crate::core::requests::NoAnswer;
use crate::i18n::{Language, t, use_language};
use crate::wire::credentials::{Credentials, use_credentials};

const PATH: &str = "/api/v1/account/download";
const FILE: &str = "hiroba.jsonl";
/// The browser has begun to save the file by then.
const SAVED_WITHIN: Duration = Duration::from_mins(1);

#[derive(Clone)]
enum State {
    Idle,
    Busy,
    Done,
    Failed(Problem),
}

/// Why there is no file.
#[derive(Clone)]
pub enum Problem {
    BrokeOff,
    Refused(NoAnswer),
}

/// A button that saves the file.
#[component]
pub fn DownloadData() -> impl IntoView {
    let (credentials, language) = (use_credentials(), use_language());
    let state = RwSignal::new(State::Idle);
    let is_busy = move || state.with(|state| matches!(state, State::Busy));
    let begin = move |_| {
        if is_busy() {
            return;
        }
        state.set(State::Busy);
        spawn_local(async move {
            let done = download(credentials, PATH, FILE).await;
            // The settings may be closed: the file is saved all the same.
            state.try_set(done.map_or_else(State::Failed, |()| State::Done));
        });
    };
    let said = move || state.with(|state| matches!(state, State::Done)).then(t(&texts::DOWNLOADED));
    let problem = move || {
        state.with(|state| match state {
            State::Failed(problem) => Some(why(language.get(), problem)),
            _ => None,
        })
    };
    view! {
        <div class="field account" data-testid="download-data">
            <p id="download-about" class="hint">{t(&texts::DOWNLOAD_ABOUT)}</p>
            <button type="button" class="button" data-testid="download" aria-describedby="download-about"
                aria-disabled=move || is_busy().to_string() on:click=begin>
                {move || if is_busy() { t(&texts::DOWNLOADING)() } else { t(&texts::DOWNLOAD)() }}
            </button>
            <p class="hint" role="status" data-testid="download-done">{said}</p>
            <p class="problem" role="alert" data-testid="download-problem">{problem}</p>
        </div>
    }
}

fn why(language: Language, problem: &Problem) -> String {
    match problem {
        Problem::BrokeOff => texts::BROKE_OFF.of(language).to_owned(),
        Problem::Refused(NoAnswer::Refused(Failure {
            code: ErrorCode::RateLimited,
            retry_after_ms: Some(wait),
            ..
        })) => (texts::DOWNLOADED_OFTEN.of(language))(wait.div_ceil(60_000)),
        Problem::Refused(error) => texts::why(language, error, &texts::WRONG),
    }
}

/// Downloads a file of the account; `named` is what it is called unless the server says so. The browser collects it, on its
/// disk if it is large, and saves it when it is whole.
pub async fn download(credentials: Credentials, path: &str, named: &str) -> Result<(), Problem> {
    let offline = || Problem::Refused(NoAnswer::Offline);
    let token = credentials.token().await.map_err(|_| offline())?;
    let answer = fetch::begin(path, &token).await.ok_or_else(offline)?;
    if !answer.ok() {
        let body = answer.text().map(JsFuture::from).map_err(|_| offline())?.await.map_err(|_| offline())?;
        let failure = api::read::<Failure>(&body.as_string().unwrap_or_default());
        return Err(
            failure.map_or_else(|_| offline(), |failure| Problem::Refused(NoAnswer::Refused(failure)))
        );
    }
    let name = file_name(&answer).unwrap_or_else(|| named.to_owned());
    let broke_off = |_| Problem::BrokeOff;
    let blob = JsFuture::from(answer.blob().map_err(broke_off)?).await.map_err(broke_off)?;
    save(&blob.unchecked_into(), &name).ok_or(Problem::BrokeOff)
}

/// The full name in `Content-Disposition` (RFC 8187).
fn file_name(answer: &Response) -> Option<String> {
    let header = answer.headers().get("content-disposition").ok()??;
    let (_, encoded) = header.split_once("filename*=UTF-8''")?;
    js_sys::decode_uri_component(encoded).ok().map(Into::into)
}

fn save(blob: &Blob, name: &str) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let link = document().create_element("a").ok()?;
    link.set_attribute("href", &url).ok()?;
    link.set_attribute("download", name).ok()?;
    link.unchecked_into::<HtmlElement>().click();
    spawn_local(async move {
        sleep(SAVED_WITHIN).await;
        // It only frees what the browser keeps.
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}
