use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::browser::{Browser, Browsers, Look};
use testkit::engines::{MailServer, ReceivedMail};
use testkit::process::Server;

use super::bank::Bank;
use crate::program::ticketing;

/// How long a mail may take. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);
/// How long there is to pay: enough for the buyer who does.
const RESERVATION: &str = "20s";

/// A marketplace that wants addresses to be confirmed, where its mails go, and browsers.
pub(super) struct Post {
    pub(super) mailbox: MailServer,
    pub(super) bank: Bank,
    pub(super) server: Server,
    /// Where its visitors know it: passkeys belong to a name.
    pub(super) site: String,
    pub(super) browsers: Browsers,
    /// Where operators find the process that runs.
    data: TempDir,
    scripts: bool,
}

impl Post {
    pub(super) async fn open(scripts: bool) -> Self {
        let (mailbox, browsers) = tokio::join!(MailServer::launch(), Browsers::launch());
        let data = tempfile::tempdir().expect("a directory");
        let program = ticketing().args(["--confirm-addresses", "on", "--reservation", RESERVATION]);
        let program = program
            .arg("--data")
            .arg(data.path())
            .env("LOG", "debug")
            .env("SMTP_URL", mailbox.url())
            .env("MAIL_FROM", "Tickets <tickets@example.com>");
        let mut server = Server::new(program);
        let bank = Bank::open(&server.url()).await;
        let site = server.url().replace("127.0.0.1", "localhost");
        server.start_with(&[&bank.variables()[..], &[("PUBLIC_URL", &site)]].concat());
        server.until_ready().await;
        Self { mailbox, bank, server, site, browsers, data, scripts }
    }

    /// An operator moves or cancels an event.
    pub(super) async fn change_event(&self, arguments: &[&str]) {
        let changed = ticketing().arg("events").args(arguments).arg("--data").arg(self.data.path()).run().await;
        assert_eq!(changed.code, Some(0), "{changed:?}");
    }

    pub(super) async fn visitor(&self) -> Browser {
        self.browsers.open(&self.site, Look::with_scripts(self.scripts)).await
    }

    /// Signs in with a browser that the account was not signed in with before.
    pub(super) async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let browser = self.visitor().await;
        browser.open("/signin").await;
        browser.fill("Email", email).await;
        browser.fill("Password", password).await;
        browser.press("Sign in").await;
        browser.is_headed("Tickets for sale").await;
        browser
    }

    /// The mails about this to this address, once there are so many.
    pub(super) async fn mails(&self, to: &str, subject: &str, count: usize) -> Vec<ReceivedMail> {
        let began = Instant::now();
        loop {
            let mut mails = self.mailbox.mails();
            mails.retain(|mail| mail.envelope_to == [to] && mail.heads["subject"] == subject);
            if mails.len() >= count {
                return mails;
            }
            let all: Vec<_> = self.mailbox.mails().into_iter().map(|mail| mail.heads["subject"].clone()).collect();
            assert!(began.elapsed() < PATIENCE, "{to} has not got {subject:?} {count} times, but there are {all:?}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Where the link of the mail leads that is the first about this to this address. Its text leads there, too.
    pub(super) async fn link(&self, to: &str, subject: &str) -> String {
        let mail = self.mails(to, subject, 1).await.remove(0);
        let link = mail.html.split(r#"href=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        assert!(link.starts_with(&self.site), "{link}");
        assert!(mail.text.contains(link), "{link} is not in {}", mail.text);
        link.to_owned()
    }

    /// What the links of all mails carry is in no line of the log.
    pub(super) fn assert_unlogged(&self) {
        let log = [self.server.stdout(), self.server.stderr()].concat();
        assert!(log.contains("DEBUG"), "nothing is logged that could show it: {log}");
        let mails = self.mailbox.mails();
        let tokens: Vec<_> =
            mails.iter().filter_map(|mail| mail.text.split("?token=").nth(1)?.split_whitespace().next()).collect();
        assert!(tokens.len() >= 3, "{tokens:?}");
        for token in tokens {
            let secret = token.rsplit('.').next().expect("a part");
            assert!(secret.len() > 30 && !log.contains(secret), "{token} is logged");
        }
    }

    /// What programs do that look whether a mail is harmless before its reader sees it.
    pub(super) async fn scan(&self, link: &str) {
        let http = reqwest::Client::new();
        for request in [http.head(link), http.get(link), http.get(link)] {
            assert_eq!(request.send().await.expect("an answer").status(), 200, "{link}");
        }
    }
}
