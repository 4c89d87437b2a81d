//! A place that we issue is sold on again and again, and nobody else has it meanwhile.

use serde_json::json;

use super::*;
use crate::testing::given;

#[tokio::test(flavor = "multi_thread")]
async fn what_we_have_issued_before_is_no_other_offer_of_what_is_sold_on() {
    let app = start().await;
    let (organiser, ada, eve) = (app.user(), app.user(), app.user());
    let gala = added(&app, &organiser, event_draft("Gala")).await;
    let mut body = to(&gala, "F");
    body["delivery"] = json!({"mode": "ours"});
    let first = listed(&app, &organiser, body.clone()).await;
    body["delivery"] = json!({"mode": "ours", "boughtBy": "5f1f77bcf86cd799439011a2"});
    let second = listed(&app, &ada, body).await;
    for ticket in [&first, &second] {
        app.publish("deliveries", &given(ticket, SealMode::Ours, 1)).await;
    }
    app.settle().await;
    for ticket in [&first, &second] {
        assert_eq!(shown(&app, ticket).await["alsoOffered"], Value::Null);
    }
    listed(&app, &eve, to(&gala, "F")).await;
    assert_eq!(shown(&app, &second).await["alsoOffered"], json!(true), "from elsewhere it is one");
}
