/// The texts for every view of an order.
pub(crate) struct OrderViewTexts {
    pub(crate) checkout: OrderViewText,
    pub(crate) time_is_up: OrderViewText,
    pub(crate) being_paid: OrderViewText,
    pub(crate) at_the_bank: OrderViewText,
    pub(crate) confirming: OrderViewText,
    pub(crate) paid: OrderViewText,
    /// Of what is paid, and still to come.
    pub(crate) paid_ahead: OrderViewText,
    pub(crate) expired: OrderViewText,
    pub(crate) declined: OrderViewText,
    pub(crate) cancelled_by_buyer: OrderViewText,
    /// Of what is paid, and does not take place.
    pub(crate) paid_for_nothing: OrderViewText,
    /// Added to that where its seller has yet to hand in the ticket.
    pub(crate) still_due: &'static str,
    /// Of what was paid, and never came.
    pub(crate) not_delivered: OrderViewText,
    /// The same, of what was ours to issue.
    pub(crate) not_issued: OrderViewText,
    /// The same, of an event that does not take place.
    pub(crate) never_needed: OrderViewText,
    /// Of what was paid back in full, by refunds of which a part did not arrive.
    pub(crate) given_up: OrderViewText,
    /// Of what is paid, and its buyer has sold on.
    pub(crate) sold_on: OrderViewText,
    pub(crate) event_cancelled: OrderViewText,
    pub(crate) called_off: OrderViewText,
    pub(crate) too_late: OrderViewText,
    pub(crate) too_late_refunded: OrderViewText,
    pub(crate) too_late_not_refunded: OrderViewText,
    pub(crate) being_refunded: OrderViewText,
    pub(crate) refunded: OrderViewText,
    pub(crate) not_refunded: OrderViewText,
    pub(crate) disputed: OrderViewText,
    pub(crate) taken_back: OrderViewText,
    pub(crate) bank: AtTheBank,
}

/// The text of a view: heading and explanation on its own page, a label in lists.
pub(crate) struct OrderViewText {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) in_a_word: &'static str,
}

/// On the way to the buyer's bank.
pub(crate) struct AtTheBank {
    pub(crate) going: &'static str,
    pub(crate) link: &'static str,
    pub(crate) another_card: &'static str,
}

pub(super) const ENGLISH: OrderViewTexts = OrderViewTexts {
    checkout: OrderViewText { heading: "Checkout", words: "", in_a_word: "To pay" },
    time_is_up: OrderViewText {
        heading: "Your time to pay is over",
        words: "The order is being cancelled, and the ticket set free.",
        in_a_word: "Time is up",
    },
    being_paid: OrderViewText {
        heading: "Your payment is being taken",
        words: "Please do not pay again now: this page says how it ended as soon as we know. \
            You are never charged twice for one order. Meanwhile the order cannot be cancelled.",
        in_a_word: "Being paid",
    },
    at_the_bank: OrderViewText {
        heading: "Your bank asks you to confirm",
        words: "Nothing is taken before you have confirmed the payment at your bank. \
            This page shows what comes of it. Meanwhile the order cannot be cancelled.",
        in_a_word: "To confirm",
    },
    confirming: OrderViewText {
        heading: "Payment received, confirming",
        words: "Your payment went through. The ticket will be yours in a moment.",
        in_a_word: "Confirming",
    },
    paid: OrderViewText {
        heading: "The ticket is yours",
        words: "Nobody else can buy it any more. Enjoy the show.",
        in_a_word: "Paid",
    },
    paid_ahead: OrderViewText {
        heading: "The ticket is yours",
        words: "Nobody else can buy it any more.",
        in_a_word: "Paid",
    },
    expired: OrderViewText {
        heading: "Your reservation has expired",
        words: "It was not paid in time, so the ticket was set free.",
        in_a_word: "Expired",
    },
    declined: OrderViewText {
        heading: "Your payment was declined",
        words: "The ticket was set free. If nobody else has taken it, you can buy it with another card.",
        in_a_word: "Declined",
    },
    cancelled_by_buyer: OrderViewText {
        heading: "You cancelled this order",
        words: "The ticket was set free.",
        in_a_word: "Cancelled",
    },
    paid_for_nothing: OrderViewText {
        heading: "The event was cancelled",
        words: "The ticket is yours, but the event does not take place. That alone does not bring your money back: ask \
            whoever runs this site for it. Help says how to reach them.",
        in_a_word: "Event cancelled",
    },
    still_due: "Its seller has yet to hand in the ticket. If they do not in time, this order is called off, and your money does \
        come back by itself.",
    not_delivered: OrderViewText {
        heading: "Your ticket did not come",
        words: "Its seller did not hand it in in time, so this order was called off.",
        in_a_word: "Not delivered",
    },
    sold_on: OrderViewText { heading: "You have sold this ticket on", words: "", in_a_word: "Sold on" },
    not_issued: OrderViewText {
        heading: "Your ticket could not be issued",
        words: "Its seller does not have it any more, or somebody has gone in with it, so this order was called off.",
        in_a_word: "Not issued",
    },
    never_needed: OrderViewText {
        heading: "The event was cancelled",
        words: "It does not take place, and the ticket was never handed in, so this order was called off.",
        in_a_word: "Cancelled",
    },
    given_up: OrderViewText {
        heading: "The ticket is not yours any more",
        words: "All of your money was to go back to you. If a part of it did not reach you, ask whoever runs this site for it. \
            Help says how to reach them.",
        in_a_word: "Refunded",
    },
    event_cancelled: OrderViewText {
        heading: "The event was cancelled",
        words: "It does not take place, so this order ended with it.",
        in_a_word: "Cancelled",
    },
    called_off: OrderViewText {
        heading: "This order was cancelled",
        words: "The ticket was set free.",
        in_a_word: "Cancelled",
    },
    too_late: too_late("Refund on its way"),
    too_late_refunded: too_late("Refunded"),
    too_late_not_refunded: too_late("Refund failed"),
    being_refunded: OrderViewText {
        heading: "This order is being refunded",
        words: "",
        in_a_word: "Refund on its way",
    },
    refunded: OrderViewText { heading: "This order was refunded", words: "", in_a_word: "Refunded" },
    not_refunded: OrderViewText { heading: "This refund did not go through", words: "", in_a_word: "Refund failed" },
    disputed: OrderViewText { heading: "Disputed by your bank", words: "", in_a_word: "Disputed" },
    taken_back: OrderViewText {
        heading: "Your bank took the payment back",
        words: "",
        in_a_word: "Payment taken back",
    },
    bank: AtTheBank {
        going: "Your bank wants to know that it is you who pays. You are on your way to its page.",
        link: "Continue at your bank",
        another_card: "Use another card",
    },
};

/// What an order is called for which money came when it had ended.
const fn too_late(in_a_word: &'static str) -> OrderViewText {
    OrderViewText {
        heading: "Your payment came too late",
        words: "The order had ended before the money arrived, so the ticket is not yours.",
        in_a_word,
    }
}
