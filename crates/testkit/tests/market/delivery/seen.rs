//! Who can see a ticket when, and by which request: the seller until it is sold, then the buyer, nobody else, ever.

use client::{Client, DeliveryForm, DeliveryState, Order, OrderId, TicketId};
use reqwest::Method;
use serde_json::json;
use testkit::on_both_engines;
use testkit::passes::pass;
use testkit::world::{Engine, World};

use super::{HOUR, bought, later, listed, refusal, sealed, texts, until_cancelled, whole};

on_both_engines!(everybody_sees_at_every_moment_what_is_theirs_and_nothing_else);

const PASSWORD: &str = "correct horse battery";
/// An id that nothing has.
const NOTHING: &str = "65f0000000000000000000aa";
/// What is asked for: what the seller has given for a listing, its file; what the buyer gets by an order, its file.
const READS: [&str; 4] = [
    "/api/deliveries/tickets/T",
    "/api/deliveries/tickets/T/file",
    "/api/deliveries/orders/O",
    "/api/deliveries/orders/O/file",
];
/// What nobody but the seller may do.
const CHANGES: [&str; 2] = ["/api/deliveries/tickets/T/file", "/api/deliveries/tickets/T/code"];
const NONE_OF_IT: [u16; 4] = [401; 4];

/// Everybody who could ask.
struct People {
    world: World,
    seller: Client,
    buyer: Client,
    stranger: Client,
    /// Sessions of the seller and of the buyer that have ended.
    ended: [String; 2],
    http: reqwest::Client,
}

impl People {
    async fn gather(engine: Engine) -> Self {
        let world = World::start(engine).await;
        let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
        let stranger = world.user("stranger").await;
        let mut ended = Vec::new();
        for name in ["seller", "buyer"] {
            let session = world.visitor();
            session.sign_in(&format!("{name}@example.com"), PASSWORD).await.expect("signs in");
            ended.push(session.token().expect("is signed in"));
            session.sign_out().await.expect("signs out");
        }
        world.settle().await;
        let ended = ended.try_into().expect("two of them");
        Self { world, seller, buyer, stranger, ended, http: reqwest::Client::new() }
    }

    async fn ask(&self, session: Option<&str>, method: Method, path: &str) -> u16 {
        let mut request = self.http.request(method.clone(), format!("http://{}{path}", self.world.address));
        if let Some(session) = session {
            request = request.header("cookie", format!("session={session}"));
        }
        if method == Method::PUT && path.ends_with("/code") {
            request = request.json(&json!({"code": "FORGED"}));
        } else if method == Method::PUT {
            request = request.body(pass("FORGED"));
        }
        request.send().await.expect("an answer").status().as_u16()
    }

    async fn reads(&self, session: Option<&str>, ticket: &str, order: &str) -> [u16; 4] {
        let mut statuses = [0; 4];
        for (status, path) in statuses.iter_mut().zip(READS) {
            *status = self.ask(session, Method::GET, &path.replace('T', ticket).replace('O', order)).await;
        }
        statuses
    }

    /// What seller and buyer are answered at this moment; and nobody else is shown or may change anything.
    async fn see(&self, moment: &str, ticket: TicketId, order: OrderId) -> [[u16; 4]; 2] {
        let (ticket, order) = (ticket.to_string(), order.to_string());
        let sessions = [&self.seller, &self.buyer, &self.stranger].map(|who| who.token().expect("is signed in"));
        let others = [Some(&sessions[2]), Some(&self.ended[0]), Some(&self.ended[1]), None];
        for (number, other) in others.iter().enumerate() {
            let other = other.map(String::as_str);
            assert_eq!(self.reads(other, &ticket, &order).await, NONE_OF_IT, "{moment}: other {number}");
        }
        for (number, other) in others.into_iter().chain([Some(&sessions[1])]).enumerate() {
            for path in CHANGES {
                let path = path.replace('T', &ticket);
                let status = self.ask(other.map(String::as_str), Method::PUT, &path).await;
                assert_eq!(status, 401, "{moment}: other {number} {path}");
            }
        }
        let seller = self.reads(Some(&sessions[0]), &ticket, &order).await;
        [seller, self.reads(Some(&sessions[1]), &ticket, &order).await]
    }
}

