//! How an archive lies in its file. There is a list of entries at its end, and each entry says again what it is. Programs
//! believe one or the other, so that of two archives in one file we would see one, and a phone the other: nothing is taken
//! that has room for a second one, or says two things. (APPNOTE.TXT, section 4.3; passes are too small for Zip64.)

use super::Refusal;

const ENTRY: &[u8] = b"PK\x03\x04";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
const LISTED: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// How long the last record is, if it has no comment.
const END_LENGTH: usize = 22;

/// What an entry has after its content, instead of before it, is told by this flag.
const IS_DESCRIBED_AFTER: u16 = 1 << 3;
/// The flags that both must agree in: whether it is encrypted, what comes after it, and how its name is written.
const FLAGS: u16 = 1 | IS_DESCRIBED_AFTER | 1 << 11;
/// The part of an entry's other parts that gives it another name.
const OTHER_NAME: u16 = 0x7075;

/// How many entries the archive has. Refuses one that does not consist of its entries one behind the other, their list,
/// and the record of its end.
pub(super) fn count(file: &[u8]) -> Result<usize, Refusal> {
    count_entries(file).ok_or(Refusal::Damaged)
}

fn count_entries(file: &[u8]) -> Option<usize> {
    let (before, end) = file.split_at_checked(file.len().checked_sub(END_LENGTH)?)?;
    let mut end = Fields(end);
    end.expect(END)?;
    end.expect(&[0; 4])?;
    let (count, of_all) = (end.u16()?, end.u16()?);
    let (length, start) = (end.length()?, end.length()?);
    end.expect(&[0; 2])?;
    let (content, list) = before.split_at_checked(start)?;
    if count != of_all || list.len() != length {
        return None;
    }
    let (mut list, mut entries) = (Fields(list), Vec::new());
    while !list.0.is_empty() {
        entries.push(Entry::listed(&mut list)?);
    }
    entries.sort_by_key(|entry| entry.start);
    let mut left = Fields(content);
    for entry in &entries {
        if entry.start != content.len() - left.0.len() {
            return None;
        }
        entry.skip(&mut left)?;
    }
    (left.0.is_empty() && entries.len() == usize::from(count)).then_some(entries.len())
}

/// What both the list and the entry say.
#[derive(PartialEq)]
struct Header<'a> {
    flags: u16,
    method: u16,
    sizes: Sizes,
    name: &'a [u8],
}

/// The checksum of an entry, and how long it is packed and unpacked.
#[derive(Clone, Copy, PartialEq, Default)]
struct Sizes {
    sum: u32,
    packed: usize,
    unpacked: usize,
}

/// An entry as it is in the list.
struct Entry<'a> {
    header: Header<'a>,
    start: usize,
}

impl<'a> Entry<'a> {
    fn listed(list: &mut Fields<'a>) -> Option<Self> {
        list.expect(LISTED)?;
        list.take(4)?;
        let (flags, method, sizes) = list.kind()?;
        let (name, extra) = (list.u16()?, list.u16()?);
        // No comment, and on the first disk.
        list.expect(&[0; 4])?;
        list.take(6)?;
        let start = list.length()?;
        let name = list.name(name, extra)?;
        Some(Self { header: Header { flags, method, sizes, name }, start })
    }

    /// Goes on to the next entry, if this one says the same as the list.
    fn skip(&self, content: &mut Fields<'a>) -> Option<()> {
        content.expect(ENTRY)?;
        content.take(2)?;
        let (flags, method, mut sizes) = content.kind()?;
        let (name, extra) = (content.u16()?, content.u16()?);
        let name = content.name(name, extra)?;
        let is_described_after = flags & IS_DESCRIBED_AFTER != 0;
        if is_described_after && sizes == Sizes::default() {
            sizes = self.header.sizes;
        }
        if (Header { flags, method, sizes, name }) != self.header {
            return None;
        }
        content.take(sizes.packed)?;
        if is_described_after {
            // Which not all programs begin like this.
            let _ = content.expect(DESCRIPTOR);
            if content.sizes()? != sizes {
                return None;
            }
        }
        Some(())
    }
}

