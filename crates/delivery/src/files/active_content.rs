//! What in a PDF is more than a document: scripts, programs to be started, files inside, forms that send themselves, and
//! links to other than pages, letters and telephones. No ticket needs them, and whoever buys one would open them.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, String};

use super::Refusal;

/// How deep objects may be in each other.
const MAX_DEPTH: usize = 32;

/// What dictionaries call themselves or their actions.
const ACTIVE: [&[u8]; 8] =
    [b"JavaScript", b"Launch", b"EmbeddedFile", b"RichMedia", b"ImportData", b"SubmitForm", b"GoToR", b"GoToE"];
/// Which entries of a dictionary are programs: scripts, and forms that bring their own.
const PROGRAMS: [&[u8]; 2] = [b"JS", b"XFA"];
/// Which entries of a dictionary are addresses: of a link, and what all of a document's links are relative to.
const ADDRESSES: [&[u8]; 2] = [b"URI", b"Base"];
/// What addresses may begin with. Which other programs a buyer's computer has for others nobody knows.
const SCHEMES: [&[u8]; 4] = [b"http", b"https", b"mailto", b"tel"];
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
    let leads_astray = |key: &&[u8]| dict.get::<String<'_>>(key).is_some_and(|address| !is_harmless(&address));
    if ADDRESSES.iter().any(leads_astray) {
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

/// Whether an address has one of the schemes, or none, and is no folder of another computer. Browsers skip what cannot be
/// seen in a scheme.
fn is_harmless(address: &[u8]) -> bool {
    let seen: Vec<u8> = address.iter().copied().filter(u8::is_ascii_graphic).collect();
    if seen.starts_with(b"\\") || seen.starts_with(b"//") {
        return false;
    }
    let end = seen.iter().position(|byte| b":/?#".contains(byte));
    match end.filter(|end| seen[*end] == b':') {
        Some(end) => SCHEMES.iter().any(|scheme| seen[..end].eq_ignore_ascii_case(scheme)),
        None => true,
    }
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
