use std::collections::BTreeMap;

use serde_json::Value;
use server::services::ServiceName;

use super::run::{Exchange, Run};
use crate::simulation::party::Party;

/// I10: no user is shown, cancels or pays for another user's order or is given its ticket, edits another user's ticket or
/// gives us one for it, or holds an order of their own ticket; and neither orders nor tickets ever change their owner.
pub(super) fn check(run: &Run) -> Vec<String> {
    let trespass = |exchange: Exchange| {
        let account = run.account(exchange.person)?;
        let what = trespassed(run, &exchange, account)?;
        Some(format!("{account}, by {}, {what}", exchange.call))
    };
    let mut seen: Vec<String> = run.exchanges().filter(Exchange::succeeded).filter_map(trespass).collect();
    seen.extend(owner_changes(run));
    for order in run.orders() {
        let seller = order.field("ticket.id").as_str().and_then(|id| seller(run, id));
        if order.field("userId").as_str() == seller {
            seen.push(format!("order {} is its seller's own", order.id));
        }
    }
    seen
}

fn trespassed(run: &Run, exchange: &Exchange, account: &str) -> Option<String> {
    let not_mine = |order: &str| buyer(run, order).filter(|buyer| *buyer != account).map(str::to_owned);
    if exchange.call == "GET /api/orders" {
        let orders = exchange.body.as_array()?;
        let strange = orders.iter().find(|order| order["userId"] != account)?;
        return Some(format!("is shown order {}", strange["id"]));
    }
    if exchange.call == "POST /api/orders" && exchange.body["userId"] != account {
        return Some(format!("is given an order of {}", exchange.body["userId"]));
    }
    let changed = exchange.after("PUT /api/tickets/").or_else(|| exchange.after("DELETE /api/tickets/"));
    if let Some(ticket) = changed {
        let owner = seller(run, ticket).filter(|seller| *seller != account)?;
        return Some(format!("changes a ticket of {owner}"));
    }
    let given = exchange.after("PUT /api/deliveries/tickets/").and_then(|rest| rest.strip_suffix("/code"));
    if let Some(ticket) = given.or_else(|| exchange.after("GET /api/deliveries/tickets/")) {
        let owner = seller(run, ticket).filter(|seller| *seller != account)?;
        return Some(format!("reaches what is given for a ticket of {owner}"));
    }
    if exchange.call == "POST /api/payments" {
        let id = exchange.body["id"].as_str()?;
        let of_this = |intent: &stripe_sim::LedgerIntent| {
            intent.metadata.iter().any(|(key, value)| key == "payment_id" && value == id)
        };
        let intent = run.ledger.intents.iter().find(|intent| of_this(intent))?;
        let order = intent.metadata.iter().find(|(key, _)| key == "order_id").map(|(_, order)| order.as_str())?;
        return Some(format!("pays for an order of {}", not_mine(order)?));
    }
    let reached = ["GET /api/orders/", "DELETE /api/orders/", "GET /api/payments/", "GET /api/deliveries/orders/"];
    let order = reached.iter().find_map(|call| exchange.after(call))?;
    Some(format!("reaches an order of {}", not_mine(order)?))
}

fn owner_changes(run: &Run) -> Vec<String> {
    let mut owners: BTreeMap<(Party, &str), &Value> = BTreeMap::new();
    let mut seen = Vec::new();
    let owned = run.commits().filter(|(_, commit)| commit.is_order() || commit.is_of(ServiceName::Tickets, "tickets"));
    for (at, commit) in owned {
        let owner = commit.field("userId");
        if owners.insert((commit.party(), &commit.id), owner).is_some_and(|before| before != owner) {
            seen.push(format!("at {at:?} {} {} changes its owner", commit.collection, commit.id));
        }
    }
    seen
}

fn seller<'a>(run: &'a Run, ticket: &str) -> Option<&'a str> {
    run.record(ServiceName::Tickets, "tickets", ticket)?.field("userId").as_str()
}

fn buyer<'a>(run: &'a Run, order: &str) -> Option<&'a str> {
    run.record(ServiceName::Orders, "orders", order)?.field("userId").as_str()
}
