//! Which tickets are for seats side by side.

use client::{EventDetails, Ticket};

/// The tickets in groups: those that one seller offers for seats whose numbers follow each other, in one row, or in one
/// section that names no rows; and each of the others alone. Within a group they come by their numbers. The groups come in the order of what comes first of each: where
/// the tickets come by their prices, that of the cheapest.
pub(super) fn together(tickets: &[Ticket]) -> Vec<Vec<&Ticket>> {
    let (mut numbered, mut groups) = (Vec::new(), Vec::new());
    for (position, ticket) in tickets.iter().enumerate() {
        match number_in_row(&ticket.details) {
            Some((row, number)) => numbered.push((ticket.user_id.to_string(), row, number, position)),
            None => groups.push(vec![position]),
        }
    }
    numbered.sort_unstable();
    let are_neighbours = |(seller, row, number, _): &Numbered, (other, other_row, next, _): &Numbered| {
        seller == other && row == other_row && number.checked_add(1) == Some(*next)
    };
    let positions = |group: &[Numbered]| group.iter().map(|(.., position)| *position).collect();
    groups.extend(numbered.chunk_by(are_neighbours).map(positions));
    groups.sort_unstable_by_key(|group: &Vec<usize>| group.iter().min().copied());
    groups.into_iter().map(|group| group.into_iter().map(|position| &tickets[position]).collect()).collect()
}

/// Whose ticket, in which row, with which number, and where among all.
type Numbered = (String, [String; 2], u32, usize);

/// The section and the row, as far as they are known, and the number of the seat. None of one whose seat is no number,
/// or of which nobody knows in which row or section it is.
fn number_in_row(EventDetails { section, row, seat, .. }: &EventDetails) -> Option<([String; 2], u32)> {
    let row = [section, row].map(|name| name.as_deref().unwrap_or_default().trim().to_lowercase());
    let number = formats::whole_number(seat.as_deref()?)?;
    row.iter().any(|name| !name.is_empty()).then_some((row, number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SELLER: &str = "5f1f77bcf86cd799439011a1";
    const OTHER: &str = "5f1f77bcf86cd799439011a2";

    fn ticket(seller: &str, section: Option<&str>, row: Option<&str>, seat: &str) -> Ticket {
        let ticket = json!({
            "id": "5f1f77bcf86cd799439011b1", "title": seat, "price": 75, "userId": seller, "version": 0,
            "section": section, "row": row, "seat": seat,
        });
        serde_json::from_value(ticket).expect("a ticket")
    }

    fn in_row_f(seat: &str) -> Ticket {
        ticket(SELLER, Some("Stalls"), Some("F"), seat)
    }

    /// The seats, those that are together joined by a plus.
    fn seats(tickets: &[Ticket]) -> String {
        let group =
            |group: Vec<&Ticket>| group.iter().map(|ticket| ticket.title.as_str()).collect::<Vec<_>>().join("+");
        together(tickets).into_iter().map(group).collect::<Vec<_>>().join(" ")
    }

    fn of(numbers: &str) -> String {
        seats(&numbers.split(' ').map(in_row_f).collect::<Vec<_>>())
    }

    #[test]
    fn numbers_that_follow_each_other_are_together_in_the_order_of_the_first() {
        assert_eq!(seats(&[]), "");
        assert_eq!(of("11"), "11");
        assert_eq!(of("12 11 13"), "11+12+13");
        assert_eq!(of("20 12 31 11 9 30"), "20 11+12 30+31 9");
        assert_eq!(of("9 10 99 100"), "9+10 99+100");
        assert_eq!(of("١٢ 11 １３ 20"), "11+١٢+１３ 20", "in the digits of any script");
        assert_eq!(of("0 1 4294967295 4294967296"), "0+1 4294967295 4294967296");
    }

    #[test]
    fn what_is_no_number_is_alone() {
        assert_eq!(of("A B 11 12A 12 13"), "A B 11+12+13 12A");
        assert_eq!(of("-1 +1 1.5 ½ ② 2"), "-1 +1 1.5 ½ ② 2");
        let without_a_seat =
            Ticket { details: EventDetails { seat: None, ..in_row_f("").details }, ..in_row_f("none") };
        assert_eq!(seats(&[without_a_seat, in_row_f(""), in_row_f(" 7 "), in_row_f("8")]), "none   7 +8");
    }

    #[test]
    fn other_sellers_rows_and_sections_are_elsewhere() {
        let (stalls, balcony, row) = (Some("Stalls"), Some("Balcony"), Some("F"));
        let eleven = in_row_f("11");
        for (other, is_neighbour) in [
            (ticket(SELLER, stalls, row, "12"), true),
            (ticket(SELLER, Some(" STALLS"), Some("f "), "12"), true),
            (ticket(OTHER, stalls, row, "12"), false),
            (ticket(SELLER, balcony, row, "12"), false),
            (ticket(SELLER, stalls, Some("G"), "12"), false),
            (ticket(SELLER, None, row, "12"), false),
            (ticket(SELLER, stalls, None, "12"), false),
        ] {
            let are_neighbours = together(&[eleven.clone(), other.clone()]).len() == 1;
            assert_eq!(are_neighbours, is_neighbour, "{:?}", other.details);
        }
        let nowhere = |seat| ticket(SELLER, None, None, seat);
        assert_eq!(seats(&[nowhere("11"), nowhere("12")]), "11 12", "nobody knows whether that is one row");
        let box_seats = |seat| ticket(SELLER, Some("Box 4"), None, seat);
        assert_eq!(seats(&[box_seats("2"), box_seats("1")]), "1+2");
    }
}