/// Reads one field after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.0.split_at_checked(length)?;
        self.0 = left;
        Some(taken)
    }

    fn expect(&mut self, field: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(field)?;
        Some(())
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        self.u32()?.try_into().ok()
    }

    fn sizes(&mut self) -> Option<Sizes> {
        Some(Sizes { sum: self.u32()?, packed: self.length()?, unpacked: self.length()? })
    }

    /// The flags that count, the method, and after the time the sizes.
    fn kind(&mut self) -> Option<(u16, u16, Sizes)> {
        let (flags, method) = (self.u16()? & FLAGS, self.u16()?);
        self.take(4)?;
        Some((flags, method, self.sizes()?))
    }

    /// A name and the other parts behind it, if none of those is another name.
    fn name(&mut self, name: u16, extra: u16) -> Option<&'a [u8]> {
        let name = self.take(name.into())?;
        let mut extra = Fields(self.take(extra.into())?);
        while let (Some(id), Some(length)) = (extra.u16(), extra.u16()) {
            if id == OTHER_NAME {
                return None;
            }
            extra.take(length.into())?;
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use harness::ticket_files::archive;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// Two entries, of which the first is longer than the second.
    fn plain() -> Vec<u8> {
        archive(&[("pass.json", b"{\"a\":1}"), ("icon.png", b"x")])
    }

    fn position(file: &[u8], part: &[u8], nth: usize) -> usize {
        let found = file.windows(part.len()).enumerate().filter(|(_, window)| *window == part);
        found.map(|(at, _)| at).nth(nth).expect("is in the file")
    }

    /// The list's place in the file, moved by what was put before it.
    fn with_list_moved(mut file: Vec<u8>, by: u32) -> Vec<u8> {
        let at = file.len() - 6;
        let start = u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes")) + by;
        file[at..at + 4].copy_from_slice(&start.to_le_bytes());
        file
    }

    #[test]
    fn archives_as_they_are_written_are_counted() {
        assert_eq!(count(&plain()), Ok(2));
        assert_eq!(count(&archive(&[])), Ok(0));
        // One that is written to a pipe says how long its entries are behind them.
        let mut streamed = ZipWriter::new_stream(Vec::new());
        for name in ["pass.json", "icon.png"] {
            streamed.start_file(name, SimpleFileOptions::default()).expect("begins");
            streamed.write_all(&[7; 300]).expect("packs");
        }
        let streamed = streamed.finish().expect("ends").into_inner();
        assert!(streamed[6] & 8 != 0, "it has the flag");
        assert_eq!(count(&streamed), Ok(2));
        let unmarked = position(&streamed, DESCRIPTOR, 1);
        let mut shorter = streamed;
        shorter.drain(unmarked..unmarked + 4);
        let at = shorter.len() - 6;
        let start = u32::from_le_bytes(shorter[at..at + 4].try_into().expect("four bytes")) - 4;
        shorter[at..at + 4].copy_from_slice(&start.to_le_bytes());
        assert_eq!(count(&shorter), Ok(2), "without the word before the descriptor");
    }

    #[test]
    fn two_archives_in_one_file_are_refused() {
        let (one, other) = (plain(), archive(&[("pass.json", b"{}")]));
        assert_eq!(count(&[one.clone(), other.clone()].concat()), Err(Refusal::Damaged));
        // With the second one's places made right, and the first one as a gap before, between or behind entries.
        let length = u32::try_from(other.len()).expect("is short");
        for nth in [0, 1] {
            let at = position(&one, ENTRY, nth);
            let mut file = [&one[..at], &other, &one[at..]].concat();
            for listed in nth..2 {
                // The entries of the first come behind that of the second in the file.
                let at = position(&file, LISTED, listed + 1) + 42;
                let start = u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes")) + length;
                file[at..at + 4].copy_from_slice(&start.to_le_bytes());
            }
            assert_eq!(count(&with_list_moved(file, length)), Err(Refusal::Damaged), "{nth}");
        }
        let at = position(&one, LISTED, 0);
        let behind = [&one[..at], &other, &one[at..]].concat();
        assert_eq!(count(&with_list_moved(behind, length)), Err(Refusal::Damaged), "before the list");
        let at = position(&one, END, 0);
        assert_eq!(count(&[&one[..at], &other, &one[at..]].concat()), Err(Refusal::Damaged), "behind the list");
    }

    #[test]
    fn what_is_around_an_archive_is_refused() {
        let plain = plain();
        for other in [b"x".as_slice(), b"<script>", b"\0\0"] {
            assert_eq!(count(&[&plain, other].concat()), Err(Refusal::Damaged));
            assert_eq!(count(&[other, &plain].concat()), Err(Refusal::Damaged));
        }
        let mut commented = ZipWriter::new(Cursor::new(Vec::new()));
        commented.set_comment("<script>").expect("is short");
        assert_eq!(count(commented.finish().expect("ends").get_ref()), Err(Refusal::Damaged));
        for length in 0..plain.len() {
            assert_eq!(count(&plain[..length]), Err(Refusal::Damaged), "{length}");
        }
    }

    #[test]
    fn an_entry_that_says_something_else_than_the_list_is_refused() {
        // Flags, method, checksum, sizes and name.
        for (first, length) in [(6, 1), (7, 1), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (30, 9)] {
            for at in first..first + length {
                let mut file = plain();
                file[at] ^= if first == 7 || first == 6 { 8 } else { 1 };
                assert_eq!(count(&file), Err(Refusal::Damaged), "{at}");
            }
        }
        let mut file = plain();
        let at = position(&file, END, 0);
        file[at + 8] = 1;
        file[at + 10] = 1;
        assert_eq!(count(&file), Err(Refusal::Damaged), "fewer entries than there are");
    }

    #[test]
    fn an_entry_with_another_name_beside_its_own_is_refused() {
        let field = [OTHER_NAME.to_le_bytes().as_slice(), &[1, 0, 1]].concat();
        let plain = plain();
        let name = position(&plain, b"pass.json", 0);
        let mut file = [&plain[..name + 9], &field, &plain[name + 9..]].concat();
        file[name - 2] = 5;
        let listed = position(&file, LISTED, 1) + 42;
        let start = u32::from_le_bytes(file[listed..listed + 4].try_into().expect("four bytes")) + 5;
        file[listed..listed + 4].copy_from_slice(&start.to_le_bytes());
        let mut file = with_list_moved(file, 5);
        assert_eq!(count(&file), Err(Refusal::Damaged));
        file[name + 9] ^= 0xff;
        assert_eq!(count(&file), Ok(2), "what no program makes a name of");
    }
}
