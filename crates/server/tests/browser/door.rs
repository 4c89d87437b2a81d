use std::path::{Path, PathBuf};

use client::{Client, DeliveryForm, Event, OrderId, Price, Scan, ScanAnswer, TicketForm};
use harness::within;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use rxing::{BarcodeFormat, MultiFormatWriter, Writer};
use testkit::shows::winter_ensemble;

use super::site::Site;
use crate::program::ticketing;

/// An event, and who organises it.
pub(crate) async fn organised(site: &Site, data: &Path) -> (Client, Event) {
    let organiser = site.by_api("organiser").await;
    let form = winter_ensemble();
    let event = organiser.add_event(&form).await.expect("adds");
    let person = organiser.current_user().await.expect("answers").expect("is signed in").id.to_string();
    let id = event.id.to_string();
    let added =
        ticketing().args(["organisers", "add", id.as_str(), person.as_str()]).arg("--data").arg(data).run().await;
    assert_eq!(added.code, Some(0), "{added:?}");
    (organiser, event)
}

/// Sells a ticket that we issue, and returns the order by which it is bought.
async fn sold(seller: &Client, event: &Event, bought_by: Option<OrderId>, buyer: &Client) -> OrderId {
    let delivery = Some(DeliveryForm::Ours { bought_by: bought_by.map(|order| order.to_string()) });
    let price = Price::from_minor_units(7500).expect("a price");
    let form = TicketForm { event_id: Some(event.id.to_string()), delivery, ..TicketForm::new("Row C, seat 7", price) };
    let ticket = seller.create_ticket(&form).await.expect("lists");
    within(async {
        while seller
            .ticket(ticket.id)
            .await
            .expect("is there")
            .details
            .delivery
            .and_then(|promise| promise.seal())
            .is_none()
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let order = buyer.create_order(ticket.id).await.expect("is for sale");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    order.id
}

/// The code of a ticket that we have issued.
async fn code(buyer: &Client, order: OrderId) -> String {
    within(async {
        loop {
            let delivery = buyer.delivery(order).await.expect("answers");
            if let Some(code) = delivery.codes.first() {
                return code.text.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await
}

/// A film in which the code is held before a camera, taken away for three seconds, and held there again.
fn film(directory: &Path, code: &str) -> PathBuf {
    let matrix = MultiFormatWriter.encode(code, &BarcodeFormat::QR_CODE, 400, 400).expect("can be drawn");
    let (left, top) = (120, 40);
    let picture = GrayImage::from_fn(640, 480, |x, y| {
        let (x, y) = (x.wrapping_sub(left), y.wrapping_sub(top));
        let is_black = x < matrix.getWidth() && y < matrix.getHeight() && matrix.get(x, y);
        Luma([if is_black { 0 } else { 255 }])
    });
    let nothing = GrayImage::from_pixel(640, 480, Luma([255]));
    let frames = [(picture, 60), (nothing, 90)].map(|(picture, count)| {
        let picture = image::DynamicImage::ImageLuma8(picture).to_rgb8();
        let mut jpeg = Vec::new();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 95)).expect("encodes");
        jpeg.repeat(count)
    });
    let file = directory.join(format!("{}.mjpeg", &code[code.len() - 8..]));
    std::fs::write(&file, frames.concat()).expect("writes");
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_camera_the_code_that_was_sold_on_is_refused_and_the_new_one_let_in() {
    let data = tempfile::tempdir().expect("a directory");
    let site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let (ada, bob) = tokio::join!(site.by_api("ada"), site.by_api("bob"));
    let first = sold(&organiser, &event, None, &ada).await;
    let old = code(&ada, first).await;
    let second = sold(&ada, &event, Some(first), &bob).await;
    let new = code(&bob, second).await;
    for (code, answer, next) in [(&old, "Not valid any more", "Ready"), (&new, "Let in", "Already in")] {
        let door = site.user_before(&organiser, &film(data.path(), code)).await;
        door.open(&format!("/door/{}", event.id)).await;
        door.press("Use the camera").await;
        door.sees(answer).await;
        assert!(door.axe().await.is_empty(), "{answer}");
        assert!(!door.overflows().await, "{answer}");
        // Whoever comes next, also with the same code, is not taken for who was let in.
        door.sees(next).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_without_a_network_lets_in_by_its_list_and_hears_of_conflicts_later() {
    let data = tempfile::tempdir().expect("a directory");
    let mut site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let ada = site.by_api("ada").await;
    let (first, second) = tokio::join!(sold(&organiser, &event, None, &ada), sold(&organiser, &event, None, &ada));
    let (code, other) = tokio::join!(code(&ada, first), code(&ada, second));
    let (south, place) = (site.visitor(true).await, format!("/door/{}", event.id));
    south.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    south.open(&place).await;
    south.sees("Connected").await;
    south.until("the page is not kept", async |door| door.count("#door[data-kept]").await == 1).await;
    site.server().kill().await;
    south.reload().await;
    south.is_headed("Door").await;
    for answer in ["Let in", "Already in"] {
        south.fill("Code of the ticket", &code).await;
        south.press("Check in").await;
        south.sees(answer).await;
        south.sees("Scans to be sent: 1").await;
    }
    let (begins, ends) = other.split_at(40);
    for (typed, answer) in [(format!("{begins} {ends}"), "Not a ticket"), (other.clone(), "Let in")] {
        south.fill("Code of the ticket", &typed).await;
        south.press("Check in").await;
        south.sees(answer).await;
    }
    south.sees("Scans to be sent: 2").await;
    // What was scanned stays on the device, whatever else is looked at there.
    south.open("about:blank").await;
    site.server().restart().await;
    // One before South, and one after it; both are heard of before South's.
    for (code, at) in [(code, 0), (other, 4_000_000_000_000)] {
        let scan = Scan { code, at: client::Timestamp::from_millis(at), id: "n1".into() };
        let north = organiser.check_in(event.id, "North", &[scan]).await.expect("answers");
        assert_eq!(north[0].answer, ScanAnswer::Admitted);
    }
    south.open(&place).await;
    south.sees("had been let in at").await;
    south.sees("somebody else was let in with the same ticket at").await;
    south.sees("North").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_one_is_the_door_and_the_other_goes_on_when_that_is_closed() {
    let data = tempfile::tempdir().expect("a directory");
    let mut site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let ada = site.by_api("ada").await;
    let code = code(&ada, sold(&organiser, &event, None, &ada).await).await;
    let (door, place) = (site.visitor(true).await, format!("/door/{}", event.id));
    door.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    door.open(&place).await;
    door.until("the page is not kept", async |door| door.count("#door[data-kept]").await == 1).await;
    let first = door.open_tab().await;
    door.open(&place).await;
    door.sees("open in another tab").await;
    assert_eq!(door.count("[data-scripted]:not([hidden])").await, 0, "it has no camera");

    site.server().kill().await;
    door.fill("Code of the ticket", &code).await;
    door.press("Check in").await;
    door.sees("Nobody answers, so nothing is checked in").await;
    assert_eq!((door.heading().await, door.value("Code of the ticket").await), ("Door".into(), code.clone()));

    let second = door.switch_to(first).await;
    door.fill("Code of the ticket", &code).await;
    door.press("Check in").await;
    door.sees("Scans to be sent: 1").await;
    let first = door.switch_to(second).await;
    door.close_tab(first).await;
    door.sees("Scans to be sent: 1").await;
    door.fill("Code of the ticket", &code).await;
    door.press("Check in").await;
    door.sees("Already in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_went_in_without_a_network_and_sold_on_is_shown_at_every_door() {
    let data = tempfile::tempdir().expect("a directory");
    let mut site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let (ada, bob) = tokio::join!(site.by_api("ada"), site.by_api("bob"));
    let first = sold(&organiser, &event, None, &ada).await;
    let old = code(&ada, first).await;
    let (south, place) = (site.visitor(true).await, format!("/door/{}", event.id));
    south.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    south.open(&place).await;
    south.sees("Connected").await;
    south.until("the page is not kept", async |door| door.count("#door[data-kept]").await == 1).await;
    site.server().kill().await;
    south.reload().await;
    south.fill("Code of the ticket", &old).await;
    south.press("Check in").await;
    south.sees("Scans to be sent: 1").await;
    south.open("about:blank").await;
    site.server().restart().await;
    let new = code(&bob, sold(&ada, &event, Some(first), &bob).await).await;
    let scan = Scan { code: new, at: client::Timestamp::from_millis(4_000_000_000_000), id: "n1".into() };
    let north = organiser.check_in(event.id, "North", &[scan]).await.expect("answers");
    assert_eq!(north[0].answer, ScanAnswer::Admitted);
    south.open(&place).await;
    south.sees("Somebody with a valid one went in at").await;
    let west = site.visitor(true).await;
    west.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    west.open(&place).await;
    west.sees("Somebody with a valid one went in at").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_whose_session_has_ended_says_so_and_decides_by_its_list() {
    let data = tempfile::tempdir().expect("a directory");
    let site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let ada = site.by_api("ada").await;
    let code = code(&ada, sold(&organiser, &event, None, &ada).await).await;
    let door = site.visitor(true).await;
    door.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    door.open(&format!("/door/{}", event.id)).await;
    door.sees("Connected").await;
    door.sees("to The Winter Ensemble").await;
    door.fill("Code of the ticket", &"x".repeat(4097)).await;
    door.press("Check in").await;
    door.sees("Not a ticket").await;
    let sent =
        "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/checkins')).length";
    assert_eq!(door.script(sent).await, 0, "no code is so long, and the server need not be asked");
    organiser.sign_out_everywhere().await.expect("signs out");
    door.fill("Code of the ticket", &code).await;
    door.press("Check in").await;
    door.sees("Let in").await;
    door.sees("You have been signed out").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_a_code_is_typed() {
    let data = tempfile::tempdir().expect("a directory");
    let site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let ada = site.by_api("ada").await;
    let code = code(&ada, sold(&organiser, &event, None, &ada).await).await;
    let door = site.visitor(false).await;
    door.sign_in(&site.address("/"), &organiser.token().expect("is signed in")).await;
    door.open(&format!("/door/{}", event.id)).await;
    for answer in ["Let in", "Already in"] {
        door.fill("Code of the ticket", &code).await;
        door.press("Check in").await;
        door.sees(answer).await;
    }
}
