use std::path::Path;
use std::time::Duration;

use common::email::{Email, InvalidEmail};
use http::Uri;
use runtime::regular_file;
use web::{About, Line, Operator, OwnPage, OwnText, PostalAddress};

use super::services::web_address;

/// Who runs this marketplace, and what they say to visitors.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OperatorSettings {
    /// Who runs this marketplace, for the page `/about`
    #[arg(long, env = "OPERATOR_NAME", value_name = "NAME")]
    pub operator_name: Option<Line>,

    /// Their postal address; a line ends with a line break or with `\n`
    #[arg(long, env = "OPERATOR_ADDRESS", value_name = "LINES", requires = "operator_name")]
    pub operator_address: Option<PostalAddress>,

    /// Where visitors can write to
    #[arg(long, env = "OPERATOR_EMAIL", value_parser = email, value_name = "ADDRESS", requires = "operator_name")]
    pub operator_email: Option<Email>,

    /// Where visitors can call
    #[arg(long, env = "OPERATOR_PHONE", value_name = "NUMBER", requires = "operator_name")]
    pub operator_phone: Option<Line>,

    /// Their own site
    #[arg(long, env = "OPERATOR_URL", value_parser = published, value_name = "URL", requires = "operator_name")]
    pub operator_url: Option<String>,

    /// Their terms: where they are, or a file with plain text that is shown at `/terms`. Empty lines separate
    /// paragraphs, and lines that begin with `# ` are headings
    #[arg(long, env = "TERMS_PAGE", value_parser = own_page, value_name = "URL|FILE")]
    pub terms_page: Option<OwnPage>,

    /// What they say about privacy, in the same way; without it `/privacy` says what this program stores
    #[arg(long, env = "PRIVACY_PAGE", value_parser = own_page, value_name = "URL|FILE")]
    pub privacy_page: Option<OwnPage>,
}

impl OperatorSettings {
    /// What the pages say, where a ticket is kept for a buyer for as long as `reservation`.
    pub fn about(&self, reservation: Duration) -> About {
        let operator = self.operator_name.clone().map(|name| Operator {
            name,
            address: self.operator_address.clone(),
            email: self.operator_email.clone(),
            phone: self.operator_phone.clone(),
            url: self.operator_url.clone(),
        });
        About { operator, terms: self.terms_page.clone(), privacy: self.privacy_page.clone(), reservation }
    }
}

fn email(text: &str) -> Result<Email, InvalidEmail> {
    Email::parse(text)
}

/// Reads the address of a page, or the page.
fn own_page(text: &str) -> Result<OwnPage, String> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        // As it was written: a slash at its end may matter there.
        Some("http" | "https") if text.is_ascii() => published(text).map(|_| OwnPage::Elsewhere(text.to_owned())),
        Some(_) => Err("expected an address such as https://tickets.example.com/terms, or a file".to_owned()),
        None => own_text(Path::new(text)).map(OwnPage::Here),
    }
}

/// Reads an address that everybody is shown.
fn published(text: &str) -> Result<String, String> {
    let names_a_user =
        text.parse::<Uri>().is_ok_and(|uri| uri.authority().is_some_and(|host| host.as_str().contains('@')));
    if names_a_user {
        return Err("expected an address without a user's name and password: everybody is shown it".to_owned());
    }
    web_address(text)
}

