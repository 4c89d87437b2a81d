use super::Section;

/// How buying and selling works.
pub(crate) struct Help {
    pub(crate) heading: &'static str,
    pub(crate) lead: &'static str,
    /// Takes for how long a ticket is kept for a buyer. Only what the program does.
    pub(crate) sections: fn(&str) -> Vec<Section>,
    pub(crate) questions: &'static str,
    /// Takes the operator's name.
    pub(crate) operator: fn(&str) -> String,
    pub(crate) contact: &'static str,
    pub(crate) no_operator: &'static str,
}

pub(super) const ENGLISH: Help = Help {
    heading: "Help",
    lead: "People who have a ticket sell it here to people who want to go. This is what happens when you buy one, and when \
        you sell one.",
    sections: |window| vec![buying(window), money(), getting_in(), selling(window), guarantees(window)],
    questions: "Questions",
    operator: |name| format!("This site is run by {name}."),
    contact: "How to reach them",
    no_operator: "Whoever runs this site has not said here who they are, or how to reach them.",
};

fn buying(window: &str) -> Section {
    let kept = format!(
        "You need an account to buy. From the moment you begin, the ticket is kept for you for {window}, or until the event \
         begins if that is sooner. In that time nobody else can buy it, and its seller can neither change it nor take it back."
    );
    let more = [
        "You pay by card, in the currency of the ticket. The price you saw when you began is what you pay; this site adds \
         nothing to it.",
        "Once your payment has gone through, the ticket is yours, and your order says so.",
        "Changed your mind? Until you pay you can cancel the order, and you are not charged. While a payment is being taken, \
         and once you have paid, an order cannot be cancelled here.",
    ];
    let paragraphs = std::iter::once(kept).chain(more.map(str::to_owned)).collect();
    Section { heading: "Buying a ticket", paragraphs }
}

fn money() -> Section {
    Section::new(
        "If a payment fails, or comes late",
        [
            "A card that is declined is not charged. While the ticket is kept for you, you can try another one. If too many \
             are declined, the order is cancelled, and the ticket is for sale again.",
            "If your bank asks you to confirm the payment, nothing is taken before you have done so.",
            "If you have not paid when your time is up, the order ends, the ticket is for sale again, and you are not \
             charged.",
            "If money is taken although the order has ended, it is given back in full, without your asking. That may take \
             your bank some days. Your order says how it stands, also if your bank does not take the money back; then \
             whoever runs this site still owes it to you.",
            "If you do not know whether a payment went through, look at the order before you pay again: it says what is \
             known. No order is charged twice.",
        ],
    )
}

fn getting_in() -> Section {
    Section::new(
        "Getting into the event",
        [
            "Your order and its receipt say what you bought as it was when you ordered it: the event, the place, the time \
             and the seat, as far as its seller gave them.",
            "If an event is moved, tickets for it that are still for sale follow, and orders say what has changed. If it is \
             cancelled, its tickets are no longer for sale, and an order that is not paid ends. That alone does not \
             bring back what you have paid: ask whoever runs this site.",
            "How you get the ticket itself, its page says before you buy. If its seller has uploaded it, your order shows it as \
             soon as you have paid: its code, its file, or both. Otherwise the seller hands it in by a date that is named, \
             and your order shows it then; if it does not come in time, the order is called off, and your money comes \
             back by itself. Where nothing is promised, this site does not hand the ticket over.",
            "Some tickets are issued here, for events whose organiser checks people in with this site. Your order shows the code \
             as soon as you have paid. It is a new one each time the ticket is sold, and the one before does not let anybody in \
             any more.",
            "Once all of your money goes back to you, the ticket is not yours any more, and your order does not show it.",
            "The codes of tickets that are uploaded here are read, as far as that works, or typed by their sellers, and no two \
             sellers can sell the same one here. “Not checked” says that none is known. Whether such a code opens the door, \
             only the organiser knows.",
            "In the browser in which you have opened it, an order with a ticket opens without a network, too, if that browser \
             can keep pages.",
        ],
    )
}

fn selling(window: &str) -> Section {
    let meanwhile = format!(
        "While somebody is buying your ticket, it is kept for them for {window} at most, and you can neither change it nor \
         take it back. If they do not pay in time it is for sale again."
    );
    Section {
        heading: "Selling a ticket",
        paragraphs: vec![
            "You need an account to sell. Say what the ticket is for and what you want for it; until somebody begins to buy \
             it, you can change it or take it back."
                .to_owned(),
            meanwhile,
            "You can upload the ticket when you list it: then its buyer has it as soon as they have paid, and you cannot change \
             or see it any more. Or you hand it in by a date, at the latest a day before the event; if you miss it, the sale \
             is called off, and the buyer gets the money back."
                .to_owned(),
            "A ticket that you have bought here and that was issued here you can sell on from your order. Its buyer gets a new \
             code, and then yours does not let anybody in any more."
                .to_owned(),
            "If you organise an event, this site can issue the tickets that you sell, and you check people in on a page of it. \
             Whoever runs this site has to enter you as the organiser first: ask them."
                .to_owned(),
            "It is sold once it is paid. You find it among your listings. If you said when the event begins, nobody can buy \
             the ticket after that."
                .to_owned(),
            "Buyers pay whoever runs this site. This program does not pass the money on to you: when and how you get it is \
             between you and them, so ask before you list a ticket."
                .to_owned(),
        ],
    }
}

fn guarantees(window: &str) -> Section {
    let kept = format!(
        "The ticket you chose is kept for you alone, for {window} or until the event begins, at the price you saw."
    );
    let more = [
        "A listing is sold to one buyer only. No seller can list the same seat of an event twice, if they name event and seat.",
        "No order is charged twice, and money that is taken for an order that has ended is given back in full.",
        "What you bought stays in your order as it was, whatever becomes of the listing.",
        "Not guaranteed: that a ticket is good, or that its seller does not sell it elsewhere. Nobody here can check that, \
         unless the ticket was issued here.",
    ];
    let paragraphs = std::iter::once(kept).chain(more.map(str::to_owned)).collect();
    Section { heading: "What you can rely on", paragraphs }
}
