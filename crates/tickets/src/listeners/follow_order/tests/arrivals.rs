//! The events of several orders for one ticket, however often and in whatever sequence they come.

use std::collections::HashSet;

use futures::future::join_all;
use ports::store::StoreError;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use super::crashes::known;
use super::*;

/// What happens while events are delivered.
#[derive(Debug, Clone)]
struct Wave {
    /// The events that are handled at the same time, by two processes in turn.
    events: Vec<Index>,
    /// After how many writes the first process dies.
    dies_after: Option<usize>,
}

/// The last versions of the last order. What is cancelled after it was complete never came to its buyer.
const LAST: [&[OrderStatus]; 5] = [
    &[],
    &[OrderStatus::Complete],
    &[OrderStatus::Complete, OrderStatus::Cancelled],
    &[OrderStatus::Cancelled],
    &[OrderStatus::Cancelled, OrderStatus::Cancelled],
];

fn waves() -> impl Strategy<Value = Vec<Wave>> {
    let events = prop::collection::vec(any::<Index>(), 1..4);
    let wave = (events, prop::option::of(0usize..3)).prop_map(|(events, dies_after)| Wave { events, dies_after });
    prop::collection::vec(wave, 0..20)
}

/// A ticket, the orders for it, and what was made of their events.
struct Market<'a> {
    app: &'a Harness,
    ticket: Value,
    orders: Vec<OrderId>,
    events: Vec<Versioned<Order>>,
    /// By their positions, the events that need not come again.
    acknowledged: HashSet<usize>,
}

impl Market<'_> {
    /// These events are handled at the same time, by two processes in turn, one of which may die.
    async fn deliver(&mut self, positions: &[usize], dies_after: Option<usize>) {
        let ((dying, store), other) = (watched_process(self.app), process(self.app));
        store.die_after(dies_after.unwrap_or(usize::MAX));
        let handled = positions.iter().zip([&dying, &other].into_iter().cycle()).map(|(position, process)| {
            let event = self.events[*position].clone();
            async move { (*position, follow(process, event).await) }
        });
        let handled: Vec<_> = join_all(handled).await;
        self.acknowledged.extend(handled.iter().filter(|(_, result)| result.is_ok()).map(|(position, _)| position));
        for (position, result) in handled {
            match result {
                Ok(()) => {}
                Err(ListenError::NotYet(_) | ListenError::Store(StoreError::Unavailable(_))) => {
                    self.acknowledged.remove(&position);
                }
                Err(error) => panic!("{:?}: {error}", self.events[position]),
            }
        }
        let (holder, ..) = state(self.app, &self.ticket).await;
        assert!(holder.is_none_or(|holder| !self.has_ended(holder)), "a dead order holds the ticket");
    }

    /// It is cancelled, and nothing about it comes again.
    fn has_ended(&self, order: OrderId) -> bool {
        let mut of_it = self.events.iter().enumerate().filter(|(_, event)| event.id == order);
        of_it.clone().any(|(_, event)| event.status == OrderStatus::Cancelled)
            && of_it.all(|(position, _)| self.acknowledged.contains(&position))
    }

    /// What is not acknowledged comes again, the latest first, which is the worst sequence, until everything is.
    async fn redeliver(&mut self) {
        for _ in 0..=2 * self.events.len() {
            for position in (0..self.events.len()).rev() {
                if !self.acknowledged.contains(&position) {
                    self.deliver(&[position], None).await;
                }
            }
        }
        assert_eq!(self.acknowledged.len(), self.events.len(), "{:?}: {:?}", self.events, self.acknowledged);
    }

    /// Every order is known at its last version, in the ticket or apart, and the ticket is as the last order says.
    async fn assert_settled(&self) {
        let process = process(self.app);
        for id in &self.orders {
            let last = self.events.iter().rfind(|event| event.id == *id).expect("it has come");
            assert_eq!(known(&process, last).await, Some(last.version));
        }
        let last = self.events.last().expect("one has come");
        let holder = (last.status != OrderStatus::Cancelled).then_some(last.id);
        let (held_by, sold, _) = state(self.app, &self.ticket).await;
        assert_eq!((held_by, sold), (holder, last.status == OrderStatus::Complete));
        let withdrawn = shown(self.app, &self.ticket).await.get("withdrawn").is_some();
        assert_eq!(withdrawn, last.is_undelivered);
    }
}

async fn arrive(app: &Harness, ends: &[&[OrderStatus]], waves: &[Wave]) {
    let ticket = listed(app, &app.user(), draft("Concert", json!(20))).await;
    let (mut orders, mut events) = (Vec::new(), Vec::new());
    for end in ends {
        let created = order_created(app, &ticket);
        let versions = std::iter::once(OrderStatus::Created).chain(end.iter().copied()).zip(0..);
        let is_undelivered = end.first() == Some(&OrderStatus::Complete);
        events.extend(versions.map(|(status, version)| {
            let mut order = order(&created, version, status);
            order.value.is_undelivered = is_undelivered && status == OrderStatus::Cancelled;
            order
        }));
        orders.push(created.id);
    }
    let mut market = Market { app, ticket, orders, events, acknowledged: HashSet::new() };
    for Wave { events, dies_after } in waves {
        let positions: Vec<_> = events.iter().map(|event| event.index(market.events.len())).collect();
        market.deliver(&positions, *dies_after).await;
    }
    market.redeliver().await;
    market.assert_settled().await;
    let all: Vec<_> = (0..market.events.len()).collect();
    market.deliver(&all, None).await;
    market.assert_settled().await;
}

#[test]
fn a_ticket_ends_as_its_orders_say_however_their_events_arrive() {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(start());
    // Another order for the ticket is made only once the one before is cancelled.
    let ends = (prop::collection::vec(prop::sample::select(&LAST[3..]), 0..3), prop::sample::select(&LAST[..]));
    let tried = TestRunner::default().run(&(ends, waves()), |((mut ends, last), waves)| {
        ends.push(last);
        runtime.block_on(arrive(&app, &ends, &waves));
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}
