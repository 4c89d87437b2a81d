//! What an order costs, and what crashes and other replicas between its writes do to it.

use ports::store::StoreError;

use super::*;

/// Two orders for a ticket, one after the other: of the first, that it comes and is cancelled; of the second, that it
/// comes and is paid. With each, the lock that follows from it.
type Story = [(Versioned<Order>, (Option<OrderId>, bool)); 4];

fn story(app: &Harness, ticket: &Value) -> Story {
    let (old, new) = (order_created(app, ticket), order_created(app, ticket));
    [
        (order(&old, 0, OrderStatus::Created), (Some(old.id), false)),
        (order(&old, 1, OrderStatus::Cancelled), (None, false)),
        (order(&new, 0, OrderStatus::Created), (Some(new.id), false)),
        (order(&new, 1, OrderStatus::Complete), (Some(new.id), true)),
    ]
}

/// What is known of an order, in its ticket or apart.
pub(super) async fn known(process: &TicketsState, order: &Order) -> Option<Version> {
    let ticket = process.tickets.get(order.ticket_id).await.expect("reads").expect("is there");
    let within = ticket.order.filter(|known| known.id == order.id);
    let apart = process.orders.get(order.id).await.expect("reads");
    within.map(|known| known.version).into_iter().chain(apart.map(|apart| apart.version)).max()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_costs_its_ticket_one_change_when_it_comes_and_one_when_it_is_paid() {
    let (app, ticket) = with_ticket().await;
    let (process, store) = watched_process(&app);
    let bought = order_created(&app, &ticket);
    for version in [order(&bought, 0, OrderStatus::Created), order(&bought, 1, OrderStatus::Complete)] {
        follow(&process, version.clone()).await.expect("follows");
        assert_eq!(
            store.take_done().iter().filter(|(_, what)| *what != "read").collect::<Vec<_>>(),
            [&("tickets", "change")]
        );
        follow(&process, version).await.expect("is a duplicate");
        assert!(store.take_done().iter().all(|done| *done == ("tickets", "read")));
    }
    assert_eq!(state(&app, &ticket).await, (Some(bought.id), true, 2));
    assert!(process.orders.get(bought.id).await.expect("reads").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_cancelled_is_put_aside_at_its_end_before_the_ticket_is_free() {
    let (app, ticket) = with_ticket().await;
    let (process, store) = watched_process(&app);
    let [(placed, _), (cancelled, _), ..] = story(&app, &ticket);
    follow(&process, placed.clone()).await.expect("locks");
    store.take_done();
    follow(&process, cancelled.clone()).await.expect("frees");
    let mut written = store.take_done();
    written.retain(|(_, what)| *what != "read");
    assert_eq!(written, [("orders", "insert"), ("tickets", "change")]);
    assert_eq!(process.orders.get(placed.id).await.expect("reads"), Some(cancelled));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_write_a_crash_comes_before_its_event_takes_effect_once() {
    for written in 0..3 {
        let (app, ticket) = with_ticket().await;
        let story = story(&app, &ticket);
        for (position, (version, (holder, sold))) in story.iter().enumerate() {
            let (dying, store) = watched_process(&app);
            store.die_after(written);
            let died = follow(&dying, version.clone()).await;
            assert!(matches!(died, Ok(()) | Err(ListenError::Store(StoreError::Unavailable(_)))), "{died:?}");
            let next = process(&app);
            for _ in 0..2 {
                follow(&next, version.clone()).await.expect("is finished");
            }
            let expected = (*holder, *sold, position as u64 + 1);
            assert_eq!(state(&app, &ticket).await, expected, "after {written} writes of {version:?}");
            assert_eq!(known(&next, version).await, Some(version.version));
        }
        for (version, _) in &story {
            follow(&process(&app), version.clone()).await.expect("is a duplicate");
        }
        assert_eq!(state(&app, &ticket).await, (story[3].1.0, true, 4));
        app.settle().await;
        assert_eq!(app.published::<TicketUpdated>().await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_that_decide_about_the_same_event_at_once_do_no_harm() {
    let (app, ticket) = with_ticket().await;
    let story = story(&app, &ticket);
    let ((one, ones_store), (other, others_store)) = (watched_process(&app), watched_process(&app));
    let meetings: [&[&str]; 4] = [&["tickets"], &["orders", "tickets"], &["orders", "tickets"], &["tickets"]];
    for (position, ((version, (holder, sold)), meetings)) in story.iter().zip(meetings).enumerate() {
        meetings.iter().for_each(|collection| ones_store.meet(&others_store, collection));
        let (first, second) = tokio::join!(follow(&one, version.clone()), follow(&other, version.clone()));
        assert!(matches!((&first, &second), (Ok(()), Ok(()))), "{first:?} {second:?}");
        assert_eq!(state(&app, &ticket).await, (*holder, *sold, position as u64 + 1));
        assert_eq!(known(&one, version).await, Some(version.version));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_came_to_a_replica_of_the_version_before_is_followed_on() {
    for (version, status, holds) in [(1, OrderStatus::Complete, true), (1, OrderStatus::Cancelled, false)] {
        let (app, ticket) = with_ticket().await;
        let process = process(&app);
        let placed = order_created(&app, &ticket);
        let known = order(&placed, 0, OrderStatus::Created);
        process.orders.replicate(known.id, known.version, |_| known.value.clone()).await.expect("is known");
        let lock = |ticket: &mut Ticket, _| Ok::<_, StoreError>(ticket.align(&known).expect("is free"));
        process.tickets.update(known.ticket_id, lock).await.expect("locks");
        follow(&process, known.clone()).await.expect("is a duplicate");
        follow(&process, order(&placed, version, status)).await.expect("follows");
        let (holder, sold, _) = state(&app, &ticket).await;
        assert_eq!((holder, sold), (holds.then_some(placed.id), holds));
        let apart = process.orders.get(known.id).await.expect("reads").map(|apart| (apart.version, apart.status));
        assert_eq!(apart, Some((Version(version), status)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_a_replica_of_the_version_before_has_dropped_from_its_ticket_is_followed_on() {
    for (status, holds) in [(OrderStatus::Complete, true), (OrderStatus::Cancelled, false)] {
        let (app, ticket) = with_ticket().await;
        let process = process(&app);
        let placed = order_created(&app, &ticket);
        follow(&process, order(&placed, 0, OrderStatus::Created)).await.expect("locks");
        let drop_it = |ticket: &mut Ticket, _| {
            (ticket.order, ticket.knows_every_order) = (None, false);
            Ok::<_, StoreError>(Outcome::Changed(()))
        };
        process.tickets.update(placed.ticket.id, drop_it).await.expect("writes");
        follow(&process, order(&placed, 1, status)).await.expect("follows");
        let (holder, sold, _) = state(&app, &ticket).await;
        assert_eq!((holder, sold), (holds.then_some(placed.id), holds));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_replica_of_the_version_before_left_apart_of_a_free_ticket_is_not_forgotten() {
    let (app, ticket) = with_ticket().await;
    let process = process(&app);
    let placed = order_created(&app, &ticket);
    let (created, cancelled) = (order(&placed, 0, OrderStatus::Created), order(&placed, 1, OrderStatus::Cancelled));
    process.orders.replicate(created.id, created.version, |_| created.value.clone()).await.expect("is known");
    follow(&process, cancelled).await.expect("does nothing");
    follow(&process, created).await.expect("is a duplicate");
    assert_eq!(state(&app, &ticket).await, (None, false, 0));
}