async fn everybody_sees_at_every_moment_what_is_theirs_and_nothing_else(engine: Engine) {
    let people = People::gather(engine).await;
    let (world, seller, buyer) = (&people.world, &people.seller, &people.buyer);
    let ticket = sealed(world, seller, "SEALED").await.id;
    let order = buyer.create_order(ticket).await.expect("reserves");
    world.settle().await;
    let seen = people.see("reserved", ticket, order.id).await;
    assert_eq!(seen, [[200, 200, 401, 401], [401, 401, 200, 404]]);
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    let seen = people.see("sold", ticket, order.id).await;
    assert_eq!(seen, [[200, 404, 401, 401], [401, 401, 200, 200]]);
    assert_eq!(texts(&buyer.delivery(order.id).await.expect("is there")), ["SEALED"]);
    assert_eq!(whole(buyer.delivered_file(order.id).await.expect("is there")).await, pass("SEALED"));

    let missed = never_delivered(&people).await;
    let seen = people.see("refunded", missed.ticket.id, missed.id).await;
    assert_eq!(seen, [[200, 404, 401, 401], [401, 401, 200, 404]]);

    cancelled_unpaid(&people).await;
    for who in [seller, buyer, &people.stranger] {
        let session = who.token().expect("is signed in");
        assert_eq!(people.reads(Some(&session), NOTHING, NOTHING).await, [404; 4], "guessed ids");
        assert_eq!(people.reads(Some(&session), "nonsense", "nonsense").await, [404; 4], "nonsense");
    }
    let People { world, .. } = people;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

/// An order of what was never given to us, after it is refunded.
async fn never_delivered(people: &People) -> Order {
    let (world, seller, buyer) = (&people.world, &people.seller, &people.buyer);
    let ticket = listed(world, seller, later(world)).await.id;
    let order = bought(world, buyer, ticket).await;
    let seen = people.see("waiting", ticket, order.id).await;
    assert_eq!(seen, [[200, 404, 401, 401], [401, 401, 200, 404]]);
    world.advance(HOUR);
    let order = until_cancelled(world, buyer, &order).await;
    assert_eq!(buyer.delivery(order.id).await.expect("is there").state, DeliveryState::Missed);
    assert_eq!(refusal(seller.seal_code(ticket, "LATE", None).await).0, 400);
    order
}

/// Who has given an order up gets nothing by it, also when somebody else has bought the ticket since.
async fn cancelled_unpaid(people: &People) {
    let (world, seller, buyer) = (&people.world, &people.seller, &people.buyer);
    let ticket = listed(world, seller, DeliveryForm::Sealed).await.id;
    seller.seal_file(ticket, pass("GIVEN UP")).await.expect("is taken");
    world.settle().await;
    let order = buyer.create_order(ticket).await.expect("reserves");
    buyer.cancel_order(order.id).await.expect("cancels");
    world.settle().await;
    let seen = people.see("given up", ticket, order.id).await;
    assert_eq!(seen, [[200, 200, 401, 401], [401, 401, 200, 404]]);
    let other = bought(world, &people.stranger, ticket).await;
    let session = |who: &Client| who.token().expect("is signed in");
    let reads = |who, order: OrderId| {
        let (session, ticket) = (session(who), ticket.to_string());
        async move { people.reads(Some(&session), &ticket, &order.to_string()).await }
    };
    assert_eq!(reads(buyer, order.id).await, [401, 401, 200, 404]);
    assert_eq!(reads(buyer, other.id).await, NONE_OF_IT);
    assert_eq!(reads(seller, other.id).await, [200, 404, 401, 401]);
    assert_eq!(reads(&people.stranger, other.id).await, [401, 401, 200, 200]);
}
