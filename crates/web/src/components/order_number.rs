use client::OrderId;
use formats::order_number as short;
use maud::{Markup, html};

/// The number by which people name an order, with the whole id for those who need it.
pub(crate) fn order_number(id: OrderId) -> Markup {
    html! { span.order-number title=(id) { (short(id)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_the_whole_id_finds_it() {
        let number = order_number("692199c0bcf86cd7994390bb".parse().expect("an id")).into_string();
        assert!(number.contains("9943-90BB") && number.contains("692199c0bcf86cd7994390bb"), "{number}");
    }
}
