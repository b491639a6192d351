//! What every store promises, said once and asked of each adapter.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod log;
mod people;
mod place;
mod rooms;
mod search;

/// Asks an adapter for every promise, each time in a place of its own.
macro_rules! adapter {
    ($name:ident, $open:expr) => {
        mod $name {
            adapter!(@ask $open; log:
                every_room_counts_without_holes,
                a_repeated_message_is_answered_as_the_first_time,
                a_repeated_message_in_one_batch_is_stored_once,
                one_id_for_two_messages_is_refused_and_the_rest_of_the_batch_stored,
                two_authors_may_use_the_same_id,
                messages_without_an_id_are_never_taken_for_one,
                a_large_batch_keeps_its_order,
                batches_at_the_same_time_share_one_order,
                pages_begin_and_end_where_they_are_asked_to,
                a_message_comes_back_as_it_was_stored,
                the_order_goes_on_after_a_restart
            );
            adapter!(@ask $open; rooms:
                a_room_is_made_once_and_keeps_its_epoch,
                a_deserted_room_is_not_live_and_comes_back_with_its_log,
                a_permanent_room_is_always_live,
                names_in_another_case_are_other_rooms
            );
            adapter!(@ask $open; people:
                a_guest_is_found_by_its_secret_within_its_time,
                forgotten_guests_take_their_memberships_along,
                memberships_and_read_marks_outlive_a_restart,
                a_membership_of_an_unknown_guest_is_passed_over,
                a_closed_store_refuses_and_stores_nothing
            );
            adapter!(@ask $open; search:
                each_word_finds_its_sentence,
                text_that_was_edited_or_deleted_is_not_found_from_its_commit_on,
                messages_that_changed_before_they_were_indexed_are_found_as_they_are,
                a_deserted_room_is_not_searched,
                filters_narrow_a_search,
                what_people_type_is_never_syntax,
                a_search_goes_on_where_it_was_after_a_restart,
                removed_messages_are_removed_from_the_index
            );
        }
    };
    (@ask $open:expr; $file:ident: $($promise:ident),*) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let place = crate::place::Place::new(|folder| Box::pin(async move { $open(folder).await }));
                crate::$file::$promise(&place).await;
            }
        )*
    };
}

adapter!(sqlite, hiroba::store::sqlite::SqliteStore::open);
