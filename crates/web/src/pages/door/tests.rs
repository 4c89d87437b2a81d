use std::time::Duration;

use client::Timestamp;
use serde_json::{Value, json};

use super::{AGE_STEP, typed_at};
use crate::testing::{CannedResponse, GET_EVENT, NOW, Site, event};

const PLACE: &str = "/door/5f1f77bcf86cd799439011e1";
const CHECK_IN: &str = "POST /api/deliveries/events/5f1f77bcf86cd799439011e1/checkins";
const DOOR: &str = "GET /api/deliveries/events/5f1f77bcf86cd799439011e1/door";

fn door() -> CannedResponse {
    (DOOR, 200, json!({"asOf": "2026-11-22T12:00:00.000Z", "keys": [], "places": []}))
}

fn answering(answer: &Value) -> CannedResponse {
    (CHECK_IN, 200, json!({"scans": [answer]}))
}

#[tokio::test]
async fn an_organiser_may_use_the_camera_there_and_nobody_elsewhere() {
    let page = Site::signed_in([door()]).await.get(PLACE).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("permissions-policy"), "camera=(self), geolocation=(), microphone=()");
    for shown in ["<h1>Door</h1>", r#"name="code""#, r#"data-event="5f1f77bcf86cd799439011e1""#, "door.js"] {
        page.assert_has(shown);
    }
    let elsewhere = Site::answering([]).await.get("/signin").await;
    assert!(elsewhere.header("permissions-policy").starts_with("camera=(),"));
}

#[tokio::test]
async fn it_says_whose_door_it_is() {
    let page = Site::signed_in([door(), (GET_EVENT, 200, event(json!({"name": "Ocean <7>"})))]).await.get(PLACE).await;
    page.assert_has("to Ocean &lt;7&gt;");
}

