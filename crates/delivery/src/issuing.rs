//! Tickets that we issue: who may sell them, and to whom a place is issued.

use common::delivery::Seal;
use common::id::{EventId, OrderId, TicketId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::UpdateContext;

use crate::claims;
use crate::domain::{Admission, Handover, Issue, IssueRefused, NotIssued, Place, PlaceClaim};
use crate::error::DeliveryError;
use crate::handing_over::record_missed;
use crate::state::DeliveryState;
use crate::store::sold_by;
use crate::ticket_keys::TicketCode;

/// Decides whether the seller of a listing may sell a ticket that we issue, if that is to be decided. Deciding again
/// changes nothing.
pub(crate) async fn decide(state: &DeliveryState, ticket: TicketId) -> Result<(), StoreError> {
    let Some(admission) = state.admissions.get(ticket).await? else { return Ok(()) };
    if !admission.awaits_decision() {
        return Ok(());
    }
    let of_version = admission.listing.version;
    match sellable_place(state, &admission).await? {
        Ok(place) => {
            let grant =
                |admission: &mut Admission, _: UpdateContext| Ok::<_, StoreError>(admission.grant(of_version, place));
            let granted = state.admissions.update(ticket, grant).await?;
            let is_granted = granted.is_some_and(|granted| granted.outcome.is_changed());
            if let Some(claim) = admission.listing.place_claim().filter(|_| is_granted) {
                claims::hold(state, ticket, &[claim.to_string()]).await?;
            }
            // Somebody may have gone in since it was looked at.
            if let Some(place) = state.places.get(place).await?.filter(|_| is_granted) {
                offer_no_more(state, &place).await?;
            }
        }
        Err(because) => {
            let refuse = |admission: &mut Admission, _: UpdateContext| {
                Ok::<_, StoreError>(admission.refuse_issue(of_version, because))
            };
            state.admissions.update(ticket, refuse).await?;
        }
    }
    Ok(())
}

/// The same for all listings of a seller: they have become an organiser, or have bought something.
pub(crate) async fn decide_all_of(state: &DeliveryState, seller: UserId) -> Result<(), StoreError> {
    let listings = state.admissions.find(&sold_by(seller)).await?;
    for admission in listings.into_iter().filter(|admission| admission.awaits_decision()) {
        decide(state, admission.id).await?;
    }
    Ok(())
}

/// The listing gives up the place that it was of, if it is about something else now.
pub(crate) async fn give_up_place(state: &DeliveryState, ticket: TicketId) -> Result<(), StoreError> {
    let admission = state.admissions.get(ticket).await?.filter(|admission| admission.gives_up_place());
    let Some(claim) = admission.and_then(|admission| admission.place_claim().cloned()) else { return Ok(()) };
    claims::free(state, ticket, &[claim.to_string()], state.now()).await?;
    let give_up =
        |admission: &mut Admission, _: UpdateContext| Ok::<_, StoreError>(admission.claim_place_no_more(&claim));
    state.admissions.update(ticket, give_up).await?;
    Ok(())
}

/// The place that the seller may sell.
async fn sellable_place(
    state: &DeliveryState,
    admission: &Admission,
) -> Result<Result<TicketId, IssueRefused>, StoreError> {
    let (Some(seller), Some(event)) = (admission.listing.seller, admission.listing.event) else {
        return Ok(Err(IssueRefused::NotTheOrganiser));
    };
    match admission.listing.bought_by() {
        Some(order) => place_to_resell(state, admission, seller, event, order).await,
        None if !is_organiser(state, event, seller).await? => Ok(Err(IssueRefused::NotTheOrganiser)),
        None => {
            let is_theirs = claim_place(state, admission).await?;
            Ok(if is_theirs { Ok(admission.id) } else { Err(IssueRefused::PlaceListed) })
        }
    }
}

/// Whether somebody organises an event.
pub(crate) async fn is_organiser(state: &DeliveryState, event: EventId, person: UserId) -> Result<bool, StoreError> {
    Ok(state.organisers.get(event).await?.is_some_and(|organisers| organisers.has(person)))
}

async fn place_to_resell(
    state: &DeliveryState,
    admission: &Admission,
    seller: UserId,
    event: EventId,
    order: OrderId,
) -> Result<Result<TicketId, IssueRefused>, StoreError> {
    let handover = state.handovers.get(order).await?;
    let handover = handover.filter(|handover| handover.buyer == Some(seller) && handover.released().is_some());
    let place = match handover {
        Some(handover) => place_of(state, &handover).await?,
        None => None,
    };
    let Some(place) = place else { return Ok(Err(IssueRefused::NotTheHolder)) };
    if place.event != event {
        return Ok(Err(IssueRefused::AnotherEvent));
    }
    if place.seat != admission.listing.seat {
        return Ok(Err(IssueRefused::AnotherPlace));
    }
    if place.checked_in.is_some() {
        return Ok(Err(IssueRefused::Used));
    }
    if !claim_place(state, admission).await? {
        return Ok(Err(IssueRefused::ListedTwice));
    }
    Ok(Ok(place.id))
}

/// Claims the place for the listing, while that is in this version, if it is one of which there is one. It is noted in
/// the listing first, so that the claim can be cleared away.
async fn claim_place(state: &DeliveryState, admission: &Admission) -> Result<bool, StoreError> {
    let Some(claim) = admission.listing.place_claim() else { return Ok(true) };
    let (ticket, of_version) = (admission.id, admission.listing.version);
    let note = |admission: &mut Admission, _: UpdateContext| {
        let is_current = admission.listing.version == of_version && admission.awaits_decision();
        Ok::<_, StoreError>(if is_current { admission.claim_place(claim.clone()) } else { Outcome::Unchanged })
    };
    state.admissions.update(ticket, note).await?;
    match claims::claim(state, ticket, &[claim.to_string()]).await {
        Ok(_) => Ok(true),
        Err(DeliveryError::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// If somebody has gone in with a place that its holder offers again, nobody can buy it any more.
pub(crate) async fn offer_no_more(state: &DeliveryState, place: &Place) -> Result<(), StoreError> {
    let Some(holder) = place.order.filter(|_| place.checked_in.is_some()) else { return Ok(()) };
    let claim = state.codes.get(PlaceClaim::OfOrder(holder).to_string()).await?;
    let Some(listing) = claim.and_then(|claim| claim.holder()) else { return Ok(()) };
    state.admissions.update(listing, |admission, _| Ok::<_, StoreError>(admission.use_up(holder))).await?;
    Ok(())
}

/// The place that an order has, if it has one.
pub(crate) async fn place_of(state: &DeliveryState, handover: &Handover) -> Result<Option<Place>, StoreError> {
    let admission = state.admissions.get(handover.ticket).await?;
    let Some(Issue::Granted { place, .. }) = admission.and_then(|admission| admission.issue()) else {
        return Ok(None);
    };
    let place = state.places.get(place).await?.map(|place| place.value);
    Ok(place.filter(|place| place.order == Some(handover.id)))
}

/// The code of a place, for who has it.
pub(crate) struct IssuedCode {
    pub(crate) text: String,
    /// When somebody went in with it.
    pub(crate) used_at: Option<Timestamp>,
}

/// The code of the place that an order has, for its buyer.
pub(crate) async fn code_of(state: &DeliveryState, handover: &Handover) -> Result<Option<IssuedCode>, StoreError> {
    let place = if handover.released().is_some() { place_of(state, handover).await? } else { None };
    Ok(place.map(|Place { id, event, version, checked_in, .. }| IssuedCode {
        text: state.ticket_keys.sign(&TicketCode { event, place: id, order: handover.id, version }),
        used_at: checked_in.map(|checked_in| checked_in.at),
    }))
}

/// Issues a place to an order that is paid, or says that it cannot be issued any more, and the buyer gets their money back.
/// Does the same again, or goes on, where it was done before.
pub(crate) async fn issue(
    state: &DeliveryState,
    handover: &Handover,
    admission: &Admission,
    seal: Seal,
) -> Result<(), StoreError> {
    let issued = issue_place(state, handover.id, admission, seal).await?;
    crash_point(CrashPoint::PlaceIssued);
    if let Err(because) = issued {
        tracing::warn!(order = %handover.id, %because, "a ticket is not issued; its buyer gets their money back");
        let give_up =
            |handover: &mut Handover, context: UpdateContext| Ok::<_, StoreError>(handover.give_up(context.now));
        let given_up = state.handovers.update(handover.id, give_up).await?;
        if given_up.is_some_and(|given_up| given_up.outcome.is_changed()) {
            record_missed(handover, Some(admission));
        }
        return Ok(());
    }
    let release =
        |handover: &mut Handover, context: UpdateContext| Ok::<_, StoreError>(handover.release(seal, context.now));
    let released = state.handovers.update(handover.id, release).await?;
    if released.is_some_and(|released| released.aggregate.is_ended()) {
        // It was cancelled meanwhile.
        take_back(state, handover).await?;
    }
    Ok(())
}

async fn issue_place(
    state: &DeliveryState,
    order: OrderId,
    admission: &Admission,
    ordered: Seal,
) -> Result<Result<(), NotIssued>, StoreError> {
    let Some(Issue::Granted { seal, event, place, bought_by }) = admission.issue() else {
        return Ok(Err(NotIssued::HeldByAnother));
    };
    if seal != ordered {
        return Ok(Err(NotIssued::HeldByAnother));
    }
    if bought_by.is_none() {
        let first = Place::new(place, event, admission.listing.seat.clone(), order);
        match state.places.insert(first, &()).await {
            Ok(_) => return Ok(Ok(())),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error),
        }
    }
    let issue = |place: &mut Place, _: UpdateContext| place.issue(order, bought_by).map_err(Issuing::Refused);
    match state.places.update(place, issue).await {
        Ok(Some(_)) => Ok(Ok(())),
        Ok(None) => Ok(Err(NotIssued::HeldByAnother)),
        Err(Issuing::Refused(because)) => Ok(Err(because)),
        Err(Issuing::Store(error)) => Err(error),
    }
}

/// Why a place was not issued.
enum Issuing {
    Refused(NotIssued),
    Store(StoreError),
}

impl From<StoreError> for Issuing {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Takes the place from an order that was cancelled, if it has one.
pub(crate) async fn take_back(state: &DeliveryState, handover: &Handover) -> Result<(), StoreError> {
    let Some(place) = place_of(state, handover).await? else { return Ok(()) };
    let order = handover.id;
    let take_back = |place: &mut Place, _: UpdateContext| Ok::<_, StoreError>(place.take_back(order));
    state.places.update(place.id, take_back).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
