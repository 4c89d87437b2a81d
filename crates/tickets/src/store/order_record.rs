use ports::store::Collection;
use runtime::store::Stored;

use crate::domain::Order;

static COLLECTION: Collection = Collection { name: "orders", indexes: &[] };

impl Stored for Order {
    const COLLECTION: &'static Collection = &COLLECTION;

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}
