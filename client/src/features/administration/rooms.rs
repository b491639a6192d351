//! The public rooms; of the others only how many there are.

use leptos::prelude::*;
use shared::all_rooms::ListedRoom;

use super::listing::{Listing, list};
use super::room::RoomRow;
use super::{api, texts};
use crate::browser::dates::format_number;
use crate::i18n::use_language;
use crate::wire::credentials::use_credentials;

#[component]
pub fn Rooms() -> impl IntoView {
    let credentials = use_credentials();
    let language = use_language();
    let others = RwSignal::new(None::<(u64, u64)>);
    let listing = Listing::new(move |after: Option<ListedRoom>| {
        Box::pin(async move {
            let after = after.map(|room| room.room.to_string());
            let page = api::rooms(credentials, after.as_deref()).await?;
            // Nobody waits any more if the section was closed meanwhile.
            let _ = others.try_set(Some((page.private_rooms, page.conversations)));
            Ok((page.rooms, page.more))
        })
    });
    let hidden = move || {
        let (language, (private, direct)) = (language.get(), others.get()?);
        let number = |count| format_number(language.format_tag(), count);
        Some((texts::OTHER_ROOMS.of(language))(&number(private), &number(direct)))
    };
    view! {
        <p class="hint" data-testid="other-rooms">{hidden}</p>
        {list(listing, &texts::ROOMS, &texts::NO_ROOMS, |room| room.room.to_string(), |room| view! { <RoomRow room /> })}
    }
}
