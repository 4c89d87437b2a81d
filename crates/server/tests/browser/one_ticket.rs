use super::site::{PASSWORD, Site, buy, listed, page_of};

const TAKEN: &str = "Someone is buying this ticket";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_second_buyer_updates_by_itself() {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "An evening of quartets").await;
    let ((winner, _), (loser, _)) = tokio::join!(site.user("winner", true), site.user("loser", true));
    loser.open(&page_of(&ticket)).await;
    assert!(loser.offers("Buy this ticket").await);

    buy(&winner, &ticket).await;
    loser.sees(TAKEN).await;
    assert!(!loser.offers("Buy this ticket").await, "what is locked cannot be bought");

    winner.press("Cancel order").await;
    loser.sees_no_more(TAKEN).await;
    loser.press("Buy this ticket").await;
    loser.is_headed("Checkout").await;
    assert_eq!((winner.complaints().await, loser.complaints().await), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_buyer_finds_out_with_javascript_off() {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "An evening of quartets").await;
    let ((winner, _), (loser, _)) = tokio::join!(site.user("winner", false), site.user("loser", false));
    loser.open(&page_of(&ticket)).await;
    buy(&winner, &ticket).await;
    loser.press("Buy this ticket").await;
    loser.sees("Ticket is already reserved").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_sign_in_first_and_come_back_to_the_ticket() {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "An evening of quartets").await;
    let stranger = site.visitor(true).await;
    stranger.open(&page_of(&ticket)).await;
    stranger.press("Buy this ticket").await;
    stranger.is_headed("Sign in").await;
    stranger.fill("Email", "seller@example.com").await;
    stranger.fill("Password", PASSWORD).await;
    stranger.press("Sign in").await;
    stranger.is_headed("An evening of quartets").await;
    assert!(!stranger.offers("Buy this ticket").await, "sellers cannot buy their own ticket");
}
