use ports::store::{Cursor, Direction, Record, Revision};
use proptest::prelude::*;
use serde_json::json;

use super::super::commit::PreparedCommit;
use super::super::schema;
use super::*;

static ITEMS: Collection = Collection {
    name: "items",
    indexes: &[
        Index {
            name: "words",
            fields: &["words[]"],
            unique: false,
            only: Some(Only { field: "state", values: &["free", "locked"] }),
        },
        Index::among("state", &["free"], "by_price", &["price"]),
    ],
};

const TABLE: Table = Table { service: "items", collection: &ITEMS };

/// An item: its words, its price, and its state.
type Item = (Vec<String>, u8, &'static str);

fn item() -> impl Strategy<Value = Item> {
    (
        prop::collection::vec("[abc]{1,3}", 0..5),
        0..5_u8,
        prop_oneof![8 => Just("free"), 1 => Just("locked"), 1 => Just("sold")],
    )
}

fn opened(items: &[Item]) -> Connection {
    let connection = Connection::open_in_memory().expect("opens");
    schema::prepare(&connection, &[TABLE], false).expect("prepares");
    for (n, (words, price, state)) in items.iter().enumerate() {
        let body = json!({"words": words, "price": price, "state": state});
        let body = body.as_object().cloned().expect("an object");
        let record = Record { id: format!("{n:02}"), revision: Revision::FIRST, body };
        let precondition = ports::store::Precondition::DoesNotExist;
        let commit = ports::store::Commit { collection: &ITEMS, record, precondition, events: Vec::new() };
        let commit = PreparedCommit::new(commit, TABLE, None).expect("serialises");
        commit.record.write(&connection).expect("writes").expect("is new");
    }
    connection
}

fn texts() -> impl Strategy<Value = Vec<SoughtText>> {
    let text = prop_oneof!["[abc]{1,2}".prop_map(SoughtText::Beginning), "[abc]{1,2}".prop_map(SoughtText::Whole),];
    prop::collection::vec(text, 1..4)
}

fn limits() -> impl Strategy<Value = SearchLimits> {
    let limits = |(few, passed, late, many)| SearchLimits { few, passed, late, many };
    (0..12_usize, 0..30_usize, 0..20_usize, 0..25_usize).prop_map(limits)
}

fn is_sought((words, _, state): &Item, sought: &[Vec<SoughtText>]) -> bool {
    let is_any = |word: &String, texts: &[SoughtText]| {
        texts.iter().any(|text| match text {
            SoughtText::Whole(text) => word == text,
            SoughtText::Beginning(text) => word.starts_with(text),
        })
    };
    *state == "free" && sought.iter().all(|texts| words.iter().any(|word| is_any(word, texts)))
}

proptest! {
    /// Wherever the lines between few and many are.
    #[test]
    fn a_search_finds_what_it_should(
        items in prop::collection::vec(item(), 0..30),
        sought in prop::collection::vec(texts(), 1..4),
        limits in limits(),
        direction in prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)],
        after in prop::option::of((0..5_u8, 0..30_usize)),
    ) {
        let connection = opened(&items);
        let mut conditions = vec![Condition::Equals("state", "free".into())];
        conditions.extend(sought.iter().map(|texts| Condition::HasAny("words", texts.clone())));
        let after = after.map(|(price, n)| (price, format!("{n:02}")));
        let cursor = after.clone().map(|(price, id)| Cursor { value: json!(price), id });
        let query = Query { sort: Some("price"), direction, after: cursor, limit: Some(7), ..Query::all(conditions) };
        let found = find(&connection, TABLE, &query, limits).expect("finds");
        let found: Vec<String> = found.into_iter().map(|record| record.id).collect();
        let expected = items.iter().enumerate().filter(|(_, item)| is_sought(item, &sought));
        let mut expected: Vec<(u8, String)> = expected.map(|(n, (_, price, _))| (*price, format!("{n:02}"))).collect();
        let in_order = |one: &(u8, String), other: &(u8, String)| match direction {
            Direction::Ascending => one.cmp(other),
            Direction::Descending => other.cmp(one),
        };
        expected.retain(|item| after.as_ref().is_none_or(|after| in_order(after, item).is_lt()));
        expected.sort_by(in_order);
        expected.truncate(7);
        prop_assert_eq!(found, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    }
}

