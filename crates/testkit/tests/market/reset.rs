//! A forgotten password, on both engines.

use std::time::Duration;

use common::events::{NoticeDue, NoticeKind};
use http::StatusCode;
use testkit::on_both_engines;
use testkit::world::{Engine, World, within};

on_both_engines!(who_reads_the_mail_sets_another_password_and_everybody_else_is_out);

const ADA: &str = "ada@example.com";
const NEW: &str = "harbour without fog";

async fn who_reads_the_mail_sets_another_password_and_everybody_else_is_out(engine: Engine) {
    let world = World::start(engine).await;
    let thief = world.user("ada").await;
    let visitor = world.visitor();
    for email in [ADA, "nobody@example.com"] {
        visitor.request_reset(email).await.expect("answers alike");
    }
    let notice = within(notice_of_a_reset(&world)).await;
    let link = world.link(&notice).await;
    visitor.reset_password(link.reveal(), NEW).await.expect("sets it");
    assert!(visitor.reset_password(link.reveal(), "battery staple horse").await.is_err(), "the link is good once");
    let refused = thief.orders().await.expect_err("is out");
    assert_eq!(refused.status(), Some(StatusCode::UNAUTHORIZED));
    world.visitor().sign_in(ADA, NEW).await.expect("signs in");
    assert!(world.visitor().sign_in(ADA, "correct horse battery").await.is_err());
    let kinds: Vec<_> = world.notices().await.into_iter().filter_map(|notice| notice.kind.known().ok()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == NoticeKind::PasswordChanged).count(), 1, "{kinds:?}");
    world.end().await;
}

/// The request is done after it is answered.
async fn notice_of_a_reset(world: &World) -> NoticeDue {
    loop {
        let notices = world.notices().await;
        if let Some(notice) = notices.into_iter().find(|notice| notice.kind == NoticeKind::ResetPassword.into()) {
            return notice;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
