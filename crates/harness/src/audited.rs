use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread::LocalKey;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// What the audit log says, from when it is made until it is dropped, about what happens on this thread: tests
/// that read it run on one.
pub struct Audited {
    lines: Lines,
}

/// What is logged as an error, which wakes somebody up: read in the same way.
pub struct Errors {
    lines: Lines,
}

type Lines = Arc<Mutex<Vec<BTreeMap<String, String>>>>;

/// Where lines of this thread go.
type Reading = RefCell<Option<Lines>>;

static LISTENS: Once = Once::new();

thread_local! {
    static AUDITED: Reading = const { RefCell::new(None) };
    static ERRORS: Reading = const { RefCell::new(None) };
}

/// Listens to the log in this process, before anything is written to it: whether anybody listens to a line is
/// remembered from the first time it is written, in whatever test that is.
pub(crate) fn listen() {
    LISTENS.call_once(|| tracing::subscriber::set_global_default(Reader).expect("nobody else listens"));
}

impl Audited {
    /// Begins to read.
    #[must_use]
    pub fn begin() -> Self {
        Self { lines: read(&AUDITED) }
    }

    /// The lines so far, by their fields.
    pub fn lines(&self) -> Vec<BTreeMap<String, String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the lines so far are about.
    pub fn events(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["event"].clone()).collect()
    }
}

impl Errors {
    /// Begins to read.
    #[must_use]
    pub fn begin() -> Self {
        Self { lines: read(&ERRORS) }
    }

    /// The messages so far.
    pub fn messages(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| line["message"].clone()).collect()
    }
}

/// The lines that come from now on.
fn read(reading: &'static LocalKey<Reading>) -> Lines {
    let lines = Lines::default();
    listen();
    reading.set(Some(lines.clone()));
    lines
}

impl Drop for Audited {
    fn drop(&mut self) {
        AUDITED.set(None);
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        ERRORS.set(None);
    }
}

fn is_audit(metadata: &Metadata<'_>) -> bool {
    metadata.target() == runtime::audit::TARGET
}

struct Reader;

struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Reader {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        is_audit(metadata) || *metadata.level() == Level::ERROR
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        let read = if is_audit(event.metadata()) { &AUDITED } else { &ERRORS };
        read.with_borrow(|reading| {
            if let Some(lines) = reading {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(fields.0);
            }
        });
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
