//! How many pages a document shows. What draws it counts a page once that is in the tree several times; other programs
//! show it as often as it is there, and a million of it is what the buyer would have to open.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef};

use super::pdf::MAX_PAGES;

/// How many entries the tree may have in all. Those that are no pages group them, and are fewer in any tree that somebody
/// made to be read; one that goes in circles has no end.
const MAX_ENTRIES: usize = 10 * MAX_PAGES;

/// Whether the tree has as many pages as are taken, at most.
pub(super) fn is_within_limits(pdf: &Pdf) -> bool {
    let xref = pdf.xref();
    let root = xref.get::<Dict<'_>>(xref.root_id()).and_then(|catalog| catalog.get::<Dict<'_>>(b"Pages"));
    let mut groups: Vec<Array<'_>> = root.and_then(|root| root.get(b"Kids")).into_iter().collect();
    let (mut entries, mut pages) = (0, 0);
    while let Some(group) = groups.pop() {
        for kid in group.raw_iter() {
            entries += 1;
            let kid = match kid {
                MaybeRef::Ref(id) => xref.get::<Dict<'_>>(id.into()),
                MaybeRef::NotRef(object) => object.into_dict(),
            };
            match kid.and_then(|kid| kid.get(b"Kids")) {
                Some(kids) => groups.push(kids),
                None => pages += 1,
            }
            if entries > MAX_ENTRIES || pages > MAX_PAGES {
                return false;
            }
        }
    }
    true
}
