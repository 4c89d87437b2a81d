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
    /// The same, if its seller went in with it. The first is followed by when.
    pub(crate) used_own: (&'static str, &'static str),
    pub(crate) begun_state: &'static str,
    pub(crate) begun_hint: &'static str,
    pub(crate) begun_own_hint: &'static str,
    /// Takes how often.
    pub(crate) reserved_not_bought: fn(u32) -> String,
    pub(crate) unsealed: &'static str,
    pub(crate) overdue: &'static str,
    pub(crate) unsealed_state: &'static str,
    pub(crate) unsealed_hint: &'static str,
    pub(crate) unsealed_own: &'static str,
    pub(crate) unsealed_own_hint: &'static str,
    /// Of a ticket that we issue: for its seller, and for who looks for something to buy.
    pub(crate) unsealed_ours_hint: &'static str,
    pub(crate) unsealed_ours_buyer_hint: &'static str,
    /// To where it says whether they may sell it.
    pub(crate) standing: &'static str,
    pub(crate) overdue_hint: &'static str,
    pub(crate) overdue_own_hint: &'static str,
    pub(crate) undelivered_own_hint: &'static str,
    pub(crate) upload: &'static str,
    pub(crate) given: &'static str,
    pub(crate) owed: &'static str,
    pub(crate) owed_by: &'static str,
    pub(crate) owed_else: &'static str,
    pub(crate) promise: Promise,
    pub(crate) listings: &'static str,
    pub(crate) price_changed: PriceChanged,
    pub(crate) moved: Moved,
    /// Takes the event.
    pub(crate) more_of: fn(&str) -> String,
    pub(crate) browse: &'static str,
    pub(crate) assurances: &'static str,
    /// What a buyer may rely on, each in a few words and in a sentence. Only what is true.
    pub(crate) assured: [(&'static str, &'static str); 3],
    /// Who sells it: usually, and where its seller organises the event.
    pub(crate) private_seller: (&'static str, &'static str),
    pub(crate) organiser: (&'static str, &'static str),
}

/// What a buyer is asked whose ticket is to another date than they have seen.
pub(crate) struct Moved {
    pub(crate) heading: &'static str,
    /// Followed by the date.
    pub(crate) words: &'static str,
    pub(crate) buy: &'static str,
}

/// How a ticket comes to its buyer, each in a few words and in a sentence.
pub(crate) struct Promise {
    pub(crate) checked: (&'static str, &'static str),
    pub(crate) not_checked: (&'static str, &'static str),
    /// It is to be handed in before it is for sale.
    pub(crate) to_be_sealed: (&'static str, &'static str),
    /// Followed by the moment, and that by the other.
    pub(crate) later: (&'static str, &'static str),
    pub(crate) ours: (&'static str, &'static str),
    /// Whether its seller may sell it is to be found out before it is for sale.
    pub(crate) to_be_granted: (&'static str, &'static str),
    pub(crate) nothing: (&'static str, &'static str),
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
    used_own: ("It was used at the door:", "So it was taken off the market, and there is nothing to sell any more."),
    begun_state: "Not for sale any more",
    begun_hint: "The event has begun.",
    begun_own_hint: "The event has begun, so nobody can buy it.",
    reserved_not_bought: |times| match times {
        1 => "Reserved once, not bought".to_owned(),
        times => format!("Reserved {times} times, not bought"),
    },
    unsealed: "Not for sale yet",
    overdue: "Not for sale",
    unsealed_state: "Not for sale yet",
    unsealed_hint: "Its seller has yet to hand in the ticket itself.",
    unsealed_own: "Your ticket is not for sale yet",
    unsealed_own_hint: "Upload the ticket itself: then it is for sale. You can change the listing or take it back meanwhile.",
    unsealed_ours_hint: "It is for sale once we know that it is yours to sell.",
    standing: "How it stands",
    unsealed_ours_buyer_hint: "It is for sale once we know that it is its seller's to sell.",
    overdue_hint: "Its seller was to hand it in by now, and has not.",
    overdue_own_hint: "The time by which you were to hand it in is over, so nobody can buy it. Change that, or withdraw it.",
    undelivered_own_hint: "It was not handed in in time. If it was sold, its buyer gets the money back.",
    upload: "Upload the ticket",
    given: "The uploaded ticket",
    owed: "The buyer does not have it yet.",
    owed_by: "Hand it in before",
    owed_else: "Else the sale is called off, and the buyer gets the money back.",
    promise: Promise {
        checked: (
            "We have the ticket or its code.",
            "You get it here as soon as you have paid. We know its code: nobody else can sell one with the same code here.",
        ),
        not_checked: (
            "We have the ticket, not checked.",
            "You get what its seller has uploaded as soon as you have paid. We could read no code in it.",
        ),
        to_be_sealed: (
            "We do not have the ticket yet.",
            "It is for sale once its seller has handed it in. Who buys it then gets it as soon as they have paid.",
        ),
        later: ("You get the ticket before", "or your money back in full, without your asking."),
        ours: (
            "We issue the ticket.",
            "You get a code of your own as soon as you have paid. If it was somebody's before, theirs does not let anybody in \
             any more.",
        ),
        to_be_granted: (
            "We have not issued this ticket.",
            "It is for sale once we know that it is its seller's to sell. Who buys it then gets a code of their own.",
        ),
        nothing: (
            "Nothing is promised about the ticket itself.",
            "This site does not hand it over, and its seller has not said how you get it.",
        ),
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
        ("It is sold once.", "When it is paid, it is off sale in the same moment."),
        ("Your money comes back", "in full if the sale does not come about, without your asking."),
    ],
    private_seller: (
        "Its seller is a private person.",
        "Your receipt names the place that is yours; you find it in your account.",
    ),
    organiser: (
        "Its seller organises the event.",
        "Your receipt names the place that is yours; you find it in your account.",
    ),
};
