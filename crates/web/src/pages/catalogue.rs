use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Redirect, Response};
use client::{Page as Part, Ticket, TicketSort};
use maud::{Markup, html};

use crate::components::{Field, TicketState};
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::headers::Impersonal;
use crate::layout::Page;
use crate::preview::Preview;
use crate::visitor::Visitor;

mod results;
mod search;
#[cfg(test)]
mod tests;

use results::{count, results};
use search::Search;

pub(crate) async fn show(
    visitor: Visitor,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Response, PageError> {
    let Query(search) = search.map_err(|rejection| PageError::Refused(rejection.body_text()))?;
    let filter = match search.filter(&visitor.text.catalogue, &visitor.formats) {
        Ok(filter) => filter,
        Err(errors) => return Ok(page(&visitor, &search, None, &FormErrors::new(errors))),
    };
    match visitor.api.tickets(&filter).await {
        Ok(tickets) => Ok(page(&visitor, &search, Some(&tickets), &FormErrors::default())),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            // A cursor of a list with another sort order: start from the first page.
            if errors.for_field("cursor").next().is_some() {
                return Ok(Redirect::to(&search.address(None)).into_response());
            }
            Ok(page(&visitor, &search, None, &errors))
        }
    }
}

fn page(visitor: &Visitor, search: &Search, tickets: Option<&Part<Ticket>>, errors: &FormErrors) -> Response {
    let text = &visitor.text.catalogue;
    let main = html! {
        h1 { (text.title) }
        div data-region="problems" { (errors.summary(visitor)) }
        (form(visitor, search, errors))
        section #results tabindex="-1" aria-label=(text.results) {
            div.results-head {
                p.meta data-region="count" data-all=(text.all) data-first=(text.first) {
                    @if let Some(tickets) = tickets { (count(visitor, search, tickets)) }
                }
                // Space is reserved for it, so that it causes no layout shift.
                button.news type="button" hidden data-news data-one=(text.one_new) data-many=(text.many_new) {}
            }
            p.visually-hidden role="status" data-announcement {}
            // Tickets listed after this time are new.
            div data-region="results" data-asked=(visitor.now) data-narrowed[search.is_narrowed()] {
                @if let Some(tickets) = tickets { (results(visitor, search, tickets)) }
            }
        }
        @for state in TicketState::ALL { template data-badge=(state.name()) { (state.badge(visitor)) } }
    };
    // What somebody searches for is in other pages, too.
    let is_whole = visitor.place == "/" && tickets.is_some();
    let preview = is_whole.then(|| Preview::new("/", visitor.text.layout.description));
    let page = Page::new(visitor, text.title, main).script("catalogue.js").preview(preview);
    (axum::Extension(Impersonal), errors.on(page)).into_response()
}

fn form(visitor: &Visitor, search: &Search, errors: &FormErrors) -> Markup {
    let text = &visitor.text.catalogue;
    html! {
        form.search role="search" action="/" {
            (Field::text("q", text.search, &search.q, errors).kind("search").placeholder(text.search_hint).max_length(200))
            button.primary { (text.search_button) }
            // Collapsed only on small screens.
            details.filters open[search.is_filtered() || !errors.is_empty()] {
                summary { (text.filters) }
                div.filter-fields {
                    (Field::text("from", text.from, &search.from, errors).kind("date"))
                    (Field::text("to", text.to, &search.to, errors).kind("date"))
                    (Field::text("min", text.lowest_price, &search.min, errors).input_mode("decimal"))
                    (Field::text("max", text.highest_price, &search.max, errors).input_mode("decimal"))
                    (sorting(visitor, search))
                }
            }
        }
    }
}

fn sorting(visitor: &Visitor, search: &Search) -> Markup {
    html! {
        div.field {
            label for="sort" { (visitor.text.catalogue.sort_by) }
            select #sort name="sort" {
                @for sort in Search::SORTS {
                    option value=(sort) selected[sort == search.sort()] { (sort_name(visitor, sort)) }
                }
            }
        }
    }
}

fn sort_name(visitor: &Visitor, sort: TicketSort) -> &'static str {
    let text = &visitor.text.catalogue;
    match sort {
        TicketSort::Newest => text.newest,
        TicketSort::Oldest => text.oldest,
        TicketSort::Soonest => text.soonest,
        TicketSort::Cheapest => text.cheapest,
        TicketSort::Dearest => text.dearest,
    }
}
