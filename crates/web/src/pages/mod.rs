//! One page = one file: its address, what it asks the API, what it shows.

pub(crate) mod sign_in;
mod sign_out;
mod sign_up;

use axum::Router;
use axum::routing::{get, post};

use crate::visitor::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/signin", get(sign_in::show).post(sign_in::submit))
        .route("/signup", get(sign_up::show).post(sign_up::submit))
        .route("/signout", post(sign_out::submit))
}
