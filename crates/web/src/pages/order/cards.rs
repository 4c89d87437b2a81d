use client::{Order, PaymentsConfig, TEST_CARDS};
use maud::{Markup, html};

use crate::forms::FormErrors;
use crate::messages::Checkout;
use crate::visitor::Visitor;

/// How the page collects card details.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cards {
    /// A choice of documented test cards.
    Test,
    /// Stripe's own form, with this publishable key. In test mode no money moves.
    Stripe { publishable_key: String, is_test: bool },
    /// Not at all: payments are real, but there is no publishable key.
    None,
}

impl Cards {
    pub(super) fn of(config: PaymentsConfig) -> Self {
        match (config.publishable_key, config.test_mode) {
            (Some(publishable_key), is_test) => Self::Stripe { publishable_key, is_test },
            (None, true) => Self::Test,
            (None, false) => Self::None,
        }
    }

    /// Whether the page uses Stripe.js.
    pub(super) fn are_stripes(&self) -> bool {
        matches!(self, Self::Stripe { .. })
    }

    /// Says so if no money moves.
    pub(super) fn test_mode(&self, text: &Checkout) -> Markup {
        let words = match self {
            Self::Test => text.test_mode_words,
            Self::Stripe { is_test: true, .. } => text.stripe_test_mode_words,
            Self::Stripe { is_test: false, .. } | Self::None => return Markup::default(),
        };
        html! { p.test-mode { span.badge.warn { (text.test_mode) } " " (words) } }
    }

    /// Collects the card and submits it in the form field `token`.
    pub(super) fn form(&self, visitor: &Visitor, order: &Order, errors: &FormErrors) -> Markup {
        let text = &visitor.text.orders.checkout;
        let action = format!("{}/pay", super::address(order.id));
        let pay = (text.pay)(&visitor.formats.money(order.ticket.price, order.ticket.currency));
        html! {
            @match self {
                Self::Test => form method="post" action=(action) {
                    (test_card(visitor, errors))
                    button.primary { (pay) }
                },
                Self::Stripe { publishable_key, .. } => form method="post" autocomplete="off" action=(action)
                    data-publishable-key=(publishable_key)
                    data-amount=(order.ticket.price.minor_units()) data-currency=(order.ticket.currency.code())
                    data-away=(text.card_form_away) {
                    p.field-error role="alert" data-card-error {}
                    div #token data-card aria-label=(text.card) role="group" {}
                    input type="hidden" name="token";
                    noscript { p.notice-line { (text.needs_script) } }
                    // Enabled by the script.
                    button.primary disabled { (pay) }
                },
                Self::None => p.notice-line { (text.no_cards) },
            }
        }
    }
}

fn test_card(visitor: &Visitor, errors: &FormErrors) -> Markup {
    let text = &visitor.text.orders.checkout;
    let wrong: Vec<_> = errors.for_field("token").collect();
    let is_wrong = !wrong.is_empty();
    html! {
        div.field {
            label for="token" { (text.test_card) }
            @if is_wrong { p.field-error #token-error { (wrong.join(". ")) } }
            select #token name="token"
                aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some("token-error")] {
                @for card in &TEST_CARDS { option value=(card.token) { ((text.test_card_words)(card)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::ENGLISH;

    #[test]
    fn cards_are_taken_only_in_a_way_that_fits_the_keys() {
        let cards = |key: Option<&str>, test_mode| {
            Cards::of(PaymentsConfig { publishable_key: key.map(str::to_owned), test_mode })
        };
        assert_eq!(cards(None, true), Cards::Test);
        assert_eq!(cards(None, false), Cards::None, "a test card would be refused where there is real money");
        for is_test in [true, false] {
            let stripe = Cards::Stripe { publishable_key: "pk_1".to_owned(), is_test };
            assert_eq!(cards(Some("pk_1"), is_test), stripe);
        }
    }

    #[test]
    fn only_test_mode_says_that_no_money_moves() {
        let text = &ENGLISH.orders.checkout;
        let stripe = |is_test| Cards::Stripe { publishable_key: String::new(), is_test };
        let shown = [Cards::Test, stripe(true), stripe(false), Cards::None]
            .map(|cards| cards.test_mode(text).into_string().contains("Test mode"));
        assert_eq!(shown, [true, true, false, false]);
    }
}
