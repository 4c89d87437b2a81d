//! Which listing has which code (invariant I17).

use common::id::TicketId;
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::{Conflict, StoreError};

use crate::domain::{CodeClaim, Taken};
use crate::error::DeliveryError;
use crate::issuing::claim_of;
use crate::state::DeliveryState;

/// Claims the codes for a ticket that is about to be sealed, or has one that another listing has. What was claimed
/// before that stays claimed until it is [cleared away](crate::tasks): the same seller may be about to seal another
/// file with it.
pub(crate) async fn claim(state: &DeliveryState, ticket: TicketId, codes: &[String]) -> Result<(), DeliveryError> {
    for code in codes {
        match claim_one(state, ticket, code).await? {
            Ok(()) => {}
            Err(Taken(other)) => {
                // It may not have given up its codes yet.
                release_if_withdrawn(state, other).await?;
                claim_one(state, ticket, code).await?.map_err(|_: Taken| DeliveryError::CodeListed)?;
            }
        }
    }
    Ok(())
}

async fn claim_one(state: &DeliveryState, ticket: TicketId, code: &str) -> Result<Result<(), Taken>, StoreError> {
    loop {
        match state.codes.insert(CodeClaim::new(code.to_owned(), ticket, state.now()), &()).await {
            Ok(_) => return Ok(Ok(())),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error),
        }
        match state.codes.update(code, |claim, context| claim.claim(ticket, context.now).map_err(Claiming::Taken)).await
        {
            Ok(Some(_)) => return Ok(Ok(())),
            // It has just been removed.
            Ok(None) => {}
            Err(Claiming::Taken(taken)) => return Ok(Err(taken)),
            Err(Claiming::Store(error)) => return Err(error),
        }
    }
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
    let codes = admission.seals().iter().flat_map(|sealed| sealed.what.fingerprints.clone());
    let codes: Vec<String> = codes.chain(admission.resells().map(claim_of)).collect();
    free(state, ticket, &codes, state.now()).await
}
