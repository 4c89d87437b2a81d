use std::path::Path;
use std::{fmt, fs};

use serde::Deserialize;

use super::Browser;

/// The rules checked: WCAG 2.2 up to AA, and axe-core's best practices.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}).then(
        results => done(results.violations.map(({id, help, nodes}) => (
            {rule: id, help, places: nodes.map(node => node.html + '\\n' + node.failureSummary)}))),
        error => done([{rule: 'axe', help: String(error), places: []}]));";

/// A violation of a rule of axe-core.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// Its id.
    pub rule: String,
    /// The rule's description.
    pub help: String,
    /// The elements that violate it, and why.
    pub places: Vec<String>,
}

impl Browser {
    /// The violations that axe-core finds on the page as it is now.
    ///
    /// # Panics
    /// If JavaScript is off, or axe-core is not installed.
    pub async fn axe(&self) -> Vec<Violation> {
        // Injected by the driver, so that the page's content security policy does not block it.
        self.script(&axe()).await;
        let found = self.client.execute_async(RUN, Vec::new()).await.expect("axe-core runs");
        serde_json::from_value(found).expect("violations as the script above writes them")
    }
}

fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/engines/axe.min.js");
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "this test needs axe-core: {} cannot be read ({error}).\n\
             Run `cargo xtask engines --browser`, which obtains it.",
            file.display()
        )
    })
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.help)?;
        self.places.iter().try_for_each(|place| write!(f, "\n  {}", place.replace('\n', "\n  ")))
    }
}
