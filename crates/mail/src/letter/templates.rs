//! What an operator has mails say instead of what we would: files named `bought.subject`, `bought.txt`, `bought.html`.

mod template;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use runtime::regular_file;
use template::Template;
pub(super) use template::Value;

use super::{Letter, html, text};
use crate::domain::{KINDS, KINDS_WITH_SECRET_LINK};

/// The files that say something else, by their names. Without any, mails are as we write them.
#[derive(Debug, Clone, Default)]
pub struct Templates(HashMap<String, Template>);

/// A directory holds something that no mail can be made of.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTemplates {
    /// It cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, std::io::Error),
    /// It belongs to no kind of mail.
    #[error("{0} is not named after a kind of mail and a part of it, such as bought.subject, bought.txt or bought.html; the kinds are {kinds}", kinds = KINDS.join(", "))]
    Unknown(String),
    /// It names something that it cannot show.
    #[error("{file} has {{{{{value}}}}}, and can have {known}")]
    UnknownValue {
        /// Which file.
        file: String,
        /// What it names.
        value: String,
        /// What it could name.
        known: String,
    },
    /// Whoever gets it could not do what it asks for.
    #[error("{0} needs {{{{link}}}}: what the mail is for is behind it")]
    NoLink(String),
    /// A subject is one line.
    #[error("{0} has to be one line, with something in it")]
    NotOneLine(String),
}

/// The parts of a mail, by the ends of their files' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Text,
    Html,
}

impl Part {
    const ALL: [Self; 3] = [Self::Subject, Self::Text, Self::Html];

    fn suffix(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }

    fn values(self) -> &'static [Value] {
        match self {
            Self::Subject => &[Value::Subject, Value::Heading],
            Self::Text | Self::Html => &Value::ALL,
        }
    }
}

impl Templates {
    /// Those in a directory.
    ///
    /// # Errors
    /// If a file in it cannot be read, or is none that a mail can be made of.
    pub fn read(directory: &Path) -> Result<Self, InvalidTemplates> {
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |error| InvalidTemplates::Unreadable(path, error)
        };
        let mut templates = HashMap::new();
        for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
            let entry = entry.map_err(unreadable(directory))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Kubernetes keeps what it mounts in hidden directories.
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let (kind, part) = kind_and_part(&name).ok_or_else(|| InvalidTemplates::Unknown(shown(&path)))?;
            let written = regular_file::read_text(&path).map_err(unreadable(&path))?;
            templates.insert(name, check(&path, &written, kind, part)?);
        }
        Ok(Self(templates))
    }

    /// The subject of a mail of this kind.
    pub(super) fn subject(&self, kind: &str, letter: &Letter) -> String {
        let standard = || letter.subject.clone();
        self.of(kind, Part::Subject).map_or_else(standard, |template| template.fill(|value| text::value(letter, value)))
    }

    /// What it says as text.
    pub(super) fn text(&self, kind: &str, letter: &Letter) -> String {
        let template = self.of(kind, Part::Text);
        template.map_or_else(|| text::render(letter), |template| template.fill(|value| text::value(letter, value)))
    }

    /// What it says as HTML.
    pub(super) fn html(&self, kind: &str, letter: &Letter) -> String {
        let template = self.of(kind, Part::Html);
        template.map_or_else(|| html::render(letter), |template| template.fill(|value| html::value(letter, value)))
    }

    fn of(&self, kind: &str, part: Part) -> Option<&Template> {
        self.0.get(&format!("{kind}.{}", part.suffix()))
    }
}

fn kind_and_part(name: &str) -> Option<(&'static str, Part)> {
    let (kind, suffix) = name.split_once('.')?;
    let part = Part::ALL.into_iter().find(|part| part.suffix() == suffix)?;
    Some((KINDS.into_iter().find(|known| *known == kind)?, part))
}

