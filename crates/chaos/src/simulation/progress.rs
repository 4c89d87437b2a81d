use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::outcome::Outcome;
use crate::memory::resident_mib;

/// How often a line is printed where no bar can be drawn, as into a file.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Shows how many seeds are done, how fast, with how much memory, and where to resume.
pub(super) struct Progress {
    bar: ProgressBar,
    began: Instant,
    virtual_seconds: AtomicU64,
    state: Mutex<State>,
}

struct State {
    /// All seeds before this one are done.
    resume_at: u64,
    /// Those after it that are done.
    ahead: BTreeSet<u64>,
    last_line: Instant,
}

impl Progress {
    pub(super) fn begin(first: u64, count: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} seeds, {per_sec}, {msg}, {eta} to go");
        let bar = ProgressBar::new(count).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let began = Instant::now();
        let state = State { resume_at: first, ahead: BTreeSet::new(), last_line: began };
        Self { bar, began, virtual_seconds: AtomicU64::new(0), state: Mutex::new(state) }
    }

    /// A seed is done.
    pub(super) fn done(&self, outcome: &Outcome) {
        self.virtual_seconds.fetch_add(outcome.lasted.as_secs(), Ordering::Relaxed);
        self.bar.inc(1);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done(outcome.seed);
        self.bar.set_message(format!("{}, all before {}", memory(), state.resume_at));
        if self.bar.is_hidden() && state.is_line_due(Instant::now()) {
            println!("{}", state.line(self.bar.position(), self.rate()));
        }
    }

    /// Prints a line of its own.
    pub(super) fn say(&self, line: String) {
        if self.bar.is_hidden() { println!("{line}") } else { self.bar.println(line) }
    }

    /// Removes the bar. Returns the summary.
    pub(super) fn finish(self) -> String {
        self.bar.finish_and_clear();
        let (count, seconds) = (self.bar.position(), self.began.elapsed().as_secs_f64());
        let hours = self.virtual_seconds.load(Ordering::Relaxed) as f64 / 3600.0;
        let most = resident_mib().map_or_else(String::new, |(_, most)| format!(", {most} MiB of memory at most"));
        format!("{count} seeds in {seconds:.1} s, {:.1} a second, {hours:.1} hours of virtual time{most}", self.rate())
    }

    fn rate(&self) -> f64 {
        self.bar.position() as f64 / self.began.elapsed().as_secs_f64()
    }
}

impl State {
    fn done(&mut self, seed: u64) {
        self.ahead.insert(seed);
        while self.ahead.remove(&self.resume_at) {
            self.resume_at += 1;
        }
    }

    /// Whether it is time for the next line; then the one after it is due later.
    fn is_line_due(&mut self, now: Instant) -> bool {
        let is_due = now.saturating_duration_since(self.last_line) >= LINE_EVERY;
        if is_due {
            self.last_line = now;
        }
        is_due
    }

    fn line(&self, done: u64, rate: f64) -> String {
        format!("{done} seeds, {rate:.1} a second, {}; resume with --seed {}", memory(), self.resume_at)
    }
}

fn memory() -> String {
    resident_mib().map_or_else(|| "memory unknown".into(), |(now, _)| format!("{now} MiB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(resume_at: u64) -> State {
        State { resume_at, ahead: BTreeSet::new(), last_line: Instant::now() }
    }

    #[test]
    fn a_run_is_resumed_at_the_first_seed_that_is_not_done() {
        let mut state = state(500);
        let resume: Vec<u64> = [501, 500, 503, 504, 502]
            .map(|seed| {
                state.done(seed);
                state.resume_at
            })
            .to_vec();
        assert_eq!(resume, [500, 502, 502, 502, 505]);
        assert_eq!(state.ahead.len(), 0);
    }

    #[test]
    fn a_line_says_how_fast_it_is_how_much_memory_it_takes_and_where_to_resume() {
        let mut state = state(500);
        state.done(500);
        let line = state.line(1_200, 32.04);
        assert!(line.starts_with("1200 seeds, 32.0 a second, "), "{line}");
        assert!(line.ends_with("; resume with --seed 501"), "{line}");
        #[cfg(target_os = "linux")]
        assert!(line.contains(" MiB;"), "{line}");
    }

    #[test]
    fn where_no_bar_can_be_drawn_there_is_a_line_each_minute() {
        let mut state = state(0);
        let began = state.last_line;
        let due: Vec<bool> =
            [59, 60, 61, 119, 121].map(|second| state.is_line_due(began + Duration::from_secs(second))).to_vec();
        assert_eq!(due, [false, true, false, false, true]);
    }

    #[test]
    fn the_summary_says_how_many_there_were_and_how_much_memory_they_took() {
        let progress = Progress::begin(7, 2);
        for seed in [8, 7] {
            let lasted = Duration::from_secs(1_800);
            progress.done(&Outcome { seed, violations: Vec::new(), fingerprint: 0, lasted, entries: Vec::new() });
        }
        let summary = progress.finish();
        assert!(summary.starts_with("2 seeds in "), "{summary}");
        assert!(summary.contains(" a second, 1.0 hours of virtual time"), "{summary}");
        #[cfg(target_os = "linux")]
        assert!(summary.ends_with(" MiB of memory at most"), "{summary}");
    }
}
