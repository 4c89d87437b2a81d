/// The names of streams and subjects: several systems can share a server, each in a namespace.
#[derive(Debug, Clone)]
pub(super) struct Names {
    namespace: Option<String>,
}

impl Names {
    pub(super) fn new(namespace: Option<&str>) -> Self {
        Self { namespace: namespace.map(str::to_owned) }
    }

    /// The server's name of `stream`: `w1-tickets`.
    pub(super) fn stream(&self, stream: &str) -> String {
        self.prefixed(stream, '-')
    }

    /// The subject for events of `kind`, or for all of a stream's if it is `tickets.>`:
    /// `w1.tickets.created`.
    pub(super) fn subject(&self, kind: &str) -> String {
        self.prefixed(kind, '.')
    }

    /// The kind of event on `subject`.
    pub(super) fn kind<'a>(&self, subject: &'a str) -> &'a str {
        let stripped =
            self.namespace.as_deref().and_then(|namespace| subject.strip_prefix(namespace)?.strip_prefix('.'));
        stripped.unwrap_or(subject)
    }

    fn prefixed(&self, name: &str, separator: char) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}{separator}{name}"),
            None => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_prefixes_streams_and_subjects() {
        let names = Names::new(Some("w1"));
        assert_eq!(names.stream("tickets"), "w1-tickets");
        assert_eq!(names.subject("tickets.created"), "w1.tickets.created");
        assert_eq!(names.kind("w1.tickets.created"), "tickets.created");
        assert_eq!(Names::new(None).subject("tickets.>"), "tickets.>");
        assert_eq!(Names::new(None).kind("tickets.created"), "tickets.created");
    }
}
