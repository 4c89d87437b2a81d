use client::FileKind;

/// The ticket itself: given by its seller, and on the order's page of its buyer.
pub(crate) struct DeliveryText {
    pub(crate) heading: &'static str,
    pub(crate) sealed: &'static str,
    /// Followed by the moment.
    pub(crate) later: &'static str,
    pub(crate) later_else: &'static str,
    pub(crate) file: &'static str,
    pub(crate) file_hint: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    /// The same where a file with a code was handed in before.
    pub(crate) code_instead: &'static str,
    pub(crate) symbology: &'static str,
    pub(crate) give: &'static str,
    pub(crate) replace: &'static str,
    pub(crate) replace_words: &'static str,
    /// While it is sent.
    pub(crate) on_its_way: &'static str,
    pub(crate) nothing_given: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) broken_off: &'static str,
    pub(crate) away: &'static str,
    pub(crate) given: &'static str,
    /// Takes how many codes were read.
    pub(crate) read: fn(usize) -> String,
    /// What was typed beside a file that has a code.
    pub(crate) unused: &'static str,
    pub(crate) look: &'static str,
    pub(crate) for_sale: &'static str,
    pub(crate) soon: &'static str,
    pub(crate) after_reservation: &'static str,
    pub(crate) reserved: &'static str,
    pub(crate) for_later: &'static str,
    pub(crate) sold: &'static str,
    pub(crate) missed: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) nothing_promised: &'static str,
    pub(crate) ours: &'static str,
    pub(crate) edit: &'static str,
    /// Why a file was not saved, for its buyer and for its seller.
    pub(crate) file_lost: &'static str,
    pub(crate) file_lost_own: &'static str,
    pub(crate) file_away: &'static str,
    /// Takes what the file is and how many kilobytes it has.
    pub(crate) described: fn(FileKind, u64) -> String,
    pub(crate) issued: Issued,
    pub(crate) bought: Bought,
}

/// What a seller reads of a ticket that we issue, each in a few words and in a sentence.
pub(crate) struct Issued {
    pub(crate) heading: &'static str,
    pub(crate) soon: (&'static str, &'static str),
    pub(crate) for_sale: (&'static str, &'static str),
    /// Between the two it says why.
    pub(crate) refused: (&'static str, &'static str),
    pub(crate) reserved: (&'static str, &'static str),
    pub(crate) sold: (&'static str, &'static str),
    pub(crate) over: &'static str,
}

/// What a buyer reads of it.
pub(crate) struct Bought {
    pub(crate) heading: &'static str,
    /// Takes which of how many.
    pub(crate) code: fn(usize, usize) -> String,
    /// Takes its kind.
    pub(crate) code_of: fn(&str) -> String,
    /// Of a code that is drawn.
    pub(crate) at_the_door: &'static str,
    /// The same, where there is a file.
    pub(crate) or_the_file: &'static str,
    /// Of a code that is not drawn, where there is a file and where there is none. Both take what it is.
    pub(crate) in_the_file: fn(&str) -> String,
    pub(crate) not_drawn: fn(&str) -> String,
    pub(crate) not_checked: &'static str,
    /// Of a ticket to an event that is cancelled.
    pub(crate) of_no_use: &'static str,
    /// What a picture shows.
    pub(crate) picture: &'static str,
    /// Of a file that no page can show.
    pub(crate) print_the_file: &'static str,
    pub(crate) save: &'static str,
    pub(crate) print: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) offline_with_file: &'static str,
    /// `{}` is replaced by the moment.
    pub(crate) kept: &'static str,
    pub(crate) soon: &'static str,
    /// Followed by the moment.
    pub(crate) waiting: &'static str,
    pub(crate) waiting_else: &'static str,
    pub(crate) missed: &'static str,
    /// The same, where we were to issue it.
    pub(crate) not_issued: &'static str,
    /// Its buyer sells it on, and nobody has bought it yet.
    pub(crate) offered: &'static str,
    /// Somebody went in with it. Followed by when.
    pub(crate) used: &'static str,
    pub(crate) used_up: &'static str,
    /// Its buyer has sold it on.
    pub(crate) resold: &'static str,
    pub(crate) taken_back: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) away: &'static str,
}

