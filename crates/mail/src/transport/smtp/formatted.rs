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
        .raw_header(subject(&mail.subject))
        .raw_header(automatic)
        .multipart(body)
        .map_err(never)?;
    Ok(message.formatted())
}

/// How many bytes are in an encoded word: a line with one has 76 characters at the most (RFC 2047, section 2).
const ENCODED_AT_ONCE: usize = 18;

/// The subject. Titles are people's: where one has what looks like an encoded word, all of it is encoded, so that it is
/// read as it was written, and not as what it would be decoded to.
fn subject(text: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Subject");
    if !text.contains("=?") {
        return HeaderValue::new(name, text.to_owned());
    }
    let mut words: Vec<String> = Vec::new();
    for letter in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + letter.len_utf8() <= ENCODED_AT_ONCE => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    let encoded = |word: String| -> String {
        let bytes: String = word.bytes().map(|byte| format!("={byte:02X}")).collect();
        format!("=?utf-8?q?{bytes}?=")
    };
    let encoded: Vec<String> = words.into_iter().map(encoded).collect();
    HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded.join("\r\n "))
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
    #[test]
    fn a_title_that_looks_encoded_is_read_as_it_was_written() {
        let title = "Your ticket: =?utf-8?q?Your_bank=0D=0ABcc=3A_x=40y?= für 🎫";
        let written = String::from_utf8(formatted(&Mail { subject: title.into(), ..mail() }).expect("is written"));
        let written = written.expect("ASCII");
        let subject = written.split("\r\n").skip_while(|line| !line.starts_with("Subject: "));
        let lines: Vec<&str> = subject
            .enumerate()
            .take_while(|(at, line)| *at == 0 || line.starts_with(' '))
            .map(|(_, line)| line)
            .collect();
        assert!(lines.iter().all(|line| line.len() <= 76), "{lines:?}");
        let words = lines.iter().map(|line| line.trim_start_matches("Subject:").trim());
        let words = words.map(|word| word.strip_prefix("=?utf-8?q?").and_then(|word| word.strip_suffix("?=")));
        let bytes: String = words.map(|word| word.expect("an encoded word").replace('=', "")).collect();
        assert_eq!(String::from_utf8(hex::decode(bytes).expect("hexadecimal")).expect("text"), title);
    }
}
