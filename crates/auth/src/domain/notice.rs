use common::events::NoticeKind;
use common::id::{NoticeId, UserId};

/// The owner of an account is to be told something by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) id: NoticeId,
    pub(crate) user_id: UserId,
    pub(crate) kind: NoticeKind,
}
