//! What a PDF does when it is opened, or when somebody clicks in it. There are twenty kinds of actions, and each version of
//! the format has some more: those that are known to be harmless are taken.

use hayro::hayro_syntax::object::{Dict, Object};

use super::Refusal;
use super::active_content::resolved;

/// Which page is turned to by its name. Others open dialogs, or print.
const PAGES: [&[u8]; 4] = [b"NextPage", b"PrevPage", b"FirstPage", b"LastPage"];

/// Whether something comes of the document, or of a part of it, without anybody's doing: all but another place in it.
pub(super) fn is_automatic(dict: &Dict<'_>) -> Result<bool, Refusal> {
    Ok(match resolved(dict, b"OpenAction")? {
        None | Some(Object::Array(_) | Object::Name(_) | Object::String(_)) => false,
        Some(Object::Dict(action)) => !turns_page(&action)?,
        Some(_) => true,
    } || match resolved(dict, b"AA")? {
        None => false,
        Some(Object::Dict(actions)) => {
            let mut is_any = false;
            for event in actions.keys() {
                is_any |= match resolved(&actions, &event)? {
                    None => false,
                    Some(Object::Dict(action)) => !turns_page(&action)?,
                    Some(_) => true,
                };
            }
            is_any
        }
        Some(_) => true,
    })
}

/// Whether something else than a link or a place in the document follows a click, or the action that this is. What belongs
/// to structure and outlines has entries of these names too, which are no actions.
pub(super) fn is_followed(dict: &Dict<'_>) -> Result<bool, Refusal> {
    for key in [b"A".as_slice(), b"PA"] {
        if let Some(Object::Dict(action)) = resolved(dict, key)?
            && action.contains_key(b"S")
            && !turns_page(&action)?
            && !is_called(&action, &[b"URI"])?
        {
            return Ok(true);
        }
    }
    match resolved(dict, b"Next")? {
        Some(Object::Dict(next)) => Ok(next.contains_key(b"S") && !turns_page(&next)?),
        // Only actions have several.
        Some(Object::Array(all)) => {
            for next in all.iter::<Object<'_>>() {
                if !matches!(next, Object::Dict(next) if turns_page(&next)?) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// Whether this says that it is an action, wherever it is, and is none of those that are taken.
pub(super) fn is_action(dict: &Dict<'_>) -> Result<bool, Refusal> {
    let is_one = matches!(resolved(dict, b"Type")?, Some(Object::Name(name)) if *name == *b"Action");
    Ok(is_one && !turns_page(dict)? && !is_called(dict, &[b"URI"])?)
}

/// Whether the action leads to another place in the document.
fn turns_page(action: &Dict<'_>) -> Result<bool, Refusal> {
    if is_called(action, &[b"Named"])? {
        return Ok(matches!(resolved(action, b"N")?, Some(Object::Name(page)) if PAGES.contains(&&*page)));
    }
    is_called(action, &[b"GoTo"])
}

fn is_called(action: &Dict<'_>, names: &[&[u8]]) -> Result<bool, Refusal> {
    Ok(matches!(resolved(action, b"S")?, Some(Object::Name(name)) if names.contains(&&*name)))
}
