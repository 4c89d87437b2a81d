use std::fmt;

use crate::collector::Collected;

/// The spans of one trace by parent.
pub(crate) struct Tree {
    root: String,
    spans: Vec<Collected>,
}

impl Tree {
    /// `root` is the span they all descend from, which is not exported.
    pub(crate) fn new(root: &str, mut spans: Vec<Collected>) -> Self {
        spans.sort_by_key(|collected| collected.span.start_time_unix_nano);
        Self { root: root.to_owned(), spans }
    }

    pub(crate) fn spans(&self) -> &[Collected] {
        &self.spans
    }

    /// Whether there is a span of the last name, inside one of the name before, and so on to the root.
    pub(crate) fn has(&self, path: &[&str]) -> bool {
        self.parts_of(&self.root).any(|part| self.has_below(part, path))
    }

    fn has_below(&self, span: &Collected, path: &[&str]) -> bool {
        match path {
            [] => true,
            [last] => span.what() == *last,
            [first, rest @ ..] => {
                span.what() == *first && self.parts_of(&span.id()).any(|part| self.has_below(part, rest))
            }
        }
    }

    fn parts_of(&self, id: &str) -> impl Iterator<Item = &Collected> {
        self.spans.iter().filter(move |collected| collected.parent() == id)
    }

    fn write(&self, id: &str, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let began = self.spans.first().map_or(0, |first| first.span.start_time_unix_nano);
        for part in self.parts_of(id) {
            let (start, end) = (part.span.start_time_unix_nano, part.span.end_time_unix_nano);
            let milliseconds = |nanoseconds: u64| nanoseconds as f64 / 1e6;
            let what = format!("{}{}", "  ".repeat(depth), part.what());
            writeln!(f, "{what:<76} {:>9.2} ms {:>+9.2}", milliseconds(start - began), milliseconds(end - start))?;
            self.write(&part.id(), depth + 1, f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&self.root, 0, f)
    }
}
