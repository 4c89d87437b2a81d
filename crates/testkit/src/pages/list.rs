use client::Client;

use super::page::{Action, Page};
use super::props::PASSWORD;
use super::stage::{Busy, Quiet, Stage};

const NOBODY: Option<&Client> = None;
/// Shown by a script before anything is sent.
const NOT_POSITIVE: &str = "Price must be greater than 0";
/// An id that no ticket and no order has.
const MISSING: &str = "000000000000000000000000";

impl Stage {
    /// All pages, in all their states.
    pub fn pages(&self) -> Vec<Page> {
        [self.busy.catalogue(), self.quiet.pages(), self.busy.tickets(), self.busy.selling(), self.busy.orders()]
            .into_iter()
            .chain([self.busy.accounts(), self.busy.passkeys(), self.busy.explanations(), self.busy.errors()])
            .flatten()
            .collect()
    }
}

impl Busy {
    fn page(&self, name: &'static str, by: Option<&Client>, path: &str, heading: &str) -> Page {
        page(&self.server.url(), name, by, path, heading)
    }

    fn catalogue(&self) -> Vec<Page> {
        let page = |name, by, path| self.page(name, by, path, "Tickets for sale");
        vec![
            page("catalogue", NOBODY, "/"),
            page("catalogue-signed-in", Some(&self.buyer), "/"),
            page("catalogue-found", NOBODY, "/?q=brass&max=30&sort=price"),
            page("catalogue-nothing-found", NOBODY, "/?q=unheard"),
            page("catalogue-not-understood", NOBODY, "/?min=cheap").refused(),
        ]
    }

    fn tickets(&self) -> Vec<Page> {
        let for_sale = format!("/tickets/{}", self.for_sale.id);
        let withdrawn = format!("/tickets/{}", self.withdrawn.id);
        let wordy = format!("/tickets/{}", self.wordy.ticket.id);
        let (held, sold) = (&self.held.ticket, &self.paid.ticket);
        let (held_path, sold_path) = (format!("/tickets/{}", held.id), format!("/tickets/{}", sold.id));
        vec![
            self.page("event", NOBODY, &format!("/e/{}", self.event.slug), &self.event.name),
            self.page("event-together", NOBODY, &format!("/e/{}?together=2", self.event.slug), &self.event.name),
            self.page("ticket", NOBODY, &for_sale, &self.for_sale.title),
            self.page("ticket-own", Some(&self.seller), &for_sale, &self.for_sale.title),
            self.page("ticket-locked", Some(&self.novice), &held_path, &held.title),
            self.page("ticket-held", Some(&self.buyer), &held_path, &held.title),
            self.page("ticket-withdrawn", NOBODY, &withdrawn, &self.withdrawn.title),
            self.page("ticket-withdrawn-own", Some(&self.seller), &withdrawn, &self.withdrawn.title),
            self.page("ticket-unsealed", NOBODY, &format!("/tickets/{}", self.unsealed.id), &self.unsealed.title),
            self.page(
                "ticket-unsealed-own",
                Some(&self.seller),
                &format!("/tickets/{}", self.unsealed.id),
                &self.unsealed.title,
            ),
            self.page("ticket-sealed", NOBODY, &format!("/tickets/{}", self.sealed.id), &self.sealed.title),
            self.page("ticket-sold", Some(&self.novice), &sold_path, &sold.title),
            self.page("ticket-of-long-words", NOBODY, &wordy, &self.wordy.ticket.title),
        ]
    }

