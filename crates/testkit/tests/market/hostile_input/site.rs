//! A marketplace with data, and a check whether it has changed.

use client::{Client, Event, EventForm, OpenSession, Order, PasskeyId, Ticket, Venue};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use testkit::passkeys::add_passkey;
use testkit::world::{Engine, World};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A seller with two tickets, and a buyer who holds one of them.
pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) seller: Client,
    pub(crate) buyer: Client,
    /// For sale.
    pub(crate) free: Ticket,
    /// Reserved by the buyer.
    pub(crate) order: Order,
    /// What the seller has added.
    event: Event,
    /// The seller's.
    session: OpenSession,
    /// The seller's.
    passkey: PasskeyId,
    http: reqwest::Client,
    before: Value,
}

/// A route that takes JSON, with an authorised user and a valid body.
pub(crate) struct JsonRoute {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) who: Client,
    pub(crate) body: Value,
}

impl Site {
    pub(crate) async fn open() -> Self {
        let world = World::start(Engine::Embedded).await;
        let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
        let (free, reserved) = (world.listed(&seller).await, world.listed(&seller).await);
        let order = buyer.create_order(reserved.id).await.expect("reserves");
        let event = seller.add_event(&event_form()).await.expect("adds");
        let session = seller.sessions().await.expect("lists").remove(0);
        world.settle().await;
        let (passkey, _) = add_passkey(&format!("http://{}", world.address), &seller, PASSWORD).await;
        let http = reqwest::Client::new();
        let mut site = Self { world, seller, buyer, free, order, event, session, passkey, http, before: Value::Null };
        site.before = site.contents().await;
        site
    }

