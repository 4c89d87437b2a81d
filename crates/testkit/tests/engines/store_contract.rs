//! Every rule of the Store port's contract against every adapter.

use testkit::contract::store::{self as rules, Backend};
use testkit::engines;

/// A test for each rule, on a backend that `$start` makes.
macro_rules! obeys {
    ($start:path: $($rule:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                let backend = $start().await;
                rules::$rule(&backend).await;
                backend.discard().await;
            }
        )*
    };
}

/// What is demanded of every store.
macro_rules! contract {
    ($start:path) => {
        obeys! { $start:
            a_record_is_inserted_once
            a_stale_revision_is_refused
            a_missing_record_is_stale
            an_update_replaces_the_whole_body
            a_refused_commit_leaves_no_events

            a_unique_index_refuses_equal_values
            a_partial_unique_index_counts_only_its_values
            an_update_can_break_a_unique_index
            null_equals_null_in_a_unique_index
            unmet_preconditions_come_before_unique_indexes

            one_of_many_racing_inserts_wins_under_a_partial_index
            one_of_many_racing_inserts_of_one_id_wins
            conflicts_in_a_batch_leave_the_other_commits_alone
            conflicts_among_updates_leave_the_other_updates_alone
            many_at_once_read_each_their_own
            one_of_many_racing_updates_wins
            a_cancelled_caller_does_not_affect_others

            conditions_select_what_they_say
            conditions_keep_types_apart
            nested_fields_are_found
            null_and_missing_are_the_same
            conditions_are_combined
            nothing_is_one_of_no_values
            values_are_never_operators

            a_list_is_searched_by_the_beginnings_of_its_texts
            a_list_is_searched_for_any_of_several_texts
            what_lacks_something_is_found
            an_indexed_list_follows_its_record
            records_without_the_list_are_found
            a_search_is_sorted_and_paged_however_many_it_finds
            a_search_is_sorted_and_paged_among_hundreds
            an_index_of_a_list_declared_later_covers_what_is_there

            results_are_sorted_and_limited
            pages_cover_every_record_once
            pages_stay_right_while_records_come_and_go
            floating_point_ties_are_paged

            bodies_come_back_as_they_were
            hostile_values_are_stored_as_data

            preparing_twice_is_harmless
            everything_survives_reopening
            an_index_declared_later_covers_what_is_there
            a_changed_index_is_made_anew
            a_store_that_answers_pings

            racing_updates_all_land
            an_unreadable_record_hides_no_others
            a_replica_advances_by_one
            a_replica_skips_what_was_superseded
            racing_duplicates_apply_once
            silent_changes_leave_the_version_alone

            what_was_written_a_moment_ago_is_not_read_again
            what_another_process_wrote_is_not_overlooked
            a_gap_that_another_process_has_filled_is_none
            a_replica_that_was_lost_is_made_anew
            what_was_removed_is_not_recalled
        }
    };
}

/// What is demanded of a store that does not publish its events itself.
macro_rules! outbox_contract {
    ($start:path) => {
        obeys! { $start:
            events_wait_until_they_are_marked
            only_events_older_than_the_moment_are_given
            a_records_events_come_in_order
            marking_twice_is_harmless
            new_events_survive_the_clearing_of_old_ones
            events_are_the_same_when_they_come_out
            collections_have_their_own_outbox
            purging_spares_what_has_events_to_publish
            marks_survive_reopening
        }
    };
}

mod sqlite_in_memory {
    use super::*;

    async fn start() -> Backend {
        Backend::memory()
    }

    contract!(start);
    outbox_contract!(start);
}

mod sqlite_file {
    use super::*;

    async fn start() -> Backend {
        Backend::file()
    }

    contract!(start);
    outbox_contract!(start);
}

mod sqlite_in_memory_with_bus {
    use super::*;

    async fn start() -> Backend {
        Backend::memory_with_bus().await
    }

    contract!(start);
}

mod sqlite_file_with_bus {
    use super::*;

    async fn start() -> Backend {
        Backend::file_with_bus()
    }

    contract!(start);
}

mod mongo {
    use super::*;

    async fn start() -> Backend {
        Backend::mongo(engines::mongodb_uri().await)
    }

    contract!(start);
    outbox_contract!(start);
}
