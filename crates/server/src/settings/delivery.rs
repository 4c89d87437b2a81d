use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, ensure};
use delivery::storage::{Storage, StorageAddress};
use delivery::{KeyRing, TicketKeys};
use runtime::regular_file::read_text;

use super::EngineSettings;
use super::unshown::Unshown;
use crate::commands::file_inspector;
use crate::engines::make_private;

/// The file in the data directory with what files are encrypted with, if nobody gives us that.
const KEYS: &str = "delivery.keys";
/// The same with what the tickets are signed with that we issue.
const TICKET_KEYS: &str = "ticket.keys";
/// The folder of files there.
const FILES: &str = "files";
/// How many files are looked at at once, and as many that take long beside them. Each takes a processor, and up to 768 MiB of memory.
const INSPECTORS: usize = 2;

/// Where tickets are kept that people give us.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DeliverySettings {
    /// Where files are kept, encrypted: `file:///folder`, `s3://bucket?endpoint=https://host&region=name` or `memory:`;
    /// in one process `files` in the data directory, if nothing is given
    #[arg(long, env = "OBJECT_STORE", value_parser = StorageAddress::from_str, value_name = "URL")]
    pub object_store: Option<StorageAddress>,

    /// What they are encrypted with: `codes:SECRET,LABEL:SECRET`, the newest master key first, or a file with that; in one
    /// process a file made in the data directory, if nothing is given
    #[arg(long, env = "MASTER_KEYS", hide_env_values = true, value_parser = Unshown::<GivenKeys>::new(), value_name = "KEYS|FILE")]
    pub master_keys: Option<GivenKeys>,

    /// What the tickets are signed with that are issued here: `NUMBER:SECRET,NUMBER:SECRET`, the newest first, or a file with
    /// that; in one process a file made in the data directory, if nothing is given
    #[arg(long, env = "TICKET_KEYS", hide_env_values = true, value_parser = Unshown::<GivenTicketKeys>::new(), value_name = "KEYS|FILE")]
    pub ticket_keys: Option<GivenTicketKeys>,
}

/// A key ring that was given, as text or as a file with it.
#[derive(Debug, Clone)]
pub struct GivenKeys(KeyRing);

/// Keys for tickets that were given, as text or as a file with them.
#[derive(Debug, Clone)]
pub struct GivenTicketKeys(TicketKeys);

impl FromStr for GivenKeys {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        // Each key ring has such a secret, and hardly a path is called like that.
        let ring: Result<KeyRing, delivery::InvalidKeyRing> = if given.contains("codes:") {
            given.parse()
        } else {
            let text = read_text(Path::new(given)).map_err(|error| format!("the file cannot be read: {error}"))?;
            text.parse()
        };
        ring.map(Self).map_err(|error| error.to_string())
    }
}

impl FromStr for GivenTicketKeys {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        // Each of them has a number before it, and hardly a path has.
        let keys = if given.contains(':') {
            given.parse::<TicketKeys>()
        } else {
            let text = read_text(Path::new(given)).map_err(|error| format!("the file cannot be read: {error}"))?;
            text.parse()
        };
        keys.map(Self).map_err(|error| error.to_string())
    }
}

impl DeliverySettings {
    /// Delivery's settings, for a process that keeps what it makes itself in the data directory, or nowhere.
    ///
    /// # Errors
    /// If the store or the keys cannot be used; the message says why.
    pub fn beside(&self, engines: &EngineSettings) -> anyhow::Result<delivery::Settings> {
        let is_complete = self.object_store.is_some() && self.master_keys.is_some() && self.ticket_keys.is_some();
        if !engines.memory && !is_complete {
            make_private(&engines.data)?;
        }
        if engines.mongodb_uri.is_some() && !is_complete {
            let directory = engines.data.display();
            tracing::warn!(
                "OBJECT_STORE, MASTER_KEYS or TICKET_KEYS is not set: what is in {directory} belongs to this process alone"
            );
        }
        let address = match &self.object_store {
            Some(address) => address.clone(),
            None if engines.memory => StorageAddress::Memory,
            None => {
                self.ensure_keys_of_files(&engines.data)?;
                StorageAddress::in_folder(&std::path::absolute(&engines.data)?)
            }
        };
        if !engines.memory {
            warn_of_memory(&address);
        }
        let keys = match &self.master_keys {
            Some(GivenKeys(keys)) => keys.clone(),
            None if engines.memory => KeyRing::generate().parse::<KeyRing>()?,
            None => keys_in::<KeyRing>(&engines.data, KEYS, KeyRing::generate)?,
        };
        let ticket_keys = match &self.ticket_keys {
            Some(GivenTicketKeys(keys)) => keys.clone(),
            None if engines.memory => TicketKeys::generate().parse::<TicketKeys>()?,
            None => keys_in::<TicketKeys>(&engines.data, TICKET_KEYS, TicketKeys::generate)?,
        };
        settings(&address, keys, ticket_keys)
    }

