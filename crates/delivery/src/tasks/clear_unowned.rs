//! Clears away what a crash has left behind: files that belong to no ticket, and codes that were claimed for one that
//! does not have them.

use std::time::Duration;

use ports::store::StoreError;
use runtime::BackgroundTask;

use crate::claims;
use crate::domain::{Admission, CodeClaim, GRACE, LOOSE_FOR, LooseFile};
use crate::intake::{clear, settle};
use crate::state::DeliveryState;
use crate::store::{free_codes, loose_since, settled_files, unconfirmed};

const EVERY: Duration = Duration::from_secs(10 * 60);
/// How many of each are cleared each time at most.
const AT_ONCE: usize = 1000;

pub(super) fn task(state: DeliveryState) -> BackgroundTask {
    let clock = state.clock.clone();
    BackgroundTask::periodic("clear-unowned", EVERY, clock, move || clear_all(state.clone()))
}

async fn clear_all(state: DeliveryState) -> Result<(), StoreError> {
    for loose in state.loose_files.find(&loose_since(state.now() - LOOSE_FOR, AT_ONCE)).await? {
        clear_file(&state, &loose).await?;
    }
    for claim in state.codes.find(&unconfirmed(state.now() - GRACE, AT_ONCE)).await? {
        decide_claim(&state, &claim).await?;
    }
    state.loose_files.purge(&settled_files()).await?;
    state.codes.purge(&free_codes()).await?;
    Ok(())
}

async fn clear_file(state: &DeliveryState, loose: &LooseFile) -> Result<(), StoreError> {
    let admission = state.admissions.get(loose.ticket).await?;
    if admission.is_some_and(|admission| admission.has_file(loose.id)) {
        settle(state, loose.id).await;
    } else {
        clear(state, loose.id).await;
    }
    Ok(())
}

async fn decide_claim(state: &DeliveryState, claim: &CodeClaim) -> Result<(), StoreError> {
    let admission = state.admissions.get(claim.ticket).await?;
    let code = std::slice::from_ref(&claim.id);
    // What is superseded gives up its codes when it is discarded.
    let has_it = |admission: &Admission| {
        admission.has_claim(&claim.id) || admission.place_claim().is_some_and(|place| place.to_string() == claim.id)
    };
    if admission.is_some_and(|admission| has_it(&admission)) {
        claims::hold(state, claim.ticket, code).await
    } else {
        claims::free(state, claim.ticket, code, state.now() - GRACE).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::claims::claim;
    use crate::domain::{GRACE, LooseFile};
    use crate::sealing::Subject;
    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_crash_left_behind_is_cleared_away_and_nothing_else() {
        let app = start().await;
        let (ada, bob) = (app.user(), app.user());
        let sold = app.sealed(&ada, "A1").await;
        // As if the process had died before the ticket was sealed.
        let (ticket, state) = (app.listed(&bob, sealed(0)).await, app.state());
        let subject = Subject { file: state.ids.next(state.now()), ticket: ticket.id };
        state.loose_files.insert(LooseFile::new(subject.file, ticket.id, state.now()), &()).await.expect("is new");
        let mut incoming = state.vault.receive(&subject).expect("begins");
        incoming.push(&pdf("CODE=B2")).await.expect("is taken");
        incoming.finish().await.expect("is stored");
        claim(&state, ticket.id, &[state.code_key.fingerprint("B2")]).await.expect("nobody has it");
        // And as if it had died before it was confirmed that this one is.
        claim(&state, sold.id, &[state.code_key.fingerprint("A1")]).await.expect("it is hers");
        let others = app.listed(&ada, sealed(0)).await;
        assert_eq!(app.upload(&ada, &others, pdf("CODE=B2")).await.status, 409);
        assert_eq!(app.stored().await.len(), 2);
        app.clock.advance(2 * HOUR);
        app.until_stored(1).await;
        app.settle().await;
        let until_free = async {
            while app.upload(&ada, &others, pdf("CODE=B2")).await.status == 409 {
                app.clock.advance(GRACE);
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        harness::within(until_free).await;
        assert_eq!(app.sealed_file(&ada, &sold).await.body, "%PDF-1.7\nCODE=A1\n");
        let third = app.listed(&bob, sealed(0)).await;
        assert_eq!(app.upload(&bob, &third, pdf("CODE=A1")).await.status, 409, "it is held still");
    }
}
