//! SQLite's plans for our queries: a query that an index can serve must not read the whole table.

use ports::store::{Collection, Condition, Cursor, Index, Only, Query};
use rusqlite::{Connection, params_from_iter};
use serde_json::json;

use super::query::Statement;
use super::schema;
use super::search::Candidates;
use super::table::Table;

static ORDERS: Collection = Collection {
    name: "orders",
    indexes: &[
        Index {
            name: "active",
            fields: &["ticket.id"],
            unique: true,
            only: Some(Only { field: "status", values: &["created", "awaiting:payment"] }),
        },
        Index { name: "by_user", fields: &["userId", "price"], unique: false, only: None },
    ],
};

fn plan(query: &Query) -> String {
    let connection = Connection::open_in_memory().expect("opens");
    let table = Table { service: "orders", collection: &ORDERS };
    schema::prepare(&connection, &[table], false).expect("prepares");
    let Statement { text, parameters } = Statement::find(table, query, &Candidates::WithAll(Vec::new()));
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).expect("is SQL");
    let steps =
        explain.query_map(params_from_iter(parameters), |row| row.get::<_, String>("detail")).expect("explains");
    steps.map(|step| step.expect("a step")).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_partial_index_serves_queries_for_some_of_its_values() {
    let ticket = Condition::Equals("ticket.id", json!("t"));
    for status in [
        Condition::OneOf("status", vec![json!("created"), json!("awaiting:payment")]),
        Condition::Equals("status", json!("created")),
    ] {
        let plan = plan(&Query::all(vec![ticket.clone(), status]));
        assert!(plan.contains("USING INDEX orders.orders.active ($ticket.id=?)"), "{plan}");
    }
    let others = Condition::OneOf("status", vec![json!("created"), json!("cancelled")]);
    let plan = plan(&Query::all(vec![ticket, others]));
    assert!(!plan.contains("orders.orders.active"), "this would miss the cancelled ones: {plan}");
}

#[test]
fn a_sorted_page_is_read_directly_from_its_index() {
    let query = Query {
        conditions: vec![Condition::Equals("userId", json!("u"))],
        sort: Some("price"),
        after: Some(Cursor { value: json!(20), id: "o".into() }),
        limit: Some(20),
        ..Query::default()
    };
    let plan = plan(&query);
    assert!(plan.contains("USING INDEX orders.orders.by_user ($userId=?"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "it is sorted again: {plan}");
}
