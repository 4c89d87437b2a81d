//! Wraps data keys by the newest master key, so that the older ones are needed no longer.

use std::time::Duration;

use ports::store::StoreError;
use runtime::BackgroundTask;
use runtime::store::UpdateContext;

use crate::domain::Admission;
use crate::error::DeliveryError;
use crate::intake::unwrap;
use crate::key_check::check_code_key;
use crate::sealing::{SealingError, Subject};
use crate::state::DeliveryState;
use crate::store::with_content;

/// A new master key comes with a new process, which does this first.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many are looked at at once.
const PAGE: usize = 500;

/// Why keys were not wrapped anew.
#[derive(Debug, thiserror::Error)]
enum RewrapError {
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(super) fn task(state: DeliveryState) -> BackgroundTask {
    let clock = state.clock.clone();
    BackgroundTask::periodic("rewrap-keys", EVERY, clock, move || rewrap_all(state.clone()))
}

async fn rewrap_all(state: DeliveryState) -> Result<(), StoreError> {
    // Said when the process starts, and not when the first code comes.
    match check_code_key(&state).await {
        Ok(()) | Err(DeliveryError::OtherCodeKey) => {}
        Err(error) => tracing::warn!(%error, "it is not known yet whether codes are recognised"),
    }
    let mut query = with_content();
    loop {
        let page = state.admissions.page(query.clone(), PAGE).await?;
        for admission in &page.items {
            match rewrap(&state, admission).await {
                Ok(()) => {}
                Err(RewrapError::Store(error)) => return Err(error),
                // It cannot be read either. Others can.
                Err(RewrapError::Sealing(error)) => {
                    metrics::counter!("delivery_unreadable_total").increment(1);
                    tracing::error!(ticket = %admission.id, %error, "its keys cannot be read");
                }
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(());
        }
    }
}

async fn rewrap(state: &DeliveryState, admission: &Admission) -> Result<(), RewrapError> {
    let rewrap = |admission: &mut Admission| {
        let ticket = admission.id;
        admission.rewrap(|file, key| {
            let rewrapped = state.vault.keys().rewrap(&unwrap(key)?, &Subject { file, ticket })?;
            Ok::<_, SealingError>(rewrapped.map(|key| key.to_string()))
        })
    };
    // Most are as they should be: what is not written need not be read again.
    if !rewrap(&mut admission.clone())?.is_changed() {
        return Ok(());
    }
    let again = |admission: &mut Admission, _: UpdateContext| Ok::<_, RewrapError>(rewrap(admission)?);
    state.admissions.update(admission.id, again).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::sealing::MasterKey;
    use crate::service_testing::*;

    fn name_of(label: &str) -> String {
        label.repeat(16).parse::<MasterKey>().expect("is a key").id().to_string()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_a_change_of_the_master_key_the_one_before_is_needed_no_longer() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.bought(&buyer, &ticket).await;
        assert!(app.everything_kept().await.contains(&name_of("old")));
        let both = App::replica_of(&app, "new old").await;
        harness::within(async {
            while both.everything_kept().await.contains(&name_of("old")) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
        let after = App::replica_of(&app, "new").await;
        for app in [&both, &after] {
            assert_eq!(app.delivery(&buyer, order.id).await.body["codes"][0]["text"], "A1");
            assert_eq!(app.delivered_file(&buyer, order.id).await.body, "%PDF-1.7\nCODE=A1\n");
        }
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 500, "it has only the old key");
    }
}
