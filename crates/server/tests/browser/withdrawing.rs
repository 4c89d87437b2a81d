use super::site::{Site, listed, page_of};

async fn a_listing_is_taken_back(scripts: bool) {
    let site = Site::open().await;
    let ((seller, by_api), (buyer, _)) = tokio::join!(site.user("seller", scripts), site.user("buyer", scripts));
    let ticket = listed(&by_api, "Brass in the park").await;
    listed(&by_api, "An evening of quartets").await;
    let catalogue = site.visitor(scripts).await;
    catalogue.open("/").await;
    catalogue.sees("Brass in the park").await;
    buyer.open(&page_of(&ticket)).await;

    seller.open(&page_of(&ticket)).await;
    seller.follow("Withdraw").await;
    seller.is_headed("Withdraw this ticket?").await;
    seller.follow("No, keep it for sale").await;
    seller.is_headed("Brass in the park").await;
    seller.open("/listings").await;
    seller.follow("Withdraw Brass in the park").await;
    seller.press("Withdraw ticket").await;
    seller.is_headed("Brass in the park").await;
    seller.sees("This ticket is withdrawn").await;

    // With JavaScript open pages are told.
    if !scripts {
        buyer.press("Buy this ticket").await;
        catalogue.reload().await;
    }
    buyer.sees("Not for sale any more").await;
    buyer.sees("It has been withdrawn.").await;
    assert!(!buyer.offers("Buy this ticket").await);
    catalogue.sees_no_more("Brass in the park").await;
    catalogue.sees("An evening of quartets").await;

    seller.open("/listings").await;
    seller.follow("Withdrawn").await;
    seller.sees("Brass in the park").await;
    assert!(!seller.text().await.contains("An evening of quartets"));
    seller.follow("For sale").await;
    seller.sees("An evening of quartets").await;
    assert!(!seller.text().await.contains("Brass in the park"));
    assert_eq!(seller.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_listing_is_not_for_sale_any_more() {
    a_listing_is_taken_back(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_listing_is_not_for_sale_any_more_with_javascript_off() {
    a_listing_is_taken_back(false).await;
}
