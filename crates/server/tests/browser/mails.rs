//! The links in mails: sent through a real mail server, read as it has read them, and followed as their readers do.

use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

use testkit::browser::{Browser, Browsers, Look, Scheme};
use testkit::engines::{MailServer, ReceivedMail};
use testkit::process::Server;

use super::site::{PASSWORD, buy, listed};
use crate::program::ticketing;

const ADA: &str = "ada@example.com";
const NEW_ADDRESS: &str = "ada@example.org";
const NEW_PASSWORD: &str = "hunting for tickets";
/// How long a mail may take. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// A marketplace that wants addresses to be confirmed, where its mails go, and browsers.
struct Post {
    mailbox: MailServer,
    server: Server,
    browsers: Browsers,
    scripts: bool,
}

impl Post {
    async fn open(scripts: bool) -> Self {
        let (mailbox, browsers) = tokio::join!(MailServer::launch(), Browsers::launch());
        let program = ticketing().args(["--memory", "--confirm-addresses", "on"]);
        let program = program
            .env("LOG", "debug")
            .env("SMTP_URL", mailbox.url())
            .env("MAIL_FROM", "Tickets <tickets@example.com>");
        let mut server = Server::new(program);
        let here = server.url();
        server.start_with(&[("PUBLIC_URL", &here)]);
        server.until_ready().await;
        Self { mailbox, server, browsers, scripts }
    }

    async fn visitor(&self) -> Browser {
        self.browsers.open(&self.server.url(), Look::with_scripts(self.scripts)).await
    }

