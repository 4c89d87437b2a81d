/// Replaces addresses and paths of the cluster by those of this machine: `nats:4222` by `127.0.0.1:20731`.
#[derive(Debug, Clone, Default)]
pub(super) struct Substitutions(Vec<(String, String)>);

impl Substitutions {
    /// Adds a replacement of `there` by `here`.
    #[must_use]
    pub(super) fn with(mut self, there: impl Into<String>, here: impl Into<String>) -> Self {
        self.0.push((there.into(), here.into()));
        self
    }

    /// The replacements of both.
    #[must_use]
    pub(super) fn and(mut self, others: &Self) -> Self {
        self.0.extend_from_slice(&others.0);
        self
    }

    /// The text with all replacements applied in one pass, so that replaced text is not replaced again.
    pub(super) fn of(&self, text: &str) -> String {
        let (mut replaced, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            let matching = self.0.iter().filter(|(there, _)| rest.starts_with(there));
            let taken = match matching.max_by_key(|(there, _)| there.len()) {
                Some((there, here)) => {
                    replaced.push_str(here);
                    there.len()
                }
                None => {
                    replaced.push(next);
                    next.len_utf8()
                }
            };
            rest = &rest[taken..];
        }
        replaced
    }
}

/// An address of this machine.
pub(super) fn local(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_is_replaced_and_nothing_twice() {
        let here = Substitutions::default().with("/data", "/tmp/a").with("/tmp", "/tmp/b").with("/data/db", "/tmp/c");
        assert_eq!(here.of("ü /data/db /data/x /tmp"), "ü /tmp/c /tmp/a/x /tmp/b");
        assert_eq!(Substitutions::default().with("nats:1", "x").and(&here).of("nats:1,/tmp"), "x,/tmp/b");
    }
}
