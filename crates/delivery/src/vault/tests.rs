use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::io::AsyncReadExt;

use super::*;
use crate::files::{Kind, MAX_BYTES, Refusal};
use crate::sealing::SealingError;

/// A vault, and what it keeps its files in.
fn vault() -> (Vault, Arc<InMemory>) {
    let store = Arc::new(InMemory::new());
    let keys = MasterKeys::new("m".repeat(32).parse().expect("is long enough"), vec![]);
    (Vault::new(Storage::new(store.clone(), 100_000), keys), store)
}

fn subject() -> Subject {
    let id = "65f0000000000000000000aa";
    Subject { file: id.parse().expect("is an id"), ticket: "65f000000000000000000001".parse().expect("is an id") }
}

/// A file of this length that begins like a document.
fn document(length: usize) -> Vec<u8> {
    b"%PDF-1.7\nTICKET ".iter().copied().cycle().take(length).collect()
}

async fn receive(vault: &Vault, file: &[u8]) -> Result<Received, VaultError> {
    let mut incoming = vault.receive(&subject())?;
    for part in file.chunks(9_000) {
        incoming.push(part).await?;
    }
    incoming.finish().await
}

async fn open(vault: &Vault, received: &Received) -> Result<Vec<u8>, VaultError> {
    let mut outgoing = vault.open(&received.key, &subject()).await?;
    let mut file = Vec::new();
    while let Some(part) = outgoing.next().await? {
        file.extend_from_slice(&part);
    }
    Ok(file)
}

async fn stored(store: &InMemory) -> Option<(Path, Bytes)> {
    let found = store.list(None).try_next().await.expect("lists")?;
    let bytes = store.get(&found.location).await.expect("is there").bytes().await.expect("is read");
    Some((found.location, bytes))
}

#[tokio::test]
async fn a_file_comes_in_and_goes_out_as_it_was() {
    let (vault, store) = vault();
    for length in [8, 65_536, 65_537, 1_000_000] {
        let file = document(length);
        let received = receive(&vault, &file).await.expect("is taken");
        assert_eq!((received.kind, received.bytes), (Kind::Pdf, length as u64));
        assert!(open(&vault, &received).await.expect("opens") == file, "{length}");
        let (_, kept) = stored(&store).await.expect("is there");
        assert!(!kept.windows(6).any(|window| window == b"TICKET" || window == b"%PDF-1"), "it cannot be read");
        let (mut read, outgoing) = (Vec::new(), vault.open(&received.key, &subject()).await.expect("opens"));
        Box::pin(outgoing.into_reader()).read_to_end(&mut read).await.expect("is read");
        assert!(read == file, "{length}");
    }
    vault.delete(subject().file).await.expect("is deleted");
    assert_eq!(stored(&store).await, None);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let (vault, store) = vault();
    let large = document(usize::try_from(MAX_BYTES).expect("fits") + 1);
    let refusals: [(&[u8], Refusal); 4] = [
        (&large, Refusal::TooLarge),
        (b"<html><script>alert(1)</script>", Refusal::UnknownKind),
        (b"", Refusal::Empty),
        (b"%PDF", Refusal::UnknownKind),
    ];
    for (file, refusal) in refusals {
        let refused = receive(&vault, file).await;
        assert!(matches!(refused, Err(VaultError::Refused(why)) if why == refusal), "{refused:?}");
        assert_eq!(stored(&store).await, None);
    }
}

#[tokio::test]
async fn a_file_that_was_changed_is_not_given_out_as_a_whole() {
    let (vault, store) = vault();
    let received = receive(&vault, &document(1_000_000)).await.expect("is taken");
    let (path, kept) = stored(&store).await.expect("is there");
    for changed in [kept.slice(..900_000), kept.slice(..1), kept.slice(1..), [&kept[..], b"x"].concat().into()] {
        store.put(&path, changed.into()).await.expect("is written");
        let opened = open(&vault, &received).await;
        assert!(matches!(opened, Err(VaultError::Sealing(SealingError::NotWhatWasSealed))), "{opened:?}");
    }
    // The first part goes out before the last is read.
    store.put(&path, kept.slice(..900_000).into()).await.expect("is written");
    let begun = vault.open(&received.key, &subject()).await.expect("begins").into_stream();
    assert!(begun.try_collect::<Vec<_>>().await.is_err());
}

#[tokio::test]
async fn what_is_not_there_or_not_ours_is_told_before_the_first_byte() {
    let (vault, store) = vault();
    let received = receive(&vault, &document(100)).await.expect("is taken");
    let (path, kept) = stored(&store).await.expect("is there");
    store.put(&path, kept.slice(..50).into()).await.expect("is written");
    let changed = vault.open(&received.key, &subject()).await;
    assert!(matches!(changed.err(), Some(VaultError::Sealing(SealingError::NotWhatWasSealed))));
    vault.delete(subject().file).await.expect("is deleted");
    let missing = vault.open(&received.key, &subject()).await;
    assert!(matches!(missing.err(), Some(VaultError::Storage(StorageError::NotFound))));
}
