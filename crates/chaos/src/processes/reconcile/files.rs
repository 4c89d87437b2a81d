//! I9, I21: whoever has bought what was given before the sale gets it as it was given.

use std::collections::BTreeMap;
use std::future::ready;

use anyhow::{Context, Result, ensure};
use client::{DeliveryState, OrderId};
use common::delivery::DeliveryPromise;
use common::order_status::OrderStatus;
use futures::{StreamExt, stream};

use super::books::Books;
use super::violation::Violation;
use crate::processes::load::{Bought, Gift};

/// How many buyers look at once.
const AT_ONCE: usize = 4;

/// The buyers of all orders that are complete look what they have got.
pub(in crate::processes) async fn violations(books: &Books, bought: Vec<Bought>) -> Vec<Violation> {
    let complete = books.orders.values().filter(|order| order.status == OrderStatus::Complete);
    let sealed = complete.filter_map(|order| match order.ticket.details.delivery {
        Some(DeliveryPromise::Sealed { seal, .. }) => Some((order.id, seal.0)),
        _ => None,
    });
    let sealed: BTreeMap<OrderId, u32> = sealed.collect();
    let looking = bought.iter().filter_map(|one| Some((one, *sealed.get(&one.order)?)));
    let looked = stream::iter(looking).map(|(one, seal)| async move {
        let error = look(one, seal).await.err()?;
        Some(Violation::new("I9", format!("the file of order {}: {error:#}", one.order)).about(one.order))
    });
    looked.buffer_unordered(AT_ONCE).filter_map(ready).collect().await
}

async fn look(Bought { order, buyer, gifts }: &Bought, seal: u32) -> Result<()> {
    let delivery = buyer.delivery(*order).await?;
    ensure!(delivery.state == DeliveryState::Released, "it is {:?}", delivery.state);
    let codes: Vec<&str> = delivery.codes.iter().map(|code| code.text.as_str()).collect();
    let gift = given(gifts, seal, &codes)?;
    let Some(file) = gift.file() else {
        ensure!(delivery.file.is_none(), "there is a file, and only a code was typed");
        return Ok(());
    };
    let mut download = buyer.delivered_file(*order).await?;
    let mut came = Vec::new();
    while let Some(part) = download.next().await? {
        came.extend_from_slice(&part);
    }
    ensure!(came == file, "{} bytes came, which are not the {} of {gift:?}", came.len(), file.len());
    Ok(())
}

/// Which of those that the seller tried to give it is: by its code, since its answer may have been lost.
fn given<'a>(gifts: &'a [Gift], seal: u32, codes: &[&str]) -> Result<&'a Gift> {
    let gift = gifts.iter().find(|gift| codes == [gift.code.as_str()]);
    let gift = gift.with_context(|| format!("nobody has given {codes:?}"))?;
    let acknowledged = gifts.iter().find(|gift| gift.seal == Some(seal));
    let is_acknowledged = acknowledged.is_none_or(|acknowledged| acknowledged.code == gift.code);
    ensure!(is_acknowledged && gift.seal.is_none_or(|known| known == seal), "it is {gift:?}, not {acknowledged:?}");
    Ok(gift)
}
