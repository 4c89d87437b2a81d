use hayro::hayro_syntax::object::{Dict, FromBytes};

use super::{begins, number};

/// Looks whether each object is where this table says, and tells the entries of its trailer.
pub(super) fn check<'a>(file: &[u8], mut table: &'a [u8]) -> Option<Dict<'a>> {
    loop {
        if let Some(trailer) = table.trim_ascii_start().strip_prefix(b"trailer") {
            return Dict::from_bytes(trailer.trim_ascii_start());
        }
        let (first, rest) = number(table)?;
        let (count, rest) = number(rest)?;
        table = rest;
        for object in first..first.checked_add(count)? {
            let (at, rest) = number(table)?;
            let (generation, rest) = number(rest)?;
            let (kind, rest) = rest.trim_ascii_start().split_first()?;
            if *kind == b'n' && !begins(file, at, (object, generation)) {
                return None;
            }
            table = rest;
        }
    }
}
