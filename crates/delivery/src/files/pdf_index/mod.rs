//! Where a document says that its parts are. A program that finds nothing there looks through the whole file, and may take
//! other parts for the document than we do: such a file could show us one ticket and its buyer another, or run a script
//! that we have not seen. It is damaged anyway: an upload was cut off, or something was added behind its end.
//!
//! An index is a table or a stream, and leads to the one before it.
//! <https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf>, 7.5.4 to 7.5.8

mod packed;
mod stream;
mod table;

use hayro::hayro_syntax::object::Dict;
pub(super) use packed::Packed;

use super::tokens;

/// How often a document may have been added to.
const MOST_REVISIONS: usize = 100;
const START: &[u8] = b"startxref";

/// Looks whether the document ends where it says so, and each part is where the index says. What is inside other parts
/// can be seen only once those are unpacked: [`Packed`] says where it has to be. `None` if something is not right.
pub(super) fn read(file: &[u8]) -> Option<Packed> {
    let at = file.windows(START.len()).rposition(|window| window == START)?;
    let (index, rest) = number(&file[at + START.len()..])?;
    let behind = rest.trim_ascii_start().strip_prefix(b"%%EOF")?;
    if !behind.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return None;
    }
    let (mut left, mut packed) = (vec![index], Packed::default());
    for _ in 0..MOST_REVISIONS {
        let Some(index) = left.pop() else { return Some(packed) };
        let part = file.get(index..)?;
        let entries = match part.trim_ascii_start().strip_prefix(b"xref") {
            Some(table) => table::check(file, table)?,
            None => stream::check(file, part, &mut packed)?,
        };
        // We would go on to one of them, and the buyer's program to another.
        if tokens::has_twice(entries.data()) {
            return None;
        }
        for key in [b"Prev".as_slice(), b"XRefStm"] {
            left.extend(place(&entries, key)?);
        }
    }
    None
}

/// Where this entry says that the index goes on, if it says so. `None` if it says something else.
fn place(entries: &Dict<'_>, key: &[u8]) -> Option<Option<usize>> {
    if entries.contains_key(key) { entries.get::<usize>(key).map(Some) } else { Some(None) }
}

/// Whether this object begins here in the file.
fn begins(file: &[u8], at: usize, (object, generation): (usize, usize)) -> bool {
    let begun = file.get(at..).and_then(header);
    begun.is_some_and(|(number, of, _)| (number, of) == (object, generation))
}

/// The number and the generation of the object that begins here, and what it is.
fn header(part: &[u8]) -> Option<(usize, usize, &[u8])> {
    let (object, rest) = number(part)?;
    let (generation, rest) = number(rest)?;
    Some((object, generation, rest.trim_ascii_start().strip_prefix(b"obj")?))
}

/// The number that follows, and what is behind it.
fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests;
