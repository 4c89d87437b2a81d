//! Sends one message: asks where to, writes it, has it taken on, and records that.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use common::addressee::{Addressee, Directions, FIND_ADDRESSEE, FindAddressee};
use common::id::UserId;
use common::outcome::Outcome;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::{Silent, UpdateContext};
use runtime::trace;

use crate::domain::{Claim, EventMatter, EventNews, Message, News, OrderNews, RefusedAddress};
use crate::letter::Letter;
use crate::state::MailState;
use crate::store::{addresses_of, bought_by};
use crate::transport::NotSent;

/// The pauses between two tries to record what has come of an attempt.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// So many that the claim is nearly over by then.
const TRIES: usize = 240;

/// What has come of an attempt to send a message.
enum Attempted {
    Sent,
    /// There is nobody to tell it to, or it is not so any more.
    Dropped,
    Refused(String),
    PutOff(String),
    /// Its recipient has yet to confirm their address.
    NotYet,
}

/// Sends a message, unless somebody else does, or it is too late for it.
///
/// # Errors
/// If the database fails. What was claimed by then is found again when its claim is over.
pub(crate) async fn send(state: &MailState, message: Message) -> Result<(), StoreError> {
    let traceparent = message.traceparent.clone();
    trace::with(traceparent, claim_and_send(state, message)).await
}

async fn claim_and_send(state: &MailState, message: Message) -> Result<(), StoreError> {
    let id = message.id();
    match claim(state, &id).await? {
        None => Ok(()),
        Some(Claim::GivenUp) => {
            count(&message.news, "given-up");
            tracing::error!(message = id, "a mail could not be sent for three days, and is given up");
            Ok(())
        }
        Some(Claim::Attempt(attempt)) => {
            crash_point(CrashPoint::MessageClaimed);
            let attempted = try_to_send(state, &message).await?;
            record(state, &message, attempt, &attempted).await?;
            crash_point(CrashPoint::MailRecorded);
            Ok(())
        }
    }
}

async fn claim(state: &MailState, id: &str) -> Result<Option<Claim>, StoreError> {
    let claim = |message: &mut Message, cx: UpdateContext| {
        Ok::<_, StoreError>(match message.claim(cx.now) {
            Outcome::Changed(claim) => Outcome::Changed(Silent(claim)),
            Outcome::Unchanged => Outcome::Unchanged,
        })
    };
    let claimed = state.messages.update(id, claim).await?;
    Ok(claimed.and_then(|claimed| claimed.outcome.changed()).map(|Silent(claim)| claim))
}

async fn try_to_send(state: &MailState, message: &Message) -> Result<Attempted, StoreError> {
    let question = FindAddressee { user_id: message.recipient, notice: message.news.notice() };
    let directions = match state.peers.ask_auth(FIND_ADDRESSEE, &question).await {
        Ok(Addressee::At(directions)) => directions,
        Ok(Addressee::Nobody) => return Ok(Attempted::Dropped),
        Ok(Addressee::NotYet) => return Ok(Attempted::NotYet),
        Err(no_answer) => {
            tracing::debug!(%no_answer, "the addressee is not known");
            return Ok(Attempted::PutOff("the auth service did not answer".into()));
        }
    };
    crash_point(CrashPoint::AddresseeFound);
    if state.refused.get(RefusedAddress::id(&directions.email)).await?.is_some() {
        return Ok(Attempted::Refused("the address was refused before".into()));
    }
    let Some(letter) = write(state, message, &directions).await? else { return Ok(Attempted::Dropped) };
    let mail = letter.into_mail(message, &directions.email, &state.settings);
    match state.settings.transport.send(&mail).await {
        Ok(()) => {
            crash_point(CrashPoint::MailSent);
            Ok(Attempted::Sent)
        }
        Err(NotSent::Later(why)) => Ok(Attempted::PutOff(why)),
        Err(NotSent::Never(why)) => Ok(Attempted::Refused(why)),
        Err(NotSent::NobodyThere(why)) => {
            let refused = RefusedAddress::new(&directions.email, message.recipient);
            match state.refused.insert(refused, &()).await {
                Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => Ok(Attempted::Refused(why)),
                Err(error) => Err(error),
            }
        }
    }
}

