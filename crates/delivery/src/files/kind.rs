use serde::{Deserialize, Serialize};

/// What an uploaded file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A PDF document.
    Pdf,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A pass for a wallet: a zip archive with a `pass.json`. By its beginning it can be any zip archive; whether it has
    /// one is known once it is read.
    Pkpass,
}

/// What files begin with.
const BEGINNINGS: [(&[u8], Kind); 4] = [
    (b"%PDF-", Kind::Pdf),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"PK\x03\x04", Kind::Pkpass),
];

/// How much of a file tells what it is.
pub(super) const TELLING: usize = 8;

impl Kind {
    /// What begins like this; `None` if it is nothing that is taken.
    pub fn of(file: &[u8]) -> Option<Self> {
        BEGINNINGS.iter().find(|(beginning, _)| file.starts_with(beginning)).map(|(_, kind)| *kind)
    }

    /// What it is served as, whatever it was uploaded as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Pkpass => "application/vnd.apple.pkpass",
        }
    }

    /// What its name ends with when it is served.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Pkpass => "pkpass",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(Kind::of(b"%PDF-1.7\n"), Some(Kind::Pdf));
        assert_eq!(Kind::of(b"\x89PNG\r\n\x1a\n"), Some(Kind::Png));
        assert_eq!(Kind::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(Kind::Jpeg));
        assert_eq!(Kind::of(b"PK\x03\x04"), Some(Kind::Pkpass));
    }

    #[test]
    fn everything_else_is_nothing_we_take() {
        let others: [&[u8]; 17] = [
            b"",
            b"%PD",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"\xef\xbb\xbf<html>",
            b" %PDF-1.7",
            b"<html>%PDF-1.7",
            b"#!/bin/sh\nrm -rf /",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"II*\0",
            b"BM",
            b"MZ\x90\0",
            b"\x7fELF",
            b"PK\x05\x06",
            b"\x1f\x8b\x08",
        ];
        for other in others {
            assert_eq!(Kind::of(other), None, "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn the_telling_part_is_long_enough() {
        assert!(BEGINNINGS.iter().all(|(beginning, _)| beginning.len() <= TELLING));
    }
}
