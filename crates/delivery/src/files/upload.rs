use super::kind::TELLING;
use super::{Kind, Refusal};

/// What a file may have at most.
pub const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// Looks at a file while it comes in and keeps nothing of it: refuses it as soon as it is too large, or of a kind that is
/// not taken.
#[derive(Debug, Default)]
pub struct Upload {
    beginning: Vec<u8>,
    bytes: u64,
    kind: Option<Kind>,
}

/// What came, by its beginning and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    /// What it claims to be.
    pub kind: Kind,
    /// How much it is.
    pub bytes: u64,
}

impl Upload {
    /// Takes the next part of the file into account, before it is given to anybody else.
    pub fn push(&mut self, part: &[u8]) -> Result<(), Refusal> {
        self.bytes += part.len() as u64;
        if self.bytes > MAX_BYTES {
            return Err(Refusal::TooLarge);
        }
        let telling = TELLING - self.beginning.len();
        self.beginning.extend(part.iter().take(telling));
        if self.kind.is_none() && self.beginning.len() == TELLING {
            self.kind = Some(Kind::of(&self.beginning).ok_or(Refusal::UnknownKind)?);
        }
        Ok(())
    }

    /// All of the file has come.
    pub fn finish(self) -> Result<Uploaded, Refusal> {
        match self.kind {
            Some(kind) => Ok(Uploaded { kind, bytes: self.bytes }),
            None if self.bytes == 0 => Err(Refusal::Empty),
            // Nothing that is taken is as short as this.
            None => Err(Refusal::UnknownKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn upload(file: &[u8], part: usize) -> Result<Uploaded, Refusal> {
        let mut upload = Upload::default();
        file.chunks(part).try_for_each(|part| upload.push(part))?;
        upload.finish()
    }

    #[test]
    fn the_limit_is_the_last_byte_that_is_taken() {
        let largest = usize::try_from(MAX_BYTES).expect("fits");
        let mut file = vec![b' '; largest];
        file[..5].copy_from_slice(b"%PDF-");
        assert_eq!(upload(&file, 60_000), Ok(Uploaded { kind: Kind::Pdf, bytes: MAX_BYTES }));
        file.push(b' ');
        assert_eq!(upload(&file, 60_000), Err(Refusal::TooLarge));
    }

    #[test]
    fn what_is_not_taken_is_refused_with_its_first_part() {
        let mut page = Upload::default();
        assert_eq!(page.push(b"<!DOCTYPE html>"), Err(Refusal::UnknownKind));
        assert_eq!(upload(b"", 1), Err(Refusal::Empty));
        assert_eq!(upload(b"%PDF-", 1), Err(Refusal::UnknownKind), "a file of five bytes is no document");
    }

    proptest! {
        #[test]
        fn how_it_is_cut_makes_no_difference(rest in prop::collection::vec(any::<u8>(), 0..40), part in 1_usize..12) {
            let file = [b"\x89PNG\r\n\x1a\n".as_slice(), &rest].concat();
            prop_assert_eq!(upload(&file, part), Ok(Uploaded { kind: Kind::Png, bytes: file.len() as u64 }));
            prop_assert_eq!(upload(&rest, part), upload(&rest, usize::MAX));
        }
    }
}