/// Reads a page from a file, and of a long file no more than is needed to see that it is.
fn own_text(path: &Path) -> Result<OwnText, String> {
    let bytes = regular_file::read(path, OwnText::LONGEST + 1);
    let bytes = bytes.map_err(|error| format!("the file cannot be read: {error}"))?;
    // Where it is cut, there may be half a character.
    if bytes.len() > OwnText::LONGEST {
        return Err(web::InvalidText::TooLong.to_string());
    }
    let text = String::from_utf8(bytes).map_err(|_| "the file is not text in UTF-8".to_owned())?;
    text.parse().map_err(|error: web::InvalidText| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        operator: OperatorSettings,
    }

    fn read(arguments: &[&str]) -> Result<About, String> {
        let cli = Cli::try_parse_from(["ticketing"].iter().chain(arguments)).map_err(|error| error.to_string())?;
        Ok(cli.operator.about(Duration::from_secs(60)))
    }

    /// What is said of `--terms-page` with this content.
    fn refusal(content: &[u8]) -> String {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("terms.txt");
        std::fs::write(&file, content).expect("a file");
        read(&["--terms-page", file.to_str().expect("text")]).expect_err("it is no page")
    }

    #[test]
    fn nothing_is_required_and_everything_can_be_said() {
        let nothing = read(&[]).expect("nothing is required");
        assert!(nothing.operator.is_none() && nothing.terms.is_none() && nothing.privacy.is_none());
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "# Law\nBe kind.").expect("is written");
        let about = read(&[
            "--operator-name=Quay Tickets Ltd",
            r"--operator-address=1 Quay Street\nPort",
            "--operator-email=help@quay.example",
            "--operator-phone=+44 20 7946 0000",
            "--operator-url=https://quay.example",
            "--terms-page=https://quay.example/terms/",
            "--privacy-page",
            file.path().to_str().expect("text"),
        ]);
        let About { operator, terms, privacy, reservation } = about.expect("all is there");
        let operator = operator.expect("an operator");
        assert_eq!((operator.name.as_str(), operator.address.expect("one").lines().len()), ("Quay Tickets Ltd", 2));
        assert_eq!(operator.email.expect("one").as_str(), "help@quay.example");
        assert!(operator.phone.is_some() && operator.url.is_some());
        assert!(matches!(terms, Some(OwnPage::Elsewhere(address)) if address == "https://quay.example/terms/"));
        let expected: OwnText = "# Law\n\nBe kind.".parse().expect("a text");
        assert!(matches!(privacy, Some(OwnPage::Here(text)) if text == expected));
        assert_eq!(reservation, Duration::from_secs(60));
    }

    #[test]
    fn a_page_that_cannot_be_shown_is_refused_with_its_reason() {
        for (content, reason) in [
            (vec![b'a'; 1024 * 1024], "longer than 64 KiB"),
            (b"One\nT\xe9rms".to_vec(), "not text in UTF-8"),
            (b"One\nTwo\0".to_vec(), "line 2 has a control character (U+0000)"),
            ("One\n\u{202e}owT".as_bytes().to_vec(), "line 2 has a character that turns text round (U+202E)"),
            (b"\n \n".to_vec(), "nothing in it"),
        ] {
            let said = refusal(&content);
            assert!(said.contains("--terms-page") && said.contains(reason), "{reason}: {said}");
        }
        for (value, reason) in [
            ("/nowhere/terms.txt", "the file cannot be read"),
            ("/", "it is no regular file"),
            ("javascript://alert(1)", "expected an address"),
            ("https://", "expected an address"),
            ("https://quay.example/ terms", "expected an address"),
            ("https://quay.example/términos", "expected an address"),
            ("https://ada:secret@quay.example/terms", "without a user's name and password"),
            ("https://ada@quay.example", "without a user's name and password"),
            ("/dev/null", "it is no regular file"),
        ] {
            let said = read(&["--privacy-page", value]).expect_err(value);
            assert!(said.contains("--privacy-page") && said.contains(reason), "{value}: {said}");
        }
    }

    #[test]
    fn a_pipe_is_refused_before_anybody_waits_for_its_writer() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("terms");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let said = read(&["--terms-page", pipe.to_str().expect("text")]).expect_err("it is no page");
        assert!(said.contains("it is no regular file"), "{said}");
        // An address may have the sign behind its host.
        assert!(read(&["--terms-page", "https://quay.example/@terms"]).is_ok());
    }

    #[test]
    fn what_is_wrong_about_the_operator_is_named_by_its_flag() {
        for (flag, value) in [
            ("--operator-name", "\u{202e}ydA"),
            ("--operator-name", "\u{3164}"),
            ("--operator-address", "Port\u{0}"),
            ("--operator-email", "nobody"),
            ("--operator-phone", "1\n2"),
            ("--operator-url", "javascript:alert(1)"),
            ("--operator-url", "https://ada:secret@quay.example"),
        ] {
            let name = ["--operator-name=Ada"];
            let others = if flag == "--operator-name" { &name[..0] } else { &name[..] };
            let said = read(&[others, &[flag, value]].concat()).expect_err(flag);
            assert!(said.contains(flag), "{flag}: {said}");
        }
        for flag in
            ["--operator-address=Port", "--operator-email=a@quay.example", "--operator-url=https://quay.example"]
        {
            assert!(read(&[flag]).expect_err(flag).contains("--operator-name"), "{flag} of nobody");
        }
    }
}