    /// A request without a session.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.world.address))
    }

    /// A request of `who`.
    pub(crate) fn request_by(&self, who: &Client, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("cookie", cookie(who))
    }

    /// All routes that take JSON. Their bodies are valid: a refusal is caused by what a test changes.
    pub(crate) fn json_routes(&self) -> Vec<JsonRoute> {
        let ticket = json!({
            "title": "Concert", "price": 20.5, "currency": "eur", "event": "Tour", "venue": "Hall",
            "startsAt": "2027-03-14T19:30:00Z", "section": "A", "row": "1", "seat": "12",
        });
        let event = json!(event_form());
        let account = |email| json!({"email": email, "password": PASSWORD});
        let passwords = json!({"currentPassword": PASSWORD, "newPassword": "harbour without fog"});
        let credential = |response| json!({"id": "AA", "rawId": "AA", "type": "public-key", "response": response});
        let made = credential(json!({"attestationObject": "AA", "clientDataJSON": "AA"}));
        let signed = credential(json!({"authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA"}));
        let payment = json!({"token": "tok_visa", "orderId": self.order.id});
        let route = |method, path: &str, who: &Client, body| JsonRoute {
            method,
            path: path.to_owned(),
            who: who.clone(),
            body,
        };
        vec![
            route(Method::POST, "/api/users/signup", &self.seller, account("eve@example.com")),
            route(Method::POST, "/api/users/signin", &self.seller, account("seller@example.com")),
            route(Method::POST, "/api/users/password", &self.seller, passwords),
            // In a small world nothing may be erased: this one has a ticket for sale.
            route(Method::POST, "/api/users/erase", &self.seller, json!({"password": PASSWORD})),
            route(Method::POST, "/api/users/email", &self.seller, account("new@example.com")),
            route(Method::POST, "/api/users/confirm", &self.seller, json!({"token": "no.such.link"})),
            route(Method::POST, "/api/users/reset-request", &self.seller, json!({"email": "nobody@example.com"})),
            route(
                Method::POST,
                "/api/users/reset",
                &self.seller,
                json!({"token": "no.such.link", "newPassword": PASSWORD}),
            ),
            route(Method::POST, "/api/users/passkeys/begin", &self.seller, json!({"password": PASSWORD})),
            route(
                Method::POST,
                "/api/users/passkeys",
                &self.seller,
                json!({"ceremony": "none", "name": "My phone", "credential": made}),
            ),
            route(
                Method::POST,
                &format!("/api/users/passkeys/{}/remove", self.passkey),
                &self.seller,
                json!({"password": PASSWORD}),
            ),
            route(Method::POST, "/api/users/second-factor", &self.seller, json!({"password": PASSWORD})),
            route(Method::POST, "/api/users/second-factor/end", &self.seller, json!({"password": PASSWORD})),
            route(
                Method::POST,
                "/api/users/signin/passkey",
                &self.seller,
                json!({"ceremony": "none", "credential": signed}),
            ),
            route(
                Method::POST,
                "/api/users/signin/second-factor",
                &self.seller,
                json!({"ceremony": "none", "recoveryCode": "0123-4567-89AB-CDEF"}),
            ),
            route(Method::POST, "/api/tickets", &self.seller, ticket.clone()),
            route(Method::POST, "/api/tickets/check", &self.seller, ticket.clone()),
            route(Method::PUT, &format!("/api/tickets/{}", self.free.id), &self.seller, ticket),
            route(Method::POST, "/api/events", &self.seller, event),
            route(Method::POST, "/api/orders", &self.buyer, json!({"ticketId": self.free.id})),
            route(Method::POST, "/api/payments", &self.buyer, payment),
            // Its listing promises no ticket: what is refused is refused before that matters.
            route(
                Method::PUT,
                &format!("/api/deliveries/tickets/{}/code", self.free.id),
                &self.seller,
                json!({"code": "A1"}),
            ),
            // Nobody organises it, and so nobody is checked in.
            route(
                Method::POST,
                &format!("/api/deliveries/events/{}/checkins", self.event.id),
                &self.seller,
                json!({"door": "North", "scans": [{"code": "T1.A1", "at": "2026-11-22T12:00:00Z", "id": "1"}]}),
            ),
        ]
    }

    /// A path of the API with the id of existing data.
    pub(crate) fn example_of(&self, path: &str) -> String {
        match path.split_once("{id}") {
            None => path.replace("{slug}", &self.event.slug).replace("{part}", "1"),
            Some(("/api/tickets/", rest)) => format!("/api/tickets/{}{rest}", self.free.id),
            Some(("/api/orders/", rest)) => format!("/api/orders/{}{rest}", self.order.id),
            Some(("/api/deliveries/tickets/", rest)) => format!("/api/deliveries/tickets/{}{rest}", self.free.id),
            Some(("/api/deliveries/events/", rest)) => format!("/api/deliveries/events/{}{rest}", self.event.id),
            Some(("/api/deliveries/orders/", rest)) => format!("/api/deliveries/orders/{}{rest}", self.order.id),
            Some(("/api/users/passkeys/", rest)) => format!("/api/users/passkeys/{}{rest}", self.passkey),
            Some(("/api/users/sessions/", rest)) => format!("/api/users/sessions/{}{rest}", self.session.id),
            Some(_) => panic!("there is no example of {path}"),
        }
    }

    /// Fails if anything has changed, then shuts the world down.
    pub(crate) async fn assert_unchanged(self) {
        self.world.settle().await;
        assert_eq!(self.contents().await, self.before);
        assert_eq!(self.world.dead_letters().await, []);
        self.world.end().await;
    }

    /// Everything that is visible, and whether the passwords are unchanged.
    async fn contents(&self) -> Value {
        let mut lists = Vec::new();
        for who in [&self.seller, &self.buyer] {
            for path in ["/api/tickets", "/api/tickets?seller=me", "/api/orders"] {
                let response = self.request_by(who, Method::GET, path).send().await.expect("an answer");
                assert_eq!(response.status(), 200, "{path}");
                lists.push(response.json::<Value>().await.expect("JSON"));
            }
        }
        for name in ["seller", "buyer"] {
            let visitor = self.world.visitor();
            visitor.sign_in(&format!("{name}@example.com"), PASSWORD).await.expect("the password is the same");
        }
        let stranger = self.world.visitor().sign_in("eve@example.com", PASSWORD).await;
        assert!(stranger.is_err(), "an account was made");
        let ledger = self.world.simulator.ledger().await.expect("a ledger");
        json!({"lists": lists, "charges": ledger.charges(), "captured": ledger.captured()})
    }
}

/// An event that may be added.
fn event_form() -> EventForm {
    let venue = Venue { name: "Hall".into(), city: "Berlin".into(), country: "Germany".into() };
    EventForm {
        name: "Gala".into(),
        venue,
        starts_at: "2027-03-14T19:30".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "eur".into(),
        tiers: Vec::new(),
    }
}

impl JsonRoute {
    /// The body with one field replaced.
    pub(crate) fn with(&self, field: &str, value: Value) -> Value {
        let mut body = self.body.clone();
        body[field] = value;
        body
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &String> {
        self.body.as_object().expect("an object").keys()
    }
}

/// The cookie of a signed-in user.
pub(crate) fn cookie(who: &Client) -> String {
    format!("session={}", who.token().expect("is signed in"))
}
