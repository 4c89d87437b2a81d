use common::addressee::Notice;
use common::events::NoticeKind;
use common::id::{EventId, NoticeId, OrderId, TicketId, UserId};
#[cfg(test)]
use common::id::{Id, IdGenerator};
#[cfg(test)]
use common::time::Timestamp;
use common::version::Version;
use serde::{Deserialize, Serialize};

/// All kinds of what somebody is told, each in a word.
pub(crate) const KINDS: [&str; 21] = [
    "bought",
    "delivered",
    "sold",
    "expired",
    "refunded",
    "refund-failed",
    "not-delivered",
    "delivery-missed",
    "withdrawn",
    "event-moved",
    "event-cancelled",
    "listing-moved",
    "listing-withdrawn",
    "confirm-address",
    "reset-password",
    "password-changed",
    "address-changed",
    "new-sign-in",
    "sign-up-again",
    "sign-in-changed",
    "recovery-code-used",
];
/// Those that are told for the sake of the link alone.
pub(crate) const KINDS_WITH_SECRET_LINK: [&str; 2] = ["confirm-address", "reset-password"];

/// What somebody is told. It holds what causes it, and nothing that can be looked up when it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub(crate) enum News {
    /// What has become of an order, or of its money.
    Order(OrderNews),
    /// Its seller has taken a ticket back.
    Withdrawn(Withdrawn),
    /// An operator has moved or cancelled what tickets are to.
    Event(EventNews),
    /// What has happened to an account.
    Account(AccountNews),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderNews {
    pub(crate) order: OrderId,
    #[serde(flatten)]
    pub(crate) what: OrderMatter,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub(crate) enum OrderMatter {
    /// To its buyer: the ticket is yours.
    Bought,
    /// To its buyer: the ticket is here.
    Delivered,
    /// To its seller: the ticket is sold.
    Sold,
    /// To its buyer: the reservation expired, although you had begun to pay.
    Expired,
    /// To its buyer: this refund has succeeded.
    Refunded { refund: String },
    /// To its buyer: this refund has failed.
    RefundFailed { refund: String },
    /// To its buyer: the ticket has not come in time, and you get your money back.
    NotDelivered,
    /// To its seller: you have not delivered the ticket in time.
    DeliveryMissed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Withdrawn {
    pub(crate) ticket: TicketId,
    /// What it was called.
    pub(crate) title: String,
    /// Whether that is because they would have had to deliver it by now, and nobody had bought it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_overdue: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventNews {
    pub(crate) event: EventId,
    /// The version in which it was moved or cancelled.
    pub(crate) event_version: Version,
    pub(crate) what: EventMatter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EventMatter {
    /// To who has bought tickets to it: it has been moved.
    Moved,
    /// To who has bought tickets to it: it is cancelled.
    Cancelled,
    /// To who sells tickets to it: it has been moved, and they follow.
    ListingMoved,
    /// To who sells tickets to it: it is cancelled, and they are withdrawn.
    ListingWithdrawn,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountNews {
    pub(crate) notice: NoticeId,
    pub(crate) what: NoticeKind,
}

impl News {
    /// What has become of an order, or of its money.
    pub(crate) fn of_order(order: OrderId, what: OrderMatter) -> Self {
        Self::Order(OrderNews { order, what })
    }

    /// What has become of the event in this version, to whom it matters.
    pub(crate) fn of_event(event: EventId, event_version: Version, what: EventMatter) -> Self {
        Self::Event(EventNews { event, event_version, what })
    }

    /// What is the same if and only if this is the same news for the same person.
    pub(crate) fn identity(&self, recipient: UserId) -> String {
        let kind = self.kind();
        match self {
            Self::Order(OrderNews { order, what }) => match what {
                OrderMatter::Bought
                | OrderMatter::Delivered
                | OrderMatter::Sold
                | OrderMatter::Expired
                | OrderMatter::NotDelivered
                | OrderMatter::DeliveryMissed => format!("{kind}.{order}.{recipient}"),
                OrderMatter::Refunded { refund } | OrderMatter::RefundFailed { refund } => {
                    format!("{kind}.{order}.{refund}.{recipient}")
                }
            },
            Self::Withdrawn(Withdrawn { ticket, .. }) => format!("{kind}.{ticket}.{recipient}"),
            Self::Event(EventNews { event, event_version, .. }) => {
                format!("{kind}.{event}.{event_version}.{recipient}")
            }
            Self::Account(AccountNews { notice, .. }) => format!("{kind}.{notice}.{recipient}"),
        }
    }

    /// Its kind, in a word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Order(OrderNews { what, .. }) => match what {
                OrderMatter::Bought => "bought",
                OrderMatter::Delivered => "delivered",
                OrderMatter::Sold => "sold",
                OrderMatter::Expired => "expired",
                OrderMatter::Refunded { .. } => "refunded",
                OrderMatter::RefundFailed { .. } => "refund-failed",
                OrderMatter::NotDelivered => "not-delivered",
                OrderMatter::DeliveryMissed => "delivery-missed",
            },
            Self::Withdrawn(_) => "withdrawn",
            Self::Event(EventNews { what, .. }) => match what {
                EventMatter::Moved => "event-moved",
                EventMatter::Cancelled => "event-cancelled",
                EventMatter::ListingMoved => "listing-moved",
                EventMatter::ListingWithdrawn => "listing-withdrawn",
            },
            Self::Account(AccountNews { what, .. }) => match what {
                NoticeKind::ConfirmAddress => "confirm-address",
                NoticeKind::ResetPassword => "reset-password",
                NoticeKind::PasswordChanged => "password-changed",
                NoticeKind::AddressChanged => "address-changed",
                NoticeKind::NewSignIn => "new-sign-in",
                NoticeKind::SignUpAgain => "sign-up-again",
                NoticeKind::SignInChanged => "sign-in-changed",
                NoticeKind::RecoveryCodeUsed => "recovery-code-used",
            },
        }
    }

    /// Whether it asks somebody to confirm that an address is theirs.
    pub(crate) fn asks_to_confirm(&self) -> bool {
        matches!(self, Self::Account(AccountNews { what: NoticeKind::ConfirmAddress, .. }))
    }

    /// The notice of auth's that it is about, which auth says where to send.
    pub(crate) fn notice(&self) -> Option<Notice> {
        match self {
            Self::Account(AccountNews { notice, what }) => Some(Notice { id: *notice, kind: *what }),
            Self::Order(_) | Self::Withdrawn(_) | Self::Event(_) => None,
        }
    }
}

#[cfg(test)]
impl News {
    /// News of each kind.
    pub(crate) fn one_of_each() -> Vec<Self> {
        fn id<T>() -> Id<T> {
            IdGenerator::seeded(1).next(Timestamp::from_millis(0))
        }
        let matters = [
            OrderMatter::Bought,
            OrderMatter::Delivered,
            OrderMatter::Sold,
            OrderMatter::Expired,
            OrderMatter::Refunded { refund: "re_1".into() },
            OrderMatter::RefundFailed { refund: "re_1".into() },
            OrderMatter::NotDelivered,
            OrderMatter::DeliveryMissed,
        ];
        let of_events =
            [EventMatter::Moved, EventMatter::Cancelled, EventMatter::ListingMoved, EventMatter::ListingWithdrawn];
        let notices = [
            NoticeKind::ConfirmAddress,
            NoticeKind::ResetPassword,
            NoticeKind::PasswordChanged,
            NoticeKind::AddressChanged,
            NoticeKind::NewSignIn,
            NoticeKind::SignUpAgain,
            NoticeKind::SignInChanged,
            NoticeKind::RecoveryCodeUsed,
        ];
        let of_orders = matters.into_iter().map(|what| Self::of_order(id(), what));
        let withdrawn = Withdrawn { ticket: id(), title: "Front row".into(), is_overdue: false };
        let withdrawn = Self::Withdrawn(withdrawn);
        let of_accounts = notices.into_iter().map(|what| Self::Account(AccountNews { notice: id(), what }));
        let of_events = of_events.into_iter().map(|what| Self::of_event(id(), Version(1), what));
        of_orders.chain([withdrawn]).chain(of_events).chain(of_accounts).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    fn id<T>(number: u64) -> common::id::Id<T> {
        IdGenerator::seeded(number).next(Timestamp::from_millis(0))
    }

    #[test]
    fn no_two_kinds_have_a_name_or_an_identity_in_common() {
        let names: HashSet<_> = News::one_of_each().iter().map(News::kind).collect();
        let identities: HashSet<_> = News::one_of_each().iter().map(|news| news.identity(id(2))).collect();
        assert_eq!((names.len(), identities.len()), (News::one_of_each().len(), News::one_of_each().len()));
        assert_eq!(names, HashSet::from(KINDS));
    }

    #[test]
    fn news_is_another_for_another_person_another_cause_and_another_refund() {
        let failed = |order, refund: &str| News::of_order(order, OrderMatter::RefundFailed { refund: refund.into() });
        let one = failed(id(1), "re_1").identity(id(2));
        assert_eq!(one, failed(id(1), "re_1").identity(id(2)));
        let others = [
            failed(id(1), "re_1").identity(id(3)),
            failed(id(3), "re_1").identity(id(2)),
            failed(id(1), "re_2").identity(id(2)),
        ];
        assert!(others.iter().all(|other| *other != one), "{one} is among {others:?}");
        let moved = |event, version| News::of_event(event, Version(version), EventMatter::Moved).identity(id(2));
        assert_eq!(moved(id(1), 1), moved(id(1), 1));
        assert_ne!(moved(id(1), 1), moved(id(1), 2), "it is moved again");
        assert_ne!(moved(id(1), 1), moved(id(3), 1));
    }

    /// What was recorded by an earlier version has to be read.
    #[test]
    fn what_is_recorded_of_news_keeps_its_form() {
        let refund = json!(News::of_order(id(1), OrderMatter::Refunded { refund: "re_1".into() }));
        assert_eq!(refund, json!({"about": "order", "order": id::<()>(1), "what": "refunded", "refund": "re_1"}));
        let reset = json!(News::Account(AccountNews { notice: id(1), what: NoticeKind::ResetPassword }));
        assert_eq!(reset, json!({"about": "account", "notice": id::<()>(1), "what": "reset-password"}));
        let moved = json!(News::of_event(id(1), Version(2), EventMatter::ListingMoved));
        assert_eq!(moved, json!({"about": "event", "event": id::<()>(1), "eventVersion": 2, "what": "listing-moved"}));
        for news in News::one_of_each() {
            assert_eq!(serde_json::from_value::<News>(json!(news)).expect("reads back"), news);
        }
    }
}
