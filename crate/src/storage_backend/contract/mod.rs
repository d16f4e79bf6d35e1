//! The storage contract suite: one list of cases, written once, for every backend and driver.
//!
//! Natively it runs against `Storage` (`crate/tests/storage_contract.rs`); compiled into the test build of the wasm module it runs over
//! sql.js and wa-sqlite, in Node and in Chromium. A case gets a fresh, empty backend and returns what is wrong; it never panics, since a
//! panic would take the whole instance with it.
//!
//! Cases stand in files by property. Each method of the trait has cases for success, absence, duplicates, rollback, values of a megabyte and
//! NUL bytes. The cases of the hot path run twice: as the backend answers them, and by the trait's default bodies ([`plain`]).

mod cache;
mod check;
mod counters;
mod discarded;
mod groups;
mod indexes;
mod item_writes;
mod items;
mod ledger;
mod metadata;
mod pages;
mod physical;
mod plain;
mod queries;
mod request_tokens;
mod samples;
mod scans;
mod snapshot;
mod stream_reads;
mod streams;
mod tags;
mod transactions;
mod ttl;
mod upkeep;

use super::StorageBackend;
use check::{CaseResult, Failure};

/// The outcome of a case: what is wrong, in words.
pub type Outcome = Result<(), String>;

/// Makes the list of names and the switch between the cases out of one list; a case that is in no list is dead code, which does not compile
/// without a warning.
macro_rules! suite {
    ($($module:ident { $($case:ident),* $(,)? })*) => {
        /// Each case's name, and its name when it runs by the trait's default bodies.
        const NAMES: &[(&str, &str)] = &[$($((
            concat!(stringify!($module), "::", stringify!($case)),
            concat!("default_bodies::", stringify!($module), "::", stringify!($case)),
        ),)*)*];

        async fn run<B: StorageBackend>(name: &str, backend: &B) -> CaseResult {
            match name {
                // Boxed: the future of all cases at once would be as large as the largest of them, on a stack of one megabyte.
                $($(concat!(stringify!($module), "::", stringify!($case)) => Box::pin($module::$case(backend)).await,)*)*
                _ => Err(Failure::new(&"there is no such case")),
            }
        }
    };
}

