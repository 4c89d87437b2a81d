use std::time::{Duration, Instant};

use client::{Client, OrderStatus, Ticket};
use reqwest::header::COOKIE;
use testkit::cluster::Cluster;

use crate::{IMPOSTOR, PATIENCE, cluster, listed, user};

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_passes_through_the_gateway_on_mongodb_and_jetstream() {
    let cluster = cluster().await;
    let (seller, buyer) = (user(&cluster, "seller").await, user(&cluster, "buyer").await);
    let ticket = listed(&seller).await;
    let until = async |what: &str, is_so: &dyn Fn(&Ticket) -> bool| {
        let began = Instant::now();
        while !is_so(&buyer.ticket(ticket.id).await.expect("the ticket")) {
            assert!(began.elapsed() < PATIENCE, "the ticket is not {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    assert_eq!(order.status, OrderStatus::Created);
    until("locked", &|ticket| ticket.order_id == Some(order.id)).await;
    for path in ["/account".to_owned(), "/orders".to_owned(), format!("/orders/{}", order.id)] {
        assert_eq!(page(&cluster, &buyer, &path).await, 200, "{path}");
    }
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    until("sold", &|ticket| ticket.sold).await;
    assert_eq!(buyer.order(order.id).await.expect("the order").status, OrderStatus::Complete);
    let violations: Vec<_> = cluster.violations().into_iter().filter(|line| !line.contains(IMPOSTOR)).collect();
    assert!(violations.is_empty(), "services may not do what they must: {violations:#?}");
}

/// The status with which a page is shown to a user. The pages call every service.
async fn page(cluster: &Cluster, visitor: &Client, path: &str) -> u16 {
    let session = format!("session={}", visitor.token().expect("is signed in"));
    let request = reqwest::Client::new().get(format!("{}{path}", cluster.url())).header(COOKIE, session);
    request.send().await.expect("an answer").status().as_u16()
}
