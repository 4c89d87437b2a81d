use std::time::Instant;

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;

use super::command::Command;
use super::{Browser, PATIENCE, POLL};

/// An element that a visitor can act on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Button,
    Link,
    Field,
}

impl Part {
    /// All candidates on a page.
    fn candidates(self) -> Locator<'static> {
        Locator::Css(match self {
            Self::Button => "button, input[type=submit], summary",
            Self::Link => "a[href]",
            Self::Field => "input:not([type=hidden]), select, textarea",
        })
    }
}

impl Browser {
    /// The first visible element of that name, as soon as there is one.
    pub(super) async fn part(&self, part: Part, name: &str) -> Element {
        let began = Instant::now();
        loop {
            if let Some(element) = self.present(part, name).await {
                return element;
            }
            if began.elapsed() > PATIENCE {
                self.fail(&format!("there is no {part:?} {name:?}")).await;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The first element of that name that is visible now.
    pub(super) async fn present(&self, part: Part, name: &str) -> Option<Element> {
        match self.search(part, name).await {
            Ok(found) => found,
            // The page changed in the meantime.
            Err(error) if is_of_another_page(&error) => None,
            Err(error) => panic!("the browser does not answer: {error}"),
        }
    }

    async fn search(&self, part: Part, name: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(part.candidates()).await? {
            if self.name(&element).await? == name && element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Its accessible name.
    pub(super) async fn name(&self, element: &Element) -> Result<String, CmdError> {
        let label = self.issue(Command::get(format!("element/{}/computedlabel", element.element_id()))).await?;
        let words: Vec<_> = label.as_str().unwrap_or_default().split_whitespace().collect();
        Ok(words.join(" "))
    }
}

/// Whether the error means that the element was replaced in the meantime.
pub(super) fn is_of_another_page(error: &CmdError) -> bool {
    error.is_stale_element_reference()
        || error.is_no_such_element()
        || error.is_detached_shadow_root()
        || error.to_string().contains("Node with given id")
        || error.to_string().contains("does not belong to the document")
}
