use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::transport::{Mail, NotSent};

/// The mail as it is handed over: ASCII throughout. It is the same each time.
pub(super) fn formatted(mail: &Mail) -> Result<Vec<u8>, NotSent> {
    let never = |_| NotSent::Never("it cannot be written as a mail".into());
    let to = mail.to.as_str().parse().map_err(|_| NotSent::NobodyThere("no address for SMTP".into()))?;
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.date.as_millis()).unwrap_or_default());
    // Nobody's absence is to be answered to us.
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
    let part = |kind, content: &String| SinglePart::builder().header(kind).body(content.clone());
    // Not a random one, so that a repetition is the same to the last byte.
    let boundary = mail.id.split('@').next().unwrap_or_default();
    let body = MultiPart::alternative()
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html));
    let message = Message::builder()
        .message_id(Some(format!("<{}>", mail.id)))
        .date(date)
        .from(mail.from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .raw_header(automatic)
        .multipart(body)
        .map_err(never)?;
    Ok(message.formatted())
}

#[cfg(test)]
mod tests {
    use common::email::Email;
    use common::id::IdGenerator;
    use common::time::Timestamp;

    use super::*;

    fn mail() -> Mail {
        let now = Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment");
        Mail {
            id: "0123456789abcdef@example.com".into(),
            recipient: IdGenerator::seeded(1).next(now),
            from: "Tickets <tickets@example.com>".parse().expect("a sender"),
            to: Email::parse("ada@example.com").expect("an address"),
            date: now,
            subject: "Größe: 🎫 \r\nBcc: eve@example.com".into(),
            text: "75,50 €\n.\nQUIT".into(),
            html: "<p>75,50 €".into(),
        }
    }

    #[test]
    fn it_has_the_heads_that_make_it_one_mail_and_the_same_each_time() {
        let formatted = |mail: &Mail| String::from_utf8(super::formatted(mail).expect("is written")).expect("ASCII");
        let text = formatted(&mail());
        assert!(text.is_ascii());
        for head in [
            "Message-ID: <0123456789abcdef@example.com>\r\n",
            "Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n",
            "From: Tickets <tickets@example.com>\r\n",
            "To: ada@example.com\r\n",
            "Auto-Submitted: auto-generated\r\n",
        ] {
            assert!(text.contains(head), "{head:?} is missing in\n{text}");
        }
        assert!(text.contains("text/plain; charset=utf-8") && text.contains("text/html; charset=utf-8"), "{text}");
        assert!(!text.contains("\nBcc:"), "a head was smuggled in:\n{text}");
        assert_eq!(text, formatted(&mail()));
    }
}
