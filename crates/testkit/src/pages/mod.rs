//! Every page of the site in every state it has: for whoever checks all of them.

mod list;
mod page;
mod props;
mod stage;

pub use page::{Page, Step};
pub use stage::Stage;
