//! How a ticket comes in: its file goes into the object store while it comes, is looked at in another process, its codes
//! and the file itself are claimed, and then the admission is sealed in one commit, which publishes it. A crash before that
//! leaves a loose file and claimed codes, which are cleared away; one after it leaves nothing to do.

use std::time::{Duration, Instant};

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::id::{TicketId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use futures_util::StreamExt;
use ports::store::StoreError;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::unread_stream;
use runtime::store::{Awaited, UpdateContext};

use crate::barcodes::Code;
use crate::claims;
use crate::domain::{
    Admission, FileClaim, GRACE, LOOSE_FOR, LooseFile, NewSeal, SealedAgain, SealedCodes, StoredFile, Wrapped,
};
use crate::error::DeliveryError;
use crate::files::Refusal;
use crate::inspection::Inspection;
use crate::sealing::{FileId, MasterKeys, SealingError, Subject};
use crate::state::DeliveryState;
use crate::vault::Received;
use crate::worker::{Look, WorkerError};

/// How long a request waits for a ticket that was listed a moment ago.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// How many files of one seller come in at once: one that is slow, or that is looked at for long, keeps a place from
/// everybody else.
pub(crate) const OF_ONE_SELLER: usize = 2;

/// The admission of a ticket, for its seller.
pub(crate) async fn admission_of_seller(
    state: &DeliveryState,
    ticket: TicketId,
    seller: UserId,
) -> Result<Versioned<Admission>, DeliveryError> {
    let admission = match state.admissions.await_record(ticket, PATIENCE).await? {
        Awaited::Found(admission) => admission,
        Awaited::NotYet => return Err(DeliveryError::NotHeardYet),
        Awaited::Unknown => return Err(DeliveryError::NotFound),
    };
    if admission.listing.seller == Some(seller) { Ok(admission) } else { Err(DeliveryError::NotTheOwner) }
}

/// Takes in a file with the ticket.
pub(crate) async fn take_file(
    state: &DeliveryState,
    ticket: TicketId,
    seller: UserId,
    body: Body,
) -> Result<Versioned<Admission>, DeliveryError> {
    admission_of_seller(state, ticket, seller).await?.may_seal()?;
    let own = state.uploads_of.take(seller.to_string(), OF_ONE_SELLER).await;
    let _own = own.map_err(|_| DeliveryError::Busy)?;
    let _place = state.uploads.try_acquire().map_err(|_| DeliveryError::Busy)?;
    let begun_at = state.now();
    let subject = Subject { file: state.ids.next(begun_at), ticket };
    state.loose_files.insert(LooseFile::new(subject.file, ticket, begun_at), &()).await?;
    crash_point(CrashPoint::FileNoted);
    let sealed = take_noted_file(state, subject, seller, begun_at, body).await;
    match &sealed {
        Ok(_) => settle(state, subject.file).await,
        // It may be sealed all the same: nobody has confirmed that it is not.
        Err(DeliveryError::Store(_)) => {}
        Err(_) => clear(state, subject.file).await,
    }
    sealed
}

async fn take_noted_file(
    state: &DeliveryState,
    subject: Subject,
    seller: UserId,
    begun_at: Timestamp,
    body: Body,
) -> Result<Versioned<Admission>, DeliveryError> {
    let (received, claim) = receive(state, &subject, body).await?;
    crash_point(CrashPoint::FileStored);
    let inspection = inspect(state, &subject, seller, &received).await?;
    let (kind, key) = (inspection.kind, received.key.to_string());
    let file = StoredFile { id: subject.file, kind, bytes: received.bytes, key, claim: Some(claim) };
    let (codes, fingerprints) = recognise(state, subject.ticket, &inspection.codes)?;
    let what = NewSeal { file: Some(file), codes, fingerprints };
    seal(state, subject.ticket, seller, begun_at, what).await
}

/// Looks at the file in the store, once it is this seller's turn: briefly, which is enough for nearly all, or else for as
/// long as it may take.
async fn inspect(
    state: &DeliveryState,
    subject: &Subject,
    seller: UserId,
    received: &Received,
) -> Result<Inspection, DeliveryError> {
    let turn = state.inspection_turns.take(seller).await.map_err(|_| DeliveryError::Busy)?;
    if !turn.is_of_slow() {
        match look_at(state, subject, received, Look::Brief).await? {
            Err(WorkerError::UsedUp) => {}
            inspection => return inspection?.map_err(DeliveryError::Refused),
        }
    }
    let slow = turn.among_slow().await.map_err(|_| DeliveryError::Busy)?;
    let began = Instant::now();
    let inspection = look_at(state, subject, received, Look::Whole).await;
    slow.took(began.elapsed());
    inspection??.map_err(DeliveryError::Refused)
}

/// What a worker says of the file.
async fn look_at(
    state: &DeliveryState,
    subject: &Subject,
    received: &Received,
    look: Look,
) -> Result<Result<Result<Inspection, Refusal>, WorkerError>, DeliveryError> {
    let place = state.inspector.place(look).await?;
    let file = state.vault.open(&received.key, subject).await?.into_reader();
    Ok(place.inspect(file).await)
}

/// Puts the file into the store while it comes, and finds out what it is recognised by.
async fn receive(state: &DeliveryState, subject: &Subject, body: Body) -> Result<(Received, FileClaim), DeliveryError> {
    let (mut incoming, mut fingerprint) = (state.vault.receive(subject)?, state.code_key.of_file());
    let mut body = body.into_data_stream();
    while let Some(part) = body.next().await {
        let part = part.map_err(|error| DeliveryError::BrokenOff(unread_stream(&error)))?;
        incoming.push(&part).await?;
        fingerprint.push(&part);
    }
    Ok((incoming.finish().await?, FileClaim::new(fingerprint.finish())))
}

/// Takes the text of a code from the seller. If we have a file of theirs in which no code could be read, it is that
/// file's.
pub(crate) async fn take_code(
    state: &DeliveryState,
    ticket: TicketId,
    seller: UserId,
    code: Code,
) -> Result<Versioned<Admission>, DeliveryError> {
    admission_of_seller(state, ticket, seller).await?.may_seal()?;
    let (codes, fingerprints) = recognise(state, ticket, &[code])?;
    let what = NewSeal { file: None, codes, fingerprints };
    seal(state, ticket, seller, state.now(), what).await
}

/// The codes as they are kept, and what they are recognised by, in an order that all have in common.
fn recognise(
    state: &DeliveryState,
    ticket: TicketId,
    codes: &[Code],
) -> Result<(Option<SealedCodes>, Vec<String>), DeliveryError> {
    if codes.is_empty() {
        return Ok((None, Vec::new()));
    }
    // Who has it could be let in after having sold it.
    if codes.iter().any(|code| state.ticket_keys.read(&code.text).is_some()) {
        return Err(DeliveryError::IssuedHere);
    }
    let mut fingerprints: Vec<_> = codes.iter().map(|code| state.code_key.fingerprint(&code.text)).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    let subject = Subject { file: state.ids.next(state.now()), ticket };
    Ok((Some(seal_codes(state.vault.keys(), &subject, codes)?), fingerprints))
}

fn seal_codes(keys: &MasterKeys, subject: &Subject, codes: &[Code]) -> Result<SealedCodes, SealingError> {
    let text = serde_json::to_vec(codes).map_err(|_| SealingError::Failed)?;
    let (mut sealer, key) = keys.seal(subject)?;
    let mut sealed = sealer.push(&text)?;
    sealed.extend(sealer.finish()?);
    Ok(SealedCodes { id: subject.file, key: key.to_string(), sealed: STANDARD.encode(sealed) })
}

/// The codes again.
pub(crate) fn open_codes(keys: &MasterKeys, ticket: TicketId, codes: &SealedCodes) -> Result<Vec<Code>, SealingError> {
    let key = unwrap(&codes.key)?;
    let mut opener = keys.open(&key, &Subject { file: codes.id, ticket })?;
    let sealed = STANDARD.decode(&codes.sealed).map_err(|_| SealingError::NotWhatWasSealed)?;
    let mut text = opener.push(&sealed)?;
    text.extend(opener.finish()?);
    serde_json::from_slice(&text).map_err(|_| SealingError::NotWhatWasSealed)
}

/// A data key as it is kept.
pub(crate) fn unwrap(key: &Wrapped) -> Result<crate::sealing::WrappedKey, SealingError> {
    key.parse()
}

/// Claims the codes and the file and seals the ticket, unless what was begun at this moment has taken too long. A code
/// without a file and a file without a code belong together.
async fn seal(
    state: &DeliveryState,
    ticket: TicketId,
    seller: UserId,
    begun_at: Timestamp,
    given: NewSeal,
) -> Result<Versioned<Admission>, DeliveryError> {
    let what = admission_of_seller(state, ticket, seller).await?.complete(given.clone());
    let (claimed_at, codes) = (state.now(), what.claims().collect::<Vec<_>>());
    let claimed_anew = claims::claim(state, ticket, &codes).await?;
    crash_point(CrashPoint::CodesClaimed);
    let decide = |admission: &mut Admission, context: UpdateContext| {
        if context.now.since(claimed_at) > GRACE / 2 || context.now.since(begun_at) > LOOSE_FOR / 2 {
            return Err(DeliveryError::TooSlow);
        }
        if admission.listing.seller != Some(seller) {
            return Err(DeliveryError::NotTheOwner);
        }
        let whole = admission.complete(given.clone());
        if !whole.is_of(&what) {
            // Another half has come, which is not claimed here.
            return Err(DeliveryError::TooSlow);
        }
        let sealed: Outcome<SealedAgain> = admission.seal(whole, context.now)?;
        Ok(sealed)
    };
    let sealed = state.admissions.update(ticket, decide).await.and_then(|sealed| sealed.ok_or(DeliveryError::NotFound));
    let sealed = match sealed {
        Ok(sealed) => sealed,
        // It may be sealed all the same.
        Err(error @ DeliveryError::Store(_)) => return Err(error),
        Err(refused) => {
            claims::free_anew(state, ticket, &claimed_anew).await;
            return Err(refused);
        }
    };
    crash_point(CrashPoint::TicketSealed);
    if let Err(error) = claims::hold(state, ticket, &codes).await {
        tracing::warn!(%error, "it is not confirmed that codes belong to a ticket; that is done later");
    }
    Ok(sealed.aggregate)
}

/// It is known what has become of a file.
pub(crate) async fn settle(state: &DeliveryState, file: FileId) {
    let settled = state.loose_files.update(file, |loose, _| Ok::<_, StoreError>(loose.settle())).await;
    if let Err(error) = settled {
        tracing::warn!(%error, "it is not noted what has become of a file; that is done later");
    }
}

/// Deletes a file that belongs to nothing. If it cannot be, that is done later.
pub(crate) async fn clear(state: &DeliveryState, file: FileId) {
    match state.vault.delete(file).await {
        Ok(()) => settle(state, file).await,
        Err(error) => tracing::warn!(%error, "a file was not deleted; that is done later"),
    }
}
