/// Text with places for what a letter says, such as `{{link}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Value),
}

/// What a letter says in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::letter) enum Value {
    Subject,
    Heading,
    Paragraphs,
    Facts,
    Link,
    Label,
    Footer,
}

impl Value {
    pub(super) const ALL: [Self; 7] =
        [Self::Subject, Self::Heading, Self::Paragraphs, Self::Facts, Self::Link, Self::Label, Self::Footer];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Heading => "heading",
            Self::Paragraphs => "paragraphs",
            Self::Facts => "facts",
            Self::Link => "link",
            Self::Label => "label",
            Self::Footer => "footer",
        }
    }
}

impl Template {
    /// Reads one that may have these values. The error is the name of what it has and may not.
    pub(super) fn parse(written: &str, values: &[Value]) -> Result<Self, String> {
        let mut parts = written.split("{{");
        let mut pieces = vec![Piece::Text(parts.next().unwrap_or_default().to_owned())];
        for part in parts {
            let (name, rest) = part.split_once("}}").ok_or_else(|| part.to_owned())?;
            let value = values.iter().find(|value| value.name() == name.trim()).ok_or_else(|| name.to_owned())?;
            pieces.extend([Piece::Value(*value), Piece::Text(rest.to_owned())]);
        }
        Ok(Self(pieces))
    }

    pub(super) fn shows(&self, value: Value) -> bool {
        self.0.contains(&Piece::Value(value))
    }

    pub(super) fn fill(&self, said: impl Fn(Value) -> String) -> String {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => said(*value),
        };
        self.0.iter().map(fill).collect()
    }
}