    /// The folder of files is made last: where it is, keys that are not there were there once, and new ones in their place
    /// open no ticket that was handed in, and know no code that was sold.
    fn ensure_keys_of_files(&self, data: &Path) -> anyhow::Result<()> {
        let files = data.join(FILES);
        if !files.exists() {
            return Ok(());
        }
        let needed = [(KEYS, self.master_keys.is_none()), (TICKET_KEYS, self.ticket_keys.is_none())];
        let missing: Vec<String> = needed
            .into_iter()
            .filter(|(name, is_needed)| *is_needed && !data.join(name).exists())
            .map(|(name, _)| data.join(name).display().to_string())
            .collect();
        ensure!(
            missing.is_empty(),
            "{} is missing, without which the tickets in {} are lost: restore it from the backup of this directory; only if \
             no ticket was ever handed in or sold, remove {}, and new keys are made",
            missing.join(" and "),
            files.display(),
            files.display()
        );
        Ok(())
    }

    /// The same for a process of its own, which has to be told.
    ///
    /// # Errors
    /// If it is not, or the store cannot be used.
    pub fn alone(&self) -> anyhow::Result<delivery::Settings> {
        let address = self.object_store.as_ref().context("delivery needs --object-store, where files are kept")?;
        let GivenKeys(keys) =
            self.master_keys.clone().context("delivery needs --master-keys, with which files are encrypted")?;
        let GivenTicketKeys(ticket_keys) =
            self.ticket_keys.clone().context("delivery needs --ticket-keys, with which tickets are signed")?;
        warn_of_memory(address);
        settings(address, keys, ticket_keys)
    }
}

/// Where everything else is kept, nobody would expect that.
fn warn_of_memory(address: &StorageAddress) {
    if matches!(address, StorageAddress::Memory) {
        tracing::warn!("OBJECT_STORE is memory: every ticket that is handed in is lost when this process ends");
    }
}

fn settings(address: &StorageAddress, keys: KeyRing, ticket_keys: TicketKeys) -> anyhow::Result<delivery::Settings> {
    let storage = Storage::open(address).with_context(|| format!("cannot use the object store {address}"))?;
    let inspector = file_inspector(INSPECTORS).context("it is not known which program this is")?;
    Ok(delivery::Settings { storage, keys, ticket_keys, inspector, ..delivery::Settings::default() })
}

/// The keys in this directory, which are made if there are none. They are there to stay before anything is encrypted with
/// them.
fn keys_in<K>(directory: &Path, name: &str, generate: fn() -> String) -> anyhow::Result<K>
where
    K: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let file = directory.join(name);
    let text = match read_text(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(directory, &file, generate()),
        read => read,
    };
    let text = text.with_context(|| format!("cannot use the keys in {}", file.display()))?;
    text.parse::<K>().with_context(|| format!("{} holds no keys", file.display()))
}

