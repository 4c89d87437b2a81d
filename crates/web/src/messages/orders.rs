use client::{TestCard, TestOutcome};

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
    pub(crate) reserved: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) total: &'static str,
    pub(crate) event: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) date: &'static str,
    pub(crate) seat: &'static str,
    /// Takes section, row and seat, as far as they are known.
    pub(crate) seat_words: fn(Option<&str>, Option<&str>, Option<&str>) -> String,
    pub(crate) order_number: &'static str,
    pub(crate) checkout: Checkout,
    pub(crate) receipt: Receipt,
    pub(crate) views: OrderViewTexts,
    /// Takes the amount.
    pub(crate) refund_pending: fn(&str) -> String,
    /// Takes the amount.
    pub(crate) refunded: fn(&str) -> String,
}

/// Checkout.
pub(crate) struct Checkout {
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
    pub(crate) back: &'static str,
    pub(crate) print_hint: &'static str,
    pub(crate) print: &'static str,
}

/// The texts for every view of an order.
pub(crate) struct OrderViewTexts {
    pub(crate) checkout: OrderViewText,
    pub(crate) time_is_up: OrderViewText,
    pub(crate) being_paid: OrderViewText,
    pub(crate) confirming: OrderViewText,
    pub(crate) paid: OrderViewText,
    pub(crate) expired: OrderViewText,
    pub(crate) declined: OrderViewText,
    pub(crate) cancelled_by_buyer: OrderViewText,
    pub(crate) called_off: OrderViewText,
    pub(crate) refund_pending: OrderViewText,
    pub(crate) refunded: OrderViewText,
}

/// The text of a view: heading and explanation on its own page, a label in lists.
pub(crate) struct OrderViewText {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) in_a_word: &'static str,
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
    reserved: "Ordered",
    summary: "Your order",
    total: "Total",
    event: "Event",
    venue: "Venue",
    date: "Date",
    seat: "Seat",
    seat_words: |section, row, seat| {
        let part = |name: &str, value: Option<&str>| value.map(|value| format!("{name} {value}"));
        let parts = [part("Section", section), part("Row", row), part("Seat", seat)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    },
    order_number: "Order",
    checkout: CHECKOUT,
    receipt: Receipt {
        title: "Receipt",
        link: "Receipt",
        ticket: "Ticket",
        buyer: "Buyer",
        ordered: "Ordered",
        paid: "Paid",
        back: "Back to the order",
        print_hint: "Print this page, or save it as a PDF, for your records.",
        print: "Print",
    },
    views: ORDER_VIEWS,
    refund_pending: |amount| format!("{amount} is on its way back to you."),
    refunded: |amount| format!("{amount} has been given back. Your bank may take a few days to show it."),
};

const CHECKOUT: Checkout = Checkout {
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

const ORDER_VIEWS: OrderViewTexts = OrderViewTexts {
    checkout: OrderViewText { heading: "Checkout", words: "", in_a_word: "To pay" },
    time_is_up: OrderViewText {
        heading: "Your time to pay is over",
        words: "The order is being cancelled, and the ticket set free.",
        in_a_word: "Time is up",
    },
    being_paid: OrderViewText {
        heading: "Your payment is being checked",
        words: "We do not know yet how it ended. Please do not pay again now: this page will say as soon as we know. \
            You are never charged twice for one order.",
        in_a_word: "Payment being checked",
    },
    confirming: OrderViewText {
        heading: "Payment received, confirming",
        words: "Your payment went through. The ticket will be yours in a moment.",
        in_a_word: "Confirming",
    },
    paid: OrderViewText {
        heading: "The ticket is yours",
        words: "It is paid, and nobody else can buy it any more. Enjoy the show.",
        in_a_word: "Paid",
    },
    expired: OrderViewText {
        heading: "Your reservation has expired",
        words: "It was not paid in time, so the ticket was set free. You were not charged.",
        in_a_word: "Expired",
    },
    declined: OrderViewText {
        heading: "Your payment was declined",
        words: "You were not charged, and the ticket was set free. If nobody else has taken it, \
            you can buy it with another card.",
        in_a_word: "Declined",
    },
    cancelled_by_buyer: OrderViewText {
        heading: "You cancelled this order",
        words: "The ticket was set free. You were not charged.",
        in_a_word: "Cancelled",
    },
    called_off: OrderViewText {
        heading: "This order was cancelled",
        words: "The ticket was set free.",
        in_a_word: "Cancelled",
    },
    refund_pending: OrderViewText {
        heading: "Your payment came too late",
        words: "The order had ended before the money arrived, so the ticket is not yours.",
        in_a_word: "Refund on its way",
    },
    refunded: OrderViewText {
        heading: "Your payment came too late",
        words: "The order had ended before the money arrived, so the ticket is not yours.",
        in_a_word: "Refunded",
    },
};
