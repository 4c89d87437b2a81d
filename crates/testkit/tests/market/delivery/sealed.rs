//! What is given to us before it is for sale.

use client::{
    Code, DeliveryForm, DeliveryPromise, DeliveryState, FileKind, ListingState, Seal, SealingState, Seller, Symbology,
    TicketFilter,
};
use reqwest::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, World};

use super::{bought, listed, refusal, sealed, texts, whole};

on_both_engines!(
    a_sealed_ticket_is_for_sale_once_it_is_given_and_goes_to_its_buyer,
    a_document_is_read_and_comes_as_it_was,
    what_is_no_ticket_is_refused_and_nothing_is_for_sale,
);

/// A page with a QR code drawn in lines.
const DOCUMENT: &[u8] = include_bytes!("../../../../server/tests/startup/ticket.pdf");

async fn a_sealed_ticket_is_for_sale_once_it_is_given_and_goes_to_its_buyer(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = listed(&world, &seller, DeliveryForm::Sealed).await;
    let for_sale = || async { world.visitor().tickets(&TicketFilter::default()).await.expect("lists").items.len() };
    let unsealed =
        TicketFilter { seller: Some(Seller::Me), state: Some(ListingState::Unsealed), ..TicketFilter::default() };
    let waiting = || async { seller.tickets(&unsealed).await.expect("lists").items.len() };
    assert_eq!((for_sale().await, waiting().await), (0, 1));
    assert_eq!(refusal(buyer.create_order(ticket.id).await), (400, "ticket_not_sealed".into()));
    assert_eq!(seller.sealing(ticket.id).await.expect("is there").state, SealingState::Waiting);

    let file = pass("ROW A/12");
    let sealing = seller.seal_file(ticket.id, file.clone()).await.expect("is taken");
    assert_eq!((sealing.pending_seal, sealing.codes, sealing.checked), (Some(1), 1, true));
    world.settle().await;
    assert_eq!((for_sale().await, waiting().await), (1, 0));
    let promised = world.visitor().ticket(ticket.id).await.expect("is there").details.delivery;
    assert_eq!(promised, Some(DeliveryPromise::Sealed { seal: Seal(1), checked: true }));
    assert_eq!(whole(seller.sealed_file(ticket.id).await.expect("is the seller's")).await, file);

    let order = buyer.create_order(ticket.id).await.expect("reserves");
    world.settle().await;
    let unpaid = buyer.delivery(order.id).await.expect("is there");
    assert_eq!((unpaid.state, unpaid.codes, unpaid.file), (DeliveryState::Unpaid, Vec::new(), None));
    assert_eq!(refusal(buyer.delivered_file(order.id).await).0, 404);

    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    let delivery = buyer.delivery(order.id).await.expect("is there");
    assert_eq!(delivery.state, DeliveryState::Released);
    assert_eq!(delivery.codes, [Code { symbology: Symbology::Qr, text: "ROW A/12".into() }]);
    assert_eq!(delivery.file.map(|file| (file.kind, file.bytes)), Some((FileKind::Pkpass, file.len() as u64)));
    assert!(delivery.first_viewed_at.is_some());
    assert_eq!(whole(buyer.delivered_file(order.id).await.expect("is the buyer's")).await, file);
    assert_eq!(refusal(seller.sealed_file(ticket.id).await).0, 404);
    assert_eq!(seller.sealing(ticket.id).await.expect("is there").state, SealingState::Sold);
    assert_eq!(refusal(seller.seal_file(ticket.id, pass("ANOTHER")).await), (400, "ticket_sold".into()));
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn a_document_is_read_and_comes_as_it_was(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = listed(&world, &seller, DeliveryForm::Sealed).await;
    let sealing = seller.seal_file(ticket.id, DOCUMENT).await.expect("is taken");
    assert_eq!(sealing.file.map(|file| file.kind), Some(FileKind::Pdf));
    world.settle().await;
    let order = bought(&world, &buyer, ticket.id).await;
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["TICKET/2027-06-12/ROW 13"]);
    let file = buyer.delivered_file(order.id).await.expect("is the buyer's");
    let header = |name| file.header(&name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let name = format!("attachment; filename=\"ticket-{}.pdf\"", order.id);
    assert_eq!(header(CONTENT_DISPOSITION), name);
    assert_eq!((header(X_CONTENT_TYPE_OPTIONS), header(CACHE_CONTROL)), ("nosniff".into(), "no-store".into()));
    assert_eq!(header(CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
    assert_eq!(whole(file).await, DOCUMENT);
    world.end().await;
}

async fn what_is_no_ticket_is_refused_and_nothing_is_for_sale(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let ticket = listed(&world, &seller, DeliveryForm::Sealed).await;
    let (svg, page) = ("<svg xmlns='http://www.w3.org/2000/svg'/>", "<!doctype html><script>alert(1)</script>");
    for file in [b"".as_slice(), svg.as_bytes(), page.as_bytes(), b"%PDF-1.7\nnothing", b"PK\x03\x04 no archive"] {
        assert_eq!(refusal(seller.seal_file(ticket.id, file.to_vec()).await), (400, "file_refused".into()));
    }
    let large = [b"%PDF-1.7\n".to_vec(), vec![b' '; 10 * 1024 * 1024]].concat();
    assert_eq!(refusal(seller.seal_file(ticket.id, large).await), (413, "file_too_large".into()));
    world.settle().await;
    assert_eq!(seller.sealing(ticket.id).await.expect("is there").state, SealingState::Waiting);
    assert_eq!(world.visitor().tickets(&TicketFilter::default()).await.expect("lists").items, []);
    // It is the seller's to sell all the same.
    seller.seal_file(ticket.id, pass("ROW A/12")).await.expect("is taken");
    world.settle().await;
    assert_eq!(world.visitor().tickets(&TicketFilter::default()).await.expect("lists").items.len(), 1);
    let second = sealed(&world, &seller, "ROW A/13").await;
    assert_ne!(second.id, ticket.id);
    world.end().await;
}
