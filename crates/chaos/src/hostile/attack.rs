use std::time::Duration;

use anyhow::Result;
use testkit::world::AddressLimits;

use super::attacks::{
    aborted, card_tester, deaf, filler, forgery, guessing, hoarder, idle, one_network, oversized, schemathesis,
    searching, shapes, slow, starving, strangers, uploader, uploads,
};
use super::canary::Canary;
use super::report::Row;
use super::site::Site;
use super::upkeep::Upkeep;

/// An attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attack {
    /// Requests that are sent byte by byte, or not at all.
    Slow,
    /// Clients that do not read their responses.
    Deaf,
    /// As many idle connections as possible.
    Idle,
    /// Connections cut in the middle of purchases.
    Aborted,
    /// Oversized requests.
    Oversized,
    /// Requests that a proxy and the server could parse differently, and bytes that are not HTTP.
    Shapes,
    /// As many sign-ins at once as possible, which keep others from signing in.
    Starving,
    /// Password guessing.
    Guessing,
    /// Searches among very many tickets.
    Searching,
    /// Session tokens that auth did not issue, and tokens of ended sessions.
    Forgery,
    /// Access to another user's data through every operation.
    Strangers,
    /// Files that are no tickets, uploads that do not end, texts that are paths, guessed ids, forged scans.
    Uploads,
    /// Requests derived from the API's description.
    Schemathesis,
    /// Guesses at one account from all addresses of one IPv6 network.
    OneNetwork,
    /// One account that reserves everything.
    Hoarder,
    /// One account that finds out which cards work.
    CardTester,
    /// One account that fills the disk.
    Filler,
    /// One account that uploads files as fast as it can.
    Uploader,
    /// Many accounts at one address that reserve everything.
    Hoarders,
    /// Many accounts at one address that find out which cards work.
    CardTesters,
    /// Many accounts at one address that fill the disk.
    Fillers,
}

/// The size of every attack.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Slow clients of each kind.
    pub slow: usize,
    /// Clients that do not read.
    pub deaf: usize,
    /// Requests sent by each of these; if there are few, the attack skips responses that never come.
    pub unread: usize,
    /// Idle connections.
    pub idle: usize,
    /// Aborted requests of each kind.
    pub aborted: usize,
    /// Sign-ins at once to one account from one address.
    pub sign_ins: usize,
    /// Guesses at one password from one address.
    pub guesses: usize,
    /// Addresses that guess at one password together.
    pub addresses: u8,
    /// How long a network guesses before the owner does anything.
    pub guessing: Duration,
    /// Accounts that one address tries to sign in to.
    pub accounts: usize,
    /// Tickets to search.
    pub tickets: usize,
    /// Searchers at once.
    pub searchers: usize,
    /// How long they search.
    pub searching: Duration,
    /// What may come from one address.
    pub address: AddressLimits,
    /// By how much longer than twice the usual time honest users may wait meanwhile: where the attackers share the
    /// product's cores, any load costs that.
    pub slack: Duration,
    /// Requests that schemathesis derives for each operation.
    pub schemathesis: Option<u32>,
    /// How long honest users trade alone before the accounts of one user or one address attack.
    pub alone: Duration,
    /// Tickets that one account reserves.
    pub hoarded: usize,
    /// The least that it takes until it reserves them again, so that the news of the last time has arrived.
    pub round: Duration,
    /// Accounts at one address that reserve tickets.
    pub hoarders: usize,
    /// Cards that one account tries.
    pub cards: usize,
    /// Accounts at one address that try cards.
    pub testers: usize,
    /// How long they do.
    pub trying: Duration,
    /// Listings and edits of one account, or of all accounts at one address.
    pub filled: usize,
    /// Accounts at one address that make these.
    pub fillers: usize,
    /// How much of something files have that do not end.
    pub endless: usize,
    /// How many files are tried in which codes are looked for as long as that may take.
    pub without_codes: usize,
    /// How long files come byte by byte.
    pub trickling: Duration,
    /// How many ids before and after each that is known are guessed.
    pub guessed_ids: u128,
}

/// The result of an attack.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tried: String,
    pub(super) did: String,
    pub(super) findings: Vec<String>,
}

impl Attack {
    /// All attacks.
    pub const ALL: [Self; 13] = [
        Self::Slow,
        Self::Deaf,
        Self::Idle,
        Self::Aborted,
        Self::Oversized,
        Self::Shapes,
        Self::Forgery,
        Self::Strangers,
        Self::Uploads,
        Self::Schemathesis,
        Self::Searching,
        Self::Starving,
        // Last, because it uses up the rate limits of some addresses.
        Self::Guessing,
    ];

