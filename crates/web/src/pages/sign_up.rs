use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::sign_in::{self, Credentials, Next};
use crate::components::Field;
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor, Query(next): Query<Next>) -> Response {
    if visitor.user.is_some() {
        return Redirect::to(next.path()).into_response();
    }
    page(&visitor, &next, "", &FormErrors::default())
}

pub(crate) async fn submit(
    visitor: Visitor,
    Query(next): Query<Next>,
    Form(typed): Form<Credentials>,
) -> Result<Response, PageError> {
    match visitor.api.sign_up(&typed.email, &typed.password).await {
        Ok(_) => Ok(Redirect::to(next.path()).into_response()),
        Err(error) => Ok(page(&visitor, &next, &typed.email, &FormErrors::of(error)?)),
    }
}

fn page(visitor: &Visitor, next: &Next, email: &str, errors: &FormErrors) -> Response {
    let text = &visitor.text.account;
    let main = html! {
        div.narrow {
            h1 { (text.sign_up) }
            (errors.summary(visitor))
            form method="post" action=(sign_in::address_of("/signup", next.path())) {
                (Field::text("email", text.email, email, errors).kind("email").autocomplete("username").required())
                (Field::text("password", text.password, "", errors)
                    .kind("password").autocomplete("new-password").hint(text.password_hint).required())
                button.primary { (text.sign_up_button) }
            }
            p { a href=(sign_in::address(next.path())) { (text.have_account) } }
        }
    };
    (errors.status(), Page::new(visitor, text.sign_up, main)).into_response()
}
