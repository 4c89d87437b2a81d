//! Where links of a PDF may lead: to pages, letters and telephones. Everything else is opened by some program, and which
//! ones a buyer's computer has for what nobody knows.

use hayro::hayro_syntax::object::{Dict, Object};

use super::Refusal;
use super::active_content::resolved;

/// Whether a link of this dictionary leads to something else, or what all of a document's links are relative to does.
pub(super) fn leads_astray(dict: &Dict<'_>) -> Result<bool, Refusal> {
    let link = match resolved(dict, b"URI")? {
        // The catalog has a dictionary of this name, with the base of all links.
        None | Some(Object::Dict(_)) => false,
        Some(Object::String(address)) => !is_harmless(&address),
        Some(_) => true,
    };
    Ok(link || matches!(resolved(dict, b"Base")?, Some(Object::String(base)) if !is_page(&visible(&base))))
}

/// Whether an address is absolute, and has one of the schemes. A relative one is a program or file of the buyer's
/// computer.
fn is_harmless(address: &[u8]) -> bool {
    let address = visible(address);
    let after = |scheme: &[u8]| strip(&address, scheme).is_some_and(|rest| !rest.is_empty());
    is_page(&address) || is_named(&address) || after(b"mailto:") || after(b"tel:")
}

/// Whether an address has a host that a browser asks for a page.
fn is_page(address: &[u8]) -> bool {
    let has_host = |rest: &[u8]| rest.first().is_some_and(|first| !b"/\\?#:@".contains(first));
    [b"http://".as_slice(), b"https://"].iter().any(|scheme| strip(address, scheme).is_some_and(has_host))
}

/// Whether an address begins with the name of a host, as people write it. No program or file is called so.
fn is_named(address: &[u8]) -> bool {
    let is_name = |rest: &[u8]| {
        let name = rest.split(|byte| b"/?#".contains(byte)).next().unwrap_or_default();
        name.contains(&b'.') && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte))
    };
    strip(address, b"www.").is_some_and(is_name)
}

/// Browsers skip what cannot be seen in a scheme.
fn visible(address: &[u8]) -> Vec<u8> {
    address.iter().copied().filter(u8::is_ascii_graphic).collect()
}

fn strip<'a>(address: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (beginning, rest) = address.split_at_checked(scheme.len())?;
    beginning.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_addresses_of_pages_letters_and_telephones_are_harmless() {
        for address in [
            "www.a.example",
            "WWW.a.example/b?c#d",
            "https://a.example/?x=javascript:1",
            "HTTP://a.example",
            "mailto:a@b.c",
            "tel:+44",
            "h\nttp://a",
        ] {
            assert!(is_harmless(address.as_bytes()), "{address}");
        }
        assert!(is_harmless(b"\xfe\xff\0h\0t\0t\0p\0:\0/\0/\0a"), "in two bytes a letter");
    }

    #[test]
    fn everything_else_is_not() {
        for address in [
            "",
            "calc.exe",
            "C:\\Windows\\calc.exe",
            "/etc/passwd",
            "../../..",
            "..\\..",
            "www.",
            "www.exe",
            "www.a.example:b",
            "www.a\\b.exe",
            "#a:b",
            "?a",
            "\\\\server\\share",
            "//server/share",
            "file:///etc/passwd",
            "FILE:a",
            "smb://server/share",
            "javascript:a",
            " JavaScript:x",
            "java\nscript:x",
            "\0j\0avascript:x",
            "vbscript:x",
            "data:text/html,x",
            "ftp://a",
            "ms-word:x",
            "search-ms:query=x",
            "http:",
            "https://",
            "http:a",
            "http:\\\\server",
            "https:///etc",
            "mailto:",
            "tel:",
        ] {
            assert!(!is_harmless(address.as_bytes()), "{address}");
        }
    }
}
