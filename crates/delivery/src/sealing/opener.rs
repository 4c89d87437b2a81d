use super::SealingError;
use super::chunks::{CHUNK, Chunks, Position, TAG, VERSION};

/// Opens one file while it comes from the store. It holds one chunk at most.
pub struct Opener {
    chunks: Chunks,
    /// What is not opened yet. A chunk waits until more follows, since the last one is opened as such.
    waiting: Vec<u8>,
    has_begun: bool,
}

impl Opener {
    pub(super) fn new(chunks: Chunks) -> Self {
        Self { chunks, waiting: Vec::new(), has_begun: false }
    }

    /// Takes in the next part of what was stored and returns what of the file can be read by now, often nothing. All of
    /// it is as it was sealed; only [`finish`](Self::finish) tells that nothing is missing.
    pub fn push(&mut self, part: &[u8]) -> Result<Vec<u8>, SealingError> {
        let part = self.begin(part)?;
        self.waiting.extend_from_slice(part);
        let mut opened = Vec::with_capacity(self.waiting.len());
        let mut rest = self.waiting.as_slice();
        while rest.len() > CHUNK + TAG {
            let (chunk, after) = rest.split_at(CHUNK + TAG);
            self.chunks.open(chunk, Position::Inner, &mut opened)?;
            rest = after;
        }
        let done = self.waiting.len() - rest.len();
        self.waiting.drain(..done);
        Ok(opened)
    }

    /// All that was stored has come: the rest of the file.
    pub fn finish(mut self) -> Result<Vec<u8>, SealingError> {
        let mut opened = Vec::new();
        self.chunks.open(&self.waiting, Position::Last, &mut opened)?;
        Ok(opened)
    }

    /// `part` without the version, which is checked.
    fn begin<'a>(&mut self, part: &'a [u8]) -> Result<&'a [u8], SealingError> {
        if self.has_begun {
            return Ok(part);
        }
        let Some((&version, rest)) = part.split_first() else { return Ok(part) };
        self.has_begun = true;
        if version == VERSION { Ok(rest) } else { Err(SealingError::NotWhatWasSealed) }
    }
}
