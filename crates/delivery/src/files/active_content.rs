//! What in a PDF is more than a document: scripts, programs to be started, files inside. No ticket needs them, and
//! whoever buys one would open them.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object};

use super::Refusal;

/// How deep objects may be in each other.
const MAX_DEPTH: usize = 32;

/// What dictionaries call themselves or their actions.
const ACTIVE: [&[u8]; 5] = [b"JavaScript", b"Launch", b"EmbeddedFile", b"RichMedia", b"ImportData"];
/// Which entries of a dictionary are programs: scripts, and forms that bring their own.
const PROGRAMS: [&[u8]; 2] = [b"JS", b"XFA"];
/// Which entry of a dictionary says so.
const CALLED_BY: [&[u8]; 3] = [b"S", b"Type", b"Subtype"];

/// Whether any object of the document does something.
pub(super) fn is_in(pdf: &Pdf) -> Result<bool, Refusal> {
    for object in pdf.objects() {
        if is_active(&object, MAX_DEPTH)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// References lead to objects that are looked at by themselves.
fn is_active(object: &Object<'_>, depth: usize) -> Result<bool, Refusal> {
    match object {
        Object::Dict(dict) => is_dict_active(dict, depth),
        Object::Stream(stream) => is_dict_active(stream.dict(), depth),
        Object::Array(array) => is_array_active(array, depth),
        _ => Ok(false),
    }
}

fn is_dict_active(dict: &Dict<'_>, depth: usize) -> Result<bool, Refusal> {
    let depth = depth.checked_sub(1).ok_or(Refusal::TooManyPages)?;
    let called = |by: &&[u8]| dict.get::<Name<'_>>(by).is_some_and(|name| ACTIVE.contains(&&*name));
    if PROGRAMS.iter().any(|program| dict.contains_key(program)) || CALLED_BY.iter().any(called) {
        return Ok(true);
    }
    for (_, value) in dict.entries() {
        if let MaybeRef::NotRef(object) = value
            && is_active(&object, depth)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_array_active(array: &Array<'_>, depth: usize) -> Result<bool, Refusal> {
    let depth = depth.checked_sub(1).ok_or(Refusal::TooManyPages)?;
    for value in array.raw_iter() {
        if let MaybeRef::NotRef(object) = value
            && is_active(&object, depth)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}
