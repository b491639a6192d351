//! The form for what a room tells of itself.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::limits::{DESCRIPTION_CHARS, ROOM_TITLE_CHARS, TOPIC_CHARS};
use shared::{Command, DetailsChange, RoomAddress, RoomDetails};

use super::line::{Line, LineField};
use super::problem::Problem;
use super::texts;
use crate::core::Store;
use crate::core::requests::NoAnswer;
use crate::i18n::{common, t};

#[component]
pub fn EditForm(
    room: RoomAddress,
    details: RoomDetails,
    /// Called when it is saved or given up.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let store: Store = expect_context();
    let is_private = room.is_private();
    let RoomDetails { title, topic, description, .. } = &details;
    let lines = [
        Line::new("room-title", &texts::TITLE, ROOM_TITLE_CHARS, title.as_ref()).needed(),
        Line::new("room-topic", &texts::TOPIC, TOPIC_CHARS, topic.as_ref()),
        Line::new("room-description", &texts::DESCRIPTION, DESCRIPTION_CHARS, description.as_ref()),
    ];
    let [title, topic, description] = lines;
    let problem = RwSignal::new(None::<NoAnswer>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let named = if is_private { title.read() } else { Ok(details.title.clone()) };
        let (Ok(title), Ok(topic), Ok(description)) = (named, topic.read(), description.read()) else {
            return;
        };
        let change = DetailsChange {
            title: (title != details.title).then_some(title),
            topic: (topic != details.topic).then_some(topic),
            description: (description != details.description).then_some(description),
            ..DetailsChange::default()
        };
        problem.set(None);
        if change == DetailsChange::default() {
            done.run(());
            return;
        }
        store.request(Command::EditRoom { room: room.clone(), change }, move |answer| match answer {
            // The dialog may be closed by now.
            Ok(_) => drop(done.try_run(())),
            Err(why) => drop(problem.try_set(Some(why))),
        });
    };
    view! {
        <form class="doors-section" data-testid="room-edit-form" on:submit=submit>
            {is_private.then(|| view! { <LineField line=title /> })}
            <LineField line=topic />
            <LineField line=description tall=true />
            <Problem why=problem testid="room-edit-problem" />
            <div class="buttons">
                <button type="button" class="button" data-testid="room-edit-cancel" on:click=move |_| done.run(())>
                    {t(&common::CANCEL)}
                </button>
                <button type="submit" class="button primary" data-testid="room-edit-save">{t(&texts::SAVE)}</button>
            </div>
        </form>
    }
}
