use anyhow::{Context, Result};
use client::Client;

use super::{ServiceName, System};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A signed-in user.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Their address.
    pub(crate) email: String,
    /// Their session token.
    pub(crate) session: String,
}

/// The users who trade. Few, because hashing a password is slow by design.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// Lists all tickets.
    pub(crate) seller: Person,
    /// The buyers.
    pub(crate) buyers: Vec<Person>,
}

impl People {
    /// Signs up one seller and so many buyers.
    ///
    /// # Errors
    /// If that is refused.
    pub(crate) async fn sign_up(system: &System, buyers: usize) -> Result<Self> {
        let mut people = Vec::new();
        for number in 0..=buyers {
            people.push(sign_up(system, number).await?);
        }
        let seller = people.remove(0);
        Ok(Self { seller, buyers: people })
    }

    /// One of the buyers: the same for the same number.
    pub(crate) fn buyer(&self, number: usize) -> &Person {
        &self.buyers[number % self.buyers.len()]
    }
}

async fn sign_up(system: &System, number: usize) -> Result<Person> {
    let email = format!("person{number}@example.com");
    let client = Client::new(&format!("http://{}", system.address(ServiceName::Auth)))?;
    client.sign_up(&email, PASSWORD).await.with_context(|| format!("{email} cannot sign up"))?;
    let session = client.token().context("a session comes with the account")?;
    Ok(Person { email, session })
}
