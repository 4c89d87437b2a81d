//! That codes are recognised by the secret that they always were.

use ports::store::{Conflict, StoreError};
use tokio::sync::OnceCell;

use crate::domain::KeyMark;
use crate::error::DeliveryError;
use crate::state::DeliveryState;

/// Whether this process has the secret of the database's codes, once that is known to be so.
#[derive(Debug, Default)]
pub(crate) struct KeyCheck(OnceCell<()>);

/// Refuses to go on with another secret. Until a code was claimed any will do.
pub(crate) async fn check_code_key(state: &DeliveryState) -> Result<(), DeliveryError> {
    state.key_check.0.get_or_try_init(|| compare(state)).await.copied()
}

async fn compare(state: &DeliveryState) -> Result<(), DeliveryError> {
    let mine = KeyMark::new(state.code_key.fingerprint(KeyMark::ID));
    loop {
        match state.key_marks.get(KeyMark::ID).await? {
            Some(first) if first.is_of_the_same(&mine) => return Ok(()),
            Some(_) => {
                tracing::error!("delivery takes no tickets: {}", DeliveryError::OtherCodeKey);
                metrics::counter!("delivery_unreadable_total").increment(1);
                return Err(DeliveryError::OtherCodeKey);
            }
            None => {}
        }
        match state.key_marks.insert(mine.clone(), &()).await {
            // Another process was first: perhaps with another secret.
            Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::barcodes::{Code, Symbology};
    use crate::intake::take_code;
    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn with_another_secret_no_code_is_taken_that_could_have_been_sold_already() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        app.sealed(&seller, "A1").await;
        let again = app.listed(&other, sealed(0)).await;
        let keys = format!("codes:{},old:{}", "x".repeat(32), "old".repeat(16)).parse().expect("is a key ring");
        let mistaken = DeliveryState::new(&app.deps, Settings { keys, ..settings(&app.files, "old") });
        assert!(matches!(check_code_key(&mistaken).await, Err(DeliveryError::OtherCodeKey)));
        let code = Code { symbology: Symbology::Qr, text: "A1".into() };
        let refused = take_code(&mistaken, again.id, other.id, code).await;
        assert!(matches!(refused, Err(DeliveryError::OtherCodeKey)), "{refused:?}");
        assert_eq!(app.upload(&other, &again, pdf("CODE=A1")).await.status, 409);
        assert_eq!(app.upload(&other, &again, pdf("CODE=B2")).await.status, 200);
    }
}
