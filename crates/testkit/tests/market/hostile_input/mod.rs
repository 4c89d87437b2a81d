//! Requests that no honest client sends are refused in the error format and change nothing.

mod bodies;
mod connections;
mod documented;
mod fields;
mod foreign_pages;
mod methods;
mod paths;
mod prices;
mod queries;
mod raw;
mod refusal;
mod site;
mod strangers;
mod tokens;
mod unicode;
