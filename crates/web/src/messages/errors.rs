/// Error pages.
pub(crate) struct Errors {
    /// Before the title of a page that shows one.
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_words: &'static str,
    pub(crate) not_theirs: &'static str,
    pub(crate) not_theirs_words: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) too_large_words: &'static str,
    pub(crate) too_often: &'static str,
    /// Takes the seconds to wait, if they are known.
    pub(crate) too_often_words: fn(Option<u64>) -> String,
    pub(crate) cross_site: &'static str,
    pub(crate) cross_site_words: &'static str,
    pub(crate) away: &'static str,
    pub(crate) away_words: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) not_yet_words: &'static str,
    /// Where the page tries again by itself, and where its reader has to.
    pub(crate) by_itself: &'static str,
    pub(crate) without_script: &'static str,
    /// Of what was typed into a form that could not be taken.
    pub(crate) kept: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) broken_words: &'static str,
    pub(crate) back_to_browse: &'static str,
}

pub(super) const ENGLISH: Errors = Errors {
    title: "Error:",
    summary: "There is a problem",
    not_found: "Page not found",
    not_found_words: "There is nothing here: the address may be mistyped, or what was here is gone.",
    not_theirs: "This belongs to somebody else",
    not_theirs_words: "You are signed in, but not as the person whose page this is.",
    refused: "That did not work",
    too_large: "That was too much",
    too_large_words: "More was sent than this form takes, so nothing was done. Go back, and send less: perhaps more was pasted \
        than was meant.",
    too_often: "Please wait a moment",
    too_often_words: |seconds| match seconds {
        Some(1) => "There were too many attempts. Try again in 1 second.".to_owned(),
        Some(seconds) if seconds < 120 => format!("There were too many attempts. Try again in {seconds} seconds."),
        Some(seconds) => format!("There were too many attempts. Try again in {} minutes.", seconds.div_ceil(60)),
        None => "There were too many attempts. Try again later.".to_owned(),
    },
    cross_site: "This form came from another site",
    cross_site_words: "Nothing was done. Please use the forms on our own pages.",
    away: "We will be back in a moment",
    away_words: "A part of the marketplace does not answer just now. Nothing is lost: please try again shortly.",
    not_yet: "One moment, please",
    not_yet_words: "What you ask for was made or changed a moment ago, and is not known everywhere yet. \
        Nothing is lost.",
    by_itself: "This page tries again by itself.",
    without_script: "Please try again.",
    kept: "What you sent is kept on this page, but for passwords and codes.",
    try_again: "Try again",
    broken: "Something went wrong",
    broken_words: "That is our fault, and it has been reported. Please try again.",
    back_to_browse: "Browse tickets",
};
