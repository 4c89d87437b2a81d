//! A code is in one listing that is for sale or sold (invariant I17).

use client::DeliveryForm;
use futures::future::join_all;
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, World};

use super::{bought, later, listed, refusal, sealed};

on_both_engines!(
    a_code_that_is_listed_or_sold_is_refused_whoever_brings_it_and_free_once_withdrawn,
    of_those_who_bring_one_code_at_once_one_is_taken,
);

async fn a_code_that_is_listed_or_sold_is_refused_whoever_brings_it_and_free_once_withdrawn(engine: Engine) {
    let world = World::start(engine).await;
    let (ada, bob, buyer) = (world.user("ada").await, world.user("bob").await, world.user("buyer").await);
    let listed_code = sealed(&world, &ada, "LISTED").await;
    let sold = sealed(&world, &ada, "SOLD").await;
    bought(&world, &buyer, sold.id).await;
    for seller in [&ada, &bob] {
        let another = listed(&world, seller, DeliveryForm::Sealed).await;
        let after_sale = listed(&world, seller, later(&world)).await;
        for ticket in [another.id, after_sale.id] {
            for code in ["LISTED", "SOLD"] {
                let taken = (409, "code_listed".to_owned());
                assert_eq!(refusal(seller.seal_file(ticket, pass(code)).await), taken, "{code}");
                assert_eq!(refusal(seller.seal_code(ticket, code, None).await), taken, "{code}");
            }
        }
        assert_eq!(refusal(buyer.create_order(another.id).await), (400, "ticket_not_sealed".into()));
    }
    ada.seal_file(listed_code.id, pass("LISTED")).await.expect("it is hers, of this listing");
    world.settle().await;
    ada.withdraw_ticket(listed_code.id).await.expect("withdraws");
    world.settle().await;
    sealed(&world, &bob, "LISTED").await;
    let another = listed(&world, &ada, DeliveryForm::Sealed).await;
    assert_eq!(refusal(ada.seal_code(another.id, "LISTED", None).await), (409, "code_listed".into()));
    world.end().await;
}

async fn of_those_who_bring_one_code_at_once_one_is_taken(engine: Engine) {
    let world = World::start(engine).await;
    let sellers = world.users("seller", 6).await;
    for round in 0..5 {
        let mut listings = Vec::new();
        for seller in &sellers {
            listings.push(listed(&world, seller, DeliveryForm::Sealed).await.id);
        }
        let code = format!("SEAT {round}");
        let brought = sellers.iter().zip(&listings).map(|(seller, ticket)| seller.seal_code(*ticket, &code, None));
        let (taken, refused): (Vec<_>, Vec<_>) = join_all(brought).await.into_iter().partition(Result::is_ok);
        assert_eq!(taken.len(), 1, "round {round}");
        refused.into_iter().for_each(|refused| assert_eq!(refusal(refused), (409, "code_listed".into())));
        world.settle().await;
    }
    world.end().await;
}
