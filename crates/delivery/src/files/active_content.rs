//! What in a PDF is more than a document: scripts, programs to be started, files inside or beside it, forms that send
//! themselves, and links to other than pages, letters and telephones. No ticket needs them, and whoever buys one would
//! open them.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object};

use super::actions::{is_action, is_automatic, is_followed};
use super::{Refusal, link, tokens};

/// How deep objects may be in each other.
const MAX_DEPTH: usize = 32;

/// What dictionaries call themselves or their actions.
const ACTIVE: [&[u8]; 16] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"Filespec",
    b"FileSpec",
    b"RichMedia",
    b"RichMediaExecute",
    b"Rendition",
    b"GoTo3DView",
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"SetOCGState",
    b"ImportData",
    b"SubmitForm",
    b"ResetForm",
];
/// What is on pages and does more than being seen. Programs that tell pages to the blind have words of their own in `S`.
const ACTIVE_ON_PAGES: [&[u8]; 5] = [b"Screen", b"3D", b"Movie", b"Sound", b"FileAttachment"];
/// Which entries of a dictionary are programs or files, whatever they say: scripts, forms that bring their own, and the
/// list of what is attached to a document.
const ALWAYS_ACTIVE: [&[u8]; 3] = [b"JS", b"XFA", b"EmbeddedFiles"];
/// Which entry of a dictionary says so.
const CALLED_BY: [&[u8]; 3] = [b"S", b"Type", b"Subtype"];
/// The files of a file specification, by the systems that they were for.
const FILES: [&[u8]; 5] = [b"F", b"UF", b"DOS", b"Mac", b"Unix"];
/// Names that are in no document without what they stand for. Of those that are shorter or mean other things too, an
/// honest file has some between its parts.
const NEVER: [&[u8]; 5] = [b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles"];

/// Refuses a document of which any object does something. The objects are those that our parser finds: what an older
/// revision had, and a program that repairs files would find again, is looked for by its name alone.
pub(super) fn check(pdf: &Pdf) -> Result<(), Refusal> {
    if tokens::names_outside_streams(pdf.data().as_ref()).any(|name| NEVER.contains(&name.as_slice())) {
        return Err(Refusal::ActiveContent);
    }
    pdf.objects().into_iter().try_for_each(|object| check_object(&object, MAX_DEPTH))
}

/// References lead to objects that are looked at by themselves.
fn check_object(object: &Object<'_>, depth: usize) -> Result<(), Refusal> {
    match object {
        Object::Dict(dict) => check_dict(dict, depth),
        Object::Stream(stream) => {
            // What the stream shows would be in another file.
            if resolved(stream.dict(), b"F")?.is_some() {
                return Err(Refusal::ActiveContent);
            }
            check_dict(stream.dict(), depth)
        }
        Object::Array(array) => check_array(array, depth),
        _ => Ok(()),
    }
}

fn check_dict(dict: &Dict<'_>, depth: usize) -> Result<(), Refusal> {
    let depth = depth.checked_sub(1).ok_or(Refusal::TooManyPages)?;
    // We would see one of them, and the buyer's program another.
    if tokens::has_twice(dict.data()) {
        return Err(Refusal::Damaged);
    }
    if is_active(dict)? {
        return Err(Refusal::ActiveContent);
    }
    check_parts(dict.entries().map(|(_, value)| value), depth)
}

fn check_array(array: &Array<'_>, depth: usize) -> Result<(), Refusal> {
    let depth = depth.checked_sub(1).ok_or(Refusal::TooManyPages)?;
    check_parts(array.raw_iter(), depth)
}

fn check_parts<'a>(mut parts: impl Iterator<Item = MaybeRef<Object<'a>>>, depth: usize) -> Result<(), Refusal> {
    parts.try_for_each(|part| match part {
        MaybeRef::NotRef(object) => check_object(&object, depth),
        MaybeRef::Ref(_) => Ok(()),
    })
}

fn is_active(dict: &Dict<'_>) -> Result<bool, Refusal> {
    for key in ALWAYS_ACTIVE {
        if dict.contains_key(key) {
            return Ok(true);
        }
    }
    for key in CALLED_BY {
        let is_active = |name: &[u8]| ACTIVE.contains(&name) || (key != b"S" && ACTIVE_ON_PAGES.contains(&name));
        if matches!(resolved(dict, key)?, Some(Object::Name(name)) if is_active(&name)) {
            return Ok(true);
        }
    }
    Ok(has_files(dict)? || link::leads_astray(dict)? || is_automatic(dict)? || is_followed(dict)? || is_action(dict)?)
}

/// Whether this is what says which files are in a document, or belong to a part of it, or that a drawing is a page of
/// another document. Resources may be called like that,
/// too: these are fonts and images, and have other entries.
fn has_files(dict: &Dict<'_>) -> Result<bool, Refusal> {
    let has_files = match resolved(dict, b"EF")? {
        Some(Object::Dict(files)) => FILES.iter().any(|file| files.contains_key(file)),
        _ => false,
    };
    let is_elsewhere = matches!(resolved(dict, b"Ref")?, Some(Object::Dict(other)) if other.contains_key(b"F"));
    Ok(has_files || is_elsewhere || matches!(resolved(dict, b"AF")?, Some(Object::Array(_))))
}

/// What this entry is, or what it refers to. A reference to a reference is told as a number, and other programs go on
/// to what that refers to: it is refused, since nothing that is looked for here is a number.
pub(super) fn resolved<'a>(dict: &Dict<'a>, key: &[u8]) -> Result<Option<Object<'a>>, Refusal> {
    match (dict.get_raw::<Object<'a>>(key), dict.get::<Object<'a>>(key)) {
        (Some(MaybeRef::Ref(_)), Some(Object::Number(_))) => Err(Refusal::ActiveContent),
        (_, None | Some(Object::Null(_))) => Ok(None),
        (_, object) => Ok(object),
    }
}

#[cfg(test)]
mod tests;
