use client::{Card, TestCard, TestOutcome};

use super::order_money::{self, OrderMoney};
use super::order_views::{self, OrderViewTexts};

/// Orders: checkout, receipt and outcomes.
pub(crate) struct Orders {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_words: &'static str,
    pub(crate) load_more: &'static str,
    pub(crate) browse: &'static str,
    pub(crate) back_to_ticket: &'static str,
    pub(crate) back_to_checkout: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) sell_on: &'static str,
    /// Leads to the listing by which they do.
    pub(crate) own_listing: &'static str,
    pub(crate) reserved: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) total: &'static str,
    pub(crate) event: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) date: &'static str,
    pub(crate) seat: &'static str,
    pub(crate) order_number: &'static str,
    pub(crate) checkout: Checkout,
    pub(crate) receipt: Receipt,
    pub(crate) views: OrderViewTexts,
    pub(crate) money: OrderMoney,
    pub(crate) card: fn(&Card) -> String,
    pub(crate) cancel_refused: &'static str,
    /// Followed by when and where it takes place now.
    pub(crate) event_moved: &'static str,
}

/// Checkout.
pub(crate) struct Checkout {
    /// Instead of the form for a card.
    pub(crate) event_cancelled: &'static str,
    /// Precedes the deadline.
    pub(crate) reserved_until: &'static str,
    /// Takes the seconds left.
    pub(crate) left: fn(u64) -> String,
    /// `{time}` is replaced by minutes and seconds: `9:59`.
    pub(crate) ticking: &'static str,
    pub(crate) time_is_up: &'static str,
    pub(crate) payment: &'static str,
    pub(crate) test_mode: &'static str,
    pub(crate) test_mode_words: &'static str,
    pub(crate) stripe_test_mode_words: &'static str,
    pub(crate) card: &'static str,
    pub(crate) test_card: &'static str,
    pub(crate) test_card_words: fn(&TestCard) -> String,
    pub(crate) needs_script: &'static str,
    pub(crate) card_form_away: &'static str,
    pub(crate) no_cards: &'static str,
    pub(crate) try_another_card: &'static str,
    /// Takes the amount.
    pub(crate) pay: fn(&str) -> String,
    pub(crate) cancel: &'static str,
}

/// The receipt.
pub(crate) struct Receipt {
    pub(crate) title: &'static str,
    pub(crate) link: &'static str,
    pub(crate) ticket: &'static str,
    pub(crate) buyer: &'static str,
    pub(crate) ordered: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) card: &'static str,
    pub(crate) back: &'static str,
    pub(crate) print_hint: &'static str,
    pub(crate) print: &'static str,
}

pub(super) const ENGLISH: Orders = Orders {
    title: "My orders",
    none: "No orders yet",
    none_words: "What you buy appears here, with its receipt.",
    load_more: "Load more",
    browse: "Browse tickets",
    back_to_ticket: "Back to the ticket",
    back_to_checkout: "Back to the checkout",
    look_again: "Look again",
    sell_on: "Sell this ticket",
    own_listing: "Your listing of it",
    reserved: "Ordered",
    summary: "Your order",
    total: "Total",
    event: "Event",
    venue: "Venue",
    date: "Date",
    seat: "Seat",
    order_number: "Order",
    checkout: CHECKOUT,
    receipt: Receipt {
        title: "Receipt",
        link: "Receipt",
        ticket: "Ticket",
        buyer: "Buyer",
        ordered: "Ordered",
        paid: "Paid",
        card: "Card",
        back: "Back to the order",
        print_hint: "Print this page, or save it as a PDF, for your records.",
        print: "Print",
    },
    views: order_views::ENGLISH,
    money: order_money::ENGLISH,
    card: |card| format!("{} ending in {}", brand(&card.brand), card.last4),
    event_moved: "This event has been moved. It now takes place:",
    cancel_refused: "The order could not be cancelled: it is being paid.",
};

const CHECKOUT: Checkout = Checkout {
    event_cancelled: "The event does not take place, so this order cannot be paid. You have not been charged.",
    reserved_until: "Reserved for you until",
    left: |seconds| match (seconds, seconds / 60) {
        (1, _) => "1 second left".to_owned(),
        (_, 0) => format!("{seconds} seconds left"),
        (_, 1) => "1 minute left".to_owned(),
        (_, minutes) => format!("{minutes} minutes left"),
    },
    ticking: "{time} left",
    time_is_up: "Your time to pay is over.",
    payment: "Payment",
    test_mode: "Test mode",
    test_mode_words: "No money moves. Choose a card to see what comes of it.",
    stripe_test_mode_words: "No money moves. Use one of Stripe's test cards, such as 4242 4242 4242 4242.",
    card: "Card",
    test_card: "Test card",
    test_card_words: |card| {
        let outcome = match card.outcome {
            TestOutcome::Succeeds => "Succeeds",
            TestOutcome::AsksTheBank => "Your bank asks first",
            TestOutcome::Declined => "Declined",
            TestOutcome::InsufficientFunds => "Insufficient funds",
            TestOutcome::ExpiredCard => "Expired card",
        };
        format!("{outcome}: {}", card.number)
    },
    needs_script: "To keep your card's number from us, Stripe takes it by script, which your browser does not run here. \
        Allow it for this page, and reload.",
    card_form_away: "The form for your card did not load. Check your connection and reload this page. \
        Your reservation stays as it is.",
    no_cards: "Cards cannot be taken here just now. Your reservation stays as it is.",
    try_another_card: "The ticket is still reserved for you: try another card.",
    pay: |amount| format!("Pay {amount}"),
    cancel: "Cancel order",
};

/// The name of a card's brand, which the provider writes in small letters.
fn brand(code: &str) -> String {
    match code {
        "visa" => "Visa".to_owned(),
        "mastercard" => "Mastercard".to_owned(),
        "amex" => "American Express".to_owned(),
        "discover" => "Discover".to_owned(),
        "diners" => "Diners Club".to_owned(),
        "jcb" => "JCB".to_owned(),
        "unionpay" => "UnionPay".to_owned(),
        "" | "unknown" => "Card".to_owned(),
        other => other.to_owned(),
    }
}
