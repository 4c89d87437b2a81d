//! The kinds of tickets that an event has, as far as whoever adds it knows them.

use client::{Currency, TierForm};
use formats::{Formats, UnreadPrice};
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::Field;
use crate::forms::FormErrors;
use crate::visitor::Visitor;

/// The fields of each row: those of the name and of the face value.
const ROWS: [(&str, &str); 3] = [("tier1", "faceValue1"), ("tier2", "faceValue2"), ("tier3", "faceValue3")];

/// What was typed in the rows.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TypedTiers {
    tier1: String,
    face_value1: String,
    tier2: String,
    face_value2: String,
    tier3: String,
    face_value3: String,
}

impl TypedTiers {
    fn rows(&self) -> [(&str, &str); ROWS.len()] {
        [(&self.tier1, &self.face_value1), (&self.tier2, &self.face_value2), (&self.tier3, &self.face_value3)]
            .map(|(name, face_value)| (name.as_str(), face_value.as_str()))
    }

    /// The rows in which something is typed, with the names of their fields.
    fn given(&self) -> impl Iterator<Item = ((&'static str, &'static str), (&str, &str))> {
        let is_given = |(name, face_value): &(&str, &str)| !name.trim().is_empty() || !face_value.trim().is_empty();
        ROWS.into_iter().zip(self.rows()).filter(move |(_, row)| is_given(row))
    }

    /// The same for the API, which takes no price but a plain number: where we cannot read one it refuses what it gets.
    pub(super) fn for_api(&self, formats: &Formats, currency: Option<Currency>) -> Vec<TierForm> {
        let face_value = |typed: &str| match formats.read_price(typed, currency) {
            _ if typed.trim().is_empty() => None,
            Ok(price) => Some(price.to_string()),
            Err(UnreadPrice::Invalid(_)) => Some(typed.to_owned()),
            Err(_) => Some(String::new()),
        };
        self.given()
            .map(|(_, (name, typed))| TierForm { name: name.to_owned(), face_value: face_value(typed) })
            .collect()
    }

    /// The errors of the API beside the rows that they are of, with what is wrong with a price as it was typed.
    pub(super) fn explained(&self, errors: FormErrors, formats: &Formats, currency: Option<Currency>) -> FormErrors {
        self.given().enumerate().fold(errors, |errors, (sent, ((name, face_value), (_, typed)))| {
            let errors = errors.moved(&format!("tiers.{sent}.name"), name);
            let errors = errors.moved(&format!("tiers.{sent}.faceValue"), face_value);
            match formats.read_price(typed, currency) {
                Ok(_) => errors,
                Err(unread) => errors.reworded(face_value, &unread.to_string()),
            }
        })
    }

    pub(super) fn show(&self, visitor: &Visitor, errors: &FormErrors) -> Markup {
        let text = &visitor.text.event.add;
        html! {
            fieldset #tiers tabindex="-1" {
                legend { (text.tiers) }
                p.hint { (text.tiers_hint) }
                @for wrong in errors.for_field("tiers") { p.field-error { (wrong) } }
                @for ((row, fields), labels) in self.rows().into_iter().zip(ROWS).zip(text.tier_fields) {
                    div.amount {
                        (Field::text(fields.0, labels.0, row.0, errors).autocomplete("off"))
                        (Field::text(fields.1, labels.1, row.1, errors).autocomplete("off").input_mode("decimal"))
                    }
                }
            }
        }
    }
}
