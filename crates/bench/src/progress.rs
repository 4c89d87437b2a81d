use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows on standard error what is being measured: on a terminal with a bar, elsewhere line by line.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For so many measurements.
    pub(crate) fn new(count: usize) -> Self {
        let style = ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} {elapsed} {msg}");
        let bar = ProgressBar::new(count as u64).with_style(style.expect("the template is well-formed"));
        bar.enable_steady_tick(Duration::from_secs(1));
        Self { bar }
    }

    /// A measurement begins.
    pub(crate) fn begins(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        if self.bar.is_hidden() {
            eprintln!("{what}");
        }
    }

    /// It has ended.
    pub(crate) fn ended(&self) {
        self.bar.inc(1);
    }

    /// A measurement failed, and the others continue.
    pub(crate) fn failed(&self, what: &str) {
        self.bar.suspend(|| eprintln!("error: {what}"));
    }
}
