use std::time::Duration;

use crate::key_ring::KeyRing;
use crate::storage::{Storage, StorageAddress};
use crate::ticket_keys::TicketKeys;
use crate::worker::Client;

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where files are kept, encrypted.
    pub storage: Storage,
    /// What they are encrypted with, and codes are recognised by.
    pub keys: KeyRing,
    /// What the codes of tickets that we issue are signed with.
    pub ticket_keys: TicketKeys,
    /// What looks at files, in other processes.
    pub inspector: Client,
    /// How many files may come in at once. Each takes memory for some parts of it.
    pub uploads_at_once: usize,
    /// How many may be given out at once, likewise.
    pub downloads_at_once: usize,
}

impl Default for Settings {
    /// Without a store: files are kept in memory, under keys that nobody knows. This program looks at files if it is
    /// `ticketing`; others have to say which one does.
    fn default() -> Self {
        let program = std::env::current_exe().unwrap_or_else(|_| "ticketing".into());
        Self {
            storage: Storage::open(&StorageAddress::Memory).expect("memory is there"),
            keys: KeyRing::generate().parse().expect("is a key ring"),
            ticket_keys: TicketKeys::generate().parse().expect("is a key"),
            inspector: Client::new(program, vec!["inspect-file".into()], Duration::from_secs(40), 2),
            uploads_at_once: 16,
            downloads_at_once: 256,
        }
    }
}
