/// A ticket's page.
pub(crate) struct Ticket {
    pub(crate) ticket: &'static str,
    pub(crate) price: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) starts_at: &'static str,
    pub(crate) section: &'static str,
    pub(crate) row: &'static str,
    pub(crate) seat: &'static str,
    pub(crate) no_details: &'static str,
    pub(crate) also_offered: &'static str,
    pub(crate) for_sale: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) sold: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) buy: &'static str,
    pub(crate) buy_hint: &'static str,
    pub(crate) own: &'static str,
    pub(crate) own_hint: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) someone_buys: &'static str,
    pub(crate) someone_buys_hint: &'static str,
    pub(crate) someone_buys_own_hint: &'static str,
    pub(crate) held: &'static str,
    pub(crate) held_hint: &'static str,
    pub(crate) checkout: &'static str,
    pub(crate) bought: &'static str,
    pub(crate) order: &'static str,
    pub(crate) sold_hint: &'static str,
    pub(crate) sold_own_hint: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) withdrawn_state: &'static str,
    pub(crate) withdrawn_hint: &'static str,
    pub(crate) withdrawn_own: &'static str,
    pub(crate) withdrawn_own_hint: &'static str,
    pub(crate) begun_state: &'static str,
    pub(crate) begun_hint: &'static str,
    pub(crate) begun_own_hint: &'static str,
    /// Takes how often.
    pub(crate) reserved_not_bought: fn(u32) -> String,
    pub(crate) listings: &'static str,
    pub(crate) price_changed: PriceChanged,
    pub(crate) moved: Moved,
    /// Takes the event.
    pub(crate) more_of: fn(&str) -> String,
    pub(crate) browse: &'static str,
    pub(crate) assurances: &'static str,
    /// What a buyer may rely on, each in a few words and in a sentence. Only what is true.
    pub(crate) assured: [(&'static str, &'static str); 4],
}

/// What a buyer is asked whose ticket is to another date than they have seen.
pub(crate) struct Moved {
    pub(crate) heading: &'static str,
    /// Followed by the date.
    pub(crate) words: &'static str,
    pub(crate) buy: &'static str,
}

/// The page that asks again when the price is another one.
pub(crate) struct PriceChanged {
    pub(crate) heading: &'static str,
    /// Takes the price that was seen and the present one.
    pub(crate) words: fn(&str, &str) -> String,
    /// Takes the present price.
    pub(crate) buy: fn(&str) -> String,
    pub(crate) back: &'static str,
}

pub(super) const ENGLISH: Ticket = Ticket {
    ticket: "Ticket",
    price: "Price",
    venue: "Venue",
    starts_at: "Date and time",
    section: "Section",
    row: "Row",
    seat: "Seat",
    no_details: "The seller has given no further details.",
    also_offered: "Another seller has listed the same seat, too: only one of the two can have it.",
    for_sale: "For sale",
    locked: "Locked",
    sold: "Sold",
    withdrawn: "Withdrawn",
    begun: "Begun",
    buy: "Buy this ticket",
    buy_hint: "It is kept for you while you pay.",
    own: "You are selling this ticket",
    own_hint: "You can change it or take it back until someone buys it.",
    edit: "Edit",
    someone_buys: "Someone is buying this ticket",
    someone_buys_hint: "If they do not pay in time it is for sale again, so it is worth another look in a few minutes.",
    someone_buys_own_hint: "You cannot change it meanwhile. If they do not pay in time it is for sale again.",
    held: "You are buying this ticket",
    held_hint: "It is kept for you until you have paid, or until your time is up.",
    checkout: "Continue to checkout",
    bought: "You bought this ticket",
    order: "Your order",
    sold_hint: "Somebody else was quicker this time.",
    sold_own_hint: "You have sold this ticket.",
    withdraw: "Withdraw",
    withdrawn_state: "Not for sale any more",
    withdrawn_hint: "It has been withdrawn.",
    withdrawn_own: "This ticket is withdrawn",
    withdrawn_own_hint: "Nobody can buy it. To sell it after all, list it again.",
    begun_state: "Not for sale any more",
    begun_hint: "The event has begun.",
    begun_own_hint: "The event has begun, so nobody can buy it.",
    reserved_not_bought: |times| match times {
        1 => "Reserved once, not bought".to_owned(),
        times => format!("Reserved {times} times, not bought"),
    },
    listings: "My listings",
    moved: Moved {
        heading: "The date has changed",
        words: "The event has been moved since you saw this ticket. It now takes place:",
        buy: "Buy it for this date",
    },
    price_changed: PriceChanged {
        heading: "The price has changed",
        words: |seen, now| {
            format!(
                "You saw {seen}. The seller asks {now} now. You have not bought anything yet: buy it at the new price?"
            )
        },
        buy: |now| format!("Buy for {now}"),
        back: "No, back to the ticket",
    },
    more_of: |event| format!("More tickets for {event}"),
    browse: "Browse all tickets",
    assurances: "If you buy it",
    assured: [
        ("It is kept for you", "while you pay, and nobody else can take it or change its price."),
        ("It is sold once.", "Who has paid for it has it, and it is off sale in the same moment."),
        ("Your money comes back", "in full if the sale does not come about, without your asking."),
        ("Its seller is a private person.", "Your receipt names the place that is yours; you find it in your account."),
    ],
};
