use std::time::Duration;

use ports::store::StoreError;

use crate::domain::{Claim, News, Payment};
use crate::state::PaymentsState;

/// The pauses between looks at a payment that somebody works on, in milliseconds. Stripe's answer and its webhook are sent at the same
/// time, and whichever is slower says nothing new.
const PAUSES: [u64; 5] = [25, 50, 100, 200, 300];

/// Whether a webhook adds nothing to what the payment's record knows: then there is nothing to ask Stripe about.
///
/// Such a webhook is not remembered either. Nothing that it told can be thrown away (I16), as the record had it before;
/// should it come again, it is compared again, which costs less than its memory.
pub(super) async fn is_known(state: &PaymentsState, claim: &Claim) -> Result<bool, StoreError> {
    for pause in PAUSES {
        match news(state, claim).await? {
            News::Nothing => return Ok(true),
            News::Something => return Ok(false),
            News::SoonKnown => tokio::time::sleep(Duration::from_millis(pause)).await,
        }
    }
    Ok(news(state, claim).await? == News::Nothing)
}

async fn news(state: &PaymentsState, claim: &Claim) -> Result<News, StoreError> {
    let news_to = |payment: &Payment| payment.news_in(claim, state.clock.now());
    // What a record has known once, it knows for good.
    if state.payments.recall(claim.order_id).is_some_and(|payment| news_to(&payment) == News::Nothing) {
        return Ok(News::Nothing);
    }
    let payment = state.payments.get(claim.order_id).await?;
    Ok(payment.map_or(News::Something, |payment| news_to(&payment)))
}
