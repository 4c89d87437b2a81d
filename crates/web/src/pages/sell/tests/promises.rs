//! How a ticket comes to its buyer.

use serde_json::json;

use crate::testing::{Site, USER};

#[tokio::test]
async fn a_seller_says_how_the_buyer_gets_it_in_the_time_of_the_venue() {
    let id = "5f1f77bcf86cd799439011b1";
    let listed =
        |delivery| json!({"id": id, "title": "A", "price": 20, "userId": USER, "version": 0, "delivery": delivery});
    let later = [("delivery", "later"), ("until", "2027-07-12T19:30")];
    let told = r#"{"mode":"later","until":"2027-07-12T17:30:00.000Z"}"#;
    for (typed, told, listed, place) in [
        (&later[..], Some(told), listed(json!({"mode": "later", "until": "2027-07-12T17:30:00Z"})), ""),
        (&later[..1], None, listed(json!({"mode": "later", "until": "2027-07-13T17:30:00Z"})), ""),
        (&[("delivery", "sealed")], Some(r#"{"mode":"sealed"}"#), listed(json!({"mode": "sealed"})), "/delivery"),
        (&[], None, listed(json!(null)), ""),
    ] {
        let site = Site::signed_in([("POST /api/tickets", 201, listed)]).await;
        let start = [("title", "A"), ("price", "20"), ("startsAt", "2027-07-14T19:30"), ("timeZone", "Europe/Berlin")];
        let reply = site.post("/sell", &[&start[..], typed].concat()).await;
        assert_eq!((reply.status, reply.location()), (303, format!("/tickets/{id}{place}").as_str()), "{typed:?}");
        let call = site.calls().pop().expect("a call");
        match told {
            Some(told) => assert!(call.ends_with(&format!(r#""delivery":{told}}}"#)), "{call}"),
            None => assert!(!call.contains("delivery"), "{call}"),
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_moment_is_beside_it() {
    let refused = json!({"errors": [{"code": "invalid_field", "message": "Too late", "field": "delivery"}]});
    let site = Site::signed_in([("POST /api/tickets/check", 400, refused)]).await;
    let fields = [("title", "A"), ("price", "20"), ("delivery", "later"), ("until", "2027-07-12T19:30")];
    let page = site.post("/sell/review", &[&fields[..], &[("timeZone", "Europe/Berlin")]].concat()).await;
    page.assert_has(r#"id="until-error">Too late<"#);
    let page = site.post("/sell/review", &fields).await;
    page.assert_has(r#"id="until-error">Say a date and a time that there is at the venue"#);
    assert!(site.calls()[1].contains(r#""until":"2027-07-12T19:30""#), "{:?}", site.calls());
}

#[tokio::test]
async fn what_is_left_out_of_a_promise_for_later_is_not_taken_for_said() {
    let refused = |field: &str, message: &str| {
        let errors = json!({"errors": [{"message": message, "field": field}]});
        Site::signed_in([("POST /api/tickets/check", 400, errors)])
    };
    let start = "Start is required for a ticket that is delivered later";
    let page = refused("startsAt", start).await.post("/sell/review", &[("delivery", "later")]).await;
    page.assert_has(r#"id="startsAt-error">Say when it begins: a ticket that you hand in later is due a day before"#);
    let past = "A later delivery must be in the future, and at least a day before the event starts";
    let begins = ("startsAt", "2026-11-22T19:30");
    let page = refused("delivery", past).await.post("/sell/review", &[("delivery", "later"), begins]).await;
    page.assert_has(r#"id="until-error">It begins too soon for this"#);
    // What was said is answered.
    let until = ("until", "2026-11-22T18:30");
    let typed = [("delivery", "later"), begins, until, ("timeZone", "Europe/Berlin")];
    refused("delivery", past).await.post("/sell/review", &typed).await.assert_has("A later delivery must be");
}
