use std::ops::Deref;
use std::sync::Arc;

use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use runtime::limits::Turns;
use runtime::store::Store;
use runtime::{Deps, Timer};
use tokio::sync::Semaphore;

use crate::Settings;
use crate::domain::{Admission, CodeClaim, Handover, KeyMark, LooseFile, Organisers, Place};
use crate::inspection_turns::InspectionTurns;
use crate::key_check::KeyCheck;
use crate::key_ring::CodeKey;
use crate::ticket_keys::TicketKeys;
use crate::vault::Vault;
use crate::worker::Client;

/// What the routes, listeners and tasks work with. Cheap to clone, as each request does.
#[derive(Clone)]
pub(crate) struct DeliveryState(Arc<Shared>);

/// See [`DeliveryState`].
pub(crate) struct Shared {
    pub(crate) admissions: Store<Admission>,
    pub(crate) handovers: Store<Handover>,
    pub(crate) codes: Store<CodeClaim>,
    pub(crate) key_marks: Store<KeyMark>,
    pub(crate) loose_files: Store<LooseFile>,
    pub(crate) organisers: Store<Organisers>,
    pub(crate) places: Store<Place>,
    pub(crate) ticket_keys: TicketKeys,
    pub(crate) vault: Vault,
    pub(crate) code_key: CodeKey,
    pub(crate) key_check: KeyCheck,
    pub(crate) inspector: Client,
    /// How many more files may come in, and be given out; and those of each seller that come in.
    pub(crate) uploads: Semaphore,
    pub(crate) uploads_of: Turns,
    pub(crate) inspection_turns: InspectionTurns,
    pub(crate) downloads: Arc<Semaphore>,
    /// Knows when the next promise is due.
    pub(crate) due: Timer,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
}

impl Deref for DeliveryState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl DeliveryState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let Settings { storage, keys, ticket_keys, inspector, uploads_at_once, downloads_at_once } = settings;
        Self(Arc::new(Shared {
            admissions: deps.store(),
            handovers: deps.store(),
            codes: deps.store(),
            key_marks: deps.store(),
            loose_files: deps.store(),
            organisers: deps.store(),
            places: deps.store(),
            ticket_keys,
            vault: Vault::new(storage, keys.masters),
            code_key: keys.codes,
            key_check: KeyCheck::default(),
            inspection_turns: InspectionTurns::new(inspector.at_once()),
            inspector,
            uploads: Semaphore::new(uploads_at_once),
            uploads_of: Turns::new(0),
            downloads: Arc::new(Semaphore::new(downloads_at_once)),
            due: Timer::default(),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
        }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
