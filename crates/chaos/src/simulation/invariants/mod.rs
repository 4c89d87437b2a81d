//! The invariants of `docs/INVARIANTS.md`, checked against the history: one file each.

mod clock_history;
mod contract;
mod i01_one_active_order;
mod i02_every_event_once;
mod i03_versions_in_order;
mod i04_money_adds_up;
mod i05_one_charge;
mod i06_no_money_for_nothing;
mod i07_unpaid_orders_expire;
mod i08_locked_is_locked;
mod i09_acknowledged_is_kept;
mod i10_mine_is_mine;
mod i11_nothing_is_dropped;
mod i12_signed_out_is_out;
mod i13_the_lock_holds;
mod i14_what_was_bought;
mod i15_money_is_told_truly;
mod i16_nothing_stays_open;
mod i17_one_listing_per_code;
mod i17_one_listing_per_seat;
mod i19_told_once;
mod i20_told_truly;
mod i21_one_holder;
mod i22_given_when_paid;
mod i23_taken_back;
mod mailed;
mod run;
mod sound;
#[cfg(test)]
mod testing;

pub(super) use run::Run;

use super::outcome::Violation;

type Check = fn(&Run) -> Vec<String>;

const ALL: [(&str, Check); 25] = [
    ("sound", sound::check),
    ("contract", contract::check),
    ("I1", i01_one_active_order::check),
    ("I2", i02_every_event_once::check),
    ("I3", i03_versions_in_order::check),
    ("I4", i04_money_adds_up::check),
    ("I5", i05_one_charge::check),
    ("I6", i06_no_money_for_nothing::check),
    ("I7", i07_unpaid_orders_expire::check),
    ("I8", i08_locked_is_locked::check),
    ("I9", i09_acknowledged_is_kept::check),
    ("I10", i10_mine_is_mine::check),
    ("I11", i11_nothing_is_dropped::check),
    ("I12", i12_signed_out_is_out::check),
    ("I13", i13_the_lock_holds::check),
    ("I14", i14_what_was_bought::check),
    ("I15", i15_money_is_told_truly::check),
    ("I16", i16_nothing_stays_open::check),
    ("I17", i17_one_listing_per_seat::check),
    ("I17", i17_one_listing_per_code::check),
    ("I19", i19_told_once::check),
    ("I20", i20_told_truly::check),
    ("I21", i21_one_holder::check),
    ("I22", i22_given_when_paid::check),
    ("I23", i23_taken_back::check),
];

/// The names of all of them.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// All violations.
pub(super) fn check(run: &Run) -> Vec<Violation> {
    let of = |(invariant, check): &(&'static str, Check)| {
        let invariant = *invariant;
        check(run).into_iter().map(move |seen| Violation { invariant, seen })
    };
    ALL.iter().flat_map(of).collect()
}
