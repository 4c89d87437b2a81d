//! Mails over a real mail server, which does not always want them.

use std::collections::HashSet;
use std::time::Duration;

use client::{Client, OrderId};
use testkit::engines::{Behaviour, MailServer, ReceivedMail};
use testkit::on_both_engines;
use testkit::world::{Engine, World, WorldSettings};

on_both_engines!(a_mail_arrives_whole_and_once);

/// The pause after the first attempt that fails.
const RETRY: Duration = Duration::from_secs(60);

/// Somebody buys from somebody, and both are to be told over a mail server.
struct Story {
    server: MailServer,
    world: World,
    seller: Client,
    buyer: Client,
}

impl Story {
    async fn begin(engine: Engine, server: MailServer) -> Self {
        let world =
            World::start_with(engine, WorldSettings { smtp_url: Some(server.url()), ..WorldSettings::default() });
        let world = world.await;
        let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
        Self { server, world, seller, buyer }
    }

    /// A sale, which no mail server delays.
    async fn sell(&self) -> OrderId {
        let ticket = self.world.listed(&self.seller).await;
        let order = self.buyer.create_order(ticket.id).await.expect("reserves").id;
        self.buyer.pay(order, "tok_visa").await.expect("pays");
        self.world.settle().await;
        order
    }

    /// Time passes until what was put off is tried again.
    fn retry(&self) {
        self.world.advance(RETRY);
    }

    async fn until(&self, state: &str, count: usize) {
        self.world.until_messages(state, |now| now == count).await;
    }

    async fn end(self) {
        assert_eq!(self.world.dead_letters().await, []);
        self.world.end().await;
    }
}

fn ids(mails: &[ReceivedMail]) -> HashSet<&str> {
    mails.iter().map(|mail| mail.heads["message-id"].as_str()).collect()
}

async fn a_mail_arrives_whole_and_once(engine: Engine) {
    let story = Story::begin(engine, MailServer::launch().await).await;
    let order = story.sell().await;
    story.until("sent", 2).await;
    let mails = story.server.mails();
    assert_eq!((mails.len(), ids(&mails).len()), (2, 2));
    for mail in &mails {
        let link = format!("http://{}/", story.world.address);
        assert_eq!(mail.defects, Vec::<String>::new());
        assert!(mail.text.contains(&link) && mail.html.contains(&link), "{}\n{}", mail.text, mail.html);
        assert_eq!(mail.envelope_from, "tickets@example.com");
        assert_eq!(mail.envelope_to, [mail.heads["to"].clone()]);
        assert_eq!(mail.heads["from"], "Tickets <tickets@example.com>");
        assert_eq!(mail.heads["auto-submitted"], "auto-generated");
        assert!(mail.heads["message-id"].ends_with("@example.com>"), "{:?}", mail.heads);
        assert!(mail.heads["date"].starts_with("Sun, 22 Nov 2026 12:00:00"), "{:?}", mail.heads);
    }
    let to_buyer = mails.iter().find(|mail| mail.envelope_to == ["buyer@example.com"]).expect("one of them");
    assert_eq!(to_buyer.heads["subject"], "Your ticket: Row A, seat 12");
    assert!(to_buyer.text.contains(&format!("/orders/{order}")), "{}", to_buyer.text);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_accepts_late_is_waited_for_and_asked_once() {
    let story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.behave(Behaviour::Late);
    story.sell().await;
    story.until("sent", 2).await;
    story.retry();
    assert_eq!(story.server.mails().len(), 2);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_greylists_is_asked_again() {
    let story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.behave(Behaviour::Greylist);
    story.sell().await;
    story.world.until_put_off(2).await;
    assert_eq!(story.server.mails(), []);
    story.server.behave(Behaviour::Accept);
    story.retry();
    story.until("sent", 2).await;
    assert_eq!(story.server.mails().len(), 2);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_a_server_does_not_know_is_not_written_to_again() {
    let story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.behave(Behaviour::Unknown);
    story.sell().await;
    story.until("refused", 2).await;
    story.server.behave(Behaviour::Accept);
    story.sell().await;
    story.until("refused", 4).await;
    assert_eq!(story.server.mails(), []);
    let kept = format!("{:?}", story.world.messages().await);
    assert!(kept.contains("550 5.1.1") && !kept.contains("@example.com"), "{kept}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_a_server_does_not_want_is_refused_and_the_next_one_is_sent() {
    let story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.behave(Behaviour::Spam);
    story.sell().await;
    story.until("refused", 2).await;
    story.server.behave(Behaviour::Accept);
    story.sell().await;
    story.until("sent", 2).await;
    assert_eq!(story.server.mails().len(), 2);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_answer_is_lost_is_sent_again_under_the_same_message_id() {
    let story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.behave(Behaviour::Drop);
    story.sell().await;
    story.world.until_put_off(2).await;
    assert_eq!(story.server.mails().len(), 2);
    story.server.behave(Behaviour::Accept);
    story.retry();
    story.until("sent", 2).await;
    let mails = story.server.mails();
    assert_eq!((mails.len(), ids(&mails).len()), (4, 2));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_certificate_nobody_knows_is_told_nothing() {
    let story = Story::begin(Engine::Embedded, MailServer::launch_with_tls().await).await;
    story.sell().await;
    story.world.until_put_off(2).await;
    assert_eq!(story.server.mails(), []);
    for message in story.world.messages().await {
        let failure = message.field("failure").as_str().expect("a failure");
        assert!(failure.starts_with("starting TLS: ") && failure.contains("certificate"), "{failure}");
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_delays_nothing_but_mails() {
    let mut story = Story::begin(Engine::Embedded, MailServer::launch().await).await;
    story.server.kill();
    for _ in 0..3 {
        story.sell().await;
    }
    story.world.until_put_off(6).await;
    story.server.restart().await;
    story.retry();
    story.until("sent", 6).await;
    assert_eq!(ids(&story.server.mails()).len(), 6);
    story.end().await;
}
