//! The contract of the store port, written once and run against each adapter.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod accounts;
mod authored;
mod changes;
mod decisions;
mod departures;
mod direct;
mod doors;
mod links;
mod lists;
mod log;
mod mail;
mod moderation;
mod names;
mod pages;
mod people;
mod place;
mod preferences;
mod private_search;
mod profiles;
mod random;
mod removal;
mod repeats;
mod reports;
mod room_links;
mod rooms;
mod search;
mod search_model;
mod tables;
mod unread;

/// Runs every contract test against an adapter, each in a folder of its own.
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
            adapter!(@ask $open; changes:
                messages_and_changes_share_one_count,
                a_message_is_told_as_it_is_now,
                reactions_stand_in_the_order_in_which_a_client_folds_them,
                who_asks_is_named_among_many_who_reacted,
                only_the_author_edits_and_deletes,
                what_is_not_there_cannot_be_changed,
                a_change_that_changes_nothing_takes_no_place,
                a_message_has_at_most_fifty_kinds_of_reactions,
                a_room_has_at_most_a_hundred_pins,
                the_texts_that_a_message_had_are_kept_until_it_is_deleted
            );
            adapter!(@ask $open; decisions:
                what_is_decided_about_accounts_is_in_the_audit_log
            );
            adapter!(@ask $open; lists:
                a_message_with_all_reactions_there_may_be_fits_into_a_frame,
                who_reacted_is_told_page_by_page,
                a_list_is_read_from_both_sides_in_parts_that_fit
            );
            adapter!(@ask $open; repeats:
                a_repeated_change_is_answered_as_the_first_time,
                a_repeated_change_in_one_batch_is_done_once,
                another_change_under_a_used_id_is_refused,
                a_message_and_a_change_do_not_share_an_id,
                a_repeated_message_is_answered_whatever_became_of_it,
                replies_name_a_message_of_their_room,
                another_answer_under_a_used_id_is_refused
            );
            adapter!(@ask $open; pages:
                a_page_holds_every_message_between_its_ends,
                pages_put_together_are_the_room,
                a_page_of_long_texts_fits_into_a_frame_and_is_never_empty
            );
            adapter!(@ask $open; unread:
                messages_of_others_after_the_mark_are_unread,
                messages_that_call_are_counted_apart,
                unread_messages_are_counted_up_to_a_hundred,
                a_read_mark_outlives_the_membership_and_dies_with_the_guest
            );
            adapter!(@ask $open; removal:
                a_deleted_text_is_nowhere,
                old_messages_go_and_the_log_says_so,
                a_log_counts_on_when_everything_in_it_was_old,
                many_old_messages_go_in_pieces,
                an_abandoned_room_goes_and_its_name_begins_anew,
                only_a_room_that_is_still_deserted_is_purged,
                what_is_written_after_everything_was_removed_is_found,
                a_big_abandoned_room_goes_in_pieces_and_its_name_at_once
            );
            adapter!(@ask $open; random:
                the_fold_of_the_log_is_what_pages_tell
            );
            adapter!(@ask $open; rooms:
                a_room_is_made_once_and_keeps_its_epoch,
                a_deserted_room_is_not_live_and_comes_back_with_its_log,
                a_permanent_room_is_always_live,
                names_in_another_case_are_other_rooms
            );
            adapter!(@ask $open; doors:
                a_private_room_begins_with_its_members_and_comes_back,
                a_repeated_request_finds_the_room_that_it_made,
                a_membership_changes_with_its_event,
                only_members_write_in_a_private_room,
                details_change_one_by_one_and_last,
                forgotten_guests_are_told_and_an_abandoned_den_goes
            );
            adapter!(@ask $open; moderation:
                a_restriction_is_kept_until_it_ends_or_is_lifted,
                a_ban_ends_the_membership_with_its_event,
                a_ban_that_ended_before_somebody_came_in_is_over,
                a_room_has_a_bounded_number_of_restrictions,
                an_archived_room_is_kept_though_nobody_is_in_it,
                the_audit_log_tells_who_did_what_to_whom
            );
            adapter!(@ask $open; reports:
                a_report_keeps_what_was_said_whatever_becomes_of_the_message,
                a_settled_report_says_who_settled_it_and_is_in_the_audit_log,
                old_reports_lose_their_texts_and_then_go,
                what_somebody_wrote_goes_from_reports_with_their_account,
                open_reports_are_bounded_and_of_private_rooms_for_members_only
            );
            adapter!(@ask $open; room_links:
                a_link_lets_in_as_many_as_it_says_and_members_do_not_count,
                a_link_into_a_room_ends_by_either_clock_and_with_its_maker,
                a_room_has_a_bounded_number_of_links
            );
            adapter!(@ask $open; direct:
                the_same_people_are_one_conversation,
                a_conversation_is_in_the_list_from_its_first_message_on,
                people_may_begin_anew_when_their_conversation_was_removed
            );
            adapter!(@ask $open; people:
                a_guest_is_found_by_its_secret_within_its_time,
                forgotten_guests_take_their_memberships_along,
                memberships_and_read_marks_outlive_a_restart,
                a_membership_of_an_unknown_guest_is_passed_over,
                a_closed_store_refuses_and_stores_nothing
            );
            adapter!(@ask $open; accounts:
                an_account_is_found_by_its_name_however_it_is_written,
                no_two_accounts_look_alike,
                a_guest_becomes_an_account_and_stays_the_same_user,
                a_refresh_token_is_replaced_and_its_predecessor_counts_once_more,
                any_other_use_of_an_old_token_ends_the_session,
                a_token_of_no_session_ends_none_and_old_sessions_give_way,
                somebody_sees_where_they_are_signed_in_and_ends_it,
                a_changed_password_ends_the_other_sessions,
                nobody_signs_in_to_a_disabled_account,
                a_session_ends_by_age_and_an_account_does_not,
                signing_keys_are_kept_newest_first,
                refresh_tokens_follow_their_rules
            );
            adapter!(@ask $open; names:
                a_new_name_is_taken_and_the_old_one_is_kept_from_others,
                a_name_that_was_ones_own_is_so_again,
                who_changes_names_all_the_time_is_stopped
            );
            adapter!(@ask $open; profiles:
                a_profile_is_kept_until_it_is_empty_or_the_account_is_gone
            );
            adapter!(@ask $open; preferences:
                what_an_account_prefers_is_kept_in_its_order_and_goes_with_it,
                there_are_only_so_many_muted_rooms_and_blocked_people,
                messages_of_somebody_blocked_are_not_counted
            );
            adapter!(@ask $open; departures:
                a_deleted_account_leaves_an_author_without_a_name,
                what_somebody_wrote_is_found_room_by_room
            );
            adapter!(@ask $open; authored:
                what_somebody_did_is_found_with_what_became_of_it,
                much_that_somebody_wrote_comes_in_pages,
                a_member_and_who_left_are_bound_to_a_room
            );
            adapter!(@ask $open; links:
                an_invitation_lets_in_as_many_as_it_says,
                a_link_ends_by_either_clock_and_when_it_is_withdrawn,
                the_link_of_the_owner_makes_one,
                a_link_for_a_password_ends_every_session,
                a_link_for_a_password_ends_with_any_change_of_who_may_do_what,
                who_may_not_invite_any_more_has_invited_nobody,
                links_are_found_by_who_made_them_and_whose_password_they_are_for,
                what_the_owner_decided_is_kept
            );
            adapter!(@ask $open; mail:
                a_confirmed_address_belongs_to_one_account,
                a_link_for_an_address_ends_by_use_time_and_any_change_of_the_account,
                a_mailed_link_for_a_password_ends_with_the_address,
                an_address_goes_with_its_account
            );
            adapter!(@ask $open; search:
                each_word_finds_its_sentence,
                text_that_was_edited_or_deleted_is_not_found_from_its_commit_on,
                messages_that_changed_before_they_were_indexed_are_found_as_they_are,
                a_search_that_finds_little_goes_on_page_by_page,
                a_deserted_room_is_not_searched,
                neither_case_nor_accents_count,
                what_has_a_minus_is_not_found,
                a_link_that_was_edited_away_is_not_found,
                filters_narrow_a_search,
                what_people_type_is_never_syntax,
                a_search_goes_on_where_it_was_after_a_restart,
                removed_messages_are_removed_from_the_index
            );
            adapter!(@ask $open; private_search:
                a_private_room_is_searched_for_its_members_only,
                a_membership_counts_from_its_commit_to_its_end,
                a_hidden_room_is_searched_like_none,
                filters_hold_in_private_rooms_too,
                edits_and_deletions_in_private_rooms_stay_private,
                little_that_one_may_read_is_found_in_few_pages
            );
            adapter!(@ask $open; search_model:
                a_search_finds_what_a_look_at_everything_would
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
