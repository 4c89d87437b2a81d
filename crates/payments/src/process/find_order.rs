use std::time::Duration;

use common::id::OrderId;
use ports::store::StoreError;
use tokio::time::Instant;

use super::Payments;
use crate::domain::Order;

/// An order whose id is younger than this may still be on its way to us.
const NEWS: Duration = Duration::from_secs(60);
/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

impl Payments {
    /// The order. One that was placed a moment ago is waited for.
    pub(crate) async fn find_order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        let give_up = Instant::now() + self.settings.order_patience;
        loop {
            let found = self.orders.get(id).await?;
            let may_come = self.clock.now().since(id.made_at()) < NEWS && Instant::now() < give_up;
            if found.is_some() || !may_come {
                return Ok(found);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
