use anyhow::Context;
use client::{Client, Error};
use http::StatusCode;

use super::instance::Instance;
use super::phase::Phase;
use super::plan::Size;

/// The password of every account that is made here, which is public.
pub(super) const PASSWORD: &str = "please take your seats";

/// The people who sell or buy, signed in.
pub(super) struct People {
    /// Those who list the tickets.
    pub(super) sellers: Vec<Client>,
    /// Those who order them.
    pub(super) buyers: Vec<Client>,
    /// How many of them had no account before.
    pub(super) newcomers: usize,
}

impl People {
    /// Creates the accounts, and signs in those that exist from an earlier run.
    pub(super) async fn gather(instance: &Instance, size: Size) -> anyhow::Result<Self> {
        let emails = (1..=size.sellers).map(seller).chain((1..=size.buyers).map(buyer)).collect();
        let enter = |email: String, phase| {
            let person = instance.visitor.anonymous();
            async move {
                let is_new = enter(&person, &email, &phase).await.with_context(|| format!("{email} cannot sign in"))?;
                Ok((person, is_new))
            }
        };
        let people = Phase::run("Users", emails, enter).await?;
        let newcomers = people.iter().filter(|(_, is_new)| *is_new).count();
        let mut sellers: Vec<Client> = people.into_iter().map(|(person, _)| person).collect();
        let buyers = sellers.split_off(size.sellers);
        Ok(Self { sellers, buyers, newcomers })
    }

    /// How many people there are.
    pub(super) fn count(&self) -> usize {
        self.sellers.len() + self.buyers.len()
    }
}

/// The address of a seller, counted from 1.
pub(super) fn seller(number: usize) -> String {
    format!("seller-{number}@example.com")
}

/// The address of a buyer, counted from 1.
pub(super) fn buyer(number: usize) -> String {
    format!("buyer-{number}@example.com")
}

/// Returns whether the account is new.
async fn enter(person: &Client, email: &str, phase: &Phase) -> Result<bool, Error> {
    match phase.patiently(|| person.sign_up(email, PASSWORD)).await {
        Ok(_) => Ok(true),
        // The address is in use.
        Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => {
            phase.patiently(|| person.sign_in(email, PASSWORD)).await.map(|_| false)
        }
        Err(error) => Err(error),
    }
}
