//! Pages of documents: drawn as they would be printed, since a code may be an image, or lines, or letters of a font.
//!
//! All pages are looked at quickly before any is looked at closely: else a page of text would use up the time of the one
//! with the code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::Code;
use super::code::Codes;
use super::search::{LOOKS, Look, QUICK, SHARP, distinct, shows_nothing};
use crate::files::{Picture, Refusal};

/// How many pixels the longer side of a page gets: what is enough for most codes, or as a printer has it.
const ENOUGH: u16 = 1_400;
const FINE: u16 = 3_000;

/// How pages are looked at in which no code was found quickly. Most lie level and are sharp, but a code may be small.
const CLOSELY: [(u16, &[Look]); 3] = [(FINE, &[SHARP]), (ENOUGH, &LOOKS), (FINE, &LOOKS)];

/// Draws pages, and keeps the last one: all of them would take too much memory.
struct Drawings<'a> {
    cache: RenderCache<'a>,
    last: Option<(&'a Page<'a>, u16, Picture)>,
}

/// The codes on all pages. `may_go_on` is asked before each look at a page. If there is no time for one at each, the
/// document is refused: it would count as looked at, and a code that is listed already could be on the rest.
pub fn find_in_pages(pdf: &Pdf, may_go_on: &dyn Fn() -> bool) -> Result<Vec<Code>, Refusal> {
    let mut drawings = Drawings { cache: RenderCache::new(), last: None };
    let (mut codes, mut unread) = (Codes::default(), Vec::new());
    for page in pdf.pages().iter() {
        if !may_go_on() {
            return Err(Refusal::TooMuchToLookAt);
        }
        let Some(picture) = drawings.of(page, ENOUGH).filter(|picture| !shows_nothing(picture)) else { continue };
        let found = QUICK.codes(picture);
        if found.is_empty() {
            unread.push(page);
        }
        codes.extend(found);
    }
    // All pages have had one look before any has the next.
    for (side, looks) in CLOSELY {
        for look in distinct(looks, side.into()) {
            let mut left = Vec::new();
            for page in unread {
                if !may_go_on() {
                    return codes.all();
                }
                let Some(picture) = drawings.of(page, side) else { continue };
                let found = look.codes(picture);
                if found.is_empty() {
                    left.push(page);
                }
                codes.extend(found);
            }
            unread = left;
        }
    }
    codes.all()
}

impl<'a> Drawings<'a> {
    /// The page in grey; `None` if it cannot be drawn. Who draws it is not ours, and a page that it stumbles over is one
    /// without a code: a document that another program shows can be a ticket still.
    fn of(&mut self, page: &'a Page<'a>, side: u16) -> Option<&Picture> {
        let is_last = self.last.as_ref().is_some_and(|last| std::ptr::eq(last.0, page) && last.1 == side);
        if !is_last {
            self.last = None;
            let drawn = catch_unwind(AssertUnwindSafe(|| draw(page, &self.cache, side.into()))).ok().flatten();
            self.last = drawn.map(|picture| (page, side, picture));
        }
        self.last.as_ref().map(|(_, _, picture)| picture)
    }
}

fn draw<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>, side: f32) -> Option<Picture> {
    let (width, height) = page.render_dimensions();
    let scale = side / width.max(height);
    let is_drawable = |length: f32| (length * scale).is_finite() && length * scale >= 1.0;
    if !is_drawable(width) || !is_drawable(height) {
        return None;
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let grey = drawn.data_as_u8_slice().chunks_exact(4).map(|pixel| {
        let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        u8::try_from((red * 299 + green * 587 + blue * 114) / 1000).unwrap_or(u8::MAX)
    });
    Picture::new(drawn.width().into(), drawn.height().into(), grey.collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::barcodes::{MAX_CODES, Symbology};
    use crate::files::open_pdf;
    use crate::testing::{drawn, lines_of, pages_of};

    /// What text is to who looks for codes: short dark strokes, in lines, everywhere.
    fn text() -> String {
        let stroke = |at: u32| {
            let (column, line) = (at % 70, at / 70);
            format!("{} {} {} 7 re\n", 60 + column * 7, 780 - line * 14, 1 + (column * 7 + line * 3) % 5)
        };
        format!("0 g\n{}f", (0..70 * 52).map(stroke).collect::<String>())
    }

    fn code(number: usize) -> Code {
        Code { symbology: Symbology::Qr, text: format!("SEAT/{number}") }
    }

    fn with_code(number: usize) -> String {
        lines_of(&drawn(&code(number), 1), 2.0)
    }

    /// What is found on these pages by who may look `looks` times.
    fn found(pages: &[String], looks: usize) -> Result<Vec<Code>, Refusal> {
        let left = Cell::new(looks);
        let may_go_on = || left.replace(left.get().saturating_sub(1)) > 0;
        find_in_pages(&open_pdf(pages_of(pages)).expect("is a document"), &may_go_on)
    }

    #[test]
    fn a_page_of_text_keeps_nobody_from_looking_at_the_pages_after_it() {
        for pages in [2, 6, 15] {
            let mut document = vec![text(); pages - 1];
            document.push(with_code(pages));
            assert_eq!(found(&document, pages), Ok(vec![code(pages)]), "{pages}");
        }
    }

    #[test]
    fn a_document_of_which_no_time_was_left_for_a_page_is_refused() {
        let document = [text(), with_code(1), with_code(2)];
        for looks in 0..3 {
            assert_eq!(found(&document, looks), Err(Refusal::TooMuchToLookAt), "{looks}");
        }
        assert_eq!(found(&document, 3), Ok(vec![code(1), code(2)]));
    }

    #[test]
    fn pages_without_a_code_are_looked_at_closely_in_turns() {
        let askew = Code { symbology: Symbology::Aztec, text: "ROW 7/SEAT 12".to_owned() };
        let turned = format!("q 0.866 0.5 -0.5 0.866 500 0 cm {} Q", lines_of(&drawn(&askew, 1), 2.0));
        let document = [text(), text(), turned];
        assert_eq!(found(&document, 3), Ok(vec![]), "not at the first look");
        assert_eq!(found(&document, 9), Ok(vec![askew]));
    }

    #[test]
    fn a_page_on_which_nothing_is_is_looked_at_once() {
        let asked = Cell::new(0);
        let may_go_on = || {
            asked.set(asked.get() + 1);
            true
        };
        let pages = vec![String::new(); 20];
        let found = find_in_pages(&open_pdf(pages_of(&pages)).expect("is a document"), &may_go_on);
        assert_eq!((found, asked.get()), (Ok(vec![]), 20));
    }

    #[test]
    fn a_document_with_more_codes_than_a_ticket_has_is_refused() {
        let document: Vec<String> = (0..=MAX_CODES).map(with_code).collect();
        assert_eq!(found(&document[1..], MAX_CODES).map(|codes| codes.len()), Ok(MAX_CODES));
        assert_eq!(found(&document, document.len()), Err(Refusal::TooManyCodes));
    }
}
