//! A mail server, spoken to by SMTP.

mod failure;
mod formatted;
mod server;

pub use server::{InvalidServer, SmtpServer};

use std::time::Duration;

use async_trait::async_trait;
use lettre::address::Address;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Mail, NotSent, Transport};
use failure::{Step, not_sent};
use formatted::formatted;
use server::Security;

/// How long a server may take until it speaks to us.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the farewell may take, on which nothing depends.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);
/// Of those that send the password as it is, which is why they are used over TLS only.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// Sends mails through one server, each over a connection of its own.
pub struct Smtp {
    server: SmtpServer,
    /// Unless nothing is kept secret.
    tls: Option<TlsParameters>,
    /// How long it may take until a mail is taken on.
    patience: Duration,
}

/// TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS for the mail server cannot be set up: {0}")]
pub struct NoTls(String);

impl Smtp {
    /// Sends through this server, which may take as long as `patience` for a mail. Its certificate must be one of the
    /// name in its address, by an authority that this machine trusts.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(server: SmtpServer, patience: Duration) -> Result<Self, NoTls> {
        let tls = match server.security {
            Security::Tls | Security::StartTls => Some(TlsParameters::new(server.host().to_owned())),
            Security::None => None,
        };
        let tls = tls.transpose().map_err(|error| NoTls(error.to_string()))?;
        if tls.is_none() && !server.is_on_this_machine() {
            tracing::warn!(
                host = server.host(),
                "mails go in the clear to another machine (?tls=none): whoever is in between can follow their links"
            );
        }
        Ok(Self { server, tls, patience })
    }

    async fn connect(&self, our_name: &ClientId) -> Result<AsyncSmtpConnection, NotSent> {
        let at_once = self.tls.clone().filter(|_| self.server.security == Security::Tls);
        let address = (self.server.host(), self.server.port());
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, Some(CONNECT_TIMEOUT), our_name, at_once, None).await;
        let mut connection = connecting.map_err(|error| not_sent(Step::Connect, &error))?;
        if let Some(tls) = self.tls.clone().filter(|_| self.server.security == Security::StartTls) {
            // A server that does not offer it may be somebody in between, who wants to read along.
            let started = connection.starttls(tls, our_name).await;
            started.map_err(|error| not_sent(Step::StartTls, &error))?;
        }
        if let Some(credentials) = &self.server.credentials {
            let known = connection.auth(&MECHANISMS, credentials).await;
            known.map_err(|error| not_sent(Step::Authenticate, &error))?;
        }
        Ok(connection)
    }
}

#[async_trait]
impl Transport for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), NotSent> {
        let to: Address = mail.to.as_str().parse().map_err(|_| NotSent::NobodyThere("no address for SMTP".into()))?;
        let (from, content) = (mail.from.0.email.clone(), formatted(mail)?);
        // The name we introduce ourselves with: servers look whether there is such a domain.
        let our_name = ClientId::Domain(mail.from.domain().to_owned());
        let deadline = Instant::now() + self.patience;
        let connected = timeout_at(deadline, self.connect(&our_name)).await;
        let mut connection = connected.unwrap_or_else(|_| Err(took_too_long()))?;
        let sent = timeout_at(deadline, hand_over(&mut connection, from, to, &content)).await;
        // Whatever it says to that: the mail is taken on, or it is not.
        let _ = timeout(FAREWELL_TIMEOUT, connection.quit()).await;
        sent.unwrap_or_else(|_| Err(took_too_long()))
    }
}

fn took_too_long() -> NotSent {
    NotSent::Later("the mail server took too long".into())
}

/// The server is responsible for the mail when it has said so after the last line.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    from: Address,
    to: Address,
    content: &[u8],
) -> Result<(), NotSent> {
    let from = connection.command(MailFrom::new(Some(from), Vec::new())).await;
    from.map_err(|error| not_sent(Step::Sender, &error))?;
    let to = connection.command(Rcpt::new(to, Vec::new())).await;
    to.map_err(|error| not_sent(Step::Recipient, &error))?;
    connection.command(Data).await.map_err(|error| not_sent(Step::Content, &error))?;
    connection.message(content).await.map_err(|error| not_sent(Step::Content, &error))?;
    Ok(())
}
