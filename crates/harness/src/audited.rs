use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What the audit log says, from when it is made until it is dropped, about what happens on this thread: tests
/// that read it run on one.
pub struct Audited {
    lines: Lines,
}

type Lines = Arc<Mutex<Vec<BTreeMap<String, String>>>>;

static LISTENS: Once = Once::new();

thread_local! {
    /// Where the lines of this thread go.
    static READING: RefCell<Option<Lines>> = const { RefCell::new(None) };
}

/// Listens to the audit log in this process, before anything is written to it: whether anybody listens to a line is
/// remembered from the first time it is written, in whatever test that is.
pub(crate) fn listen() {
    LISTENS.call_once(|| tracing::subscriber::set_global_default(Reader).expect("nobody else listens"));
}

impl Audited {
    /// Begins to read.
    #[must_use]
    pub fn begin() -> Self {
        let lines = Lines::default();
        listen();
        READING.set(Some(lines.clone()));
        Self { lines }
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

impl Drop for Audited {
    fn drop(&mut self) {
        READING.set(None);
    }
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
        metadata.target() == runtime::audit::TARGET
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        READING.with_borrow(|reading| {
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
