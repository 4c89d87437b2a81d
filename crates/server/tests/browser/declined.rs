use super::site::{Site, buy, listed, page_of};

async fn a_declined_card_frees_the_ticket(scripts: bool) {
    let site = Site::with(&["--payment-attempts", "1"]).await;
    let ticket = listed(&site.by_api("seller").await, "Songs of the north").await;
    let (buyer, _) = site.user("buyer", scripts).await;
    buy(&buyer, &ticket).await;
    buyer.choose("Test card", "4000 0000 0000 9995").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("Your payment was declined").await;
    buyer.sees("insufficient funds").await;
    assert!(!buyer.offers("Pay $20.50").await, "an order that has ended cannot be paid");

    // The ticket can be bought with another card.
    buy(&buyer, &ticket).await;
    buyer.choose("Test card", "4242").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("The ticket is yours").await;
    buyer.open("/orders").await;
    buyer.sees("Declined").await;
    buyer.open(&page_of(&ticket)).await;
    buyer.sees("You bought this ticket").await;
    assert_eq!(buyer.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_ends_the_order_and_frees_the_ticket() {
    a_declined_card_frees_the_ticket(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_ends_the_order_and_frees_the_ticket_with_javascript_off() {
    a_declined_card_frees_the_ticket(false).await;
}

async fn a_declined_card_leaves_attempts(scripts: bool) {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "Songs of the north").await;
    let (buyer, _) = site.user("buyer", scripts).await;
    buy(&buyer, &ticket).await;
    buyer.choose("Test card", "4000 0000 0000 9995").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("Checkout").await;
    buyer.sees("insufficient funds").await;
    buyer.sees("The ticket is still reserved for you").await;
    buyer.choose("Test card", "4242").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("The ticket is yours").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_card_can_be_tried_while_the_reservation_lasts() {
    a_declined_card_leaves_attempts(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_card_can_be_tried_while_the_reservation_lasts_with_javascript_off() {
    a_declined_card_leaves_attempts(false).await;
}

async fn a_buyer_cancels(scripts: bool) {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "Songs of the north").await;
    let (buyer, _) = site.user("buyer", scripts).await;
    buy(&buyer, &ticket).await;
    // A buyer who leaves the page finds the way back.
    buyer.open(&page_of(&ticket)).await;
    buyer.follow("Continue to checkout").await;
    buyer.press("Cancel order").await;
    buyer.is_headed("You cancelled this order").await;
    buyer.open(&page_of(&ticket)).await;
    buyer
        .until("the ticket is not offered again", async |buyer| {
            if !scripts {
                buyer.reload().await;
            }
            buyer.offers("Buy this ticket").await
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_frees_the_ticket() {
    a_buyer_cancels(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_frees_the_ticket_with_javascript_off() {
    a_buyer_cancels(false).await;
}