pub(super) const ENGLISH: DeliveryText = DeliveryText {
    heading: "Hand in the ticket",
    sealed: "Upload the ticket as you have it: then it is for sale. Nobody sees it before they have paid, and then only its \
        buyer.",
    later: "Upload the ticket before",
    later_else: "Its buyer gets it as soon as they have paid. If it is sold and you have not handed it in by then, the sale is \
        called off, and the buyer gets the money back.",
    file: "The ticket",
    file_hint: "A PDF, PNG, JPEG or pkpass file of at most 10 MiB.",
    code: "Or the text of its code",
    code_hint: "If you have no file: what a scanner reads from the code.",
    code_instead: "If it is not the code of your file, it takes the place of the file, which its buyer does not get then.",
    symbology: "Kind of code",
    give: "Hand it in",
    replace: "Replace it",
    replace_words: "Was it the wrong one? Until somebody buys the ticket you can hand in another in its place.",
    on_its_way: "Your ticket is on its way",
    nothing_given: "Choose a file, or type the text of the code",
    too_large: "The file is larger than 10 MiB",
    broken_off: "The file did not arrive whole. Please send it again",
    away: "This could not be taken just now: a part of the marketplace does not answer. Please send it again in a moment.",
    given: "We have your ticket",
    read: |codes| match codes {
        0 => "No code could be read: buyers see “not checked”. You can type it.".to_owned(),
        1 => "We know its code.".to_owned(),
        codes => format!("We know its {codes} codes."),
    },
    unused: "Your file has a code of its own, and that is what counts: the one that you typed beside it was not used. If it is \
        another, hand in the code alone, without a file.",
    look: "Save the file",
    for_sale: "It is for sale now.",
    soon: "It is for sale in a moment.",
    after_reservation: "Somebody is buying what you handed in before. This counts if they do not.",
    reserved: "Somebody is buying it, so it cannot be replaced now.",
    for_later: "Its buyer gets it as soon as they have paid.",
    sold: "It is sold, and cannot be replaced any more.",
    missed: "The time by which you were to hand it in is over.",
    withdrawn: "This ticket is not for sale any more, so there is nothing to hand in.",
    nothing_promised: "This listing does not say that the ticket is handed over here, so there is nothing to hand in. To change \
        that, edit it.",
    ours: "We issue this ticket ourselves, so there is nothing to hand in.",
    edit: "Edit the listing",
    file_lost: "The file of this ticket is lost or damaged at our end, and trying again will not help. Please ask us for help: you \
        get your money back.",
    file_lost_own: "The file of this ticket is lost or damaged at our end. Please upload it again.",
    file_away: "The file cannot be had just now. Please try again in a moment.",
    described: |kind, kilobytes| {
        let name = match kind {
            FileKind::Pdf => "PDF",
            FileKind::Png => "PNG",
            FileKind::Jpeg => "JPEG",
            FileKind::Pkpass => "Wallet pass",
            FileKind::Other => "File",
        };
        format!("{name}, {kilobytes} kB")
    },
    issued: Issued {
        heading: "Your listing",
        soon: ("It is for sale in a moment.", "We are making sure that it is yours to sell."),
        for_sale: ("It is for sale now.", "Its buyer gets a code from us the moment they have paid."),
        refused: ("It is not for sale.", "Nobody can buy it, so you can withdraw it."),
        reserved: ("Somebody is buying it.", "If they do not pay in time it is for sale again."),
        sold: ("It is sold.", "Its buyer has a code from us."),
        over: "It is not for sale any more.",
    },
    bought: Bought {
        heading: "Your ticket",
        code: |number, count| if count == 1 { "Your code".to_owned() } else { format!("Code {number} of {count}") },
        code_of: |kind| format!("{kind} code"),
        at_the_door: "Show this at the door, on your phone or printed.",
        or_the_file: "If the door does not take a code as it is drawn here, show the file.",
        in_the_file: |code| format!("Show the file at the door: the {code} is in it. This is what it says:"),
        not_drawn: |code| {
            format!("We cannot draw this {code}, and its seller has handed in no file. This is what it says:")
        },
        not_checked: "No code was read from it. Save the file and show it at the door: it is what its seller has handed in.",
        of_no_use: "This is to an event that does not take place, so it opens no door.",
        picture: "The ticket, as its seller has handed it in",
        print_the_file: "To have it on paper, save the file and print that: this page does not show it.",
        save: "Save the file",
        print: "Print",
        offline: "In this browser, this page also opens without a network, once it was opened here.",
        offline_with_file: "In this browser, this page also opens without a network, and the file with it, once it was opened \
            here.",
        kept: "There is no network. This was kept on this device, as of {}.",
        soon: "Your ticket will be here in a moment.",
        waiting: "Its seller hands it in before",
        waiting_else: "It then appears here. If it does not come, you get your money back in full, without your asking.",
        not_issued: "It cannot be issued to you. The sale is being called off, and you get your money back.",
        missed: "It did not come in time. The sale is being called off, and you get your money back.",
        offered: "You have listed this ticket. It lets you in until somebody buys it.",
        used: "This ticket was used at the door:",
        used_up: "It lets nobody in any more, so there is nothing to sell on.",
        resold: "The code that you had does not let anybody in any more.",
        taken_back: "The ticket is not yours any more, so it is not shown here.",
        nothing: "Nothing was promised about the ticket itself: this site does not hand it over.",
        away: "Your ticket cannot be shown just now. Please look again in a moment.",
    },
};
