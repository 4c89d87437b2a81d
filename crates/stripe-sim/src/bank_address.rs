use crate::domain::ReturnUrl;

/// The path of the bank's pages, where they are beside the shop's.
pub const BANK_PATH: &str = "/simulated-bank";

/// Where buyers' browsers find the pages of the simulated bank ([`crate::Simulator::browser_routes`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankAddress {
    /// Here, whoever asks.
    At(String),
    /// Under [`BANK_PATH`] at the origin the buyer is to return to. So it is reachable by the very name that the
    /// buyer's browser knows the shop by: `localhost` here, the machine's address on a phone.
    BesideReturnUrl {
        /// Where it is for payments that have no such address.
        otherwise: String,
    },
}

impl BankAddress {
    /// The page about the intent with this client secret.
    pub(crate) fn page(&self, return_url: Option<&ReturnUrl>, client_secret: &str) -> String {
        let base = match self {
            Self::At(address) => address.clone(),
            Self::BesideReturnUrl { otherwise } => {
                let beside = return_url.and_then(ReturnUrl::origin).map(|origin| format!("{origin}{BANK_PATH}"));
                beside.unwrap_or_else(|| otherwise.clone())
            }
        };
        format!("{}/{client_secret}", base.trim_end_matches('/'))
    }
}
