use client::{Client, Event, Order, PasskeyId, Ticket};

use super::props::{
    ATTEMPTS, asked, bought, cancelled, declined, delivered, event, expired, guard, listed, listed_in_long_words,
    reserved, sealed, unsealed, user, withdrawn,
};
use crate::process::{Program, Server};

/// More tickets than one page of the catalogue shows.
const LISTINGS: usize = 24;

/// Who runs the busy marketplace; of the quiet one nobody says.
const OPERATOR: [&str; 7] = [
    "--operator-name=Quay Tickets Ltd",
    r"--operator-address=1 Quay Street\nPort",
    "--operator-email=help@quay.example",
    "--operator-phone=+44 20 7946 0000",
    "--operator-url=https://quay.example",
    concat!("--terms-page=", env!("CARGO_MANIFEST_DIR"), "/src/pages/own_page.txt"),
    concat!("--privacy-page=", env!("CARGO_MANIFEST_DIR"), "/src/pages/own_page.txt"),
];

/// Two marketplaces that contain every state a page can show.
pub struct Stage {
    pub(super) busy: Busy,
    pub(super) quiet: Quiet,
}

/// The marketplace with the usual reservation window.
pub(super) struct Busy {
    pub(super) server: Server,
    pub(super) seller: Client,
    pub(super) buyer: Client,
    /// A user without tickets and orders.
    pub(super) novice: Client,
    /// One whose password is not enough.
    pub(super) guarded: Client,
    /// The passkey that is asked for.
    pub(super) passkey: PasskeyId,
    pub(super) for_sale: Ticket,
    /// With two tickets to it, side by side.
    pub(super) event: Event,
    pub(super) withdrawn: Ticket,
    /// Yet to be handed in.
    pub(super) unsealed: Ticket,
    /// Handed in, and for sale.
    pub(super) sealed: Ticket,
    /// Bought by the buyer, who has the ticket.
    pub(super) delivered: Order,
    /// Bought by the buyer: a ticket whose words are longer than lines.
    pub(super) wordy: Order,
    /// Held by the buyer.
    pub(super) held: Order,
    /// Also held, with a card that is declined.
    pub(super) retried: Order,
    /// Waits for the buyer at their bank.
    pub(super) asked: Order,
    pub(super) paid: Order,
    pub(super) declined: Order,
    pub(super) cancelled: Order,
}

/// The marketplace without tickets and with a short reservation window.
pub(super) struct Quiet {
    pub(super) server: Server,
    pub(super) buyer: Client,
    pub(super) expired: Order,
}

impl Stage {
    /// `ticketing` is that program, without arguments.
    ///
    /// # Panics
    /// If any step fails.
    pub async fn set(ticketing: Program) -> Self {
        let (busy, quiet) = tokio::join!(Busy::set(ticketing.clone()), Quiet::set(ticketing.clone()));
        Self { busy, quiet }
    }
}

impl Busy {
    async fn set(ticketing: Program) -> Self {
        // The buyer tries more cards than people do.
        let program = ticketing.args([
            "--memory",
            "--limits",
            "off",
            "--mails-account-limit",
            "100/1h",
            "--payment-attempts",
            &ATTEMPTS.to_string(),
        ]);
        let server = Server::launch(program.args(OPERATOR)).await;
        let site = server.url();
        let (seller, buyer) = (user(&site, "seller").await, user(&site, "buyer").await);
        let novice = user(&site, "novice").await;
        let guarded = user(&site, "guarded").await;
        let passkey = guard(&guarded, &site).await;
        for number in 1..=LISTINGS {
            listed(&seller, &format!("Brass in the park, day {number}"), 1950 + 100 * number as i64).await;
        }
        let ticket = async |title, cents| listed(&seller, title, cents).await;
        let held = reserved(&buyer, &ticket("An evening of quartets", 4250).await).await;
        let retried = reserved(&buyer, &ticket("An afternoon of trios", 1500).await).await;
        let asked = asked(&buyer, &ticket("A matinee of duets", 1700).await).await;
        let withdrawn = withdrawn(&seller, ticket("Taken back", 2200).await).await;
        let unsealed = unsealed(&seller, "Yet to be handed in").await;
        let delivered = delivered(&buyer, &sealed(&seller, "An evening with a code").await).await;
        let sealed = sealed(&seller, "Handed in, for sale").await;
        let paid = bought(&buyer, &ticket("Winter ensemble, gala night", 12_000).await).await;
        let wordy = bought(&buyer, &listed_in_long_words(&seller).await).await;
        let declined = declined(&buyer, &ticket("Songs of the north", 2050).await).await;
        let cancelled = cancelled(&buyer, &ticket("Late night improvisations", 3100).await).await;
        let event = event(&seller, "The Winter Ensemble").await;
        let for_sale = ticket("Front row, winter ensemble", 8900).await;
        Self {
            server,
            seller,
            buyer,
            novice,
            guarded,
            passkey,
            for_sale,
            event,
            withdrawn,
            unsealed,
            sealed,
            delivered,
            wordy,
            held,
            retried,
            asked,
            paid,
            declined,
            cancelled,
        }
    }
}

impl Quiet {
    async fn set(ticketing: Program) -> Self {
        let server = Server::launch(ticketing.args(["--memory", "--reservation", "2s"])).await;
        let site = server.url();
        let (seller, buyer) = (user(&site, "seller").await, user(&site, "buyer").await);
        let ticket = listed(&seller, "Front row, winter ensemble", 8900).await;
        let expired = expired(&buyer, &ticket).await;
        bought(&user(&site, "other").await, &ticket).await;
        Self { server, buyer, expired }
    }
}
