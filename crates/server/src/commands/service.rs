use anyhow::Context;
use axum::Router;
use runtime::Peers;

use super::web;
use crate::service_process::ServiceProcess;
use crate::services::{ServiceName, ServicesSettings};
use crate::settings::{
    AccountSettings, DeliverySettings, MailSettings, OrderSettings, PaymentSettings, PeerSettings, ServiceSettings,
    TicketSettings, WebSettings, web_address,
};
use crate::simulator;

/// Run one service, or the pages, in a process of its own, on MongoDB and NATS
#[derive(Debug, clap::Args)]
pub struct ServiceCommand {
    #[command(subcommand)]
    service: OneService,
}

#[derive(Debug, clap::Subcommand)]
enum OneService {
    /// Accounts and sessions
    Auth {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        accounts: AccountSettings,
        #[command(flatten)]
        peers: PeerSettings,
    },
    /// What is for sale
    Tickets {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        tickets: TicketSettings,
    },
    /// Who holds which ticket, until when
    Orders {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        orders: OrderSettings,
    },
    /// Ends reservations that nobody paid in time
    Expiration {
        #[command(flatten)]
        service: ServiceSettings,
    },
    /// Takes the money, and gives it back
    Payments {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        payments: PaymentSettings,
    },
    /// Tells people what has become of what they did
    Mail {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        mail: MailSettings,
        #[command(flatten)]
        peers: PeerSettings,
        /// Where auth answers, which knows where to write to
        #[arg(long, env = "AUTH_URL", default_value = "http://127.0.0.1:3001", value_parser = web_address, value_name = "URL")]
        auth_url: String,
    },
    /// Takes tickets from their sellers to their buyers
    Delivery {
        #[command(flatten)]
        service: ServiceSettings,
        #[command(flatten)]
        delivery: Box<DeliverySettings>,
    },
    /// The pages
    Web {
        #[command(flatten)]
        web: WebSettings,
    },
}

impl ServiceCommand {
    /// Runs it until the process is asked to end.
    ///
    /// # Errors
    /// If it cannot start.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.service {
            OneService::Auth { service, accounts, peers } => {
                let mail = peers.mail_secret.map(|secret| service.sessions.mail(secret));
                if mail.is_none() && service.sessions.confirms_addresses() {
                    anyhow::bail!("--confirm-addresses needs --mail-secret: without mails nobody can confirm anything");
                }
                let auth = auth::Settings { mail, ..service.sessions.auth(&accounts) };
                let settings = ServicesSettings { auth, ..ServicesSettings::default() };
                let process = ServiceProcess::begin(ServiceName::Auth, &service).await?;
                accounts.warn_of_bare_keys();
                process.run(ServiceName::Auth.definition(&settings), Router::new()).await
            }
            OneService::Tickets { service, tickets } => {
                let settings =
                    ServicesSettings { tickets: tickets.tickets(&service.limits), ..ServicesSettings::default() };
                run(ServiceName::Tickets, &service, &settings).await
            }
            OneService::Orders { service, orders } => {
                let orders = orders.orders(&service.limits);
                let settings = ServicesSettings { orders, ..ServicesSettings::default() };
                run(ServiceName::Orders, &service, &settings).await
            }
            OneService::Expiration { service } => {
                run(ServiceName::Expiration, &service, &ServicesSettings::default()).await
            }
            OneService::Payments { service, payments } => run_payments(&service, &payments).await,
            OneService::Mail { service, mail, peers, auth_url } => run_mail(&service, &mail, peers, &auth_url).await,
            OneService::Delivery { service, delivery } => {
                let settings = ServicesSettings { delivery: delivery.alone()?, ..ServicesSettings::default() };
                run(ServiceName::Delivery, &service, &settings).await
            }
            OneService::Web { web } => web::serve(web).await,
        }
    }
}

async fn run(name: ServiceName, service: &ServiceSettings, settings: &ServicesSettings) -> anyhow::Result<()> {
    ServiceProcess::begin(name, service).await?.run(name.definition(settings), Router::new()).await
}

/// Where the pages answer, if nobody says otherwise.
const PAGES: &str = "http://localhost:3006";

async fn run_mail(
    service: &ServiceSettings,
    mail: &MailSettings,
    peers: PeerSettings,
    auth_url: &str,
) -> anyhow::Result<()> {
    let secret = peers.mail_secret.context("mail needs --mail-secret: without it auth does not say where to write")?;
    let auth = auth_url.parse().context("--auth-url is no address")?;
    let asking_auth = |peers: Peers| peers.with_auth_at(auth).with_secret(secret);
    let process = ServiceProcess::begin_asking(ServiceName::Mail, service, asking_auth).await?;
    // Not before there is a log: it warns.
    let outgoing = mail.outgoing()?;
    if outgoing.kept().is_some() {
        tracing::warn!("SMTP_URL is not set: nobody is written to");
    }
    let links_to = service.sessions.public_url.clone().unwrap_or_else(|| PAGES.to_owned());
    let settings = ServicesSettings { mail: mail.mail(outgoing, links_to), ..ServicesSettings::default() };
    process.run(ServiceName::Mail.definition(&settings), Router::new()).await
}

/// Payments without a Stripe key also starts the simulator.
async fn run_payments(service: &ServiceSettings, payments: &PaymentSettings) -> anyhow::Result<()> {
    payments.check(&service.sessions, service.listen_address(ServiceName::Payments))?;
    let process = ServiceProcess::begin(ServiceName::Payments, service).await?;
    let (payments, provider) = simulator::payment_settings(
        payments,
        &process.platform,
        process.records.clone(),
        process.address,
        service.sessions.public_url.clone().unwrap_or_else(|| PAGES.to_owned()),
    )
    .await?;
    let settings = ServicesSettings { payments, ..ServicesSettings::default() };
    let bank = simulator::bank_routes(provider.as_ref(), &process.platform);
    process.run(ServiceName::Payments.definition(&settings), bank).await?;
    if let Some(provider) = provider {
        provider.stop().await;
    }
    Ok(())
}