    fn selling(&self) -> Vec<Page> {
        let seller = Some(&self.seller);
        let edit = format!("/tickets/{}/edit", self.for_sale.id);
        let refused = format!("/tickets/{}/edit", self.held.ticket.id);
        let hand_in = |id| format!("/tickets/{id}/delivery");
        let withdraw = |id| format!("/tickets/{id}/withdraw");
        vec![
            self.page("sell", seller, "/sell", "Sell a ticket"),
            self.page("sell-found", seller, "/sell?q=winter", "Sell a ticket"),
            self.page("sell-event", seller, &format!("/sell?event={}", self.event.id), "Sell a ticket"),
            self.page("event-new", seller, "/events/new?name=Gala", "Add an event"),
            self.page("sell-errors", seller, "/sell", "Sell a ticket")
                .then([Action::Fill("Title", "Front row"), Action::Fill("Price", "0"), Action::Press("Review listing")])
                .then([Action::See(NOT_POSITIVE)]),
            self.page("sell-review", seller, &format!("/sell?event={}", self.event.id), "Review your listing")
                .then([
                    Action::Fill("Title", "Front row"),
                    Action::Fill("Price", "20"),
                    Action::Press("Review listing"),
                ])
                .then([Action::See("Nothing is for sale yet")]),
            self.page("edit", seller, &edit, "Edit ticket"),
            self.page("edit-errors", seller, &edit, "Edit ticket").then([
                Action::Fill("Price", "0"),
                Action::Press("Save changes"),
                Action::See(NOT_POSITIVE),
            ]),
            self.page("edit-refused", seller, &refused, "Edit ticket"),
            self.page("withdraw", seller, &withdraw(self.for_sale.id), "Withdraw this ticket?"),
            self.page("withdraw-refused", seller, &withdraw(self.held.ticket.id), "Withdraw this ticket?"),
            self.page("hand-in", seller, &hand_in(self.unsealed.id), "Hand in the ticket"),
            self.page("hand-in-errors", seller, &hand_in(self.unsealed.id), "Hand in the ticket")
                .then([Action::Press("Hand it in")])
                .refused(),
            self.page("handed-in", seller, &hand_in(self.sealed.id), "Hand in the ticket"),
            self.page("listings-withdrawn", seller, "/listings?state=withdrawn", "My listings"),
            self.page("listings", seller, "/listings", "My listings"),
            self.page("listings-none", Some(&self.novice), "/listings", "My listings"),
        ]
    }

    fn orders(&self) -> Vec<Page> {
        let page = |name, path: String, heading| self.page(name, Some(&self.buyer), &path, heading);
        vec![
            page("orders", "/orders".to_owned(), "My orders"),
            self.page("orders-none", Some(&self.novice), "/orders", "My orders"),
            page("checkout", format!("/orders/{}", self.held.id), "Checkout"),
            page("checkout-errors", format!("/orders/{}", self.retried.id), "Checkout")
                .then([Action::Choose("Test card", "Insufficient funds"), Action::Press("Pay $15.00")])
                .refused(),
            page("at-the-bank", format!("/orders/{}", self.asked.id), "Your bank asks you to confirm"),
            page("another-card", format!("/orders/{}?card=another", self.asked.id), "Checkout"),
            page("paid", format!("/orders/{}", self.paid.id), "The ticket is yours"),
            page("paid-with-ticket", format!("/orders/{}", self.delivered.id), "The ticket is yours"),
            page("receipt", format!("/orders/{}/receipt", self.paid.id), "Receipt"),
            page("paid-of-long-words", format!("/orders/{}", self.wordy.id), "The ticket is yours"),
            page("receipt-of-long-words", format!("/orders/{}/receipt", self.wordy.id), "Receipt"),
            page("declined", format!("/orders/{}", self.declined.id), "Your payment was declined"),
            page("cancelled", format!("/orders/{}", self.cancelled.id), "You cancelled this order"),
        ]
    }

    fn accounts(&self) -> Vec<Page> {
        let invalid = [Action::Fill("Email", "nobody@example"), Action::Fill("Password", "short")];
        let wrong =
            [Action::Fill("Current password", "not this one"), Action::Fill("New password", "hunting for tickets")];
        let account = self.page("account", Some(&self.novice), "/account", "Your account");
        let link = format!("/confirm?token={MISSING}.b.c");
        let own_link = format!("/confirm?token={}.b.c", self.for_sale.user_id);
        vec![
            self.page("sign-up", NOBODY, "/signup", "Create your account"),
            self.page("sign-up-errors", NOBODY, "/signup", "Create your account")
                .then(invalid)
                .then([Action::Press("Sign up")])
                .refused(),
            self.page("sign-in", NOBODY, "/signin", "Sign in"),
            self.page("sign-in-errors", NOBODY, "/signin", "Sign in")
                .then(invalid)
                .then([Action::Press("Sign in")])
                .refused(),
            self.page("sign-in-first", NOBODY, "/orders", "Sign in"),
            self.page("forgotten", NOBODY, "/forgotten", "Forgotten your password?"),
            self.page("forgotten-sent", NOBODY, "/forgotten", "Look into your mailbox")
                .then([Action::Fill("Email", "nobody@example.com"), Action::Press("Send me a link")]),
            self.page("reset", NOBODY, "/reset?token=a.b.c", "Choose another password"),
            self.page("reset-over", NOBODY, "/reset?token=a.b.c", "Choose another password")
                .then([Action::Fill("New password", "hunting for tickets"), Action::Press("Set this password")])
                .then([Action::See("used already")])
                .answering(400),
            self.page("confirm", NOBODY, &link, "Confirm your email address"),
            self.page("confirm-signed-in", Some(&self.seller), &own_link, "Confirm your email address"),
            self.page("confirm-of-another", Some(&self.novice), &own_link, "Confirm your email address"),
            self.page("confirm-over", NOBODY, &link, "Confirm your email address")
                .then([Action::Fill("Password", PASSWORD), Action::Press("Confirm my address")])
                .then([Action::See("used already")])
                .answering(400),
            self.page("confirm-done", NOBODY, "/confirm?done", "Your address is confirmed"),
            Page {
                name: "account-errors",
                ..account.clone().then(wrong).then([Action::Press("Change password")]).refused()
            },
            account,
            self.page("erase", Some(&self.novice), "/account/erase", "Erase your account?"),
            self.page("erase-wrong", Some(&self.novice), "/account/erase", "Erase your account?")
                .then([Action::Fill("Password", "not this one"), Action::Press("Erase my account")])
                .refused(),
            self.page("erased", NOBODY, "/erased", "Your account is erased"),
            self.page("sessions", Some(&self.novice), "/account/sessions", "Where you are signed in"),
        ]
    }

