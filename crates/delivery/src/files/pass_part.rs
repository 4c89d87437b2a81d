//! What a pass consists of. Wallets pass over everything else, but the buyer gets the archive, and could open what is in
//! it: other files are refused, also those that a careless program leaves in a pass. So is what has the name of one kind
//! and is of another.

use super::Refusal;
use super::image::check_png;
use super::pkpass::{MANIFEST, PASS, SIGNATURE};

/// Who a pass that rewards is given to, in the wallet's words.
const PERSONALIZATION: &str = "personalization.json";

/// What a part of a pass is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What a pass has once.
    Own,
    /// An image.
    Picture,
    /// The words of a language.
    Words,
    /// The folder of a language, which some archives have beside what is in it.
    Folder,
}

impl Part {
    /// What is called like this; `None` if it is no part of a pass.
    pub(super) fn called(path: &str) -> Option<Self> {
        if [PASS, MANIFEST, SIGNATURE, PERSONALIZATION].contains(&path) {
            return Some(Self::Own);
        }
        match path.split_once('/') {
            None => is_picture(path).then_some(Self::Picture),
            Some((folder, name)) => {
                let language = folder.strip_suffix(".lproj")?;
                match name {
                    _ if !is_word(language, "-_") => None,
                    "" => Some(Self::Folder),
                    "pass.strings" => Some(Self::Words),
                    _ => is_picture(name).then_some(Self::Picture),
                }
            }
        }
    }

    /// Refuses what is something else than its name says.
    pub(super) fn check(self, content: &[u8]) -> Result<(), Refusal> {
        let is_right = match self {
            Self::Own => true,
            Self::Picture => return check_png(content),
            Self::Words => is_text(content),
            Self::Folder => content.is_empty(),
        };
        if is_right { Ok(()) } else { Err(Refusal::UnfitPass) }
    }
}

/// Such as `icon@2x.png`. Each version of wallets knows more of them.
fn is_picture(name: &str) -> bool {
    name.strip_suffix(".png").is_some_and(|name| is_word(name, "-_@~"))
}

fn is_word(word: &str, others: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

/// Whether this is text, in UTF-8, or in UTF-16 with the mark for that before it.
fn is_text(content: &[u8]) -> bool {
    let units = |order: fn([u8; 2]) -> u16| {
        let units = content[2..].chunks_exact(2).map(|unit| order([unit[0], unit[1]]));
        content.len().is_multiple_of(2).then(|| char::decode_utf16(units).collect::<Result<String, _>>().ok()).flatten()
    };
    let text = match content {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8(content.to_vec()).ok(),
    };
    text.is_some_and(|text| text.chars().all(|letter| !letter.is_control() || letter.is_ascii_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_by_their_names() {
        for (part, names) in [
            (Part::Own, ["pass.json", "manifest.json", "signature", "personalization.json"].as_slice()),
            (Part::Picture, &["icon.png", "strip@2x.png", "personalizationLogo@3x.png", "zh-Hans.lproj/logo.png"]),
            (Part::Words, &["en.lproj/pass.strings", "pt-BR.lproj/pass.strings", "en_GB.lproj/pass.strings"]),
            (Part::Folder, &["en.lproj/"]),
        ] {
            for name in names {
                assert_eq!(Part::called(name), Some(part), "{name}");
            }
        }
        for name in [
            "",
            "/",
            ".png",
            "PASS.JSON",
            "Signature",
            "en.lproj/pass.json",
            "en.lproj/manifest.json",
            "en.lproj/en.lproj/pass.strings",
            ".lproj/pass.strings",
            "pass.strings",
            "en.lproj/other.strings",
            "images/",
            "images/icon.png",
            "icon.jpg",
            "icon.png.exe",
            "icon .png",
            "pass.pkpass",
            "classes.dex",
            "word/document.xml",
            ".DS_Store",
            "__MACOSX/._icon.png",
        ] {
            assert_eq!(Part::called(name), None, "{name}");
        }
    }

    #[test]
    fn words_are_text() {
        let utf16 =
            |order: fn(u16) -> [u8; 2]| "\u{feff}\"a\" = \"\u{141}\";\n".encode_utf16().flat_map(order).collect();
        let texts: [Vec<u8>; 4] =
            [vec![], "\"a\" = \"\u{141}\";\r\n".into(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)];
        for text in texts {
            assert_eq!(Part::Words.check(&text), Ok(()), "{}", text.escape_ascii());
        }
        for other in
            [b"bplist00\xd1".as_slice(), b"\x7fELF\x02\0", b"MZ\x90\0", b"a\0b", b"\xff\xfea", b"\xff\xfe\0\xd8"]
        {
            assert_eq!(Part::Words.check(other), Err(Refusal::UnfitPass), "{}", other.escape_ascii());
        }
        assert_eq!(Part::Folder.check(b"x"), Err(Refusal::UnfitPass));
    }
}
