use super::SealingError;
use super::chunks::{CHUNK, Chunks, Position, VERSION};

/// Seals one file while it comes in. It holds one chunk at most.
pub struct Sealer {
    chunks: Chunks,
    /// What is not sealed yet. A chunk waits until more follows, since the last one is sealed as such.
    waiting: Vec<u8>,
    has_begun: bool,
}

impl Sealer {
    pub(super) fn new(chunks: Chunks) -> Self {
        Self { chunks, waiting: Vec::new(), has_begun: false }
    }

    /// Takes in the next part of the file and returns what can be stored by now, often nothing.
    pub fn push(&mut self, part: &[u8]) -> Result<Vec<u8>, SealingError> {
        let mut sealed = self.begin();
        self.waiting.extend_from_slice(part);
        let mut rest = self.waiting.as_slice();
        while rest.len() > CHUNK {
            let (chunk, after) = rest.split_at(CHUNK);
            self.chunks.seal(chunk, Position::Inner, &mut sealed)?;
            rest = after;
        }
        let done = self.waiting.len() - rest.len();
        self.waiting.drain(..done);
        Ok(sealed)
    }

    /// The file is whole: the rest to be stored.
    pub fn finish(mut self) -> Result<Vec<u8>, SealingError> {
        let mut sealed = self.begin();
        self.chunks.seal(&self.waiting, Position::Last, &mut sealed)?;
        Ok(sealed)
    }

    fn begin(&mut self) -> Vec<u8> {
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        if has_begun { Vec::new() } else { vec![VERSION] }
    }
}
