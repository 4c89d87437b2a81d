use super::site::{Site, buy, listed, page_of};

async fn time_runs_out(scripts: bool) {
    let site = Site::with(&["--reservation", "8s"]).await;
    let ticket = listed(&site.by_api("seller").await, "Late night improvisations").await;
    let ((buyer, _), other) = tokio::join!(site.user("buyer", scripts), site.visitor(scripts));
    buy(&buyer, &ticket).await;
    other.open(&page_of(&ticket)).await;
    other.sees("Someone is buying this ticket").await;

    // With JavaScript both pages update by themselves; without it, on reload.
    buyer
        .until("the reservation does not expire", async |buyer| {
            if !scripts {
                buyer.reload().await;
            }
            buyer.heading().await == "Your reservation has expired"
        })
        .await;
    assert!(!buyer.offers("Pay $20.50").await, "an order that has ended cannot be paid");
    other
        .until("the ticket is not offered again", async |other| {
            if !scripts {
                other.reload().await;
            }
            other.offers("Buy this ticket").await
        })
        .await;
    assert_eq!((buyer.complaints().await, other.complaints().await), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_reservation_expires_on_the_open_page() {
    time_runs_out(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_reservation_expires_with_javascript_off() {
    time_runs_out(false).await;
}
