//! A line on the first page: where the link leads.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::room_link::RoomLinkPreview;

use super::{api, texts};
use crate::core::requests::NoAnswer;
use crate::i18n::use_language;

#[component]
pub fn Note() -> impl IntoView {
    let (link, language) = (super::pending()?, use_language());
    let told = RwSignal::new(None::<Result<RoomLinkPreview, NoAnswer>>);
    spawn_local(async move {
        let preview = api::preview(&link).await;
        // Somebody may have signed in meanwhile.
        let _ = told.try_set(Some(preview));
    });
    let words = move || {
        let language = language.get();
        told.with(|told| match told.as_ref()? {
            Ok(room) => Some((texts::SIGN_IN_TO.of(language))(&room.title)),
            Err(error) => Some(api::why(language, error)),
        })
    };
    Some(view! { <p class="hint" data-testid="joining-note" dir="auto">{words}</p> })
}
