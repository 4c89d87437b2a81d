//! Every rule of the Bus port's contract against every adapter.

use testkit::contract::bus::{self as rules, Fixture};

/// A test for each rule, on the bus that `$open` gives.
macro_rules! obeys {
    ($open:path: $($rule:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                $open().await.obeys(rules::$rule).await;
            }
        )*
    };
}

/// The whole contract.
macro_rules! contract {
    ($open:path) => {
        obeys! { $open:
            every_attribute_arrives
            order_is_kept
            a_duplicate_is_kept_once
            a_duplicate_within_a_batch_is_kept_once
            ids_count_within_their_stream
            ten_thousand_messages_arrive
            published_events_survive_a_crash
            an_undeclared_stream_is_refused_until_declared
            declaring_again_keeps_the_messages
            it_answers

            a_consumer_that_was_away_goes_on_where_it_was
            only_wanted_types_are_delivered
            a_consumer_can_want_more_types_later
            giving_up_on_the_next_message_loses_none
            unacknowledged_messages_are_bounded

            an_unacknowledged_message_is_delivered_again
            a_retried_message_waits_its_delay
            held_deliveries_are_not_made_again
            unacknowledged_messages_come_again_after_a_restart
            a_message_that_crashes_the_process_is_given_up

            retrying_the_last_delivery_makes_a_dead_letter
            a_lost_last_delivery_is_made_good
            a_rejected_message_becomes_a_dead_letter
            dead_letters_are_counted
            a_dead_letter_survives_a_crash
            silence_makes_a_dead_letter
            a_replayed_letter_goes_to_its_consumer_only
            dead_letters_are_listed_page_by_page
            replaying_nothing_fails
            each_consumer_has_its_own_dead_letter
            a_huge_message_becomes_a_dead_letter
            each_consumer_has_its_own_huge_dead_letter

            joiners_share_the_work
            a_joiner_that_leaves_takes_nothing_with_it
            deliveries_to_a_joiner_that_left_are_made_soon
            different_consumers_each_get_everything

            a_watcher_from_the_start_sees_everything
            a_watcher_from_now_sees_what_comes
            a_watcher_from_now_misses_nothing
            a_watcher_of_nothing_is_caught_up_at_once
            every_watcher_sees_everything
            giving_up_on_a_watch_loses_nothing
            old_messages_are_forgotten

            superseded_messages_are_removed
            a_consumer_that_is_behind_misses_nothing
            only_what_is_old_and_superseded_is_removed

            a_backlog_counts_what_is_wanted
            a_backlog_is_empty_when_all_is_answered
            a_backlog_counts_what_waits_to_be_retried
        }
    };
}

mod local_bus_in_memory {
    use super::*;
    contract!(Fixture::memory);
}

mod local_bus_on_file {
    use super::*;
    contract!(Fixture::file);
}

mod commits_in_memory {
    use super::*;
    contract!(Fixture::commits_in_memory);
}

mod commits_in_file {
    use super::*;
    contract!(Fixture::commits_in_file);
}

mod jetstream {
    use super::*;
    contract!(Fixture::jetstream);
}
