//! SQLite's plans for our queries: a query that an index can serve must not read the whole table.

use ports::store::{Collection, Condition, Cursor, Direction, Index, Only, Query};
use rusqlite::{Connection, StatementStatus, params_from_iter};
use serde_json::json;

use super::query::Statement;
use super::schema;
use super::search::Candidates;
use super::table::Table;
use crate::database::connect_in_memory;

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
        Index { name: "by_date", fields: &["placedAt"], unique: false, only: None },
    ],
};

const TABLE: Table = Table { service: "orders", collection: &ORDERS };

/// A store without any orders.
fn store() -> Connection {
    let connection = connect_in_memory().expect("opens");
    schema::prepare(&connection, &[TABLE], false).expect("prepares");
    connection
}

fn statement(query: &Query) -> Statement {
    Statement::find(TABLE, query, &Candidates::WithAll(Vec::new()))
}

fn plan(query: &Query) -> String {
    explained(&statement(query))
}

fn explained(Statement { text, parameters }: &Statement) -> String {
    let connection = store();
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

#[test]
fn whoever_walks_in_a_pages_order_begins_where_it_does() {
    let query = Query {
        conditions: vec![Condition::Equals("userId", json!("u")), Condition::has_prefix("words", "w")],
        sort: Some("price"),
        direction: Direction::Descending,
        after: Some(Cursor { value: json!(20), id: "o".into() }),
        ..Query::default()
    };
    let plan = explained(&Statement::walk(TABLE, &query, &ORDERS.indexes[1]));
    assert!(plan.contains("USING INDEX orders.orders.by_user ($userId=? AND ($price,id)<"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "it is sorted again: {plan}");
}

#[test]
fn what_is_unindexed_is_tested_on_what_another_index_finds() {
    let is_theirs = Condition::Equals("userId", json!("u"));
    let newest =
        |condition| Query { conditions: vec![condition], sort: Some("placedAt"), limit: Some(20), ..Query::default() };
    let sorted_again = plan(&newest(is_theirs.clone()));
    assert!(sorted_again.contains("by_user") && sorted_again.contains("TEMP B-TREE"), "{sorted_again}");
    let in_order = plan(&newest(Condition::Unindexed(Box::new(is_theirs))));
    assert!(in_order.contains("USING INDEX orders.orders.by_date"), "{in_order}");
    assert!(!in_order.contains("TEMP B-TREE"), "it is sorted again: {in_order}");
}

#[test]
fn a_statement_is_not_compiled_again_for_other_values() {
    let connection = store();
    for limit in 1..4 {
        let conditions = vec![Condition::Equals("userId", json!(format!("user {limit}")))];
        let page = Query { conditions, sort: Some("price"), limit: Some(limit), ..Query::default() };
        let Statement { text, parameters } = statement(&page);
        let mut statement = connection.prepare_cached(&text).expect("is SQL");
        let found = statement.query(params_from_iter(parameters)).expect("begins").mapped(|_| Ok(())).count();
        assert_eq!((found, statement.get_status(StatementStatus::RePrepare)), (0, 0), "with a limit of {limit}");
    }
}
