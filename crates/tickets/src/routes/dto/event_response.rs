use common::id::EventId;
use common::money::{Currency, Price};
use common::version::{Version, Versioned};
use common::zone::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Event, EventStatus, PriceCap, Tier, Venue};

/// An event as clients see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Event)]
pub(crate) struct EventResponse {
    /// Its id.
    id: EventId,
    /// What it is called in addresses.
    #[schema(example = "velvet-semaphore-saint-aubry-2027-06-12")]
    slug: String,
    /// What it is called.
    #[schema(example = "Velvet Semaphore")]
    name: String,
    venue: VenueResponse,
    /// When it begins, with the offset from UTC at the venue.
    #[schema(example = "2027-06-12T19:30:00+02:00", format = DateTime)]
    starts_at: String,
    /// The time zone of the venue.
    time_zone: TimeZone,
    /// The currency of all tickets to it.
    currency: Currency,
    /// The kinds of tickets there are, if that is known.
    tiers: Vec<TierResponse>,
    status: EventStatus,
    /// How often it has changed.
    version: Version,
}

/// Where an event takes place.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Venue)]
pub(crate) struct VenueResponse {
    #[schema(example = "Le Grand Hangar")]
    name: String,
    #[schema(example = "Saint-Aubry")]
    city: String,
    #[schema(example = "France")]
    country: String,
}

/// A kind of tickets to an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tier)]
pub(crate) struct TierResponse {
    #[schema(example = "Stalls")]
    name: String,
    /// What is printed on such a ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    face_value: Option<Price>,
    /// What such a ticket may cost at the most, if the operator has set that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    highest_price: Option<Price>,
}

impl EventResponse {
    /// This event, with what its tickets may cost where prices are capped.
    pub(crate) fn of(event: Versioned<Event>, cap: Option<PriceCap>) -> Self {
        // Nobody else follows events: what counts is how often they have been moved or cancelled.
        let Event { id, slug, name, venue, starts_at, currency, tiers, status, changes } = event.value;
        Self {
            id,
            slug: slug.as_str().to_owned(),
            name: name.into_string(),
            venue: venue.into(),
            starts_at: starts_at.to_rfc3339(),
            time_zone: starts_at.zone,
            currency,
            tiers: tiers.into_iter().map(|tier| TierResponse::of(tier, cap)).collect(),
            status,
            version: changes,
        }
    }
}

impl From<Venue> for VenueResponse {
    fn from(venue: Venue) -> Self {
        let Venue { name, city, country } = venue;
        Self { name: name.into_string(), city: city.into_string(), country: country.into_string() }
    }
}

impl TierResponse {
    fn of(tier: Tier, cap: Option<PriceCap>) -> Self {
        let highest_price = cap.zip(tier.face_value).map(|(cap, face_value)| cap.highest(face_value));
        Self { name: tier.name.into_string(), face_value: tier.face_value, highest_price }
    }
}
