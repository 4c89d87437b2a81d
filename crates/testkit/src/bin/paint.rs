//! Measures how soon pages are painted where the network and the processor are slow.

use clap::Parser;
use testkit::browser::{Browsers, Look};
use testkit::pages::Stage;
use testkit::process::Program;

/// Say how many milliseconds after it was asked for the largest part of each page is painted, on a first visit, and how
/// much is loaded: on a phone with 1.6 Mbit/s, 150 ms to the server and back, and a processor four times slower than this
/// one
///
/// `ticketing` must have been built, beside this program.
#[derive(Parser)]
struct Cli {
    /// Only the pages whose name contains this, such as `checkout`
    #[arg(long, default_value = "", hide_default_value = true)]
    only: String,
    /// How often each page is loaded; the median is told
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,
}

#[tokio::main]
async fn main() {
    let cli = Cli::parse();
    let program = std::env::current_exe().expect("this program is a file").with_file_name("ticketing");
    let (stage, browsers) = tokio::join!(Stage::set(Program::new(program)), Browsers::launch());
    let browser = browsers.open("", Look { width: 360, height: 740, ..Look::default() }).await;
    browser.be_slow().await;
    println!("{:<32}{:>10}{:>10}{:>10}", "page", "paint, ms", "requests", "bytes");
    // Others are reached by pressing something, and what is painted then depends on what was there before.
    let pages = stage.pages();
    for page in pages.iter().filter(|page| page.name.contains(&cli.only) && page.is_opened()) {
        let mut paints = Vec::new();
        for _ in 0..cli.times {
            page.visit(&browser).await;
            paints.push(browser.largest_paint().await);
        }
        paints.sort_unstable();
        let transfer = browser.transfer().await;
        println!("{:<32}{:>10}{:>10}{:>10}", page.name, paints[paints.len() / 2], transfer.requests, transfer.bytes);
    }
}