    /// Signs in with a browser that the account was not signed in with before.
    async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let browser = self.visitor().await;
        browser.open("/signin").await;
        browser.fill("Email", email).await;
        browser.fill("Password", password).await;
        browser.press("Sign in").await;
        browser.is_headed("Tickets for sale").await;
        browser
    }

    /// The mails about this to this address, once there are so many.
    async fn mails(&self, to: &str, subject: &str, count: usize) -> Vec<ReceivedMail> {
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
    async fn link(&self, to: &str, subject: &str) -> String {
        let mail = self.mails(to, subject, 1).await.remove(0);
        let link = mail.html.split(r#"href=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        assert!(link.starts_with(&self.server.url()), "{link}");
        assert!(mail.text.contains(link), "{link} is not in {}", mail.text);
        link.to_owned()
    }

    /// What the links of all mails carry is in no line of the log.
    fn assert_unlogged(&self) {
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
    async fn scan(&self, link: &str) {
        let http = reqwest::Client::new();
        for request in [http.head(link), http.get(link), http.get(link)] {
            assert_eq!(request.send().await.expect("an answer").status(), 200, "{link}");
        }
    }
}

async fn the_address_is_confirmed(post: &Post) {
    let ada = post.visitor().await;
    ada.open("/signup").await;
    ada.fill("Email", ADA).await;
    ada.fill("Password", PASSWORD).await;
    ada.press("Sign up").await;
    ada.sees("Your address ada@example.com is not confirmed yet.").await;
    let link = post.link(ADA, "Confirm your address").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.is_headed("Confirm your email address").await;
    ada.press("Confirm my address").await;
    ada.is_headed("Your address is confirmed").await;
    ada.open("/").await;
    ada.sees_no_more("is not confirmed yet").await;
    ada.open(&link).await;
    ada.press("Confirm my address").await;
    ada.sees("This link has been used already").await;
}

async fn the_password_is_reset(post: &Post) {
    let ada = post.visitor().await;
    ada.open("/signin").await;
    ada.follow("Forgotten your password?").await;
    ada.fill("Email", ADA).await;
    ada.press("Send me a link").await;
    ada.is_headed("Look into your mailbox").await;
    let link = post.link(ADA, "Choose a new password").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.is_headed("Choose another password").await;
    ada.fill("New password", NEW_PASSWORD).await;
    ada.press("Set this password").await;
    ada.is_headed("Your password is set").await;
    ada.open(&link).await;
    ada.fill("New password", PASSWORD).await;
    ada.press("Set this password").await;
    ada.sees("This link has been used already").await;
    ada.open(&post.link(ADA, "Your password was changed").await).await;
    ada.is_headed("Forgotten your password?").await;
}

async fn the_address_is_changed(post: &Post) {
    let ada = post.signed_in(ADA, NEW_PASSWORD).await;
    ada.open(&post.link(ADA, "A new sign-in to your account").await).await;
    ada.is_headed("Where you are signed in").await;
    ada.open("/account").await;
    ada.fill("New email address", NEW_ADDRESS).await;
    ada.fill("Password", NEW_PASSWORD).await;
    ada.press("Change address").await;
    ada.sees("A mail is on its way to the new address.").await;
    let link = post.link(NEW_ADDRESS, "Confirm your address").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.press("Confirm my address").await;
    ada.is_headed("Your address is confirmed").await;
    ada.open(&post.link(ADA, "Your address was changed").await).await;
    ada.is_headed("Sign in").await;
}

async fn somebody_signs_up_again(post: &Post) {
    let again = post.visitor().await;
    again.open("/signup").await;
    again.fill("Email", NEW_ADDRESS).await;
    again.fill("Password", PASSWORD).await;
    again.press("Sign up").await;
    again.sees("Your address ada@example.org is not confirmed yet.").await;
    let ada = post.visitor().await;
    ada.open(&post.link(NEW_ADDRESS, "You have an account already").await).await;
    ada.is_headed("Sign in").await;
}

/// Ada sells one ticket to somebody, and takes another back.
async fn a_ticket_is_sold(post: &Post) {
    let seller = client::Client::new(&post.server.url()).expect("a client");
    seller.sign_in(NEW_ADDRESS, NEW_PASSWORD).await.expect("signs in");
    let (sold, withdrawn) = (listed(&seller, "Row A").await, listed(&seller, "Row B").await);
    seller.withdraw_ticket(withdrawn.id).await.expect("withdraws");
    let (bob, bob_by_api) = (post.visitor().await, seller.anonymous());
    bob_by_api.sign_up("bob@example.com", PASSWORD).await.expect("signs up");
    bob.sign_in(&post.server.url(), &bob_by_api.token().expect("is signed in")).await;
    buy(&bob, &sold).await;
    let order = bob_by_api.orders().await.expect("lists").items.remove(0);
    bob_by_api.pay(order.id, "tok_visa").await.expect("pays");
    bob.open(&post.link("bob@example.com", "Your ticket: Row A").await).await;
    bob.is_headed("The ticket is yours").await;
    let ada = post.signed_in(NEW_ADDRESS, NEW_PASSWORD).await;
    ada.open(&post.link(NEW_ADDRESS, "Sold: Row A").await).await;
    ada.is_headed("Row A").await;
    ada.open(&post.link(NEW_ADDRESS, "Not for sale any more: Row B").await).await;
    ada.is_headed("Your account").await;
}

/// One mail of each kind can be read by everybody, on a phone and on a desk, by day and by night.
async fn mails_can_be_read(post: &Post) {
    let mails = post.mailbox.mails();
    let kinds: HashMap<&str, &str> =
        mails.iter().map(|mail| (mail.heads["subject"].as_str(), mail.html.as_str())).collect();
    let (folder, mut findings) = (tempfile::tempdir().expect("a folder"), Vec::new());
    for (width, scheme) in [(360, Scheme::Light), (360, Scheme::Dark), (1440, Scheme::Light), (1440, Scheme::Dark)] {
        let reader = post.browsers.open("", Look { width, scheme, ..Look::default() }).await;
        for (subject, html) in &kinds {
            let file = folder.path().join("mail.html");
            fs::write(&file, html).expect("a file is written");
            reader.open(&format!("file://{}", file.display())).await;
            let mut found: Vec<_> = reader.axe().await.iter().map(ToString::to_string).collect();
            if reader.overflows().await {
                found.push("has to be scrolled sideways".to_owned());
            }
            findings.extend(found.into_iter().map(|finding| format!("{subject}, {width} wide, {scheme:?}: {finding}")));
        }
    }
    assert!(kinds.len() >= 9, "{:?}", kinds.keys());
    assert!(findings.is_empty(), "{}", findings.join("\n\n"));
}

async fn what_mails_say_can_be_done(scripts: bool) -> Post {
    let post = Post::open(scripts).await;
    the_address_is_confirmed(&post).await;
    the_password_is_reset(&post).await;
    the_address_is_changed(&post).await;
    somebody_signs_up_again(&post).await;
    a_ticket_is_sold(&post).await;
    assert!(post.mailbox.mails().iter().all(|mail| mail.defects.is_empty()));
    post.assert_unlogged();
    post
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mails_say_can_be_done_by_their_links_and_by_nobody_who_only_looks_at_them() {
    let post = what_mails_say_can_be_done(true).await;
    mails_can_be_read(&post).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mails_say_can_be_done_by_their_links_with_javascript_off() {
    what_mails_say_can_be_done(false).await;
}