fn make(directory: &Path, file: &Path, text: String) -> io::Result<String> {
    let unfinished = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&unfinished)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&unfinished, file)?;
    File::open(directory)?.sync_all()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        engines: EngineSettings,
        #[command(flatten)]
        delivery: DeliverySettings,
    }

    fn read(arguments: &[&str]) -> Result<Cli, String> {
        Cli::try_parse_from(["ticketing"].iter().chain(arguments)).map_err(|error| error.to_string())
    }

    const KEYS_GIVEN: &str = "codes:cccccccccccccccccccccccccccccccc,1:kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

    #[test]
    fn in_one_process_a_private_file_with_keys_is_made_once() {
        let data = tempfile::tempdir().expect("a directory");
        let directory = data.path().join("data");
        let cli = read(&["--data", directory.to_str().expect("text")]).expect("nothing is required");
        let first = cli.delivery.beside(&cli.engines).expect("can be made");
        let file = directory.join(KEYS);
        let text = std::fs::read_to_string(&file).expect("is there");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
        }
        let again = cli.delivery.beside(&cli.engines).expect("is there");
        assert_eq!(std::fs::read_to_string(&file).expect("is there"), text);
        assert!(directory.join("files").is_dir());
        assert_eq!(format!("{:?}", first.keys), format!("{:?}", again.keys), "each key has its name");
        assert!(directory.join(TICKET_KEYS).is_file());
    }

    #[test]
    fn keys_that_are_gone_are_missed_and_never_replaced() {
        let data = tempfile::tempdir().expect("a directory");
        let directory = data.path().join("data");
        let cli = read(&["--data", directory.to_str().expect("text")]).expect("nothing is required");
        cli.delivery.beside(&cli.engines).expect("can be made");
        for name in [KEYS, TICKET_KEYS] {
            let (file, backup) = (directory.join(name), data.path().join(name));
            std::fs::rename(&file, &backup).expect("moves");
            let refused = format!("{:#}", cli.delivery.beside(&cli.engines).map(drop).expect_err(name));
            let shown = file.display().to_string();
            assert!(refused.starts_with(&shown) && refused.contains("restore it from the backup"), "{refused}");
            assert!(!file.exists(), "no new one is made");
            std::fs::rename(&backup, &file).expect("moves");
            cli.delivery.beside(&cli.engines).expect("it is there again");
        }
        for name in [KEYS, TICKET_KEYS] {
            std::fs::remove_file(directory.join(name)).expect("is there");
        }
        let refused = format!("{:#}", cli.delivery.beside(&cli.engines).map(drop).expect_err("both are gone"));
        assert!(refused.contains(KEYS) && refused.contains(TICKET_KEYS), "{refused}");
        let tickets = "1:tttttttttttttttttttttttttttttttt";
        let given =
            ["--data", directory.to_str().expect("text"), "--master-keys", KEYS_GIVEN, "--ticket-keys", tickets];
        let given = read(&given).expect("reads");
        given.delivery.beside(&given.engines).expect("it has keys");
        std::fs::remove_dir_all(directory.join(FILES)).expect("is there");
        cli.delivery.beside(&cli.engines).expect("it is as on the first day");
        assert!(directory.join(KEYS).exists() && directory.join(TICKET_KEYS).exists());
    }

    #[test]
    fn what_a_first_start_left_unfinished_is_finished() {
        let data = tempfile::tempdir().expect("a directory");
        std::fs::set_permissions(data.path(), Permissions::from_mode(0o700)).expect("allowed");
        let cli = read(&["--data", data.path().to_str().expect("text")]).expect("nothing is required");
        keys_in::<KeyRing>(data.path(), KEYS, KeyRing::generate).expect("can be made");
        let kept = std::fs::read(data.path().join(KEYS)).expect("is there");
        cli.delivery.beside(&cli.engines).expect("the others are made");
        assert_eq!(std::fs::read(data.path().join(KEYS)).expect("is there"), kept);
    }

    #[test]
    fn a_process_of_its_own_has_to_be_told_where_and_with_what() {
        let told = |arguments: &[&str]| read(arguments).expect("reads").delivery.alone().map(drop);
        let store = ["--object-store", "memory:"];
        assert!(told(&store).expect_err("without keys").to_string().contains("--master-keys"));
        let keys = ["--master-keys", KEYS_GIVEN];
        assert!(told(&keys).expect_err("without a store").to_string().contains("--object-store"));
        assert!(told(&[store, keys].concat()).expect_err("without keys").to_string().contains("--ticket-keys"));
        let tickets = ["--ticket-keys", "1:tttttttttttttttttttttttttttttttt"];
        told(&[store, keys, tickets].concat()).expect("all is there");
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), KEYS_GIVEN.replace(',', "\n")).expect("writes");
        let in_a_file = ["--master-keys", file.path().to_str().expect("text")];
        told(&[store, in_a_file, tickets].concat()).expect("all is there");
    }

    #[test]
    fn keys_in_a_pipe_are_refused_before_anybody_waits_for_its_writer() {
        let data = tempfile::tempdir().expect("a directory");
        std::fs::set_permissions(data.path(), Permissions::from_mode(0o700)).expect("allowed");
        let pipe = data.path().join(KEYS);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        for setting in ["--master-keys", "--ticket-keys"] {
            let refused = read(&[setting, pipe.to_str().expect("text")]).expect_err(setting);
            assert!(refused.contains(setting) && refused.contains("it is no regular file"), "{refused}");
        }
        let cli = read(&["--data", data.path().to_str().expect("text")]).expect("nothing is required");
        let refused = format!("{:#}", cli.delivery.beside(&cli.engines).map(drop).expect_err("it has no keys"));
        assert!(refused.contains(KEYS) && refused.contains("it is no regular file"), "{refused}");
    }

    #[test]
    fn what_is_wrong_with_keys_is_said_without_them() {
        for keys in ["codes:secretly,1:short", "1:secretly-kept", "/nowhere/secretly"] {
            let refused = read(&["--master-keys", keys]).expect_err(keys);
            assert!(refused.contains("--master-keys") && !refused.contains("secretly"), "{refused}");
        }
        for keys in ["1:secretly", "secretly:1", "/nowhere/secretly"] {
            let refused = read(&["--ticket-keys", keys]).expect_err(keys);
            assert!(refused.contains("--ticket-keys") && !refused.contains("secretly"), "{refused}");
        }
        assert!(read(&["--object-store", "gs://tickets"]).expect_err("it is unknown").contains("--object-store"));
    }
}
