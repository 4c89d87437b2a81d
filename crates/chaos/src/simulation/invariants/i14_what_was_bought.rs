use std::collections::BTreeMap;

use serde_json::{Map, Value};
use server::services::ServiceName;

use super::run::{Exchange, Run};
use crate::simulation::history::Committed;

/// What an order shows of its ticket, besides the price.
const SHOWN: [&str; 8] = ["title", "currency", "event", "venue", "startsAt", "section", "row", "seat"];

/// I14: an order keeps what was bought, at the price that its buyer had seen: in its record, in the event
/// about it, and in every answer that shows it.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut bought: BTreeMap<&str, &Committed> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.order_commits() {
        let first = *bought.entry(&commit.id).or_insert(commit);
        if commit.field("ticket") != first.field("ticket") {
            let (is, was) = (commit.field("ticket"), first.field("ticket"));
            seen.push(format!("at {at:?} order {} is of {is}, and was of {was}", commit.id));
        }
        let told = commit.events.iter().filter(|event| event.kind == "orders.created");
        for event in told.filter(|event| differs(&event.data["ticket"], first)) {
            seen.push(format!("{} says {}, and was of {}", event.id, event.data["ticket"], first.field("ticket")));
        }
    }
    for exchange in run.exchanges().filter(|exchange| exchange.service == ServiceName::Orders && exchange.succeeded()) {
        seen.extend(orders_in(exchange.body).filter_map(|order| shown_otherwise(&exchange, order, &bought)));
        seen.extend(another_price(&exchange));
    }
    seen
}

fn orders_in(body: &Value) -> impl Iterator<Item = &Value> {
    let many = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    many.iter().filter(|order| order["ticket"].is_object())
}

fn shown_otherwise(exchange: &Exchange, order: &Value, bought: &BTreeMap<&str, &Committed>) -> Option<String> {
    let first = bought.get(order["id"].as_str()?)?;
    let (is, was) = (&order["ticket"], first.field("ticket"));
    differs(is, first).then(|| format!("by {} order {} is of {is}, and was of {was}", exchange.call, first.id))
}

/// A new order at another price than its buyer has seen. (An order that they had before stays as it was.)
fn another_price(exchange: &Exchange) -> Option<String> {
    let price = exchange.sent.get("price").filter(|price| price.is_number() && exchange.status == Some(201))?;
    let order = exchange.body;
    (minor_units(price) != minor_units(&order["ticket"]["price"]))
        .then(|| format!("order {} was placed at {price} and is at {}", order["id"], order["ticket"]["price"]))
}

/// Whether what is said of a ticket differs from what was bought.
fn differs(said: &Value, bought: &Committed) -> bool {
    let mut kept: Map<String, Value> = bought.field("ticket.details").as_object().cloned().unwrap_or_default();
    for field in ["title", "currency"] {
        kept.insert(field.into(), bought.field(&format!("ticket.{field}")).clone());
    }
    minor_units(&said["price"]) != bought.field("ticket.price").as_i64()
        || SHOWN.iter().any(|field| said[*field] != *kept.get(*field).unwrap_or(&Value::Null))
}

/// A price as people see it, in a currency with two decimals, in the minor units of records.
fn minor_units(price: &Value) -> Option<i64> {
    Some((price.as_f64()? * 100.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::testing::{answered, committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    fn order(second: u64, status: &str, title: &str) -> Entry {
        let ticket = json!({"id": "t", "title": title, "price": 2050, "currency": "usd", "details": {"row": "F"}});
        let commit = committed(ServiceName::Orders, "orders", "o", json!({"status": status, "ticket": ticket}));
        written(Duration::from_secs(second), commit)
    }

    fn shown(price: f64, row: &str) -> [Entry; 2] {
        let ticket = json!({"id": "t", "title": "Gala", "price": price, "currency": "usd", "row": row});
        answered(Duration::from_secs(5), ServiceName::Orders, "GET /api/orders/o", json!({"id": "o", "ticket": ticket}))
    }

    #[test]
    fn an_order_that_is_shown_as_it_was_placed_is_right() {
        let story = [order(1, "created", "Gala"), order(2, "complete", "Gala")].into_iter().chain(shown(20.5, "F"));
        assert_eq!(check(&run(story.collect())), [""; 0]);
    }

    #[test]
    fn an_order_that_becomes_another_is_seen() {
        let story = vec![order(1, "created", "Gala"), order(2, "complete", "Opera")];
        assert_eq!(check(&run(story)).len(), 1);
    }

    #[test]
    fn an_order_that_is_shown_as_another_is_seen() {
        for shown in [shown(99.0, "F"), shown(20.5, "G")] {
            let story = [order(1, "created", "Gala")].into_iter().chain(shown);
            assert_eq!(check(&run(story.collect())).len(), 1);
        }
    }
}
