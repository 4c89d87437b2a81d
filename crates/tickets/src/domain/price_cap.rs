use common::money::Price;

/// How much more than what is printed on it a ticket may cost: so many per cent of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PriceCap(pub(crate) u32);

impl PriceCap {
    /// The highest price of a ticket with this face value. A fraction of a minor unit is left out.
    pub(crate) fn highest(self, face_value: Price) -> Price {
        let per_cent = 100 + u64::from(self.0);
        let minor_units = u64::from(face_value.minor_units()) * per_cent / 100;
        let price = i64::try_from(minor_units).ok().and_then(|minor| Price::from_minor_units(minor).ok());
        // What is more costs no ticket anyway.
        price.unwrap_or(Price::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_price_is_rounded_down_and_never_more_than_any_ticket_costs() {
        for (per_cent, face_value, highest) in [
            (0, 10_000, 10_000),
            (10, 19_000, 20_900),
            (10, 99, 108),
            (25, 1, 1),
            (100, 50_000_000, 99_999_999),
            (1, 99_999_999, 99_999_999),
            (u32::MAX, 99_999_999, 99_999_999),
            (u32::MAX, 1, 42_949_673),
        ] {
            let face_value = Price::from_minor_units(face_value).expect("a price");
            assert_eq!(PriceCap(per_cent).highest(face_value).minor_units(), highest, "{per_cent} % over {face_value}");
        }
    }
}
