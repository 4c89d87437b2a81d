use std::time::Duration;

use http::HeaderValue;
use runtime::PeerSecret;

use crate::domain::{KeyRotation, Rate};
use crate::key_wrap::KeySecret;

/// What can be set about accounts and sessions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What hashing one password costs.
    pub hash_cost: HashCost,
    /// How many requests may wait for a password to be hashed.
    pub hash_queue: HashQueue,
    /// How old a token is when `GET /api/users/currentuser` replaces it by a fresh one.
    pub renew_after: Duration,
    /// When signing keys change.
    pub key_rotation: KeyRotation,
    /// What private keys are wrapped with in the database; without it they are kept as they are. Plain ones
    /// of before are wrapped as soon as there is a secret.
    pub key_secret: Option<KeySecret>,
    /// What they may be wrapped with still, while the secret is being replaced.
    pub former_key_secret: Option<KeySecret>,
    /// How many proxies of ours stand in front, each of which appends the address it was called
    /// from to `X-Forwarded-For`. With 0 that header is not believed at all.
    pub trusted_proxies: usize,
    /// The value of the header [`runtime::http::VOUCHER`] with which the pages of the same process
    /// prove that the address they give in `X-Forwarded-For` is their visitor's.
    pub voucher: Option<HeaderValue>,
    /// The address that visitors use: passkeys belong to its name.
    pub site: String,
    /// How often signing in and up may be tried.
    pub limits: Limits,
    /// What is known of the service that writes mails; without it nobody is told anything by mail.
    pub mail: Option<MailSettings>,
}

/// How people are told by mail what happens to their accounts.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// What the service that writes the mails proves with that it may ask for addresses.
    pub secret: PeerSecret,
    /// Whether addresses have to be confirmed before one sells, or reserves a second ticket. Sign-up then answers the
    /// same whether or not an address has an account.
    pub confirm_addresses: bool,
}

/// Parameters of argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, in KiB; 8 at least for each lane.
    pub memory_kib: u32,
    /// Passes over it, 1 at least.
    pub iterations: u32,
    /// Lanes, 1 at least.
    pub parallelism: u32,
}

/// Requests that wait for a password to be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashQueue {
    /// How many may wait before further ones are refused as unavailable (503). At 14 ms a hash and two
    /// cores, 512 are a wait of 4 s.
    pub length: usize,
    /// How many of them may come from one address, 1 at least; the others from there wait for these. At
    /// 14 ms a hash and two cores, 16 keep everybody else waiting for a tenth of a second.
    pub share: usize,
}

/// How often signing in and up may be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Failed sign-ins to one account from one address.
    pub sign_in_account_and_address: Rate,
    /// Failed sign-ins to one account from one browser in which it has been signed in to before.
    pub sign_in_account_and_device: Rate,
    /// Failed sign-ins to one account from all other browsers.
    pub sign_in_account: Rate,
    /// Failed sign-ins from one address.
    pub sign_in_address: Rate,
    /// Successful sign-ins to one account from all browsers that are not known, and those of each known browser: they
    /// cost as much as others.
    pub signed_in_account: Rate,
    /// Successful sign-ins from one address.
    pub signed_in_address: Rate,
    /// Wrong passwords in one session, where somebody wants to change it.
    pub password_change: Rate,
    /// Sign-ups for one e-mail address.
    pub sign_up_account: Rate,
    /// Sign-ups from one address.
    pub sign_up_address: Rate,
    /// Mails that anybody can have sent, to one e-mail address.
    pub mails_account: Rate,
    /// Mails that anybody can have sent, asked for from one address.
    pub mails_address: Rate,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for Settings {
    fn default() -> Self {
        Self {
            hash_cost: HashCost::default(),
            hash_queue: HashQueue::default(),
            renew_after: HOUR,
            key_rotation: KeyRotation { after: 30 * DAY, publish_ahead: HOUR },
            key_secret: None,
            former_key_secret: None,
            trusted_proxies: 0,
            voucher: None,
            site: "http://localhost:3000".to_owned(),
            limits: Limits::default(),
            mail: None,
        }
    }
}

impl Default for HashQueue {
    fn default() -> Self {
        Self { length: 512, share: 16 }
    }
}

/// The minimum that OWASP's Password Storage Cheat Sheet recommends.
impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

/// Strict about one account, generous about an address, behind which a whole office may sit. Each network of
/// IPv6 addresses counts as an address.
impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_account_and_address: Rate { burst: 10, per: 15 * MINUTE },
            sign_in_account_and_device: Rate { burst: 10, per: 15 * MINUTE },
            sign_in_account: Rate { burst: 100, per: 15 * MINUTE },
            sign_in_address: Rate { burst: 1000, per: 15 * MINUTE },
            signed_in_account: Rate { burst: 60, per: 15 * MINUTE },
            signed_in_address: Rate { burst: 1000, per: 15 * MINUTE },
            password_change: Rate { burst: 10, per: 15 * MINUTE },
            sign_up_account: Rate { burst: 300, per: HOUR },
            sign_up_address: Rate { burst: 2000, per: HOUR },
            mails_account: Rate { burst: 5, per: HOUR },
            mails_address: Rate { burst: 100, per: HOUR },
        }
    }
}
