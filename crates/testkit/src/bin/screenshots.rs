//! Takes pictures of pages, narrow and wide, light and dark.

use std::path::{Path, PathBuf};

use clap::Parser;
use client::Client;
use testkit::browser::{Browser, Browsers, Look, Scheme};
use testkit::pages::Stage;
use testkit::process::Program;

/// Take pictures of every page in all its states, of a marketplace that is launched for it; or
/// only of the given addresses
///
/// `ticketing` must have been built, beside this program.
#[derive(Parser)]
struct Cli {
    /// Pages of a running instance, such as http://localhost:3000/sell
    urls: Vec<String>,
    /// Sign in there first
    #[arg(long, requires = "urls", requires = "password")]
    email: Option<String>,
    /// With this password
    #[arg(long, requires = "email")]
    password: Option<String>,
    /// Only the pages whose name contains this, such as `checkout`
    #[arg(long, default_value = "", hide_default_value = true)]
    only: String,
    /// Take only wide, light ones
    #[arg(long)]
    quick: bool,
    /// Where to put them
    #[arg(long, default_value = "target/screenshots")]
    output: PathBuf,
}

#[tokio::main]
async fn main() {
    let cli = Cli::parse();
    let browsers = Browsers::launch().await;
    // Dropped last: the pages are those of its servers.
    let stage = if cli.urls.is_empty() { Some(Stage::set(ticketing()).await) } else { None };
    let session = sign_in(&cli).await;
    for (look, suffix) in looks(cli.quick) {
        let browser = browsers.open("", look).await;
        let file = |name: &str| cli.output.join(format!("{name}-{suffix}.png"));
        for url in &cli.urls {
            if let Some(session) = &session {
                browser.sign_in(url, session).await;
            }
            browser.open(url).await;
            take(&browser, &file(&name_of(url))).await;
        }
        for page in stage.iter().flat_map(Stage::pages).filter(|page| page.name.contains(&cli.only)) {
            page.visit(&browser).await;
            take(&browser, &file(page.name)).await;
        }
    }
}

fn ticketing() -> Program {
    let own = std::env::current_exe().expect("this program is a file");
    Program::new(own.with_file_name("ticketing"))
}

async fn sign_in(cli: &Cli) -> Option<String> {
    let (email, password) = (cli.email.as_ref()?, cli.password.as_ref()?);
    let site: Vec<_> = cli.urls.first()?.splitn(4, '/').take(3).collect();
    let client = Client::new(&site.join("/")).expect("an address");
    client.sign_in(email, password).await.unwrap_or_else(|error| panic!("{email} cannot sign in: {error}"));
    client.token()
}

fn looks(quick: bool) -> Vec<(Look, String)> {
    let widths: &[u32] = if quick { &[1440] } else { &[360, 768, 1440] };
    let schemes: &[(Scheme, &str)] =
        if quick { &[(Scheme::Light, "light")] } else { &[(Scheme::Light, "light"), (Scheme::Dark, "dark")] };
    let combined = widths.iter().flat_map(|width| schemes.iter().map(move |scheme| (*width, *scheme)));
    let looks = combined.map(|(width, (scheme, name))| {
        let height = if width < 500 { 740 } else { 900 };
        (Look { width, height, scheme, ..Look::default() }, format!("{width}-{name}"))
    });
    looks.collect()
}

async fn take(browser: &Browser, file: &Path) {
    browser.screenshot(file).await;
    println!("{}", file.display());
}

/// Its path, as a file's name.
fn name_of(url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let name: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if name.is_empty() { "home".to_owned() } else { name }
}
