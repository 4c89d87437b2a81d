//! Every page of the site in every state it has: for tests that check all of them.

mod list;
mod page;
mod props;
mod stage;

pub use page::{Action, Page};
pub use stage::Stage;