    /// The attacks of one account and of many at one address, on a site that limits what users and addresses may do, and
    /// believes the proxy that they come through.
    pub const OF_ONE_PARTY: [Self; 7] = [
        Self::Hoarder,
        Self::CardTester,
        Self::Filler,
        Self::Uploader,
        Self::Hoarders,
        Self::CardTesters,
        Self::Fillers,
    ];

    /// The attacks that come through a proxy, on a site that believes it.
    pub const THROUGH_A_PROXY: [Self; 1] = [Self::OneNetwork];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow requests",
            Self::Deaf => "clients that never read",
            Self::Idle => "idle connections",
            Self::Aborted => "aborted requests",
            Self::Oversized => "oversized everything",
            Self::Shapes => "smuggling, and what is no HTTP/1.1",
            Self::Starving => "sign-ins that starve others",
            Self::Guessing => "password guessing",
            Self::Searching => "searching",
            Self::Forgery => "token forgery",
            Self::Strangers => "another user's ids on every operation",
            Self::Uploads => "files that are no tickets",
            Self::Schemathesis => "schemathesis",
            Self::OneNetwork => "one IPv6 network guesses",
            Self::Hoarder => "one account reserves everything",
            Self::CardTester => "one account tries cards",
            Self::Filler => "one account fills the disk",
            Self::Uploader => "one account uploads all the time",
            Self::Hoarders => "one address reserves everything",
            Self::CardTesters => "one address tries cards",
            Self::Fillers => "one address fills the disk",
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
            Self::Starving => starving::attack(site, scale).await,
            Self::Guessing => guessing::attack(site, scale).await,
            Self::Searching => searching::attack(site, scale).await,
            Self::Forgery => forgery::attack(site).await,
            Self::Strangers => strangers::attack(site).await,
            Self::Uploads => uploads::attack(site, scale).await,
            Self::Schemathesis => schemathesis::attack(site, scale.schemathesis).await,
            Self::OneNetwork => one_network::attack(site, scale).await,
            Self::Hoarder => hoarder::attack(site, scale).await,
            Self::CardTester => card_tester::attack(site, scale).await,
            Self::Filler => filler::attack(site, scale).await,
            Self::Uploader => uploader::attack(site, scale).await,
            Self::Hoarders => hoarder::from_one_address(site, scale).await,
            Self::CardTesters => card_tester::from_one_address(site, scale).await,
            Self::Fillers => filler::from_one_address(site, scale).await,
        }
    }
}

impl Scale {
    /// The size for the command.
    pub fn full() -> Self {
        Self {
            slow: 300,
            deaf: 50,
            unread: 2000,
            idle: 10_000,
            aborted: 334,
            sign_ins: 3_600,
            guesses: 500,
            addresses: 20,
            guessing: Duration::from_secs(3),
            accounts: 1_100,
            tickets: 100_000,
            searchers: 64,
            searching: Duration::from_secs(15),
            address: AddressLimits::default(),
            slack: Duration::from_millis(15),
            schemathesis: None,
            alone: Duration::from_secs(10),
            hoarded: 2000,
            round: Duration::from_secs(2),
            hoarders: 100,
            cards: 1000,
            testers: 100,
            trying: Duration::from_secs(20),
            filled: 2000,
            fillers: 40,
            endless: 300_000,
            without_codes: usize::MAX,
            trickling: Duration::from_secs(170),
            guessed_ids: 100,
        }
    }

    /// A size that takes seconds, also in a debug build, and still shows that everything works.
    pub fn small() -> Self {
        Self {
            slow: 5,
            deaf: 5,
            unread: 20,
            idle: 300,
            aborted: 30,
            sign_ins: 100,
            guesses: 30,
            addresses: 12,
            guessing: Duration::from_millis(500),
            accounts: 0,
            tickets: 200,
            searchers: 16,
            searching: Duration::from_secs(1),
            address: AddressLimits { changes: 90, reservations: 30, payments: 30 },
            // Attackers, product and database are one process here: only the answers say something.
            slack: Duration::from_secs(20),
            schemathesis: None,
            alone: Duration::from_millis(200),
            hoarded: 12,
            round: Duration::from_millis(500),
            hoarders: 12,
            cards: 24,
            testers: 8,
            trying: Duration::from_millis(1500),
            filled: 120,
            fillers: 10,
            endless: 2_000,
            without_codes: 1,
            trickling: Duration::from_secs(2),
            guessed_ids: 2,
        }
    }
}

/// Runs the attack while honest users trade, and reports the findings.
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
        findings.push("another user's data has changed".into());
    }
    let upkeep = format!(
        "{} files, {} MiB; at its end {}, {}; after it {}, {}",
        before.files, before.memory, peak.files, peak.memory, after.files, after.memory
    );
    Ok(Row { attack: attack.name(), tried, did, honest: honest.to_string(), upkeep, findings })
}