suite! {
    metadata {
        a_new_table_reads_back_every_field,
        absent_definitions_stay_absent,
        a_table_that_is_not_there_is_said_to_be,
        a_taken_name_is_refused,
        each_update_changes_its_own_fields,
        changes_of_metadata_are_undone,
        creating_a_table_is_undone,
        dropping_a_table_is_undone,
        a_table_created_again_is_empty,
        a_table_is_dropped_and_created_in_one_transaction,
        names_live_side_by_side,
        nul_bytes_in_names_are_characters,
        definitions_hold_a_megabyte_and_nul,
    }
    ledger {
        a_client_has_one_row_until_it_is_too_old,
        rows_hold_a_megabyte_and_nul,
        changes_of_the_ledger_are_undone,
        writes_are_counted_and_reads_are_not,
    }
    request_tokens {
        request_tokens_are_known_until_they_are_too_old,
        request_tokens_hold_a_megabyte_and_nul,
        changes_of_request_tokens_are_undone,
    }
    stream_reads {
        a_stream_is_read_by_its_label,
        streams_are_listed_by_table_and_label,
        old_records_are_trimmed_and_old_streams_dropped,
        a_closed_stream_takes_no_records,
    }
    tags {
        tags_are_added_replaced_and_listed_by_key,
        tags_are_removed_by_key,
        changes_of_tags_are_undone,
        tags_hold_a_megabyte_and_nul,
        tags_go_with_their_table,
    }
    physical {
        physical_tables_need_their_table,
        a_second_physical_table_is_refused,
        an_index_is_dropped_as_what_it_is,
        dropped_items_are_gone_and_uncounted,
        dropped_entries_are_gone_and_uncounted,
        creating_and_dropping_is_undone,
        statements_follow_a_table_that_is_created_again,
    }
    items {
        an_item_is_put_replaced_and_deleted,
        items_need_their_table,
        keys_are_told_apart_by_every_byte,
        nul_bytes_in_items_are_characters,
        an_item_may_be_a_megabyte,
        writes_of_items_are_undone,
        a_hash_that_is_not_the_keys_is_refused,
        items_are_put_in_bulk,
        a_bulk_put_holds_megabytes_and_nul,
        partition_sizes_are_sums_of_sizes,
    }
    indexes {
        a_gsi_entry_is_written_replaced_and_deleted,
        deleting_by_base_key_finds_every_gsi_entry,
        an_lsi_entry_is_written_replaced_and_deleted,
        an_lsi_entry_has_its_items_partition_key,
        entries_need_their_index,
        an_entry_that_is_no_json_is_refused,
        nul_bytes_in_index_keys_are_characters,
        entries_may_be_a_megabyte,
        gsi_entries_are_written_in_bulk,
        a_fan_out_is_applied_in_order,
        a_fan_out_fails_as_a_whole,
        writes_of_entries_are_undone,
    }
    queries {
        bounds_select_what_lies_between_them,
        a_query_starts_behind_any_row,
        a_limit_of_zero_is_none,
        a_partition_that_is_not_there_is_empty,
        ties_in_an_index_are_walked_once,
    }
    scans {
        a_scan_goes_in_hash_order,
        pages_of_a_scan_cover_everything_once,
        segments_cover_everything_once,
        a_segment_ends_before_its_upper_hash,
        a_segment_is_read_in_pages,
        an_empty_table_scans_to_nothing,
    }
    pages {
        one_row_is_a_page_of_one,
        a_page_ends_at_its_rows,
        a_page_ends_with_the_row_that_reaches_its_bytes,
        a_page_counts_sizes_and_not_texts,
        a_page_follows_bounds_direction_and_start,
        pages_of_an_index_hold_its_entries,
        an_lsi_page_brings_whole_items,
        pages_of_a_scan_go_in_hash_order,
        a_recycled_buffer_shows_nothing_of_its_past,
        a_page_reads_what_the_transaction_wrote,
    }
    item_writes {
        reads_answer_in_the_order_of_their_specs,
        reads_see_what_the_transaction_queued,
        a_write_carries_entries_and_record,
        many_writes_are_one_change,
        a_write_holds_megabytes_and_nul,
        a_write_that_cannot_be_queues_nothing,
        a_refused_write_is_atomic,
    }
    transactions {
        transactions_do_not_nest,
        only_an_open_transaction_ends,
        empty_transactions_change_nothing,
        a_commit_keeps_every_write,
        many_transactions_follow_each_other,
        a_queued_error_arrives_at_the_commit,
        a_queued_error_arrives_at_the_next_read,
        a_failed_transaction_can_only_be_rolled_back,
        an_error_outside_a_transaction_leaves_none_open,
        a_failed_statement_works_when_its_cause_is_gone,
        a_rollback_reaches_over_every_kind_of_change,
    }
    groups {
        requests_of_a_group_are_all_kept,
        an_empty_group_is_no_group,
        an_aborted_group_leaves_nothing,
        an_error_undoes_the_whole_group,
        a_failed_group_can_only_be_aborted,
        groups_and_transactions_do_not_nest,
    }
    counters {
        counters_are_exact_after_every_write,
        counters_are_exact_inside_and_after_transactions,
        counters_follow_drops_of_every_kind,
    }
    streams {
        a_stream_is_opened_and_closed,
        tables_whose_streams_change_are_named_once,
        tables_with_a_stream_are_listed_by_name,
        a_label_is_used_once,
        streams_need_their_table,
        a_record_reads_back_every_field,
        records_are_read_from_a_place_on,
        a_sequence_number_is_used_once_in_a_shard,
        records_survive_their_stream_and_their_table,
        sequence_numbers_never_come_twice,
        changes_of_streams_are_undone,
        records_hold_a_megabyte_and_nul,
    }
    ttl {
        enabling_builds_what_is_there,
        enabling_builds_many_items,
        every_write_keeps_the_date,
        disabling_clears_every_date,
        another_attribute_brings_its_own_dates,
        the_setting_is_kept_and_listed,
        ttl_needs_its_table_and_attribute,
        changes_of_ttl_are_undone,
        expired_items_may_be_large_and_hold_nul,
    }
    cache {
        items_never_touched_come_first,
        touching_what_is_not_there_is_no_error,
        a_put_keeps_the_time_and_a_bulk_put_sets_it,
        touches_are_undone,
        a_cache_writes_the_uses_of_its_items_with_the_next_commit,
    }
    discarded {
        a_discarded_table_is_gone_at_once_and_freed_in_steps,
        a_step_frees_no_more_than_so_many_bytes,
        a_discarded_index_is_gone_at_once_and_freed_in_steps,
        discarding_is_undone,
        vacuum_goes_on_step_by_step,
    }
    upkeep {
        bulk_loading_is_switched_on_and_off,
        bulk_loading_and_transactions_do_not_mix,
        vacuum_gives_free_pages_back,
        the_database_is_described,
        figures_are_listed_by_table,
        the_clock_does_not_run_backwards,
    }
}

/// The rooms of the hot path, whose methods have default bodies.
const HOT_PATH: [&str; 5] = ["pages::", "item_writes::", "indexes::", "counters::", "ttl::"];

/// What the default bodies cannot keep: they do not join, and are made of several writes.
const NOT_BY_DEFAULT: [&str; 2] = ["pages::an_lsi_page_brings_whole_items", "item_writes::a_refused_write_is_atomic"];

/// The names of all cases.
pub fn case_names() -> Vec<&'static str> {
    let hot = |name: &str| HOT_PATH.iter().any(|room| name.starts_with(room)) && !NOT_BY_DEFAULT.contains(&name);
    let plain = NAMES.iter().filter(|(name, _)| hot(name)).map(|(_, plain)| *plain);
    NAMES.iter().map(|(name, _)| *name).chain(plain).collect()
}

/// Runs one case on a fresh, empty backend.
pub async fn run_case<B: StorageBackend>(name: &str, backend: &B) -> Outcome {
    let outcome = match name.strip_prefix("default_bodies::") {
        Some(name) => run(name, &plain::Plain(backend)).await,
        None => run(name, backend).await,
    };
    outcome.map_err(|failure| failure.0)
}
