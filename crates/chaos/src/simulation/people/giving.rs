use serde_json::json;
use server::services::ServiceName;

use super::Person;
use super::call::Call;

/// How often people try another code than one that is listed already.
const TRIES: usize = 2;

impl Person {
    /// Gives us the ticket for one of the newest listings, not always one's own, nor for the first time.
    pub(super) async fn give_something(&self) {
        let Some(ticket) = self.ticket_to_change() else { return self.list().await };
        if self.chance.hits(1_500) {
            tokio::join!(self.give(&ticket), self.give(&ticket));
        } else {
            self.give(&ticket).await;
        }
    }

    /// Types the code of the ticket for this listing: some have one that others have, too.
    pub(super) async fn give(&self, ticket: &str) {
        for _ in 0..TRIES {
            let number = if self.chance.hits(3_000) { self.chance.between(1..=3).into() } else { self.chance.number() };
            let code = json!({"code": format!("ADMIT {number}")});
            let call = Call::put(ServiceName::Delivery, format!("/api/deliveries/tickets/{ticket}/code"), code);
            if self.ask_until_clear(call).await.is_none_or(|reply| reply.status != 409) {
                return;
            }
        }
    }
}