fn check(path: &Path, written: &str, kind: &str, part: Part) -> Result<Template, InvalidTemplates> {
    let is_subject = part == Part::Subject;
    let written = if is_subject { written.trim() } else { written };
    if is_subject && (written.is_empty() || written.contains(char::is_control)) {
        return Err(InvalidTemplates::NotOneLine(shown(path)));
    }
    let template = Template::parse(written, part.values()).map_err(|value| InvalidTemplates::UnknownValue {
        file: shown(path),
        value,
        known: part.values().iter().map(|value| format!("{{{{{}}}}}", value.name())).collect::<Vec<_>>().join(", "),
    })?;
    if !is_subject && KINDS_WITH_SECRET_LINK.contains(&kind) && !template.shows(Value::Link) {
        return Err(InvalidTemplates::NoLink(shown(path)));
    }
    Ok(template)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Fact, Link};

    fn letter() -> Letter {
        Letter {
            language: "en",
            subject: "Your ticket: <Aida>".into(),
            heading: "It is yours".into(),
            paragraphs: vec!["One & all.".into(), "Two.".into()],
            facts: vec![Fact { name: "Ticket", value: "<Aida>".into() }],
            link: Some(Link { label: "See it", url: "https://tickets.example.com/orders/1".into() }),
            footer: "From us.".into(),
        }
    }

    fn read(files: &[(&str, &str)]) -> Result<Templates, String> {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, written) in files {
            fs::write(directory.path().join(name), written).expect("a file is written");
        }
        Templates::read(directory.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_has_a_file_is_said_by_it_and_all_else_as_ever() {
        let files = [
            ("bought.subject", "[Opera] {{subject}}\n"),
            ("bought.txt", "{{heading}}!\n\n{{paragraphs}}\n\n{{facts}}\n\n{{label}}: {{link}}\n{{footer}}\n"),
            ("sold.html", "<style>p{color:red}</style>{{paragraphs}}{{facts}}<a href='{{link}}'>{{label}}</a>"),
            (".hidden", ""),
        ];
        let (templates, letter) = (read(&files).expect("all is well"), letter());
        assert_eq!(templates.subject("bought", &letter), "[Opera] Your ticket: <Aida>");
        let text = "It is yours!\n\nOne & all.\n\nTwo.\n\nTicket: <Aida>\n\n\
            See it: https://tickets.example.com/orders/1\nFrom us.\n";
        assert_eq!(templates.text("bought", &letter), text);
        let html = templates.html("sold", &letter);
        assert!(html.starts_with("<style>p{color:red}</style><p dir=\"auto\">One &amp; all.</p>"), "{html}");
        assert!(html.contains("&lt;Aida&gt;") && !html.contains("<Aida>"), "{html}");
        assert!(html.ends_with("<a href='https://tickets.example.com/orders/1'>See it</a>"), "{html}");
        assert_eq!(templates.html("bought", &letter), html::render(&letter));
        assert_eq!(templates.text("sold", &letter), text::render(&letter));
        assert_eq!(templates.subject("sold", &letter), letter.subject);
    }

    #[test]
    fn what_no_mail_can_be_made_of_is_refused_and_says_why() {
        for (name, written, why) in [
            ("brought.txt", "", "the kinds are bought, delivered, sold,"),
            ("bought.md", "", "is not named after a kind"),
            ("bought.txt", "{{lnik}}", "has {{lnik}}, and can have {{subject}},"),
            ("bought.html", "{{link", "has {{link}}, and can have"),
            ("bought.subject", "{{link}}", "can have {{subject}}, {{heading}}"),
            ("bought.subject", "one\ntwo", "has to be one line"),
            ("bought.subject", " \n", "has to be one line"),
            ("reset-password.txt", "Go on.", "needs {{link}}"),
        ] {
            let refused = read(&[(name, written)]).expect_err(name);
            assert!(refused.contains(name) && refused.contains(why), "{refused}");
        }
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("bought.txt");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let refused = Templates::read(directory.path()).expect_err("nobody waits for it").to_string();
        assert!(refused.ends_with("bought.txt cannot be read: it is no regular file"), "{refused}");
        let nowhere = Templates::read(Path::new("/nowhere")).expect_err("there is nothing").to_string();
        assert!(nowhere.starts_with("/nowhere cannot be read"), "{nowhere}");
    }
}
