use std::collections::{BTreeMap, BTreeSet};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Name, Object, ObjectIdentifier, Stream};

use super::number;

/// Which objects are inside others, as an index says, and as which part of them.
#[derive(Debug, Default)]
pub(in crate::files) struct Packed(BTreeMap<usize, BTreeSet<(usize, usize)>>);

impl Packed {
    pub(super) fn note(&mut self, object: usize, other: usize, index: usize) {
        self.0.entry(other).or_default().insert((index, object));
    }

    /// Whether each of them is there, and nothing else is: some programs look for the number alone, and take the first or
    /// the last that has it.
    pub(in crate::files) fn is_right_in(&self, document: &Pdf) -> bool {
        let are_right = self.0.iter().all(|(other, said)| {
            let there =
                numbers_in(document, *other).map(|numbers| numbers.into_iter().enumerate().collect::<BTreeSet<_>>());
            there.is_some_and(|there| there.iter().eq(said) && are_unique(&there))
        });
        are_right && document.objects().into_iter().filter(has_others).count() == self.0.len()
    }
}

fn are_unique(objects: &BTreeSet<(usize, usize)>) -> bool {
    objects.iter().map(|(_, object)| object).collect::<BTreeSet<_>>().len() == objects.len()
}

/// Whether other objects are inside this one.
fn has_others(object: &Object<'_>) -> bool {
    matches!(object, Object::Stream(stream) if is_of_objects(stream))
}

fn is_of_objects(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>(b"Type").is_some_and(|name| name.as_ref() == b"ObjStm")
}

/// The numbers of the objects that are inside this one, in their order.
fn numbers_in(document: &Pdf, object: usize) -> Option<Vec<usize>> {
    let stream = document.xref().get::<Stream<'_>>(ObjectIdentifier::new(u32::try_from(object).ok()?, 0))?;
    if !is_of_objects(&stream) {
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
