use proptest::option::of;
use proptest::prelude::*;
use shared::{
    ClientMessageId, Emoji, Mentions, MessageId, MessageText, Person, Reaction, RoomName, Seq, Timestamp,
    UserId, UserName,
};
use uuid::Uuid;

use super::*;

/// The highest seq.
const LAST: u64 = (1 << 40) - 1;

fn user() -> UserId {
    UserId::new(Uuid::from_u128(7))
}

fn mentions() -> impl Strategy<Value = Mentions> {
    (0usize..=50, any::<bool>()).prop_map(|(count, room)| Mentions { users: vec![user(); count], room })
}

fn text() -> impl Strategy<Value = MessageText> {
    any::<String>().prop_filter_map("blank", |raw| MessageText::new(&raw).ok())
}

fn reactor() -> impl Strategy<Value = Person> {
    "[a-z長\"\\\\🙂]{1,32}".prop_map(|name| Person { user_id: user(), user: UserName::new(&name).unwrap() })
}

fn reaction() -> impl Strategy<Value = Reaction> {
    let users = prop::collection::vec(reactor(), 0..20);
    (any::<u64>(), users).prop_map(|(count, users)| Reaction {
        emoji: Emoji::new("👩‍👩‍👧").unwrap(),
        count,
        users,
    })
}

fn posted() -> impl Strategy<Value = Posted> {
    let more = (of(1..=LAST), of(1..=LAST), any::<bool>(), any::<bool>(), any::<bool>());
    let reactions = prop::collection::vec(reaction(), 0..5);
    (of(text()), mentions(), reactions, reactor(), more).prop_map(
        |(content, mentions, reactions, author, more)| {
            let (reply_to, changed, own_id, deleted, pinned) = more;
            Posted {
                room: RoomName::new("部屋 \"x\"").unwrap().into(),
                sender: author.user,
                sender_id: author.user_id,
                content,
                timestamp: Timestamp::from_millis(1_800_000_000_000),
                seq: Seq(LAST),
                message_id: MessageId::new(Uuid::from_u128(1)),
                client_message_id: own_id.then(|| ClientMessageId::new(Uuid::from_u128(2))),
                reply_to: reply_to.map(Seq),
                mentions,
                changed_seq: changed.map(Seq),
                edited_at: changed.map(|_| Timestamp::from_millis(1_800_000_000_001)),
                deleted,
                pinned,
                reactions,
            }
        },
    )
}

fn changed() -> impl Strategy<Value = Changed> {
    let emoji = || Emoji::new("👩‍👩‍👧").unwrap();
    let change = prop_oneof![
        (of(text()), mentions()).prop_map(|(content, mentions)| Change::Edited { content, mentions }),
        Just(Change::Deleted),
        Just(Change::ReactionRemoved(emoji())),
        Just(Change::Unpinned),
        Just(Change::Trimmed),
    ];
    (change, of(reactor()), any::<bool>()).prop_map(|(change, by, own_id)| Changed {
        room: RoomName::general().into(),
        seq: Seq(LAST),
        target: Seq(LAST),
        by,
        timestamp: Timestamp::from_millis(1_800_000_000_000),
        client_message_id: own_id.then(|| ClientMessageId::new(Uuid::from_u128(2))),
        change,
    })
}

proptest! {
    #[test]
    fn nothing_takes_more_on_the_wire_than_it_is_counted_for_and_not_much_less(
        posted in posted(), changed in changed(), content in text(),
    ) {
        let version = Version { seq: Seq(LAST), content, timestamp: posted.timestamp };
        for (counted, encoded) in [
            (event(&RoomEvent::Changed(changed.clone())), serde_json::to_vec(&RoomEvent::Changed(changed))),
            (super::version(&version), serde_json::to_vec(&version)),
            (message(&posted), serde_json::to_vec(&RoomEvent::Posted(posted))),
        ] {
            // And the comma behind it.
            let length = encoded.unwrap().len() + 1;
            prop_assert!(length <= counted, "{length} bytes are counted as {counted}");
            prop_assert!(counted <= length * 3 / 2 + 220, "{length} bytes are counted as {counted}");
        }
    }
}
