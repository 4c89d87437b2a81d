use common::money::Price;
use serde::{Deserialize, Serialize};
use wording::search_text;

use crate::domain::price_cap::PriceCap;
use crate::domain::short_text::ShortText;

/// A kind of tickets to an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tier {
    pub(crate) name: ShortText,
    /// What is printed on such a ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) face_value: Option<Price>,
}

/// Why there is no such tier, or cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidTier {
    /// The event has others.
    #[error("Tier must be one of {0}")]
    Unknown(String),
    /// Two are called alike.
    #[error("Tiers must have different names")]
    Twice,
    /// There are more than an event may have.
    #[error("Tiers must be at most {}", Tier::MOST)]
    TooMany,
    /// It is no list.
    #[error("Tiers must be a list")]
    NoList,
    /// Only events have tiers.
    #[error("Tier needs an event: eventId is required")]
    NoEvent,
}

impl Tier {
    /// How many an event may have.
    pub(crate) const MOST: usize = 20;

    /// Checks all tiers of an event together.
    ///
    /// # Errors
    /// If there are too many, or two are called alike.
    pub(crate) fn check(tiers: Vec<Self>) -> Result<Vec<Self>, InvalidTier> {
        if tiers.len() > Self::MOST {
            return Err(InvalidTier::TooMany);
        }
        let mut names: Vec<_> = tiers.iter().map(|tier| search_text(tier.name.as_str())).collect();
        names.sort_unstable();
        if names.windows(2).any(|two| two[0] == two[1]) { Err(InvalidTier::Twice) } else { Ok(tiers) }
    }
}

/// See [`Event::highest_price`](super::Event::highest_price).
pub(super) fn highest_price(tiers: &[Tier], name: &str, cap: PriceCap) -> Option<Price> {
    let sought = search_text(name);
    let tier = tiers.iter().find(|tier| search_text(tier.name.as_str()) == sought)?;
    tier.face_value.map(|face_value| cap.highest(face_value))
}

/// See [`Event::tier`](super::Event::tier).
pub(super) fn find(tiers: &[Tier], name: String) -> Result<String, InvalidTier> {
    if tiers.is_empty() {
        return Ok(name);
    }
    let sought = search_text(&name);
    let names = || tiers.iter().map(|tier| tier.name.as_str());
    let found = names().find(|known| search_text(known) == sought);
    found.map(str::to_owned).ok_or_else(|| InvalidTier::Unknown(names().collect::<Vec<_>>().join(", ")))
}
