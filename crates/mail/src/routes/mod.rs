//! The endpoints, one file each.

mod list_mails;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::MailState;

pub(crate) fn router() -> OpenApiRouter<MailState> {
    OpenApiRouter::new().routes(routes!(list_mails::list_mails))
}
