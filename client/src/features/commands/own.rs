//! Commands about the user.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::doing::Doing;
use super::texts;
use crate::core::identity::Known;
use crate::features::account::api;

/// Characters of a message that is to be deleted.
const EXCERPT: usize = 80;

pub fn away(doing: &Doing, _: &str) {
    let absent = !doing.store.is_absent();
    doing.store.set_absent(absent);
    let words = if absent { &texts::YOU_ARE_AWAY } else { &texts::YOU_ARE_BACK };
    doing.tell(words.of(doing.language));
}

pub fn nick(doing: &Doing, name: &str) {
    if name.is_empty() {
        return doing.wrong();
    }
    if !doing.store.is_account_untracked() {
        return doing.fail(texts::GUESTS_KEEP_THEIR_NAME.of(doing.language));
    }
    let (doing, name, credentials) = (doing.clone(), name.to_owned(), doing.commands.held().credentials);
    spawn_local(async move {
        match api::rename(credentials, &name).await {
            Ok(account) => {
                let words = (texts::YOU_ARE_CALLED.of(doing.language))(account.name.as_str());
                credentials.set_account(Some(Known { id: account.user_id, name: account.name }));
                doing.tell(words);
            }
            Err(why) => doing.refused(why),
        }
    });
}

pub fn delete(doing: &Doing, _: &str) {
    let me = untrack(|| doing.store.me());
    let last = doing.in_room(|room| {
        let own = |posted: &&shared::Posted| Some(posted.sender_id) == me && !posted.deleted;
        room.log().messages().rev().find(own).map(|posted| (posted.seq, posted.content.clone()))
    });
    let Some((seq, content)) = last.flatten() else {
        return doing.fail(texts::NOTHING_TO_DELETE.of(doing.language));
    };
    let text = content.as_ref().map_or("", |text| text.as_str());
    let mut excerpt: String = text.chars().take(EXCERPT).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    let words = (texts::DELETE_QUESTION.of(doing.language))(&excerpt);
    doing.ask(words, &texts::DELETE_BUTTON, move |doing| {
        doing.store.delete(&doing.room, seq);
        doing.done();
    });
}
