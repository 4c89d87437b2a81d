use axum::response::{IntoResponse, Redirect, Response};
use client::{Currency, TicketSort};
use maud::{Markup, html};

use crate::components::{Field, TicketState};
use crate::error::PageError;
use crate::forms::FormErrors;
use crate::headers::Impersonal;
use crate::layout::Page;
use crate::preview::Preview;
use crate::query::Query;
use crate::visitor::Visitor;

mod event_card;
mod results;
mod search;
#[cfg(test)]
mod tests;

use event_card::events_of;
use results::{Found, count, results};
use search::Search;
pub(crate) use search::address_of;

pub(crate) async fn show(visitor: Visitor, Query(search): Query<Search>) -> Result<Response, PageError> {
    // Without these there are tickets all the same.
    let known = visitor.api.currencies().await.unwrap_or_default();
    let page = |found, errors: &FormErrors| page(&visitor, &search, &known, found, errors);
    let filter = match search.filter(&visitor.text.catalogue, &visitor.formats, &known) {
        Ok(filter) => filter,
        Err(errors) => return Ok(page(None, &FormErrors::new(errors))),
    };
    match visitor.api.tickets(&filter).await {
        Ok(tickets) => {
            let is_grouped = search.groups_by_event();
            let events = if is_grouped { events_of(&visitor, &tickets.items).await } else { Vec::new() };
            Ok(page(Some(&Found { tickets, events }), &FormErrors::default()))
        }
        Err(error) => {
            let errors = FormErrors::of(error)?;
            // A cursor of a list with another sort order: start from the first page.
            if errors.for_field("cursor").next().is_some() {
                return Ok(Redirect::to(&search.address(None)).into_response());
            }
            Ok(page(None, &errors))
        }
    }
}

fn page(
    visitor: &Visitor,
    search: &Search,
    known: &[Currency],
    found: Option<&Found>,
    errors: &FormErrors,
) -> Response {
    let text = &visitor.text.catalogue;
    let compared = search.currency_among(known, &visitor.formats).filter(|_| search.compares_prices());
    let is_one_of_several = |currency: &Currency| known.iter().any(|other| other != currency);
    let main = html! {
        h1 { (text.title) }
        div data-region="problems" { (errors.summary(visitor)) }
        (form(visitor, search, known, errors))
        section #results tabindex="-1" aria-label=(text.results) {
            div.results-head {
                p.meta data-region="count" data-all=(text.all) data-one=(text.one) data-first=(text.first)
                    data-number=[found.map(|found| found.tickets.items.len())] {
                    @if let Some(found) = found { (count(visitor, search, &found.tickets)) }
                }
                // Space is reserved for it, so that it causes no layout shift.
                button.news type="button" hidden data-news data-one=(text.one_new) data-many=(text.many_new) {}
            }
            p.visually-hidden role="status" data-announcement {}
            // Tickets listed after this time are new.
            div data-region="results" data-asked=(visitor.now)
                data-narrowed[search.is_narrowed() || search.compares_prices()] {
                @if let Some(found) = found {
                    (names(visitor, search))
                    @if let Some(currency) = compared.filter(is_one_of_several) {
                        p.meta { ((text.compared)(&currency.code().to_uppercase())) }
                    }
                    (results(visitor, search, found))
                }
            }
        }
        @for state in TicketState::ALL { template data-badge=(state.name()) { (state.badge(visitor)) } }
    };
    // What somebody searches for is in other pages, too.
    let is_whole = visitor.place == "/" && found.is_some();
    let preview = is_whole.then(|| Preview::new("/", visitor.text.layout.description));
    let page = Page::new(visitor, text.title, main).script("catalogue.js").preview(preview);
    (axum::Extension(Impersonal), errors.on(page)).into_response()
}

fn form(visitor: &Visitor, search: &Search, known: &[Currency], errors: &FormErrors) -> Markup {
    let text = &visitor.text.catalogue;
    let is_known = |currency: &Currency| known.contains(currency) || search.currency() == Some(*currency);
    let currencies: Vec<_> = Currency::ALL.into_iter().filter(is_known).collect();
    // Where all tickets are in one currency, nobody needs to choose.
    let has_choice = currencies.len() > 1 || search.currency().is_some();
    html! {
        form.search role="search" action="/" {
            (Field::text("q", text.search, &search.q, errors).kind("search").placeholder(text.search_hint).max_length(200))
            button.primary { (text.search_button) }
            @for (field, name) in search.names() { input type="hidden" name=(field) value=(name); }
            // Collapsed only on small screens.
            details.filters open[search.is_filtered() || !errors.is_empty()] {
                summary { (text.filters) }
                div.filter-fields.with-currency[has_choice] {
                    (Field::text("from", text.from, &search.from, errors).kind("date"))
                    (Field::text("to", text.to, &search.to, errors).kind("date"))
                    (Field::text("min", text.lowest_price, &search.min, errors).input_mode("decimal"))
                    (Field::text("max", text.highest_price, &search.max, errors).input_mode("decimal"))
                    @if has_choice { (currency(visitor, search, &currencies)) }
                    (sorting(visitor, search))
                }
            }
        }
    }
}

/// Which names alone the results have, and the way to those of others.
fn names(visitor: &Visitor, search: &Search) -> Markup {
    let text = &visitor.text.catalogue;
    html! {
        @if search.names().next().is_some() {
            p.meta {
                (text.only)
                @for (position, (_, name)) in search.names().enumerate() {
                    @if position > 0 { " ·" }
                    " " bdi { (name) }
                }
                " – " a href=(search.without_names().address(None)) { (text.others_too) }
            }
        }
    }
}

fn currency(visitor: &Visitor, search: &Search, currencies: &[Currency]) -> Markup {
    let text = &visitor.text.catalogue;
    html! {
        div.field {
            label for="currency" { (text.currency) }
            select #currency name="currency" {
                option value="" { (text.any_currency) }
                @for currency in currencies {
                    option value=(currency.code()) selected[search.currency() == Some(*currency)] {
                        (currency.code().to_uppercase())
                    }
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
