//! The simulation in the test command: every invariant holds, and seeds are reproducible.

use std::process::Command;

use chaos::simulation::{run_seed, run_seeds};

/// How many seeds are run with every test. The nightly workflow runs more.
const SEEDS: u64 = 300;

/// The command's output for a seed.
fn story(seed: u64) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_chaos")).args(["simulate", "--seed", &seed.to_string()]).output();
    String::from_utf8(output.expect("runs").stdout).expect("text")
}

#[test]
fn every_invariant_holds_in_every_seed() {
    let failures = run_seeds(0..SEEDS, |_| {});
    if let Some(first) = failures.first() {
        let seeds: Vec<u64> = failures.iter().map(|outcome| outcome.seed).collect();
        panic!("{}\nbroken: {seeds:?}", first.story());
    }
}

#[test]
fn a_seed_is_the_same_story_in_every_process() {
    for seed in 5_000..5_012 {
        let (once, again) = (story(seed), story(seed));
        assert!(once.contains("Fingerprint"), "seed {seed}:\n{once}");
        assert!(once == again, "seed {seed}:\n{once}\n\nand then:\n\n{again}");
        // Every fourth seed has two processes of each service.
        assert_eq!(once.contains("  orders-2 "), seed % 4 == 3, "seed {seed}:\n{once}");
    }
}

#[test]
fn different_seeds_are_different_runs() {
    assert_ne!(run_seed(1).fingerprint, run_seed(2).fingerprint);
}

#[test]
fn many_seeds_end_with_how_fast_they_were_and_how_much_memory_they_took() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_chaos")).args(["simulate", "--seed", "9000", "--seeds", "4"]).output();
    let said = String::from_utf8(output.expect("runs").stdout).expect("text");
    let summary = said.lines().next().unwrap_or_default();
    assert!(summary.starts_with("4 seeds in ") && summary.contains(" a second, "), "{said}");
    #[cfg(target_os = "linux")]
    assert!(summary.ends_with(" MiB of memory at most"), "{said}");
}
