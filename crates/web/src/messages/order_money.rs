/// What has become of the buyer's money. Functions take the amount.
pub(crate) struct OrderMoney {
    pub(crate) not_charged: &'static str,
    /// The payment cannot be read: of an order that has ended, and of one that is complete.
    pub(crate) unknown: &'static str,
    pub(crate) unknown_complete: &'static str,
    /// A payment was going on when the order ended.
    pub(crate) being_stopped: &'static str,
    /// The bank waited for the buyer when the order ended.
    pub(crate) unconfirmed: &'static str,
    pub(crate) paid: fn(&str) -> String,
    /// Takes the card, too.
    pub(crate) paid_by: fn(&str, &str) -> String,
    /// Taken for an order that has ended.
    pub(crate) to_be_returned: fn(&str) -> String,
    pub(crate) going_back: fn(&str) -> String,
    pub(crate) given_back: fn(&str) -> String,
    pub(crate) not_given_back: fn(&str) -> String,
    pub(crate) disputed: fn(&str) -> String,
    pub(crate) dispute_won: fn(&str) -> String,
    pub(crate) dispute_lost: fn(&str) -> String,
}

pub(super) const ENGLISH: OrderMoney = OrderMoney {
    not_charged: "You were not charged.",
    unknown: "We do not know yet whether any money was taken. This page looks again by itself.",
    unknown_complete: "How your payment stands cannot be read just now. This page looks again by itself.",
    being_stopped: "A payment had begun when the order ended. We do not know yet whether any money was taken. \
        If it was, it goes back to you. This page looks again by itself.",
    unconfirmed: "You had not confirmed the payment at your bank. Nothing was taken, and it is being called off.",
    paid: |amount| format!("You paid {amount}."),
    paid_by: |amount, card| format!("You paid {amount} by {card}."),
    to_be_returned: |amount| format!("{amount} was taken, and the order has ended: it will be given back to you."),
    going_back: |amount| format!("{amount} is on its way back to you."),
    given_back: |amount| format!("{amount} has been given back. Your bank may take a few days to show it."),
    not_given_back: |amount| {
        format!("{amount} could not be given back to your card. We still owe it to you, and are looking into it.")
    },
    disputed: |amount| format!("Your bank disputes this payment of {amount}, and has not decided yet."),
    dispute_won: |amount| format!("Your bank had disputed this payment of {amount}, and has decided that it stands."),
    dispute_lost: |amount| format!("Your bank has taken {amount} back for you."),
};
