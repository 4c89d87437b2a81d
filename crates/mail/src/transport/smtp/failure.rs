//! What it means that a mail server refuses something, or does not answer. What it says in words is neither logged
//! nor kept: servers like to repeat the address.

use std::error::Error as _;

use lettre::transport::smtp::Error;

use crate::transport::NotSent;

/// What was asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    StartTls,
    Authenticate,
    Sender,
    Recipient,
    Content,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::StartTls => "starting TLS",
            Self::Authenticate => "authenticating",
            Self::Sender => "the sender",
            Self::Recipient => "the recipient",
            Self::Content => "the content",
        }
    }
}

/// What came of a step that failed.
pub(super) fn not_sent(step: Step, error: &Error) -> NotSent {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => refused(step, &code.to_string(), &said),
        // Something that it said, or nothing at all: it hung up.
        None if error.is_response() => NotSent::Later(format!("{}: no readable answer", step.name())),
        // Why it cannot be spoken to, in the words of this machine.
        None => NotSent::Later(format!("{}: {said}", step.name())),
    }
}

/// What a reply means, with its code and its first words.
fn refused(step: Step, code: &str, said: &str) -> NotSent {
    let status = enhanced_status(said);
    let why = match status {
        Some(status) => format!("{}: {code} {status}", step.name()),
        None => format!("{}: {code}", step.name()),
    };
    let is_final = code.starts_with('5');
    match step {
        // That concerns us and not the mail: an operator can mend it, and then the mail goes.
        Step::Connect | Step::StartTls | Step::Authenticate | Step::Sender => NotSent::Later(why),
        Step::Recipient | Step::Content if !is_final => NotSent::Later(why),
        // A full mailbox and a policy (5.2.2, 5.7.1) may let another mail through.
        Step::Recipient if status.is_none_or(|status| status.starts_with("5.1.")) => NotSent::NobodyThere(why),
        Step::Recipient | Step::Content => NotSent::Never(why),
    }
}

/// The status code of RFC 3463 that a reply begins with: `5.1.1`.
fn enhanced_status(said: &str) -> Option<&str> {
    let word = said.split_ascii_whitespace().next()?;
    let mut parts = word.split('.');
    let is_number = |part: Option<&str>| {
        part.is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let are_three = is_number(parts.next()) && is_number(parts.next()) && is_number(parts.next());
    (are_three && parts.next().is_none()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(why: &str) -> NotSent {
        NotSent::Later(why.into())
    }

    fn nobody(why: &str) -> NotSent {
        NotSent::NobodyThere(why.into())
    }

    fn never(why: &str) -> NotSent {
        NotSent::Never(why.into())
    }

    #[test]
    fn what_concerns_us_is_tried_again_whatever_the_code() {
        for (step, name) in [
            (Step::Connect, "connecting"),
            (Step::StartTls, "starting TLS"),
            (Step::Authenticate, "authenticating"),
            (Step::Sender, "the sender"),
        ] {
            assert_eq!(refused(step, "535", "5.7.8 Who are you?"), later(&format!("{name}: 535 5.7.8")));
        }
    }

    #[test]
    fn an_address_without_anybody_is_told_from_a_mail_that_is_not_wanted() {
        let recipient = |code, said| refused(Step::Recipient, code, said);
        assert_eq!(recipient("550", "5.1.1 <ada@example.com> User unknown"), nobody("the recipient: 550 5.1.1"));
        assert_eq!(recipient("550", "No such user ada@example.com"), nobody("the recipient: 550"));
        assert_eq!(recipient("550", "5.7.1 ada@example.com wants no mail"), never("the recipient: 550 5.7.1"));
        assert_eq!(recipient("552", "5.2.2 Mailbox full"), never("the recipient: 552 5.2.2"));
        assert_eq!(recipient("451", "4.7.1 Greylisted"), later("the recipient: 451 4.7.1"));
        assert_eq!(refused(Step::Content, "554", "5.6.0 Spam"), never("the content: 554 5.6.0"));
        assert_eq!(refused(Step::Content, "452", ""), later("the content: 452"));
    }

    #[test]
    fn no_word_of_the_server_is_repeated() {
        for said in ["ada@example.com", "5.1.1.ada", "5.1.ada", "55555.1.1", "5.1", ""] {
            assert_eq!(enhanced_status(said), None, "{said}");
        }
        assert_eq!(enhanced_status("5.1.1 <ada@example.com>"), Some("5.1.1"));
    }
}
