use ports::store::{Direction, Record, Revision};
use proptest::prelude::*;
use serde_json::json;

use super::super::commit::PreparedCommit;
use super::super::{read, schema};
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
    /// Wherever the line between few and many is.
    #[test]
    fn a_search_finds_what_it_should(
        items in prop::collection::vec(item(), 0..30),
        sought in prop::collection::vec(texts(), 1..4),
        few in 0..12_usize,
        many in 0..25_usize,
    ) {
        let connection = opened(&items);
        let mut conditions = vec![Condition::Equals("state", "free".into())];
        conditions.extend(sought.iter().map(|texts| Condition::HasAny("words", texts.clone())));
        let direction = Direction::Descending;
        let query = Query { sort: Some("price"), direction, limit: Some(7), ..Query::all(conditions) };
        let candidates = candidates(&connection, TABLE, &query, SearchLimits { few, many }).expect("searches");
        let found = read::find_among(&connection, TABLE, &query, &candidates).expect("finds");
        let found: Vec<String> = found.into_iter().map(|record| record.id).collect();
        let expected = items.iter().enumerate().filter(|(_, item)| is_sought(item, &sought));
        let mut expected: Vec<(u8, String)> = expected.map(|(n, (_, price, _))| (*price, format!("{n:02}"))).collect();
        expected.sort_by(|one, other| other.cmp(one));
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
        let limits = SearchLimits { few: 5, many };
        match candidates(&connection, TABLE, &Query::all(conditions), limits).expect("searches") {
            Candidates::Few(ids) => vec![format!("only {ids:?}")],
            Candidates::WithAll(all) => all.iter().map(|one| format!("all with {}", one.texts[0].as_str())).collect(),
        }
    };
    assert_eq!(looked_at(&["odd", "sev"], 20), [r#"only ["07"]"#]);
    assert_eq!(looked_at(&["odd"], 20), ["all with odd"]);
    assert_eq!(looked_at(&["odd", "even"], 20), ["only []"]);
    assert_eq!(looked_at(&["odd", "even"], 19), Vec::<String>::new());
    assert_eq!(looked_at(&["odd", "od"], 20), ["all with odd", "all with od"]);
}
