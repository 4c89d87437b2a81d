//! Somebody who has lost a device sees where they are signed in and ends that session, on both engines.

use http::StatusCode;
use http::header::{HeaderValue, USER_AGENT};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(a_lost_device_is_signed_out_from_another);

async fn a_lost_device_is_signed_out_from_another(engine: Engine) {
    let world = World::start(engine).await;
    let phone = HeaderValue::from_static("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0");
    let phone = world.visitor().with_header(USER_AGENT, phone);
    phone.sign_up("ada@example.com", "correct horse battery").await.expect("signs up");
    let laptop = world.visitor();
    laptop.sign_in("ada@example.com", "correct horse battery").await.expect("signs in");
    let eve = world.user("eve").await;

    let sessions = laptop.sessions().await.expect("lists");
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let lost = sessions.iter().find(|session| !session.is_current).expect("the phone's");
    assert_eq!((lost.browser.as_deref(), lost.system.as_deref()), (Some("Firefox"), Some("Android")));
    let refused = eve.end_session(lost.id).await.expect_err("it is not hers");
    assert_eq!(refused.status(), Some(StatusCode::NOT_FOUND));
    phone.orders().await.expect("is still signed in");
    laptop.end_session(lost.id).await.expect("ends");
    let refused = phone.orders().await.expect_err("is signed out");
    assert_eq!(refused.status(), Some(StatusCode::UNAUTHORIZED));
    let left = laptop.sessions().await.expect("lists");
    assert!(left.len() == 1 && left[0].is_current, "{left:?}");
    world.settle().await;
    world.end().await;
}
