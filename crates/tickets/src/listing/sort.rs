use ports::store::Direction;
use runtime::http::SortedBy;

use crate::store::fields;

/// The order in which tickets are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, utoipa::ToSchema)]
pub(crate) enum Sort {
    /// The most recently listed first.
    #[default]
    #[schema(rename = "newest")]
    Newest,
    /// The one listed first comes first.
    #[schema(rename = "oldest")]
    Oldest,
    /// Cheapest first, of the tickets in one currency.
    #[schema(rename = "price")]
    Cheapest,
    /// Most expensive first, of the tickets in one currency.
    #[schema(rename = "-price")]
    MostExpensive,
    /// Soonest event first, those without a date last.
    #[schema(rename = "date")]
    Soonest,
}

/// The text is not the name of an order.
#[derive(Debug, thiserror::Error)]
#[error("sort must be one of newest, oldest, price, -price, date")]
pub(crate) struct InvalidSort;

impl Sort {
    /// Reads its name.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidSort> {
        match text {
            "newest" => Ok(Self::Newest),
            "oldest" => Ok(Self::Oldest),
            "price" => Ok(Self::Cheapest),
            "-price" => Ok(Self::MostExpensive),
            "date" => Ok(Self::Soonest),
            _ => Err(InvalidSort),
        }
    }

    /// The field to sort by.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Newest | Self::Oldest => fields::LISTED_AT,
            Self::Cheapest | Self::MostExpensive => fields::PRICE,
            Self::Soonest => fields::STARTS_AT,
        }
    }

    /// Which way.
    pub(crate) fn direction(self) -> Direction {
        match self {
            Self::Oldest | Self::Cheapest | Self::Soonest => Direction::Ascending,
            Self::Newest | Self::MostExpensive => Direction::Descending,
        }
    }

    /// Whether it compares prices, which only those in one currency can be.
    pub(crate) fn is_by_price(self) -> bool {
        self.field() == fields::PRICE
    }

    /// What the field holds.
    pub(crate) fn sorted_by(self) -> SortedBy {
        match self {
            Self::Newest | Self::Oldest | Self::Soonest => SortedBy::Time,
            Self::Cheapest | Self::MostExpensive => SortedBy::Amount,
        }
    }
}
