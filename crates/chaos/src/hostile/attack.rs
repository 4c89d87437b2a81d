use anyhow::Result;

use super::attacks::{aborted, deaf, forgery, guessing, idle, oversized, schemathesis, shapes, slow, strangers};
use super::canary::Canary;
use super::report::Row;
use super::site::Site;
use super::upkeep::Upkeep;

/// A way to mean harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attack {
    /// Requests that come byte by byte, or not at all.
    Slow,
    /// Clients that read nothing of what they ask for.
    Deaf,
    /// As many connections as there can be, on which nothing happens.
    Idle,
    /// Connections cut while something is being bought.
    Aborted,
    /// Everything too large.
    Oversized,
    /// What means one thing to a proxy and another to us, and what is no HTTP at all.
    Shapes,
    /// Guessing passwords.
    Guessing,
    /// Sessions that auth did not make, and such as have ended.
    Forgery,
    /// Another user's things, by every operation there is.
    Strangers,
    /// Whatever can be derived from the API's description.
    Schemathesis,
}

/// How much of everything.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Slow clients, in each way.
    pub slow: usize,
    /// Clients that read nothing.
    pub deaf: usize,
    /// Requests that each of these sends; none that never gets an answer is waited for if there are few.
    pub unread: usize,
    /// Idle connections.
    pub idle: usize,
    /// Requests cut off, of each kind.
    pub aborted: usize,
    /// Guesses at one password from one address.
    pub guesses: usize,
    /// Addresses that guess at one password together.
    pub addresses: u8,
    /// Accounts that one address tries.
    pub accounts: usize,
    /// Requests that schemathesis derives for each operation.
    pub schemathesis: Option<u32>,
}

/// What an attack came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tried: String,
    pub(super) did: String,
    pub(super) findings: Vec<String>,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Slow,
        Self::Deaf,
        Self::Idle,
        Self::Aborted,
        Self::Oversized,
        Self::Shapes,
        Self::Forgery,
        Self::Strangers,
        Self::Schemathesis,
        // Last, for it uses up what can be tried from some addresses.
        Self::Guessing,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow requests",
            Self::Deaf => "clients that never read",
            Self::Idle => "idle connections",
            Self::Aborted => "aborted requests",
            Self::Oversized => "oversized everything",
            Self::Shapes => "smuggling, and what is no HTTP/1.1",
            Self::Guessing => "password guessing",
            Self::Forgery => "token forgery",
            Self::Strangers => "another user's ids on every operation",
            Self::Schemathesis => "schemathesis",
        }
    }

    async fn make(self, site: &Site, scale: &Scale) -> Result<Outcome> {
        match self {
            Self::Slow => slow::attack(site, scale.slow).await,
            Self::Deaf => deaf::attack(site, scale.deaf, scale.unread).await,
            Self::Idle => idle::attack(site, scale.idle).await,
            Self::Aborted => aborted::attack(site, scale.aborted).await,
            Self::Oversized => oversized::attack(site).await,
            Self::Shapes => shapes::attack(site).await,
            Self::Guessing => guessing::attack(site, scale).await,
            Self::Forgery => forgery::attack(site).await,
            Self::Strangers => strangers::attack(site).await,
            Self::Schemathesis => schemathesis::attack(site, scale.schemathesis).await,
        }
    }
}

impl Scale {
    /// What the command does.
    pub fn full() -> Self {
        Self {
            slow: 300,
            deaf: 50,
            unread: 2000,
            idle: 10_000,
            aborted: 334,
            guesses: 500,
            addresses: 20,
            accounts: 1_100,
            schemathesis: None,
        }
    }

    /// What is enough to see that everything works: seconds, also where nothing is optimised.
    pub fn small() -> Self {
        Self {
            slow: 5,
            deaf: 5,
            unread: 20,
            idle: 300,
            aborted: 30,
            guesses: 30,
            addresses: 12,
            accounts: 0,
            schemathesis: None,
        }
    }
}

/// Attacks, with honest users about, and sees what comes of it.
///
/// # Errors
/// If it cannot be carried out.
pub async fn attack(attack: Attack, site: &Site, scale: &Scale) -> Result<Row> {
    let belongings = site.belongings().await?;
    let canary = Canary::begin(site).await?;
    let before = Upkeep::of(site.pid)?;
    let Outcome { tried, did, mut findings } = attack.make(site, scale).await?;
    let peak = Upkeep::of(site.pid)?;
    let honest = canary.end().await?;
    let (after, kept) = before.again(site.pid).await?;
    findings.extend(honest.findings());
    findings.extend(kept);
    if site.belongings().await? != belongings {
        findings.push("something of somebody else's has changed".into());
    }
    let upkeep = format!(
        "{} files, {} MiB; at its end {}, {}; after it {}, {}",
        before.files, before.memory, peak.files, peak.memory, after.files, after.memory
    );
    Ok(Row { attack: attack.name(), tried, did, honest: honest.to_string(), upkeep, findings })
}
