use std::time::Duration;

use runtime::limits::{LimitSettings, Proxies, Rate};

/// How much one user and one address may do. `docs/LIMITS.md` lists every limit there is.
#[derive(Debug, Clone, clap::Args)]
pub struct LimitFlags {
    /// Whether users and addresses are limited, apart from signing in and up: `off` is for measurements, and to
    /// fill an instance
    #[arg(long, env = "LIMITS", default_value = "on", value_name = "on|off")]
    pub limits: Limited,

    /// How many changes one user may make: so many at once, and in the long run so many in each period
    #[arg(long, env = "LIMIT_USER", default_value = "60/30s", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_user: Allowed,

    /// How many changes may come from one address, or from one /64 network of IPv6
    #[arg(long, env = "LIMIT_ADDRESS", default_value = "600/30s", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_address: Allowed,

    /// How often one user may check people in at the doors of events, beside other changes
    #[arg(long, env = "LIMIT_CHECK_INS", default_value = "200/10s", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_check_ins: Allowed,
}

/// Whether there are limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Limited {
    /// There are.
    On,
    /// There are none.
    Off,
}

/// How often something may be done: `60/30s`, or `off` for any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed(pub Option<Rate>);

/// The same as without any flag.
impl Default for LimitFlags {
    fn default() -> Self {
        let LimitSettings { user, address, check_ins, .. } = LimitSettings::default();
        Self {
            limits: Limited::On,
            limit_user: Allowed(user),
            limit_address: Allowed(address),
            limit_check_ins: Allowed(check_ins),
        }
    }
}

impl LimitFlags {
    /// Nothing is limited.
    pub fn off() -> Self {
        let none = Allowed(None);
        Self { limits: Limited::Off, limit_user: none, limit_address: none, limit_check_ins: none }
    }

    /// Whether anything is limited.
    pub fn are_on(&self) -> bool {
        self.limits == Limited::On
    }

    /// What surrounds every route.
    pub fn of_requests(&self, proxies: Proxies) -> LimitSettings {
        let (user, address, check_ins) = (self.limit_user.0, self.limit_address.0, self.limit_check_ins.0);
        LimitSettings { is_on: self.are_on(), user, address, check_ins, proxies }
    }
}

/// Reads how often something may be done.
///
/// # Errors
/// If the text is neither a rate nor `off`.
pub(super) fn allowed(text: &str) -> Result<Allowed, String> {
    if text == "off" {
        return Ok(Allowed(None));
    }
    let read = || {
        let (burst, per) = text.split_once('/')?;
        let burst = burst.trim().parse().ok().filter(|burst| *burst > 0)?;
        let per = super::duration(per.trim()).ok().filter(|per| *per <= LONGEST)?;
        Some(Allowed(Some(Rate { burst, per })))
    };
    read().ok_or_else(|| "expected a rate such as 60/30s: so many in each period; or off".to_owned())
}

/// The longest period of a rate.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_say_what_is_usual() {
        let usual = LimitFlags::default();
        assert_eq!((allowed("60/30s"), allowed("600/30s")), (Ok(usual.limit_user), Ok(usual.limit_address)));
        assert_eq!(allowed("200/10s"), Ok(usual.limit_check_ins));
    }

    #[test]
    fn rates_are_written_as_so_many_in_a_period() {
        let rate = Rate { burst: 60, per: Duration::from_secs(30) };
        assert_eq!(allowed("60/30s"), Ok(Allowed(Some(rate))));
        assert_eq!(allowed("off"), Ok(Allowed(None)));
        for nonsense in ["", "60", "0/30s", "60/0s", "60/soon", "-1/1s", "on", "1/1000000h"] {
            assert!(allowed(nonsense).is_err(), "{nonsense:?}");
        }
    }
}
