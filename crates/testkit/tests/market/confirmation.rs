//! Where addresses have to be confirmed: what an account may do before, and that one address is one account's. On both
//! engines.

use client::{Client, Error, Price, TicketForm};
use common::addressee::LinkToken;
use futures::future::join_all;
use testkit::on_both_engines;
use testkit::world::{Engine, World, WorldSettings};

on_both_engines!(
    before_an_address_is_confirmed_one_ticket_is_held_and_none_sold,
    of_many_accounts_that_confirm_one_address_at_once_one_gets_it
);

const PASSWORD: &str = "correct horse battery";

async fn world(engine: Engine) -> World {
    World::start_with(engine, WorldSettings { confirms_addresses: true, ..WorldSettings::default() }).await
}

/// Confirms the address of a user who has just signed up.
async fn confirm(world: &World, user: &Client) {
    let id = user.current_user().await.expect("answers").expect("is signed in").id;
    let notices = world.notices().await;
    let notice = notices.iter().find(|notice| notice.user_id == id).expect("is told");
    user.confirm_address(world.link(notice).await.reveal(), None).await.expect("confirms");
}

async fn list(seller: &Client) -> Result<client::Ticket, Error> {
    seller.create_ticket(&TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"))).await
}

async fn before_an_address_is_confirmed_one_ticket_is_held_and_none_sold(engine: Engine) {
    let world = world(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    assert_eq!(list(&seller).await.expect_err("is refused").code(), Some("address_not_confirmed"));
    confirm(&world, &seller).await;
    let (first, second) = (list(&seller).await.expect("lists"), list(&seller).await.expect("lists"));
    world.settle().await;
    let order = buyer.create_order(first.id).await.expect("reserves");
    let refused = buyer.create_order(second.id).await.expect_err("is refused");
    assert_eq!(refused.code(), Some("address_not_confirmed"));
    buyer.pay(order.id, "tok_visa").await.expect("pays, without waiting for a mail");
    confirm(&world, &buyer).await;
    let third = list(&seller).await.expect("lists");
    world.settle().await;
    for ticket in [second, third] {
        buyer.create_order(ticket.id).await.expect("reserves");
    }
    world.end().await;
}

async fn of_many_accounts_that_confirm_one_address_at_once_one_gets_it(engine: Engine) {
    let world = world(engine).await;
    let claims = join_all((0..5).map(|_| async {
        let visitor = world.visitor();
        visitor.sign_up("ada@example.com", PASSWORD).await.expect("answers as to any address");
        visitor
    }));
    let claims = claims.await;
    let links = join_all(world.notices().await.iter().map(async |notice| world.link(notice).await)).await;
    assert_eq!(links.len(), claims.len());
    let visitor = world.visitor();
    let alone = join_all(links.iter().map(async |link| visitor.confirm_address(link.reveal(), None).await)).await;
    for refused in alone {
        assert_eq!(refused.expect_err("is refused").code(), Some("sign_in_to_confirm"));
    }
    let confirm = async |link: &LinkToken| visitor.confirm_address(link.reveal(), Some(PASSWORD)).await;
    let confirmed = join_all(links.iter().map(confirm)).await;
    let (won, lost): (Vec<_>, Vec<_>) = confirmed.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for refused in lost {
        assert_eq!(refused.expect_err("is refused").code(), Some("address_taken"));
    }
    let mut confirmed = 0;
    for claim in &claims {
        let user = claim.current_user().await.expect("answers").expect("is signed in");
        confirmed += usize::from(user.address_confirmed);
    }
    assert_eq!(confirmed, 1);
    world.end().await;
}