#[test]
fn what_few_have_is_looked_up_and_what_many_have_is_not() {
    let item = |n: usize| {
        let mut words = vec![if n.is_multiple_of(2) { "even".to_owned() } else { "odd".to_owned() }];
        words.extend((n == 7).then(|| "seven".to_owned()));
        (words, 1, "free")
    };
    let connection = opened(&(0..40).map(item).collect::<Vec<_>>());
    let looked_at = |prefixes: &[&str], many: usize| {
        let mut conditions = vec![Condition::Equals("state", "free".into())];
        conditions.extend(prefixes.iter().map(|prefix| Condition::has_prefix("words", *prefix)));
        let sought = indexed_texts(&ITEMS, &conditions);
        match (Search { connection: &connection, table: TABLE, sought, many }).candidates(5).expect("searches") {
            Candidates::Few(ids) => vec![format!("only {ids:?}")],
            Candidates::WithAll(all) => all.iter().map(|one| format!("all with {}", one.texts[0].as_str())).collect(),
        }
    };
    assert_eq!(looked_at(&["odd", "sev"], 20), [r#"only ["07"]"#]);
    assert_eq!(looked_at(&["odd"], 20), ["all with odd"]);
    assert_eq!(looked_at(&["odd", "even"], 20), ["only []"]);
    assert_eq!(looked_at(&["odd", "even"], 19), Vec::<String>::new());
    assert_eq!(looked_at(&["odd", "od"], 20), ["all with odd", "all with od"]);
    assert_eq!(looked_at(&["odd", "od", "even"], 20), ["only []"]);
}

#[test]
fn a_page_of_what_many_have_is_found_in_its_order_if_it_is_soon_full() {
    let item = |n: u8| (vec![if n < 10 { "cheap".to_owned() } else { "dear".to_owned() }], n, "free");
    let connection = opened(&(0..40).map(item).collect::<Vec<_>>());
    let page = |word: &str, more: Option<Condition>, passed: usize| {
        let mut conditions = vec![Condition::Equals("state", "free".into()), Condition::has_prefix("words", word)];
        conditions.extend(more);
        let query = Query { sort: Some("price"), limit: Some(3), ..Query::all(conditions) };
        let found = walk::page(&connection, TABLE, &query, passed).expect("is read");
        found.map(|found| found.into_iter().map(|record| record.id).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(page("cheap", None, 3).as_deref(), Some("00 01 02"));
    assert_eq!(page("dear", None, 12), None);
    assert_eq!(page("dear", None, 13).as_deref(), Some("10 11 12"));
    let at_least = |price: u8| Some(Condition::AtLeast("price", price.into()));
    assert_eq!(page("dear", at_least(30), 3).as_deref(), Some("30 31 32"), "it begins at the lowest price");
    assert_eq!(page("dear", at_least(38), 10).as_deref(), Some("38 39"), "there are no more");
    let equals = Some(Condition::Equals("place", "x".into()));
    assert_eq!(page("dear", equals, 40), None, "another index may lead to fewer");
}

#[test]
fn the_ids_of_several_texts_are_read_side_by_side() {
    let connection = opened(&[]);
    let texts = ["one", "other"].map(|text| vec![SoughtText::Whole(text.to_owned())]);
    let all = texts.each_ref().map(|texts| IndexedTexts { index: &ITEMS.indexes[0], texts });
    let (text, parameters) = with_all(&all, TABLE);
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).expect("is SQL");
    let steps = explain.query_map(params_from_iter(parameters), |row| row.get::<_, String>("detail"));
    let plan = steps.expect("explains").map(|step| step.expect("a step")).collect::<Vec<_>>().join("; ");
    assert!(plan.contains("MERGE (INTERSECT)") && !plan.contains("TEMP B-TREE"), "{plan}");
}