/// What to write; nothing, if it is not so any more.
async fn write(state: &MailState, message: &Message, directions: &Directions) -> Result<Option<Letter>, StoreError> {
    Ok(match &message.news {
        News::Order(news) => write_of_order(state, news).await?,
        News::Withdrawn(withdrawn) => Some(state.letters.about_withdrawn(withdrawn)),
        News::Event(news) => write_of_event(state, message.recipient, news).await?,
        News::Account(account) => Some(state.letters.about_account(account.what, directions)),
    })
}

async fn write_of_order(
    state: &MailState,
    OrderNews { order, what }: &OrderNews,
) -> Result<Option<Letter>, StoreError> {
    let Some(order) = state.orders.get(order).await?.filter(|order| order.bears_out(what)) else { return Ok(None) };
    let event = match order.details.event_id {
        Some(event) => state.events.get(event).await?,
        None => None,
    };
    Ok(Some(state.letters.about_order(&order, what, event.as_deref())))
}

/// What has changed once more since is told as that.
async fn write_of_event(state: &MailState, to: UserId, news: &EventNews) -> Result<Option<Letter>, StoreError> {
    let known = state.events.get(news.event).await?;
    let Some(event) = known.filter(|event| event.version == news.event_version) else { return Ok(None) };
    Ok(match news.what {
        EventMatter::Moved | EventMatter::Cancelled => {
            let orders = state.orders.find(&bought_by(to, event.id)).await?;
            let concerned = orders.into_iter().map(|order| order.value).filter(|order| event.concerns(order));
            state.letters.about_event_of(&event, &concerned.collect::<Vec<_>>())
        }
        EventMatter::ListingMoved | EventMatter::ListingWithdrawn => Some(state.letters.about_listings(&event)),
    })
}

/// Records what has come of an attempt, as soon as the database answers: what is sent and not recorded is sent again.
async fn record(state: &MailState, message: &Message, attempt: u32, attempted: &Attempted) -> Result<(), StoreError> {
    let pauses = ExponentialBuilder::new().with_min_delay(FIRST_PAUSE).with_max_delay(LONGEST_PAUSE);
    (|| record_once(state, message, attempt, attempted))
        .retry(pauses.with_max_times(TRIES))
        .sleep(tokio::time::sleep)
        .when(|error| matches!(error, StoreError::Unavailable(_) | StoreError::OverBudget(_)))
        .await
}

async fn record_once(
    state: &MailState,
    message: &Message,
    attempt: u32,
    attempted: &Attempted,
) -> Result<(), StoreError> {
    let record = |message: &mut Message, cx: UpdateContext| {
        Ok::<_, StoreError>(match attempted {
            Attempted::Sent => message.sent(cx.now),
            Attempted::Dropped => message.drop_it(cx.now),
            Attempted::Refused(reason) => message.refuse(reason, cx.now),
            Attempted::PutOff(why) => message.put_off(attempt, why, cx.now),
            Attempted::NotYet => message.wait_for_address(attempt, cx.now),
        })
    };
    match state.messages.update(message.id(), record).await? {
        Some(recorded) if recorded.outcome.is_changed() => observe(state, message, attempted),
        Some(_) => {}
        // Its recipient was erased meanwhile: nothing that was learnt of their address stays.
        None => {
            state.refused.purge(&addresses_of(message.recipient)).await?;
        }
    }
    Ok(())
}

/// No line says to which address: that is known to auth alone.
fn observe(state: &MailState, message: &Message, attempted: &Attempted) {
    let id = message.id();
    match attempted {
        Attempted::Sent => {
            count(&message.news, "sent");
            metrics::histogram!("mail_late_seconds").record(state.now().since(message.since).as_secs_f64());
            tracing::debug!(message = id, "sent");
        }
        Attempted::Dropped => {
            count(&message.news, "dropped");
            tracing::debug!(message = id, "there is nobody to tell it to, or it is not so any more");
        }
        Attempted::Refused(reason) => {
            count(&message.news, "refused");
            tracing::warn!(message = id, reason, "a mail was refused");
        }
        Attempted::NotYet => tracing::debug!(message = id, "its recipient has yet to confirm their address"),
        Attempted::PutOff(why) => {
            metrics::counter!("mails_put_off_total").increment(1);
            tracing::warn!(message = id, why, "a mail could not be sent; it is tried again");
        }
    }
}

fn count(news: &News, outcome: &'static str) {
    metrics::counter!("mails_total", "kind" => news.kind(), "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests;
