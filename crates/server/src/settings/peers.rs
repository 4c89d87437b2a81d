use runtime::PeerSecret;

use super::unshown::Unshown;

/// What auth and the service that writes mails prove to each other.
#[derive(Debug, Clone, clap::Args)]
pub struct PeerSettings {
    /// What the service that writes mails proves to auth with that it may ask for addresses, the same for both; 32
    /// characters at least. Without it auth has nobody told anything by mail
    #[arg(long, env = "MAIL_SECRET", hide_env_values = true, value_parser = Unshown::<PeerSecret>::new(), value_name = "SECRET")]
    pub mail_secret: Option<PeerSecret>,
}