    fn passkeys(&self) -> Vec<Page> {
        let page = |name, path: &str, heading| self.page(name, Some(&self.guarded), path, heading);
        let beside = "A passkey beside your password";
        let half_way = |name, heading| {
            let credentials = [Action::Fill("Email", "guarded@example.com"), Action::Fill("Password", PASSWORD)];
            let page = self.page(name, NOBODY, "/signin", heading);
            page.then(credentials).then([Action::Press("Sign in"), Action::See("Your password is right")])
        };
        let wrong = [Action::Fill("Recovery code", "0000-0000"), Action::Press("Sign in with a recovery code")];
        vec![
            self.page("passkeys-none", Some(&self.novice), "/account/passkeys", "Passkeys"),
            page("passkeys", "/account/passkeys", "Passkeys"),
            page("passkey-remove", &format!("/account/passkeys/{}/remove", self.passkey), "Remove My phone"),
            page("second-factor", "/account/second-factor", beside),
            page("second-factor-wrong", "/account/second-factor", beside)
                .then([Action::Fill("Password", "not this one"), Action::Press("Make new recovery codes")])
                .refused(),
            page("recovery-codes", "/account/second-factor", "Your recovery codes")
                .then([Action::Fill("Password", PASSWORD), Action::Press("Make new recovery codes")]),
            half_way("second-step", "One more step"),
            half_way("second-step-wrong", "One more step").then(wrong).refused(),
        ]
    }

    fn explanations(&self) -> Vec<Page> {
        let page = |name, path, heading| self.page(name, NOBODY, path, heading);
        vec![
            page("help", "/help", "Help"),
            page("operator", "/about", "Who runs this site"),
            page("terms", "/terms", "Terms"),
            page("privacy", "/privacy", "Privacy"),
        ]
    }

    fn errors(&self) -> Vec<Page> {
        let order = format!("/orders/{}", self.held.id);
        vec![
            self.page("not-found", NOBODY, "/nowhere", "Page not found").answering(404),
            self.page("ticket-not-found", NOBODY, &format!("/tickets/{MISSING}"), "Page not found").answering(404),
            self.page("order-of-another", Some(&self.novice), &order, "Page not found").answering(404),
        ]
    }
}

impl Quiet {
    fn pages(&self) -> Vec<Page> {
        let page = |name, path: &str, heading| page(&self.server.url(), name, Some(&self.buyer), path, heading);
        vec![
            page("catalogue-empty", "/", "Tickets for sale"),
            page("help-of-nobody", "/help", "Help"),
            page("privacy-of-the-program", "/privacy", "Privacy"),
            page("expired", &format!("/orders/{}", self.expired.id), "Your reservation has expired"),
        ]
    }
}

impl Page {
    fn then(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }

    /// The form shown again with its errors.
    fn refused(self) -> Self {
        self.then([Action::See("There is a problem")]).answering(400)
    }

    fn answering(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

fn page(site: &str, name: &'static str, by: Option<&Client>, path: &str, heading: &str) -> Page {
    let session = by.and_then(Client::token);
    Page { name, heading: heading.to_owned(), url: format!("{site}{path}"), session, actions: Vec::new(), status: 200 }
}
