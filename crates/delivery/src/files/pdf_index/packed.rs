use std::collections::BTreeMap;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Name, ObjectIdentifier, Stream};

use super::number;

/// Which objects are inside others, as an index says, and as which part of them: as often as it is said.
#[derive(Debug, Default)]
pub(in crate::files) struct Packed(BTreeMap<usize, Vec<(usize, usize)>>);

impl Packed {
    pub(super) fn note(&mut self, object: usize, other: usize, index: usize) {
        self.0.entry(other).or_default().push((index, object));
    }

    /// Whether each of them is there.
    pub(in crate::files) fn is_right_in(&self, document: &Pdf) -> bool {
        self.0.iter().all(|(other, inside)| {
            numbers_in(document, *other)
                .is_some_and(|numbers| inside.iter().all(|(index, object)| numbers.get(*index) == Some(object)))
        })
    }
}

/// The numbers of the objects that are inside this one, in their order.
fn numbers_in(document: &Pdf, object: usize) -> Option<Vec<usize>> {
    let stream = document.xref().get::<Stream<'_>>(ObjectIdentifier::new(u32::try_from(object).ok()?, 0))?;
    if stream.dict().get::<Name<'_>>(b"Type")?.as_ref() != b"ObjStm" {
        return None;
    }
    let (count, first) = (stream.dict().get::<usize>(b"N")?, stream.dict().get::<usize>(b"First")?);
    let data = stream.decoded_data().ok()?;
    let mut head = data.get(..first)?;
    let mut numbers = Vec::new();
    for _ in 0..count {
        let (object, rest) = number(head)?;
        // Where it begins in what follows.
        let (_, rest) = number(rest)?;
        numbers.push(object);
        head = rest;
    }
    Some(numbers)
}
