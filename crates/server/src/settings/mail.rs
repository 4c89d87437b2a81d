use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mail::{InvalidTemplates, KeptMails, Language, NoTls, Sender, Smtp, SmtpServer, Templates, Transport};

use super::unshown::Unshown;

/// The longest that a mail server may take: no other process tries the same mail meanwhile.
const LONGEST: Duration = Duration::from_secs(2 * 60);

/// How people are written to.
#[derive(Debug, Clone, clap::Args)]
pub struct MailSettings {
    /// The server that takes mails: `smtps://user:password@host`, or `smtp://` to begin with STARTTLS; without it mails
    /// are not sent, but kept in memory for developers
    #[arg(
        long,
        env = "SMTP_URL",
        hide_env_values = true,
        value_name = "URL",
        value_parser = Unshown::<SmtpServer>::new(),
        requires_all = ["mail_from", "public_url"]
    )]
    pub smtp_url: Option<SmtpServer>,

    /// Whom mails are from: `tickets@example.com`, or `Tickets <tickets@example.com>`
    #[arg(long, env = "MAIL_FROM", value_name = "SENDER")]
    pub mail_from: Option<Sender>,

    /// Which language they are in
    #[arg(long, env = "MAIL_LANGUAGE", default_value = "en", value_parser = language, value_name = "en|de")]
    pub mail_language: Language,

    /// A directory with what they say instead: `bought.subject`, `bought.txt`, `bought.html` and so on
    #[arg(long, env = "MAIL_TEMPLATES", value_parser = templates, value_name = "DIRECTORY")]
    pub mail_templates: Option<Arc<Templates>>,

    /// How long the server may take until it has taken a mail; then it is tried again later. At most 2m
    #[arg(long, env = "SMTP_TIMEOUT", default_value = "60s", value_parser = patience, value_name = "DURATION")]
    pub smtp_timeout: Duration,
}

/// What takes mails on.
pub enum Outgoing {
    /// A server.
    Server(Smtp),
    /// Nobody: they are kept.
    Kept(KeptMails),
}

impl Outgoing {
    /// What would have been sent, if nothing is.
    pub fn kept(&self) -> Option<KeptMails> {
        match self {
            Self::Server(_) => None,
            Self::Kept(kept) => Some(kept.clone()),
        }
    }
}

impl MailSettings {
    /// What takes mails on.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn outgoing(&self) -> Result<Outgoing, NoTls> {
        match &self.smtp_url {
            Some(server) => Ok(Outgoing::Server(Smtp::new(server.clone(), self.smtp_timeout)?)),
            None => Ok(Outgoing::Kept(KeptMails::default())),
        }
    }

    /// Mail's settings: links lead to `public_url`.
    pub fn mail(&self, outgoing: Outgoing, public_url: String) -> mail::Settings {
        let transport: Arc<dyn Transport> = match outgoing {
            Outgoing::Server(server) => Arc::new(server),
            Outgoing::Kept(kept) => Arc::new(kept),
        };
        let sender = self.mail_from.clone().unwrap_or_default();
        let (language, templates) = (self.mail_language, self.mail_templates.clone().unwrap_or_default());
        mail::Settings { transport, sender, language, templates, public_url, ..mail::Settings::default() }
    }
}

/// Reads the tag of a language that mails can be in.
fn language(text: &str) -> Result<Language, String> {
    let found = Language::ALL.into_iter().find(|language| language.tag() == text);
    found.ok_or_else(|| format!("expected one of {}", Language::ALL.map(Language::tag).join(", ")))
}

/// Reads what mails say.
fn templates(directory: &str) -> Result<Arc<Templates>, InvalidTemplates> {
    Templates::read(Path::new(directory)).map(Arc::new)
}

/// Reads how long a mail server may take.
fn patience(text: &str) -> Result<Duration, String> {
    let patience = super::duration(text)?;
    if patience <= LONGEST { Ok(patience) } else { Err("a mail server may take 2m at the most".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::settings::SessionSettings;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        sessions: SessionSettings,
        #[command(flatten)]
        mail: MailSettings,
    }

    fn read(arguments: &[&str]) -> Result<MailSettings, String> {
        let cli = Cli::try_parse_from(["ticketing"].iter().chain(arguments));
        cli.map(|cli| cli.mail).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_server_mails_are_kept_and_links_lead_here() {
        let settings = read(&[]).expect("nothing is required");
        let outgoing = settings.outgoing().expect("no TLS is needed");
        assert!(outgoing.kept().is_some());
        assert_eq!(settings.mail(outgoing, "http://localhost:3000".into()).public_url, "http://localhost:3000");
    }

    #[test]
    fn a_server_needs_a_sender_and_an_address_for_links() {
        let server = ["--smtp-url", "smtp://localhost?tls=none"];
        let (from, here) = (["--mail-from", "tickets@example.com"], ["--public-url", "https://tickets.example.com"]);
        let settings = read(&[server, from, here].concat()).expect("all is there");
        assert!(settings.outgoing().expect("no TLS is needed").kept().is_none());
        assert!(read(&[server, from].concat()).expect_err("links would lead nowhere").contains("--public-url"));
        assert!(read(&[server, here].concat()).expect_err("it is from nobody").contains("--mail-from"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        let refused = read(&["--smtp-url", "smtp://ada:secret@mail.example.com/inbox"]).expect_err("there is a path");
        assert!(refused.contains("--smtp-url") && !refused.contains("secret"), "{refused}");
        for (flag, value) in [
            ("--mail-from", "tickets"),
            ("--mail-language", "tlh"),
            ("--smtp-timeout", "121s"),
            ("--mail-templates", "/nowhere"),
        ] {
            assert!(read(&[flag, value]).expect_err(value).contains(flag), "{flag} {value}");
        }
        assert_eq!(read(&["--mail-language", "de"]).expect("German is there").mail_language, Language::German);
    }
}
