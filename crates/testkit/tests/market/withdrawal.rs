//! Orders and withdrawals exclude each other (invariant I13), as orders and edits do.

use futures::future::join;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

use crate::gate::{TRIES, listed, status};

on_both_engines!(
    whichever_of_an_order_and_a_withdrawal_comes_second_is_refused,
    of_an_order_and_a_withdrawal_at_once_one_is_refused,
);

const RESERVED: &str = "400 Bad Request: Cannot edit a reserved ticket";
const NOT_FOR_SALE: &str = "400 Bad Request: This ticket is not for sale any more";

async fn whichever_of_an_order_and_a_withdrawal_comes_second_is_refused(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let mut orders = Vec::new();
    for _ in 0..TRIES / 2 {
        let (ordered, withdrawn) = (listed(&seller).await, listed(&seller).await);
        let order = buyer.create_order(ordered.id).await.expect("reserves");
        let withdrawal = seller.withdraw_ticket(ordered.id).await.expect_err("it is reserved");
        assert_eq!(withdrawal.to_string(), RESERVED);
        orders.push(order);

        seller.withdraw_ticket(withdrawn.id).await.expect("withdraws");
        let late = buyer.create_order(withdrawn.id).await.expect_err("it is withdrawn");
        assert_eq!(late.to_string(), NOT_FOR_SALE);
    }
    buyer.pay(orders[0].id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_eq!(seller.withdraw_ticket(orders[0].ticket.id).await.expect_err("it is sold").to_string(), RESERVED);
    for (number, order) in orders.iter().enumerate() {
        let ticket = world.visitor().ticket(order.ticket.id).await.expect("is there");
        assert_eq!((ticket.order_id, ticket.sold, ticket.withdrawn), (Some(order.id), number == 0, false));
    }
    world.end().await;
}

async fn of_an_order_and_a_withdrawal_at_once_one_is_refused(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let mut ends = Vec::new();
    for number in 0..TRIES {
        let ticket = listed(&seller).await.id;
        // Whoever looks at the ticket first orders it at another moment of its withdrawal.
        let order = async {
            for _ in 0..number % 4 {
                buyer.ticket(ticket).await.expect("is there");
            }
            buyer.create_order(ticket).await
        };
        let (order, withdrawal) = join(order, seller.withdraw_ticket(ticket)).await;
        ends.push((ticket, order, status(&withdrawal)));
    }
    world.settle().await;
    for (ticket, order, withdrawal) in ends {
        let ticket = world.visitor().ticket(ticket).await.expect("is there");
        let ended = (withdrawal, ticket.order_id, ticket.withdrawn);
        match order {
            Ok(order) => assert_eq!(ended, (400, Some(order.id), false)),
            Err(refused) => assert_eq!((refused.to_string().as_str(), ended), (NOT_FOR_SALE, (200, None, true))),
        }
    }
    world.end().await;
}
