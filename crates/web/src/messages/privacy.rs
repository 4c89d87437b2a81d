use super::Section;

/// What is stored about people.
pub(crate) struct Privacy {
    pub(crate) heading: &'static str,
    pub(crate) lead: &'static str,
    /// Only what the program does.
    pub(crate) sections: fn() -> Vec<Section>,
    pub(crate) to_account: &'static str,
}

pub(super) const ENGLISH: Privacy = Privacy {
    heading: "Privacy",
    lead: "This page says what the program behind this site stores about you, and for how long. Whoever runs the site has \
        added nothing to it. What else they do with it, such as how long they keep copies and logs, only they can say.",
    sections: || vec![looking(), account(), cookies(), trade(), mails(), logs(), others(), rights()],
    to_account: "Your account",
};

fn looking() -> Section {
    Section::new(
        "While you look around",
        [
            "To look at tickets you need no account, and no cookie is set. So that nobody can ask too much, requests are \
             counted by the network address they come from; these counts are forgotten a few hours after they no longer \
             matter.",
            "What you look at and search for is not stored, and nothing is loaded from other sites, except where you pay by \
             card.",
        ],
    )
}

fn account() -> Section {
    Section::new(
        "Your account",
        [
            "Your email address, when you made the account, and whether you have confirmed the address. Your password only \
             as a hash, from which it cannot be read. If you add passkeys, their public halves and their names. All of it is \
             kept until you erase the account.",
            "Where you are signed in: when you signed in, when you were last there, and the kind of browser and device. A \
             session ends after 30 days at the latest, and its record is removed within a day of that.",
            "Attempts to sign in, and mails you ask for, are counted by email address and network address; these counts, too, \
             are forgotten a few hours after they no longer matter.",
        ],
    )
}

fn cookies() -> Section {
    Section::new(
        "Cookies",
        [
            "When you sign in, one cookie keeps you signed in: it ends 12 hours after you were last there. Another lasts up \
             to 400 days; it says in which browser you have signed in before, so that others who guess at your password do \
             not lock you out. The program sets no other cookies.",
            "Once you have opened an order with a ticket, your browser keeps that page and the ticket's file, so that they open \
             without a network. Signing out removes them, and so does signing in as somebody else.",
            "Where you pay by card, the script of Stripe may set cookies of its own.",
        ],
    )
}

fn trade() -> Section {
    Section::new(
        "What you sell and buy",
        [
            "The tickets you list, the orders you place, what was paid and given back, and the brand and last four digits of \
             the card. There is no date after which this is removed. If you erase your account, what was sold and for how \
             much stays, without you and without the card.",
            "A ticket that you hand in is kept encrypted: its file, and what its codes say. Who buys it is shown it, and you \
             are not any more. It is removed within half an hour after you replace it or take it off sale, or after who bought \
             it erases their account; that it was sold can be told from its code for good.",
            "When you first looked at a ticket that you have bought; and of one that was issued here when, and at which door, \
             somebody went in with it.",
            "The number of your card is never sent to this site. So that nothing is done twice, the answer to what you send is \
             kept for a day, in case it is sent again.",
        ],
    )
}

fn mails() -> Section {
    Section::new(
        "Mails",
        [
            "What you were told by mail, and whether the mail could be sent, is kept for 90 days. The address is not kept with \
             it, but looked up each time. If a mail server says that there is nobody at your address, a fingerprint of the \
             address is kept, so that no more mails go there.",
        ],
    )
}

fn logs() -> Section {
    Section::new(
        "Logs",
        [
            "What matters for security, such as signing in, is written to a log with the number of your account and the network \
          address, never with your email address. How long logs and backups are kept is up to whoever runs the site.",
        ],
    )
}

fn others() -> Section {
    Section::new(
        "Who else learns of it",
        [
            "Stripe takes payments: it learns your card, the amount, the number of the order, and that you pay here. Your \
             email address is not sent to it by this site. Where payments are only simulated, nothing goes to Stripe.",
            "A mail server takes your email address and the mail, if this site sends mails.",
            "Other visitors see the tickets you list and, in the data behind the pages, the number of your account; nothing else \
             of you.",
        ],
    )
}

fn rights() -> Section {
    Section::new(
        "Your data, and leaving",
        [
            "On the page of your account you can download what is kept about you, and erase your account. Erasing has to wait \
             while you have tickets for sale or reserved, or to events that are still to come, or money on its way.",
            "After that, the number of your account, which no longer leads to anybody, stays for up to 40 days as a reminder \
             to forget you, and without such a limit in the records by which the parts of this program tell each other what \
             has happened. Backups from before still hold what was erased.",
        ],
    )
}
