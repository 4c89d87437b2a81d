use std::time::Duration;

use super::client_network::Proxies;
use super::rate::Rate;

/// How often requests that change something may come, to each service.
#[derive(Debug, Clone)]
pub struct LimitSettings {
    /// Whether anything is counted at all, also what services count by themselves.
    pub is_on: bool,
    /// From one user; without bound if there is none.
    pub user: Option<Rate>,
    /// From one address, or one network of IPv6; without bound if there is none.
    pub address: Option<Rate>,
    /// How often one user may check people in at doors, which is counted apart from what the user, and the address, may
    /// change otherwise; without bound if there is none.
    pub check_ins: Option<Rate>,
    /// Whom to believe about addresses.
    pub proxies: Proxies,
}

impl LimitSettings {
    /// Nothing is counted: for measurements, and for tests of other things.
    pub fn off() -> Self {
        Self { is_on: false, ..Self::default() }
    }
}

/// More than people do, also in a hurry; behind one address an office or a school may sit.
impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            is_on: true,
            user: Some(Rate { burst: 60, per: Duration::from_secs(30) }),
            address: Some(Rate { burst: 600, per: Duration::from_secs(30) }),
            check_ins: Some(Rate { burst: 200, per: Duration::from_secs(10) }),
            proxies: Proxies::default(),
        }
    }
}
