use auth::{HashQueue, KeySecret, Limits, Rate};

use super::rate::rate;
use super::unshown::Unshown;

/// How often accounts may be signed in to and made.
#[derive(Debug, Clone, clap::Args)]
pub struct AccountSettings {
    /// Failed sign-ins to one account from one address, or network of IPv6 addresses
    #[arg(long, env = "SIGN_IN_ACCOUNT_AND_ADDRESS_LIMIT", default_value = "10/15m", value_parser = rate, value_name = "RATE")]
    pub sign_in_account_and_address_limit: Rate,

    /// Failed sign-ins to one account from one browser in which it was signed in to before
    #[arg(long, env = "SIGN_IN_ACCOUNT_AND_DEVICE_LIMIT", default_value = "10/15m", value_parser = rate, value_name = "RATE")]
    pub sign_in_account_and_device_limit: Rate,

    /// Failed sign-ins to one account from all other browsers
    #[arg(long, env = "SIGN_IN_ACCOUNT_LIMIT", default_value = "100/15m", value_parser = rate, value_name = "RATE")]
    pub sign_in_account_limit: Rate,

    /// Failed sign-ins from one address, or network of IPv6 addresses
    #[arg(long, env = "SIGN_IN_ADDRESS_LIMIT", default_value = "1000/15m", value_parser = rate, value_name = "RATE")]
    pub sign_in_address_limit: Rate,

    /// Successful sign-ins to one account
    #[arg(long, env = "SIGNED_IN_ACCOUNT_LIMIT", default_value = "60/15m", value_parser = rate, value_name = "RATE")]
    pub signed_in_account_limit: Rate,

    /// Successful sign-ins from one address, or network of IPv6 addresses
    #[arg(long, env = "SIGNED_IN_ADDRESS_LIMIT", default_value = "1000/15m", value_parser = rate, value_name = "RATE")]
    pub signed_in_address_limit: Rate,

    /// Wrong passwords in one session where somebody wants to change the password
    #[arg(long, env = "PASSWORD_CHANGE_LIMIT", default_value = "10/15m", value_parser = rate, value_name = "RATE")]
    pub password_change_limit: Rate,

    /// Sign-ups for one e-mail address
    #[arg(long, env = "SIGN_UP_ACCOUNT_LIMIT", default_value = "300/1h", value_parser = rate, value_name = "RATE")]
    pub sign_up_account_limit: Rate,

    /// Sign-ups from one address, or network of IPv6 addresses
    #[arg(long, env = "SIGN_UP_ADDRESS_LIMIT", default_value = "2000/1h", value_parser = rate, value_name = "RATE")]
    pub sign_up_address_limit: Rate,

    /// Mails that anybody can have sent, to one e-mail address
    #[arg(long, env = "MAILS_ACCOUNT_LIMIT", default_value = "5/1h", value_parser = rate, value_name = "RATE")]
    pub mails_account_limit: Rate,

    /// Mails that anybody can have sent, asked for from one address, or network of IPv6 addresses
    #[arg(long, env = "MAILS_ADDRESS_LIMIT", default_value = "100/1h", value_parser = rate, value_name = "RATE")]
    pub mails_address_limit: Rate,

    /// How many requests may wait for a password to be hashed
    #[arg(long, env = "HASH_QUEUE", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..), value_name = "COUNT")]
    pub hash_queue: u16,

    /// How many of them may come from one address; the others from there wait for these
    #[arg(long, env = "HASH_QUEUE_SHARE", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..), value_name = "COUNT")]
    pub hash_queue_share: u16,

    /// What the keys that sessions are signed with are wrapped with in the database; 32 characters at least
    #[arg(long, env = "AUTH_KEY_SECRET", hide_env_values = true, value_parser = Unshown::<KeySecret>::new(), value_name = "SECRET")]
    pub auth_key_secret: Option<KeySecret>,

    /// What they may be wrapped with still, while the secret is being replaced
    #[arg(long, env = "AUTH_KEY_SECRET_BEFORE", hide_env_values = true, value_parser = Unshown::<KeySecret>::new(), value_name = "SECRET", requires = "auth_key_secret")]
    pub auth_key_secret_before: Option<KeySecret>,
}

impl AccountSettings {
    /// Says so if MongoDB, which others may be able to read, is to keep the keys as they are.
    pub fn warn_of_bare_keys(&self) {
        if self.auth_key_secret.is_none() {
            tracing::warn!("AUTH_KEY_SECRET is not set: whoever can read auth's database can sign sessions");
        }
    }

    /// Auth's settings, as far as these say.
    pub fn auth(&self) -> auth::Settings {
        let limits = Limits {
            sign_in_account_and_address: self.sign_in_account_and_address_limit,
            sign_in_account_and_device: self.sign_in_account_and_device_limit,
            sign_in_account: self.sign_in_account_limit,
            sign_in_address: self.sign_in_address_limit,
            signed_in_account: self.signed_in_account_limit,
            signed_in_address: self.signed_in_address_limit,
            password_change: self.password_change_limit,
            sign_up_account: self.sign_up_account_limit,
            sign_up_address: self.sign_up_address_limit,
            mails_account: self.mails_account_limit,
            mails_address: self.mails_address_limit,
        };
        let hash_queue = HashQueue { length: self.hash_queue.into(), share: self.hash_queue_share.into() };
        auth::Settings {
            limits,
            hash_queue,
            key_secret: self.auth_key_secret.clone(),
            former_key_secret: self.auth_key_secret_before.clone(),
            ..auth::Settings::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        accounts: AccountSettings,
    }

    #[test]
    fn the_defaults_are_those_of_auth() {
        let defaults = Cli::parse_from(["auth"]).accounts.auth();
        let expected = auth::Settings::default();
        assert_eq!(defaults.limits, expected.limits);
        assert_eq!(defaults.hash_queue, expected.hash_queue);
        let strict = Cli::parse_from(["auth", "--sign-in-account-limit", "3/1m"]).accounts.auth();
        assert_eq!(strict.limits.sign_in_account.burst, 3);
    }
}
