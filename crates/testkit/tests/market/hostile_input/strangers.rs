use reqwest::Method;
use serde_json::{Value, json};

use super::documented::Operation;
use super::refusal::assert_refused;
use super::site::Site;

fn not_authorized() -> Value {
    json!({"errors": [{"code": "not_authorized", "message": "Not authorized"}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn another_users_order_reveals_nothing_and_cannot_be_touched() {
    let site = Site::open().await;
    let path = format!("/api/orders/{}", site.order.id);
    let payment = json!({"token": "tok_visa", "orderId": site.order.id});
    for stranger in [&site.seller, &site.world.user("mallory").await] {
        for request in [
            site.request_by(stranger, Method::GET, &path),
            site.request_by(stranger, Method::DELETE, &path),
            site.request_by(stranger, Method::POST, "/api/payments").json(&payment),
        ] {
            let answer = request.send().await.expect("an answer");
            assert_eq!(assert_refused(answer, 401, "another's order").await, not_authorized());
        }
        assert_eq!(stranger.orders().await.expect("lists").items, []);
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_users_ticket_cannot_be_edited_free_or_reserved() {
    let site = Site::open().await;
    for ticket in [site.free.id, site.order.ticket.id] {
        for body in
            [json!({"title": "Mine", "price": 1}), json!({"title": "Mine", "price": 1, "userId": "me", "version": 0})]
        {
            let request = site.request_by(&site.buyer, Method::PUT, &format!("/api/tickets/{ticket}")).json(&body);
            let answer = request.send().await.expect("an answer");
            assert_eq!(assert_refused(answer, 401, "another's ticket").await, not_authorized());
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_without_a_session_learns_nothing_else() {
    let site = Site::open().await;
    let documented = Operation::all(&site).await.into_iter().filter(Operation::needs_a_session);
    let documented: Vec<_> = documented.map(|operation| (operation.method, operation.path)).collect();
    assert!(documented.len() > 5, "{documented:?}");
    let wrong_besides = [
        (Method::PUT, "/api/tickets/nonsense"),
        (Method::GET, "/api/tickets?seller=me"),
        (Method::GET, "/api/orders?limit=0"),
        (Method::GET, "/api/orders/nonsense"),
    ];
    let wrong_besides = wrong_besides.map(|(method, path)| (method, path.to_owned()));
    for (method, path) in documented.into_iter().chain(wrong_besides) {
        let request = site.request(method.clone(), &path).header("content-type", "text/plain").body("{");
        let body = assert_refused(request.send().await.expect("an answer"), 401, &path).await;
        assert_eq!(body, not_authorized(), "{method} {path}");
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_not_bought_by_its_seller_nor_twice() {
    let site = Site::open().await;
    let mallory = site.world.user("mallory").await;
    for (who, ticket) in
        [(&site.seller, site.free.id), (&site.seller, site.order.ticket.id), (&mallory, site.order.ticket.id)]
    {
        let request = site.request_by(who, Method::POST, "/api/orders").json(&json!({"ticketId": ticket}));
        assert_refused(request.send().await.expect("an answer"), 400, "a ticket not to be had").await;
    }
    site.assert_unchanged().await;
}