#[tokio::test]
async fn a_typed_code_is_answered_without_a_script() {
    for (answer, words) in [
        (json!({"id": "1", "answer": "admitted", "seat": {"row": "3", "seat": "<12>"}}), "Let in"),
        (json!({"id": "1", "answer": "already", "at": "2026-11-22T11:59:00.000Z", "door": "North"}), "North"),
        (json!({"id": "1", "answer": "void"}), "Not valid any more"),
        (
            json!({"id": "1", "answer": "void", "inside": {"at": "2026-11-22T11:59:00.000Z", "door": "North"}}),
            "Not valid any more",
        ),
        (json!({"id": "1", "answer": "unknown"}), "Not a ticket"),
        (json!({"id": "1", "answer": "other_event"}), "Another event"),
        (json!({"id": "1", "answer": "too_early"}), "Cannot tell"),
    ] {
        let site = Site::signed_in([answering(&answer)]).await;
        let page = site.post(PLACE, &[("door", "South"), ("code", " T1.abc "), ("scan", "s1")]).await;
        assert_eq!(page.status, 200);
        page.assert_has(&format!("<strong>{words}</strong>").replace("<strong>North</strong>", "North"));
        page.assert_has(r#"value="South""#);
        let call = site.calls().pop().expect("a call");
        assert!(call.starts_with(CHECK_IN) && call.contains("\"T1.abc\"") && call.contains("\"s1\""), "{call}");
    }
}

/// A double click is one scan, and the next form is another.
#[tokio::test]
async fn a_form_says_the_same_moment_however_often_it_is_sent() {
    let site = Site::signed_in([answering(&json!({"id": "1", "answer": "admitted"}))]).await;
    let made = "2026-11-22T11:59:53.000Z";
    let fields = [("door", "South"), ("code", "T1.abc"), ("scan", "s1"), ("made", made)];
    let page = site.post(PLACE, &fields).await;
    page.assert_has(&format!(r#"name="made" value="{NOW}""#));
    page.assert_lacks(r#"value="s1""#);
    site.post(PLACE, &fields).await;
    let calls = site.calls().into_iter().filter(|call| call.starts_with(CHECK_IN)).collect::<Vec<_>>();
    assert_eq!((calls.len(), &calls[0]), (2, &calls[1]));
    assert!(calls[0].contains(made), "{}", calls[0]);
}

#[test]
fn when_a_code_was_typed_is_told_by_its_form_but_not_long_after_that_was_made() {
    let made = Timestamp::parse(NOW).expect("a moment");
    let later = |seconds: u64| made + Duration::from_secs(seconds);
    for (typed, now, expected) in [
        (NOW, made, made),
        (NOW, later(AGE_STEP - 1), made),
        (NOW, later(AGE_STEP), later(AGE_STEP)),
        (NOW, later(100 * AGE_STEP + 7), later(100 * AGE_STEP)),
        // Another server's clock may be ahead; the API takes no later moment than its own.
        (NOW, made - Duration::from_millis(500), made),
        ("", later(7), later(7)),
        ("soon", later(7), later(7)),
    ] {
        assert_eq!(typed_at(typed, now), expected, "{typed} at {now}");
    }
}

#[tokio::test]
async fn what_the_event_is_called_leads_to_its_door() {
    for name in ["gala-berlin-2027", "GALA-berlin-2027"] {
        let found = event(json!({"id": "5f1f77bcf86cd799439011e1"}));
        let site = Site::signed_in([("GET /api/events/gala-berlin-2027", 200, found)]).await;
        let reply = site.get(&format!("/door/{name}")).await;
        assert_eq!((reply.status, reply.location()), (303, PLACE), "{name}");
    }
    let site = Site::signed_in([door()]).await;
    assert_eq!(site.get(&format!("{PLACE}/")).await.location(), PLACE);
    for nobodys in ["nothing-here", "%20", "a_b"] {
        assert_eq!(site.get(&format!("/door/{nobodys}")).await.status, 404, "{nobodys}");
    }
}

#[tokio::test]
async fn when_somebody_went_in_is_converted_by_the_script() {
    let answer = json!({"id": "1", "answer": "already", "at": "2026-11-22T11:59:00.000Z", "door": "North <1>"});
    let page = Site::signed_in([answering(&answer)]).await.post(PLACE, &[("door", "South"), ("code", "T1.abc")]).await;
    page.assert_has(
        r#"<span>Went in at <time datetime="2026-11-22T11:59:00.000Z" data-moment="time">11:59 AM UTC</time>, North &lt;1&gt;</span>"#,
    );
    page.assert_has("/format.js");
}

#[tokio::test]
async fn without_a_code_nothing_is_sent_and_without_a_name_the_scan_gets_one() {
    for fields in [&[("door", "South"), ("scan", "s1")][..], &[("door", "South"), ("code", " \t"), ("scan", "s1")]] {
        let site = Site::signed_in([]).await;
        let page = site.post(PLACE, fields).await;
        assert_eq!((page.status, site.calls().iter().any(|call| call.starts_with("POST"))), (400, false));
        page.assert_has(r##"<a href="#code">Type the code of the ticket</a>"##);
    }
    let site = Site::signed_in([answering(&json!({"id": "1", "answer": "admitted"}))]).await;
    assert_eq!(site.post(PLACE, &[("door", "South"), ("code", "T1.abc")]).await.status, 200);
    let call = site.calls().pop().expect("a call");
    assert!(!call.contains(r#""id":"""#), "{call}");
}

#[tokio::test]
async fn a_code_that_is_too_long_is_said_to_be_that_whoever_finds_out() {
    let refused = json!({"errors": [{"code": "payload_too_large", "message": "length limit exceeded"}]});
    let site = Site::signed_in([(CHECK_IN, 413, refused)]).await;
    for length in [70_000, 3_000_000] {
        let page = site.post(PLACE, &[("door", "South"), ("code", &"x".repeat(length)), ("scan", "s1")]).await;
        assert_eq!(page.status, 413);
        page.assert_has("More was sent than this form takes");
        page.assert_lacks("length limit");
    }
}

#[tokio::test]
async fn nobody_else_opens_a_door() {
    let refused = || json!({"errors": [{"message": "Not authorized"}]});
    let somebody = Site::signed_in([(DOOR, 401, refused()), (CHECK_IN, 401, refused())]).await;
    assert_eq!(somebody.get(PLACE).await.status, 403);
    assert_eq!(somebody.post(PLACE, &[("door", "South"), ("code", "T1.abc"), ("scan", "s1")]).await.status, 403);
    let stranger = Site::answering([]).await;
    assert_eq!(stranger.get(PLACE).await.location(), "/signin?next=%2Fdoor%2F5f1f77bcf86cd799439011e1");
}

#[tokio::test]
async fn the_worker_of_doors_may_ask_its_own_server_and_nobody_else() {
    let worker = Site::answering([]).await.get("/door/worker.js").await;
    assert_eq!(worker.status, 200);
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(worker.header("content-security-policy"), "default-src 'none'; connect-src 'self'");
}
