//! What no honest client sends: it is refused in the error format, and changes nothing.

mod bodies;
mod connections;
mod documented;
mod fields;
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
