//! A seeded thread is reproducible, and other threads are not.
#![cfg(target_os = "linux")]

use std::collections::HashSet;

/// What a new thread draws: `rand`'s numbers, and the order of a hash set.
fn drawn(seed: Option<u64>) -> (u64, Vec<u32>) {
    let draw = move || {
        if let Some(seed) = seed {
            entropy::seed(seed);
        }
        let set: HashSet<u32> = (0..64).collect();
        (rand::random(), set.into_iter().collect())
    };
    std::thread::spawn(draw).join().expect("draws")
}

#[test]
fn the_numbers_of_a_thread_follow_from_its_seed() {
    assert_eq!(drawn(Some(7)), drawn(Some(7)));
    let (number, order) = drawn(Some(8));
    assert_ne!(number, drawn(Some(7)).0);
    assert_ne!(order, drawn(Some(7)).1);
}

#[test]
fn without_a_seed_nothing_repeats() {
    let (number, order) = drawn(None);
    let (another, order_there) = drawn(None);
    assert_ne!(number, another);
    assert_ne!(order, order_there);
}
