use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use client::{ErrorEntry, Order, OrderId, OrderStatus, Paid, PaymentAction};
use common::id;
use http::StatusCode;
use maud::html;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::order::{self, EventNews, OrderView, PaymentNotice};
use super::{once_more, sign_in};
use crate::error::{PageError, is_away, is_explained, is_not_yet};
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::{Visitor, Web};

/// How long to wait for the order to reflect its payment. It usually takes milliseconds; a buyer who saw the
/// checkout again meanwhile would try to pay twice.
const PATIENCE: Duration = Duration::from_secs(2);
/// The API's error code for a payment while another attempt is in progress.
const BEING_PAID: &str = "being_paid";
/// The codes when nothing was asked of the card.
const NOT_STARTED: [&str; 2] = ["payment_not_started", "payments_busy"];

/// The form.
#[derive(Deserialize)]
pub(crate) struct Card {
    #[serde(default)]
    token: String,
}

pub(crate) async fn submit(
    State(web): State<Web>,
    visitor: Visitor,
    PathId(id): PathId<id::Order>,
    Form(card): Form<Card>,
) -> Result<Response, PageError> {
    if visitor.id().is_err() {
        return Ok(Redirect::to(&sign_in::address(&order::address(id))).into_response());
    }
    let attempt = match Answer::of(visitor.api.pay(id, &card.token).await)? {
        Answer::AtTheBank(page) => return Ok(to_the_bank(&visitor, &page)),
        Answer::TooEarly => {
            let place = format!("{}/pay", order::address(id));
            return Ok(once_more::sending(&visitor, &place, &[("token", &card.token)]));
        }
        Answer::Ended(attempt) => attempt,
    };
    let order = wait_for_it(&visitor, id, |order| attempt.is_reflected(order)).await?;
    // A bank takes its time: much of the countdown may have passed since the request arrived.
    let now = web.now();
    match OrderView::of(&order, now, attempt.notice()) {
        view @ OrderView::Checkout => {
            let news = EventNews::of(&visitor, &order.ticket.details).await;
            order::checkout(&visitor, &order, (view, &news), now, &attempt.into_errors()).await
        }
        view => Ok(Redirect::to(&view.address(id)).into_response()),
    }
}

/// Requesting the form's own URL leads to the order.
pub(crate) async fn show(PathId(id): PathId<id::Order>) -> Redirect {
    Redirect::to(&order::address(id))
}

/// What the API says to an attempt to pay.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// The bank asks the buyer to confirm it, on this page.
    AtTheBank(String),
    /// It has not begun: payments has not heard of the order yet.
    TooEarly,
    /// It has been made.
    Ended(Attempt),
}

/// The outcome of an attempt to pay.
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    /// It succeeded.
    Taken,
    /// Its outcome is unknown, or another attempt is in progress.
    Pending,
    /// It failed, for these reasons.
    Refused(Vec<ErrorEntry>),
    /// Nothing was asked of the card, for these reasons.
    NotStarted(FormErrors),
}

impl Answer {
    fn of(answer: Result<Paid, client::Error>) -> Result<Self, PageError> {
        match answer {
            Ok(Paid { action: None, .. }) => Ok(Self::Ended(Attempt::Taken)),
            Ok(Paid { action: Some(action), .. }) => Ok(Self::of_action(&action)),
            Err(error) if is_not_yet(&error) => Ok(Self::TooEarly),
            Err(error) => Attempt::of_failure(error).map(Self::Ended),
        }
    }

    fn of_action(action: &PaymentAction) -> Self {
        match order::bank_page(action) {
            Some(page) => Self::AtTheBank(page.to_owned()),
            None => {
                tracing::error!(?action, "a payment asks for something that buyers cannot do here");
                Self::Ended(Attempt::Pending)
            }
        }
    }
}

impl Attempt {
    fn of_failure(error: client::Error) -> Result<Self, PageError> {
        let is_not_started = error.code().is_some_and(|code| NOT_STARTED.contains(&code)) || is_explained(&error);
        match error {
            error if error.code() == Some(BEING_PAID) => Ok(Self::Pending),
            client::Error::Api { status, errors, retry_after } if is_not_started => {
                Ok(Self::NotStarted(FormErrors::answered(status, errors, retry_after)))
            }
            error if error.status() == Some(StatusCode::TOO_MANY_REQUESTS) => {
                FormErrors::of(error).map(Self::NotStarted)
            }
            // It may have taken effect.
            error if is_away(&error) => Ok(Self::Pending),
            client::Error::Api { status: StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED, errors, .. } => {
                Ok(Self::Refused(errors))
            }
            error => Err(order::hide(error)),
        }
    }

    /// Whether the order shows what has come of it. After a failure it is open still if another attempt may
    /// follow.
    fn is_reflected(&self, order: &Order) -> bool {
        match self {
            Self::Taken | Self::Pending => !order.status.is_open(),
            Self::Refused(_) | Self::NotStarted(..) => order.status != OrderStatus::AwaitingPayment,
        }
    }

    fn notice(&self) -> Option<PaymentNotice> {
        match self {
            Self::Taken => Some(PaymentNotice::Received),
            Self::Pending => Some(PaymentNotice::Pending),
            Self::Refused(_) | Self::NotStarted(..) => None,
        }
    }

    /// What is wrong, at the form's card field if it is the card.
    fn into_errors(self) -> FormErrors {
        match self {
            Self::Refused(errors) => FormErrors::new(errors).about("token"),
            Self::NotStarted(errors) => errors,
            Self::Taken | Self::Pending => FormErrors::default(),
        }
    }
}

/// Sends the buyer to their bank, which sends them back to the order. No redirect: browsers would hold the
/// bank against our policy for forms.
fn to_the_bank(visitor: &Visitor, page: &str) -> Response {
    let text = &visitor.text.orders.views;
    let main = html! {
        div.notice {
            h1 { (text.at_the_bank.heading) }
            p { (text.bank.going) }
            p { a.button.primary href=(page) { (text.bank.link) } }
        }
    };
    Page::new(visitor, text.at_the_bank.heading, main).forward(page).into_response()
}

/// The order once it is as it should be, or as it is when that takes too long.
async fn wait_for_it(visitor: &Visitor, id: OrderId, is_there: impl Fn(&Order) -> bool) -> Result<Order, PageError> {
    let end = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(10);
    loop {
        let order = order::find(visitor, id).await?;
        if is_there(&order) || Instant::now() + pause > end {
            return Ok(order);
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests;
