use std::io;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use tokio::io::AsyncRead;
use tokio_util::io::StreamReader;

use super::VaultError;
use crate::sealing::Opener;
use crate::storage::Reader;

/// A file that goes out.
pub struct Outgoing {
    /// `None` once the last chunk is opened.
    opener: Option<Opener>,
    reader: Reader,
    /// What is opened and not given out yet.
    opened: Vec<u8>,
}

impl Outgoing {
    pub(super) async fn begin(opener: Opener, reader: Reader) -> Result<Self, VaultError> {
        let mut file = Self { opener: Some(opener), reader, opened: Vec::new() };
        file.fill().await?;
        Ok(file)
    }

    /// The next part of the file; `None` at its end, and then nothing is missing.
    pub async fn next(&mut self) -> Result<Option<Bytes>, VaultError> {
        self.fill().await?;
        let next = std::mem::take(&mut self.opened);
        Ok((!next.is_empty()).then(|| next.into()))
    }

    /// Reads on until there is something to give out, or the file is at its end.
    async fn fill(&mut self) -> Result<(), VaultError> {
        while self.opened.is_empty() && self.opener.is_some() {
            self.opened = self.read().await?;
        }
        Ok(())
    }

    /// Opens the next part of what is stored, which can be nothing.
    async fn read(&mut self) -> Result<Vec<u8>, VaultError> {
        let slice = self.reader.next().await?;
        match (slice, &mut self.opener) {
            (Some(slice), Some(opener)) => Ok(opener.push(&slice)?),
            (None, opener) => Ok(opener.take().map(Opener::finish).transpose()?.unwrap_or_default()),
            (Some(_), None) => Ok(Vec::new()),
        }
    }

    /// The file as a body of an answer is made of it.
    pub fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let parts = stream::try_unfold(self, |mut file| async move {
            Ok::<_, VaultError>(file.next().await?.map(|part| (part, file)))
        });
        parts.map_err(io::Error::other)
    }

    /// The file as the [worker](crate::worker) is given it.
    pub fn into_reader(self) -> impl AsyncRead + Send + 'static {
        StreamReader::new(Box::pin(self.into_stream()))
    }
}
