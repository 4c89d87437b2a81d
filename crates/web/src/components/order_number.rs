use client::OrderId;
use maud::{Markup, html};

/// The number by which people name an order, with the whole id for those who need it.
pub(crate) fn order_number(id: OrderId) -> Markup {
    html! { span.order-number title=(id) { (short(id)) } }
}

/// The last eight digits of the id, in two groups: the part that differs from order to order (a byte of the
/// process that made it, and its counter). Unique among the orders of one buyer, which is where people look
/// for it, but not among all: programs use the whole id.
fn short(id: OrderId) -> String {
    let digits = id.to_string().to_uppercase();
    let (_, last) = digits.split_at(digits.len() - 8);
    let (first, second) = last.split_at(4);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_named_by_its_last_digits() {
        let id = "692199c0bcf86cd7994390bb".parse().expect("an id");
        assert_eq!(short(id), "9943-90BB");
        assert!(order_number(id).into_string().contains("692199c0bcf86cd7994390bb"));
    }
}
