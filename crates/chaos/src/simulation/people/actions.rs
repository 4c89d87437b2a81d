use server::services::ServiceName;

use super::Person;
use super::call::Call;

impl Person {
    /// Performs a random action.
    pub(super) async fn act(&self) {
        match self.chance.between(0..=99) {
            0..=16 => self.list().await,
            17..=24 => self.edit_something().await,
            25..=27 => self.withdraw_something().await,
            28..=53 => self.buy().await,
            54..=72 => self.pay().await,
            73..=80 => self.cancel().await,
            81..=90 => self.read().await,
            91..=94 => self.give_something().await,
            _ => self.sign_out().await,
        }
    }

    async fn read(&self) {
        let call = match self.chance.between(0..=9) {
            0 => Call::get(ServiceName::Tickets, "/api/tickets"),
            1 => Call::get(ServiceName::Auth, "/api/users/currentuser"),
            2 => match self.some_ticket() {
                Some(ticket) => Call::get(ServiceName::Tickets, format!("/api/tickets/{}", ticket.id)),
                None => return,
            },
            3 => match self.some_order() {
                Some(order) => Call::get(ServiceName::Orders, format!("/api/orders/{order}")),
                None => return,
            },
            4 | 5 => match self.some_order() {
                Some(order) => Call::get(ServiceName::Payments, format!("/api/payments/{order}")),
                None => return,
            },
            7 | 8 => match self.some_order() {
                Some(order) => Call::get(ServiceName::Delivery, format!("/api/deliveries/orders/{order}")),
                None => return,
            },
            9 => match self.ticket_to_change() {
                Some(ticket) => Call::get(ServiceName::Delivery, format!("/api/deliveries/tickets/{ticket}")),
                None => return,
            },
            _ => Call::get(ServiceName::Orders, "/api/orders"),
        };
        self.ask(call).await;
    }

    /// Reads one's orders, and what became of the money and of the ticket for each.
    pub(in crate::simulation) async fn read_every_order(&self) {
        self.ask(Call::get(ServiceName::Orders, "/api/orders")).await;
        let mine: Vec<_> =
            self.market.known().orders.iter().filter(|order| order.buyer == self.number).cloned().collect();
        for order in mine {
            self.ask(Call::get(ServiceName::Payments, format!("/api/payments/{}", order.id))).await;
            self.ask(Call::get(ServiceName::Delivery, format!("/api/deliveries/orders/{}", order.id))).await;
        }
    }
}
