use common::delivery::DeliveryPromise;
use common::events::TicketSnapshot;
use common::id::{EventId, UserId};
use common::time::Timestamp;
use common::version::Version;
use runtime::listener::{Age, Handled, ListenError};

use super::{NOT_HEARD_OF, tell};
use crate::domain::{EventMatter, News, OrderMatter, Withdrawn};
use crate::state::MailState;

/// A ticket has followed a change of its event that mail has yet to hear of.
const EVENT_NOT_HEARD_OF: ListenError = ListenError::NotYet("the change of the event has not been heard of");

/// Tells the seller that the ticket is sold, that it has been taken back, that it follows its event, or that they have
/// not delivered it.
pub(super) async fn handle(state: MailState, ticket: TicketSnapshot, age: Age) -> Handled {
    let is_overdue = is_overdue(&ticket, state.now());
    let TicketSnapshot { id, title, user_id: seller, order_id, sold, withdrawn, follows_event, details, .. } = ticket;
    if seller == UserId::NOBODY {
        // It was sold or withdrawn long before, by somebody who is erased.
        return Ok(());
    }
    if let (Some(version), Some(event)) = (follows_event, details.event_id) {
        return follows(&state, seller, (event, version), withdrawn, age).await;
    }
    let news = match order_id {
        // What is told of the sale is what the order says (invariant I14).
        Some(order) if (sold || withdrawn) && state.orders.get(order).await?.is_none() => return Err(NOT_HEARD_OF),
        Some(order) if sold => News::of_order(order, OrderMatter::Sold),
        Some(order) if withdrawn => News::of_order(order, OrderMatter::DeliveryMissed),
        None if withdrawn => News::Withdrawn(Withdrawn { ticket: id, title, is_overdue }),
        Some(_) | None => return Ok(()),
    };
    tell(&state, seller, news, age).await
}

/// One mail is for all of a seller's tickets to the event.
async fn follows(
    state: &MailState,
    seller: UserId,
    (event, version): (EventId, Version),
    withdrawn: bool,
    age: Age,
) -> Handled {
    let known = state.events.get(event).await?;
    if known.is_none_or(|known| known.version < version) {
        return Err(EVENT_NOT_HEARD_OF);
    }
    let what = if withdrawn { EventMatter::ListingWithdrawn } else { EventMatter::ListingMoved };
    tell(state, seller, News::of_event(event, version, what), age).await
}

/// Whether its seller would have had to deliver it by now. Then nobody has taken it back: it is so by itself.
fn is_overdue(ticket: &TicketSnapshot, now: Timestamp) -> bool {
    matches!(ticket.details.delivery, Some(DeliveryPromise::Later { until }) if until <= now)
}

#[cfg(test)]
mod tests {
    use common::delivery::DeliveryPromise;
    use common::id::UserId;
    use common::version::Version;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_of_the_sale_and_not_of_a_reservation() {
        let app = start().await;
        let order = app.ordered().await;
        let mut ticket = app.locked(&order);
        app.publish("tickets", &ticket).await;
        app.settle().await;
        app.told_no_more(0).await;
        // Not what the ticket says now, but what was sold.
        (ticket.0.sold, ticket.0.version, ticket.0.title) = (true, Version(2), "Another title".into());
        for _ in 0..2 {
            app.publish("tickets", &ticket).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Sold: Front row");
        assert!(mails[0].text.contains("€20.50"), "{}", mails[0].text);
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sale_of_which_the_order_is_not_known_yet_waits_for_it() {
        let app = start().await;
        let order = app.order();
        let mut ticket = app.locked(&order);
        ticket.0.sold = true;
        app.publish("tickets", &ticket).await;
        app.publish("orders", &order).await;
        app.settle().await;
        app.until_told(1).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_once_that_a_ticket_is_off_sale() {
        let app = start().await;
        let order = app.order();
        let mut ticket = app.locked(&order);
        (ticket.0.order_id, ticket.0.withdrawn) = (None, true);
        for version in 1..3 {
            ticket.0.version = Version(version);
            app.publish("tickets", &ticket).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Not for sale any more: Front row");
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_once_that_what_they_sell_follows_its_event() {
        let app = start().await;
        let gala = app.event();
        let [mut first, mut second, mut rival] = [(); 3].map(|()| app.locked(&app.order()));
        second.0.user_id = first.0.user_id;
        for ticket in [&mut first, &mut second, &mut rival] {
            ticket.0.order_id = None;
            (ticket.0.details, ticket.0.follows_event) = (details_of(gala, 13), Some(Version(1)));
            app.publish("tickets", &*ticket).await;
        }
        // Word of the event itself may come later.
        let moved = moved(gala, 1, 13, app.clock.now());
        app.publish("tickets", &moved).await;
        app.settle().await;
        let subject = "The event you sell tickets for has been moved: Gala";
        let mails = app.until_told(2).await;
        assert!(mails.iter().all(|mail| mail.subject == subject), "{:?}", mails[0].subject);
        assert!(
            mails[0].text.contains("Jun 13, 2027") && mails[0].text.contains("https://tickets.example.com/listings")
        );
        app.told_no_more(2).await;

        app.publish("tickets", &cancelled(&moved)).await;
        first.0.version = Version(2);
        // It is overdue by now, too, which is not why it is withdrawn.
        first.0.details.delivery = Some(DeliveryPromise::Later { until: app.clock.now() });
        (first.0.withdrawn, first.0.follows_event) = (true, Some(Version(2)));
        app.publish("tickets", &first).await;
        app.settle().await;
        let mails = app.until_told(3).await;
        assert_eq!(mails[2].subject, "The event you sell tickets for is cancelled: Gala");
        // Nobody is asked to change their password because of it.
        assert!(!mails[2].text.contains("password"), "{}", mails[2].text);
        app.told_no_more(3).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_whose_ticket_is_off_sale_because_it_is_overdue_is_not_told_to_change_their_password() {
        let app = start().await;
        for (until, is_overdue) in [(app.clock.now(), true), (app.clock.now() + RETRY, false)] {
            let mut ticket = app.locked(&app.order());
            (ticket.0.order_id, ticket.0.withdrawn) = (None, true);
            ticket.0.details.delivery = Some(DeliveryPromise::Later { until });
            app.publish("tickets", &ticket).await;
            app.settle().await;
            let mails = app.until_told(if is_overdue { 1 } else { 2 }).await;
            let text = &mails.last().expect("one").text;
            assert_eq!(text.contains("promised to deliver it by now"), is_overdue, "{text}");
            assert_eq!(text.contains("change your password"), !is_overdue, "{text}");
        }
    }
    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_whose_seller_is_erased_concerns_nobody() {
        let app = start().await;
        let order = app.ordered().await;
        let mut ticket = app.locked(&order);
        (ticket.0.sold, ticket.0.user_id) = (true, UserId::NOBODY);
        app.publish("tickets", &ticket).await;
        app.settle().await;
        assert_eq!(app.messages().await, 0);
    }
}
