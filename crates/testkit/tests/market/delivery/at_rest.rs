//! What is kept of a ticket tells whoever reads it nothing: not the object store, the databases, nor the events.

use std::fs;
use std::path::Path;

use client::DeliveryForm;
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, World, WorldSettings};

use super::{bought, listed, refusal, sealed, texts};

on_both_engines!(nothing_of_a_ticket_can_be_read_where_it_is_kept, without_its_object_store_all_else_goes_on);

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(fs::read(&path).expect("reads")) }
    }
    found
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

async fn nothing_of_a_ticket_can_be_read_where_it_is_kept(engine: Engine) {
    const UPLOADED: &str = "SECRET-OF-THE-FILE";
    const TYPED: &str = "SECRET-THAT-WAS-TYPED";
    let folder = tempfile::tempdir().expect("a folder");
    let settings = WorldSettings { files: Some(folder.path().to_owned()), ..WorldSettings::default() };
    let world = World::start_with(engine, settings).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let uploaded = sealed(&world, &seller, UPLOADED).await;
    let typed = listed(&world, &seller, DeliveryForm::Sealed).await;
    seller.seal_code(typed.id, TYPED, None).await.expect("is taken");
    world.settle().await;
    for (ticket, code) in [(uploaded, UPLOADED), (typed, TYPED)] {
        let order = bought(&world, &buyer, ticket.id).await;
        assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), [code]);
        assert_eq!(world.records_with(code).await, [""; 0]);
        assert_eq!(world.events_with(code).await, [""; 0]);
    }
    let kept = files(folder.path());
    assert_eq!(kept.len(), 1);
    for readable in ["PK\x03\x04", "pass.json", "PKBarcodeFormatQR", UPLOADED] {
        assert!(!contains(&kept[0], readable), "{readable}");
    }
    world.end().await;
}

async fn without_its_object_store_all_else_goes_on(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let (there, away) = (folder.path().join("files"), folder.path().join("away"));
    let settings = WorldSettings { files: Some(there.clone()), ..WorldSettings::default() };
    let world = World::start_with(engine, settings).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let ticket = sealed(&world, &seller, "ROW A/12").await;
    // Where the folder was is a file.
    fs::rename(&there, &away).expect("is taken away");
    fs::write(&there, "").expect("is written");
    let order = bought(&world, &buyer, ticket.id).await;
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["ROW A/12"], "codes are not kept there");
    assert_eq!(refusal(buyer.delivered_file(order.id).await), (503, "try_again".into()));
    let another = listed(&world, &seller, DeliveryForm::Sealed).await;
    assert_eq!(refusal(seller.seal_file(another.id, pass("ROW A/13")).await), (503, "try_again".into()));
    seller.seal_code(another.id, "ROW A/13", None).await.expect("a code needs no store");
    fs::remove_file(&there).and_then(|()| fs::rename(&away, &there)).expect("is back");
    assert_eq!(super::whole(buyer.delivered_file(order.id).await.expect("is there")).await, pass("ROW A/12"));
    world.settle().await;
    world.end().await;
}
