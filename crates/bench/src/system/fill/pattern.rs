use super::Purchase;

/// The number of users among whom the purchases are spread.
const USERS: u64 = 10_000;

/// The kinds of ids. In hexadecimal digits, so that no two kinds share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ticket = 1,
    Order = 2,
    Payment = 3,
    Seller = 4,
    Buyer = 5,
}

/// The bytes of a record that contains the ids of one purchase, to be replaced by those of another: ids are
/// all of equal length.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    bytes: Vec<u8>,
    places: Vec<(usize, Kind)>,
}

impl Pattern {
    pub(super) fn new(bytes: &[u8], purchase: &Purchase) -> Self {
        let ids = [
            (&purchase.ticket, Kind::Ticket),
            (&purchase.order, Kind::Order),
            (&purchase.payment, Kind::Payment),
            (&purchase.seller, Kind::Seller),
            (&purchase.buyer, Kind::Buyer),
        ];
        let places = ids.into_iter().flat_map(|(id, kind)| {
            let found = memchr::memmem::find_iter(bytes, id.as_bytes());
            found.map(move |place| (place, kind)).collect::<Vec<_>>()
        });
        Self { bytes: bytes.to_vec(), places: places.collect() }
    }

    /// Whether it contains any of the ids.
    pub(super) fn varies(&self) -> bool {
        !self.places.is_empty()
    }

    /// The same record for another purchase.
    pub(super) fn of(&self, number: u64) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        for (place, kind) in &self.places {
            let id = id(*kind, number);
            bytes[*place..*place + id.len()].copy_from_slice(id.as_bytes());
        }
        bytes
    }
}

/// An id like those of the product: it begins with the time, a thousand per second, long ago.
fn id(kind: Kind, number: u64) -> String {
    let number = if matches!(kind, Kind::Seller | Kind::Buyer) { number % USERS } else { number };
    format!("{:08x}{:02x}{number:014x}", 0x6000_0000 + number / 1000, kind as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purchase() -> Purchase {
        let [ticket, order, payment, seller, buyer] = ["a", "b", "c", "d", "e"].map(|digit| digit.repeat(24));
        Purchase { ticket, order, payment, seller, buyer }
    }

    #[test]
    fn every_id_is_replaced_by_the_one_of_its_kind() {
        let text = format!(r#"{{"id":"{}","ticket":"{}","again":"{0}"}}"#, "b".repeat(24), "a".repeat(24));
        let pattern = Pattern::new(text.as_bytes(), &purchase());
        let order = id(Kind::Order, 7);
        let expected = format!(r#"{{"id":"{order}","ticket":"{}","again":"{order}"}}"#, id(Kind::Ticket, 7));
        assert_eq!(pattern.of(7), expected.as_bytes());
        assert!(!Pattern::new(b"nothing", &purchase()).varies());
    }

    #[test]
    fn ids_differ_by_kind_and_number_and_grow() {
        assert_eq!(id(Kind::Order, 0).len(), 24);
        assert!(id(Kind::Order, 1_000_000) > id(Kind::Order, 999_999));
        assert_ne!(id(Kind::Order, 1), id(Kind::Ticket, 1));
        assert_eq!(id(Kind::Buyer, 1), id(Kind::Buyer, 1 + USERS));
    }
}
