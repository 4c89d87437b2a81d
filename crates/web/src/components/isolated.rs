//! What people have written, among our words: in the direction of its own script, without turning round what stands
//! beside it.

use maud::{Markup, html};

/// Our words around a name.
pub(crate) fn within(words: fn(&str) -> String, name: &str) -> Markup {
    // No name holds it.
    let place = "\0";
    let whole = words(place);
    let (before, after) = whole.split_once(place).unwrap_or((&whole, ""));
    html! { (before) bdi { (name) } (after) }
}

/// Names with the words for what they are, as far as there are any.
pub(crate) fn listed(names: [(&str, Option<&str>); 3], between: &str) -> Option<Markup> {
    let known: Vec<(&str, &str)> = names.into_iter().filter_map(|(word, name)| Some((word, name?))).collect();
    let list = html! {
        @for (position, (word, name)) in known.iter().enumerate() {
            @if position > 0 { (between) }
            (word) " " bdi { (name) }
        }
    };
    (!known.is_empty()).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_where_it_belongs() {
        let more = within(|name| format!("More for {name} (all)"), "<אב>").into_string();
        assert_eq!(more, "More for <bdi>&lt;אב&gt;</bdi> (all)");
        let seat = listed([("Section", Some("א")), ("Row", None), ("Seat", Some("12"))], ", ");
        assert_eq!(seat.expect("some").into_string(), "Section <bdi>א</bdi>, Seat <bdi>12</bdi>");
        assert!(listed([("Section", None), ("Row", None), ("Seat", None)], ", ").is_none());
    }
}
