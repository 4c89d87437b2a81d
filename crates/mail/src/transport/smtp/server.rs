use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use lettre::transport::smtp::authentication::Credentials;
use percent_encoding::percent_decode_str;
use url::Url;

/// Where a mail server is, and how to speak to it: `smtps://user:password@mail.example.com`. Its password is never
/// shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    host: String,
    port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
}

/// How what is said is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// By TLS from the first byte.
    Tls,
    /// By TLS before anything that matters.
    StartTls,
    /// It is not: for a server on the same machine, or behind a wall of one's own.
    None,
}

/// Why a text is no mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidServer {
    /// It is another kind of address, or none.
    #[error("expected smtps://user:password@host:port, or smtp:// to begin with STARTTLS")]
    Address,
    /// There is something in it that means nothing.
    #[error("after the host and the port there is at most ?tls=none")]
    Option,
    /// Everybody on the way could read it.
    #[error("with ?tls=none there can be no password")]
    PasswordInTheClear,
    /// One without the other.
    #[error("a user and a password go together")]
    Credentials,
}

impl SmtpServer {
    /// Its name, which its certificate must be for.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Whether what is sent there never leaves this machine.
    pub(super) fn is_on_this_machine(&self) -> bool {
        let address = self.host().parse::<IpAddr>();
        address.map_or_else(|_| self.host() == "localhost", |address| address.is_loopback())
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for SmtpServer {
    type Err = InvalidServer;

    fn from_str(text: &str) -> Result<Self, InvalidServer> {
        let url = Url::parse(text).map_err(|_| InvalidServer::Address)?;
        let (security, usual_port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Security::Tls, 465),
            ("smtp", None) => (Security::StartTls, 587),
            ("smtp", Some("tls=none")) => (Security::None, 25),
            ("smtp" | "smtps", Some(_)) => return Err(InvalidServer::Option),
            _ => return Err(InvalidServer::Address),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidServer::Option);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(InvalidServer::Address)?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(InvalidServer::Credentials),
            _ if security == Security::None => return Err(InvalidServer::PasswordInTheClear),
            (user, Some(password)) => {
                let read = decoded(user).zip(decoded(password)).ok_or(InvalidServer::Credentials)?;
                Some(Credentials::new(read.0, read.1))
            }
        };
        // An address of IPv6 stands in brackets here only.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(usual_port), security, credentials })
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpServer({}:{}, {:?})", self.host, self.port, self.security)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, u16, Security, bool), InvalidServer> {
        let SmtpServer { host, port, security, credentials } = text.parse()?;
        Ok((host, port, security, credentials.is_some()))
    }

    #[test]
    fn nothing_is_in_the_clear_unless_that_is_asked_for() {
        let server = |host: &str, port, security, has_password| Ok((host.to_owned(), port, security, has_password));
        assert_eq!(read("smtps://ada:secret@mail.example.com"), server("mail.example.com", 465, Security::Tls, true));
        assert_eq!(read("smtp://mail.example.com"), server("mail.example.com", 587, Security::StartTls, false));
        assert_eq!(read("smtp://127.0.0.1:2525?tls=none"), server("127.0.0.1", 2525, Security::None, false));
        assert_eq!(read("smtp://[::1]:2525/?tls=none"), server("::1", 2525, Security::None, false));
    }

    #[test]
    fn it_is_known_what_leaves_the_machine() {
        let is_here = |host: &str| format!("smtp://{host}:25").parse::<SmtpServer>().expect(host).is_on_this_machine();
        assert!(["localhost", "127.0.0.1", "127.0.0.2", "[::1]"].into_iter().all(is_here));
        assert!(!["mail.example.com", "localhost.example.com", "10.0.0.1", "[2001:db8::1]"].into_iter().any(is_here));
    }

    #[test]
    fn passwords_may_have_any_characters_and_are_never_shown() {
        let server: SmtpServer = "smtps://ada%40example.com:p%40%3A%2Fss@mail.example.com".parse().expect("a server");
        assert_eq!(server.credentials, Some(Credentials::new("ada@example.com".into(), "p@:/ss".into())));
        assert!(!format!("{server:?}").contains("ss"), "{server:?}");
    }

    #[test]
    fn what_is_no_server_is_refused_and_not_repeated() {
        for (text, why) in [
            ("", InvalidServer::Address),
            ("mail.example.com", InvalidServer::Address),
            ("http://mail.example.com", InvalidServer::Address),
            ("smtp://", InvalidServer::Address),
            ("smtp://mail.example.com:99999", InvalidServer::Address),
            ("smtp://mail.example.com/inbox", InvalidServer::Option),
            ("smtp://mail.example.com?tls=maybe", InvalidServer::Option),
            ("smtps://mail.example.com?tls=none", InvalidServer::Option),
            ("smtp://ada:secret@mail.example.com?tls=none", InvalidServer::PasswordInTheClear),
            ("smtps://ada@mail.example.com", InvalidServer::Credentials),
            ("smtps://:secret@mail.example.com", InvalidServer::Credentials),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
            assert!(!why.to_string().contains("secret"));
        }
    }
}
