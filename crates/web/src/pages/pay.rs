use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use client::{ErrorEntry, Order, OrderId, Paid, PaymentAction};
use common::id;
use http::StatusCode;
use maud::html;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::order::{self, OrderView, PaymentNotice};
use super::{once_more, sign_in};
use crate::error::{PageError, is_not_yet};
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::path::PathId;
use crate::visitor::{Visitor, Web};

/// How long to wait for the order to reflect its payment. It usually takes milliseconds; a buyer who saw the
/// checkout again meanwhile would try to pay twice.
const PATIENCE: Duration = Duration::from_secs(2);
/// The API's error code for a payment while another attempt is in progress.
const BEING_PAID: &str = "being_paid";

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
    let attempt = Attempt::of(visitor.api.pay(id, &card.token).await)?;
    match &attempt {
        Attempt::AtTheBank(page) => return Ok(to_the_bank(&visitor, page)),
        Attempt::TooEarly => {
            let place = format!("{}/pay", order::address(id));
            return Ok(once_more::sending(&visitor, &place, &[("token", &card.token)]));
        }
        Attempt::Taken | Attempt::Pending | Attempt::Refused(_) => {}
    }
    let order = match attempt.may_end_the_order() {
        true => wait_for_the_end(&visitor, id).await?,
        false => order::find(&visitor, id).await?,
    };
    // A bank takes its time: much of the countdown may have passed since the request arrived.
    let now = web.now();
    match OrderView::of(&order, now, attempt.notice()) {
        OrderView::Checkout => order::checkout(&visitor, &order, now, &attempt.into_errors()).await,
        view => Ok(Redirect::to(&view.address(id)).into_response()),
    }
}

/// Requesting the form's own URL leads to the order.
pub(crate) async fn show(PathId(id): PathId<id::Order>) -> Redirect {
    Redirect::to(&order::address(id))
}

/// The outcome of an attempt to pay.
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    /// It succeeded.
    Taken,
    /// The bank asks the buyer to confirm it, on this page.
    AtTheBank(String),
    /// It has not begun: payments has not heard of the order yet.
    TooEarly,
    /// Its outcome is unknown, or another attempt is in progress.
    Pending,
    /// It failed, for these reasons.
    Refused(Vec<ErrorEntry>),
}

impl Attempt {
    fn of(answer: Result<Paid, client::Error>) -> Result<Self, PageError> {
        match answer {
            Ok(Paid { action: None, .. }) => Ok(Self::Taken),
            Ok(Paid { action: Some(action), .. }) => Ok(Self::of_action(&action)),
            Err(error) if is_not_yet(&error) => Ok(Self::TooEarly),
            // It may have taken effect.
            Err(client::Error::Transport(_) | client::Error::Decode(_)) => Ok(Self::Pending),
            Err(client::Error::Api { status, .. }) if status.is_server_error() => Ok(Self::Pending),
            Err(error) if error.code() == Some(BEING_PAID) => Ok(Self::Pending),
            Err(client::Error::Api {
                status: StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED, errors, ..
            }) => Ok(Self::Refused(errors)),
            Err(error) => Err(order::hide(error)),
        }
    }

    fn of_action(action: &PaymentAction) -> Self {
        match order::bank_page(action) {
            Some(page) => Self::AtTheBank(page.to_owned()),
            None => {
                tracing::error!(?action, "a payment asks for something that buyers cannot do here");
                Self::Pending
            }
        }
    }

    /// Whether the order may be about to be cancelled because of it. An invalid token was never tried.
    fn may_end_the_order(&self) -> bool {
        match self {
            Self::Taken | Self::Pending | Self::AtTheBank(_) | Self::TooEarly => true,
            Self::Refused(errors) => errors.iter().all(|error| error.field.is_none()),
        }
    }

    fn notice(&self) -> Option<PaymentNotice> {
        match self {
            Self::Taken => Some(PaymentNotice::Received),
            Self::Pending => Some(PaymentNotice::Pending),
            Self::Refused(_) | Self::AtTheBank(_) | Self::TooEarly => None,
        }
    }

    /// The errors about the card, at the form's card field.
    fn into_errors(self) -> FormErrors {
        match self {
            Self::Refused(errors) => FormErrors::new(errors).about("token"),
            Self::Taken | Self::Pending | Self::AtTheBank(_) | Self::TooEarly => FormErrors::default(),
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

/// The order once it has ended, or as it is when that takes too long.
async fn wait_for_the_end(visitor: &Visitor, id: OrderId) -> Result<Order, PageError> {
    let end = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(10);
    loop {
        let order = order::find(visitor, id).await?;
        if !order.status.is_open() || Instant::now() + pause > end {
            return Ok(order);
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests;
