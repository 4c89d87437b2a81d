/// A person's data, and their leaving.
pub(crate) struct Farewell {
    pub(crate) data: &'static str,
    pub(crate) data_words: &'static str,
    pub(crate) export: &'static str,
    pub(crate) link: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) stays: &'static str,
    pub(crate) button: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) done: &'static str,
    pub(crate) done_words: &'static str,
    pub(crate) browse: &'static str,
}

pub(super) const ENGLISH: Farewell = Farewell {
    data: "Your data",
    data_words: "All that we keep of you as one file: your account, your tickets, your orders, what you paid, and \
        what we told you by mail.",
    export: "Download your data",
    link: "Erase your account",
    heading: "Erase your account?",
    words: "Your address, your password and all sessions are erased for good, and nobody can undo it. It has to wait while \
        you have tickets for sale or reserved, to events that are still to come, or money on its way.",
    stays: "What was sold, and for how much, stays for the others, without you.",
    button: "Erase my account",
    keep: "Keep it",
    done: "Your account is erased",
    done_words: "Good-bye. It may take some minutes until all is gone everywhere.",
    browse: "Browse tickets",
};
