use serde::Serialize;

use crate::domain::BuyerAction;
use crate::settings::Settings;

/// What a buyer has to do before their bank sets the money aside.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionResponse {
    /// `redirect`: the buyer has to open `url`.
    #[schema(example = "redirect")]
    r#type: &'static str,
    /// The page of the bank.
    url: String,
    /// For Stripe's script, which can show the same within our page; only where it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

impl ActionResponse {
    pub(super) fn of(action: BuyerAction, settings: &Settings) -> Self {
        let BuyerAction { url, client_secret } = action;
        Self { r#type: "redirect", url, client_secret: client_secret.filter(|_| settings.publishable_key.is_some()) }
    }
}
