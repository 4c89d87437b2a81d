use common::events::{PaymentRefunded, RefundStatus};
use runtime::listener::{Age, Handled};

use super::{tell_buyer, update};
use crate::domain::{OrderMatter, Refund};
use crate::state::MailState;

/// Tells the buyer when their money has gone back, or has not. What the event says of other refunds is taken in, too, and
/// told by their own events.
pub(super) async fn handle(state: MailState, event: PaymentRefunded, age: Age) -> Handled {
    let PaymentRefunded { order_id, amount, stripe_refund_id: id, status, refunds } = event;
    let others = refunds.into_iter().map(|other| Refund {
        id: other.stripe_refund_id,
        amount: other.amount,
        status: other.status,
    });
    let heard: Vec<Refund> = others.chain([Refund { id: id.clone(), amount, status }]).collect();
    let order = update(&state, order_id, |order| order.hear_refunds(&heard)).await?;
    match status {
        RefundStatus::Succeeded => tell_buyer(&state, &order, OrderMatter::Refunded { refund: id }, age).await,
        RefundStatus::Failed => tell_buyer(&state, &order, OrderMatter::RefundFailed { refund: id }, age).await,
        RefundStatus::Pending | RefundStatus::Other => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use common::events::{PaymentRefunded, RefundStanding, RefundStatus};

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn each_refund_is_told_of_once_when_it_has_succeeded() {
        let app = start().await;
        let order = app.ordered().await;
        for (id, status) in [
            ("re_1", RefundStatus::Pending),
            ("re_1", RefundStatus::Succeeded),
            ("re_1", RefundStatus::Succeeded),
            ("re_2", RefundStatus::Pending),
        ] {
            app.publish("payments", &refund(&order, id, status)).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Refunded: Front row");
        assert!(mails[0].text.contains("€5.00 has been given back"), "{}", mails[0].text);
        app.publish("payments", &refund(&order, "re_2", RefundStatus::Succeeded)).await;
        app.settle().await;
        app.until_told(2).await;
        app.told_no_more(2).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refund_that_fails_is_told_of_and_late_word_of_it_is_not() {
        let app = start().await;
        let order = app.ordered().await;
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Failed)).await;
        app.settle().await;
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Succeeded)).await;
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Your refund has not gone through: Front row");
        assert!(mails[0].text.contains("€5.00 could not be given back"), "{}", mails[0].text);
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_an_event_says_of_other_refunds_counts_and_is_told_by_their_own_events() {
        let app = start().await;
        let order = app.ordered().await;
        let standing = |id: &str, status| {
            let PaymentRefunded { amount, stripe_refund_id, status, .. } = refund(&order, id, status);
            RefundStanding { amount, stripe_refund_id, status }
        };
        let refunds = vec![standing("re_1", RefundStatus::Failed), standing("re_2", RefundStatus::Succeeded)];
        let second = PaymentRefunded { refunds, ..refund(&order, "re_2", RefundStatus::Succeeded) };
        app.publish("payments", &second).await;
        app.settle().await;
        app.until_told(1).await;
        app.told_no_more(1).await;
        // Word of the first one's success comes late: it has failed since.
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Succeeded)).await;
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Failed)).await;
        app.settle().await;
        let subjects: Vec<_> = app.until_told(2).await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!(subjects, ["Refunded: Front row", "Your refund has not gone through: Front row"]);
        app.told_no_more(2).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_not_so_any_more_when_the_mail_server_is_back_is_not_told() {
        let app = start().await;
        let order = app.ordered().await;
        app.script(Reply::Later);
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Succeeded)).await;
        app.settle().await;
        let refunded = format!("refunded.{}.re_1.{}", order.id, order.user_id);
        app.until_attempts(&refunded, 1).await;
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Failed)).await;
        app.settle().await;
        app.script(Reply::Accept);
        app.clock.advance(RETRY);
        app.until_state(&refunded, "dropped").await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Your refund has not gone through: Front row");
    }
}
