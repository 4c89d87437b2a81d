use hayro::hayro_syntax::object::{Array, Dict, FromBytes, Name, Stream};

use super::{Packed, begins, header};

/// Looks whether each object is where the stream that begins here says, and tells the entries of its dictionary, which is
/// its trailer, too. What is inside others is noted.
pub(super) fn check<'a>(file: &[u8], part: &'a [u8], packed: &mut Packed) -> Option<Dict<'a>> {
    let (_, _, object) = header(part)?;
    let stream = Stream::from_bytes(object.trim_ascii_start())?;
    let entries = stream.dict();
    if entries.get::<Name<'_>>(b"Type")?.as_ref() != b"XRef" {
        return None;
    }
    // Of a wrong length each program makes something else.
    if entries.get::<usize>(b"Length")? != stream.raw_data().len() {
        return None;
    }
    let widths = entries.get::<[u8; 3]>(b"W")?.map(usize::from);
    let width = widths.iter().sum();
    let data = stream.decoded_data().ok()?;
    let mut rows = (width > 0).then(|| data.chunks_exact(width))?;
    for (first, count) in sections(entries)? {
        for object in first..first.checked_add(count)? {
            match Row::read(rows.next()?, widths)? {
                Row::Free => {}
                Row::At(at, generation) if begins(file, at, (object, generation)) => {}
                Row::At(..) => return None,
                Row::Inside(other, index) => packed.note(object, other, index),
            }
        }
    }
    Some(entries.clone())
}

/// The first number and the count of those that follow each other: of all there are, if nothing else is said.
fn sections(entries: &Dict<'_>) -> Option<Vec<(usize, usize)>> {
    if entries.contains_key(b"Index") {
        Some(entries.get::<Array<'_>>(b"Index")?.iter::<(usize, usize)>().collect())
    } else {
        Some(vec![(0, entries.get::<usize>(b"Size")?)])
    }
}

/// What a stream says of one object.
enum Row {
    /// There is none.
    Free,
    /// Where it is in the file, and its generation.
    At(usize, usize),
    /// Which other it is inside, and as which part of that.
    Inside(usize, usize),
}

impl Row {
    fn read(row: &[u8], [kind, second, third]: [usize; 3]) -> Option<Self> {
        let (first, rest) = row.split_at_checked(kind)?;
        let (second, rest) = rest.split_at_checked(second)?;
        let third = number(rest.get(..third)?)?;
        // Where nothing is said it is in the file.
        match if first.is_empty() { 1 } else { number(first)? } {
            0 => Some(Self::Free),
            1 => Some(Self::At(number(second)?, third)),
            2 => Some(Self::Inside(number(second)?, third)),
            _ => None,
        }
    }
}

/// The number in these bytes, the largest first; 0 if there are none.
fn number(bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(0_usize, |number, byte| number.checked_mul(256)?.checked_add((*byte).into()))
}
