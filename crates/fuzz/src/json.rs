use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Number, Value};

/// Any JSON of limited depth, including numbers at the limits of their types.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(&[0, 1, u64::MAX, i64::MAX as u64][..]).prop_map(Value::from),
        any::<f64>().prop_map(|real| Number::from_f64(real).map_or(Value::Null, Value::Number)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z$._]{0,8}", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// JSON like one of `examples`, with some values replaced or left out.
///
/// # Panics
/// If an example is no JSON.
pub fn json_like(examples: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let change = (any::<Index>(), prop_oneof![3 => json().prop_map(Some), 1 => Just(None)]);
    let changes = prop::collection::vec(change, 1..4);
    (prop::sample::select(examples), changes).prop_map(|(example, changes)| {
        let mut value: Value = serde_json::from_str(example).expect("an example is JSON");
        for (at, new) in changes {
            let paths = paths(&value, "");
            replace(&mut value, &paths[at.index(paths.len())], new);
        }
        value
    })
}

/// The values of a document, as JSON pointers.
fn paths(value: &Value, here: &str) -> Vec<String> {
    let mut found = vec![here.to_owned()];
    match value {
        Value::Array(items) => {
            found.extend(items.iter().enumerate().flat_map(|(index, item)| paths(item, &format!("{here}/{index}"))));
        }
        Value::Object(fields) => {
            found.extend(fields.iter().flat_map(|(name, field)| {
                paths(field, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")))
            }))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

fn replace(value: &mut Value, path: &str, new: Option<Value>) {
    match (new, path.rsplit_once('/')) {
        (Some(new), _) => {
            if let Some(old) = value.pointer_mut(path) {
                *old = new;
            }
        }
        (None, Some((parent, name))) => {
            if let Some(Value::Object(fields)) = value.pointer_mut(parent) {
                fields.remove(name);
            }
        }
        (None, None) => *value = Value::Null,
    }
}
