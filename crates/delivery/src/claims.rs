//! Which listing has which code, and which file (invariant I17). What is said of codes here holds for both.

use common::id::TicketId;
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::{Conflict, StoreError};
use runtime::store::{Silent, UpdateContext};

use crate::domain::{Claimed, ClaimedAnew, CodeClaim, FileClaim, Taken};
use crate::error::DeliveryError;
use crate::key_check::check_code_key;
use crate::state::DeliveryState;
use crate::store::of_ticket;

/// A code that nobody had before it was claimed, and that claim.
type CodeAnew = (String, ClaimedAnew);

/// Claims the codes for a ticket that is about to be sealed, or has one that another listing has. Says which of them
/// nobody had. If it is refused, those are free again; what the ticket had before stays claimed, since its seller may be
/// about to seal another file with it, until it is [cleared away](crate::tasks).
pub(crate) async fn claim(
    state: &DeliveryState,
    ticket: TicketId,
    codes: &[String],
) -> Result<Vec<CodeAnew>, DeliveryError> {
    check_code_key(state).await?;
    let mut anew = Vec::new();
    for code in codes {
        match claim_from_others(state, ticket, code).await? {
            Ok(Claimed::Anew(claimed)) => anew.push((code.clone(), claimed)),
            Ok(Claimed::Again) => {}
            Err(Taken(other)) => {
                free_anew(state, ticket, &anew).await;
                let is_being_freed = is_being_freed(state, ticket, other, code).await?;
                return Err(match (is_being_freed, FileClaim::is_one(code)) {
                    (true, _) => DeliveryError::CodeBeingFreed,
                    (false, true) => DeliveryError::FileListed,
                    (false, false) => DeliveryError::CodeListed,
                });
            }
        }
    }
    Ok(anew)
}

/// Claims a code, also if another listing has it that was withdrawn.
async fn claim_from_others(
    state: &DeliveryState,
    ticket: TicketId,
    code: &str,
) -> Result<Result<Claimed, Taken>, StoreError> {
    let other = match claim_one(state, ticket, code).await? {
        Ok(claimed) => return Ok(Ok(claimed)),
        Err(Taken(other)) => other,
    };
    // It may not have given up its codes yet.
    release_if_withdrawn(state, other).await?;
    claim_one(state, ticket, code).await
}

async fn claim_one(state: &DeliveryState, ticket: TicketId, code: &str) -> Result<Result<Claimed, Taken>, StoreError> {
    loop {
        match state.codes.insert(CodeClaim::new(code.to_owned(), ticket, state.now()), &()).await {
            Ok(claim) => return Ok(Ok(Claimed::Anew(claim.claimed_anew()))),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error),
        }
        let claim = |claim: &mut CodeClaim, context: UpdateContext| {
            Ok(claim.claim(ticket, context.now).map_err(Claiming::Taken)?.map(Silent))
        };
        match state.codes.update(code, claim).await {
            Ok(Some(claimed)) => {
                let claimed = claimed.outcome.changed().map_or(Claimed::Again, |Silent(claimed)| claimed);
                return Ok(Ok(claimed));
            }
            // It has just been removed.
            Ok(None) => {}
            Err(Claiming::Taken(taken)) => return Ok(Err(taken)),
            Err(Claiming::Store(error)) => return Err(error),
        }
    }
}

/// Whether the seller of the ticket has replaced what had the code in their other listing, so that it will be free
/// before long.
async fn is_being_freed(
    state: &DeliveryState,
    ticket: TicketId,
    other: TicketId,
    code: &str,
) -> Result<bool, StoreError> {
    let (Some(mine), Some(other)) = (state.admissions.get(ticket).await?, state.admissions.get(other).await?) else {
        return Ok(false);
    };
    let is_theirs = mine.listing.seller.is_some() && mine.listing.seller == other.listing.seller;
    if !is_theirs || !other.has_claim(code) || other.holds_claim(code) {
        return Ok(false);
    }
    let handovers = state.handovers.find(&of_ticket(other.id)).await?;
    let with_it = other.seals().iter().filter(|sealed| sealed.what.claims().any(|held| held == code));
    Ok(!with_it.into_iter().any(|sealed| handovers.iter().any(|handover| handover.may_sell(sealed.seal))))
}

/// An attempt has come to nothing for certain: what nobody had before it, nobody has, unless the ticket has been sealed
/// with it, or is about to be. If that is not done, it is [later](crate::tasks).
pub(crate) async fn free_anew(state: &DeliveryState, ticket: TicketId, codes: &[CodeAnew]) {
    if let Err(error) = try_to_free_anew(state, ticket, codes).await {
        tracing::warn!(%error, "codes of a ticket that was refused stay claimed for a while");
    }
}

async fn try_to_free_anew(state: &DeliveryState, ticket: TicketId, codes: &[CodeAnew]) -> Result<(), StoreError> {
    if codes.is_empty() {
        return Ok(());
    }
    let admission = state.admissions.get(ticket).await?;
    for (code, claimed) in codes {
        // Who seals the ticket with the same code after this was read has claimed it again.
        if !admission.as_ref().is_some_and(|admission| admission.has_claim(code)) {
            let undo = |claim: &mut CodeClaim, _: UpdateContext| Ok::<_, StoreError>(claim.undo(ticket, *claimed));
            state.codes.update(code, undo).await?;
        }
    }
    Ok(())
}

/// Why a code was not claimed.
enum Claiming {
    Taken(Taken),
    Store(StoreError),
}

impl From<StoreError> for Claiming {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The ticket with these codes is sealed.
pub(crate) async fn hold(state: &DeliveryState, ticket: TicketId, codes: &[String]) -> Result<(), StoreError> {
    for code in codes {
        state.codes.update(code, |claim, _| Ok::<_, StoreError>(claim.hold(ticket))).await?;
    }
    Ok(())
}

/// The ticket does not have these codes any more, unless they were claimed for it after `before`.
pub(crate) async fn free(
    state: &DeliveryState,
    ticket: TicketId,
    codes: &[String],
    before: Timestamp,
) -> Result<(), StoreError> {
    for code in codes {
        state.codes.update(code, |claim, _| Ok::<Outcome<()>, StoreError>(claim.free(ticket, before))).await?;
    }
    Ok(())
}

/// A ticket that is withdrawn, for good, has no codes.
pub(crate) async fn release_if_withdrawn(state: &DeliveryState, ticket: TicketId) -> Result<(), StoreError> {
    let Some(admission) = state.admissions.get(ticket).await?.filter(|admission| admission.listing.withdrawn) else {
        return Ok(());
    };
    let codes = admission.seals().iter().flat_map(|sealed| sealed.what.claims());
    let codes: Vec<String> = codes.chain(admission.place_claim().map(ToString::to_string)).collect();
    free(state, ticket, &codes, state.now()).await
}
