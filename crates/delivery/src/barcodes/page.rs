//! Pages of documents: drawn as they would be printed, since a code may be an image, or lines, or letters of a font.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::Code;
use super::code::Codes;
use super::search::find_in_picture;
use crate::files::Picture;

/// How many pixels the longer side of a page gets: first what is enough for most codes, then as a printer has it.
const SIDES: [f32; 2] = [1_400.0, 3_000.0];

/// The codes on all pages, in their order. `may_go_on` is asked before each page and each look at it.
pub fn find_in_pages(pdf: &Pdf, may_go_on: &dyn Fn() -> bool) -> Vec<Code> {
    let mut codes = Codes::default();
    let cache = RenderCache::new();
    for page in pdf.pages().iter() {
        for side in SIDES {
            if !may_go_on() {
                return codes.into_vec();
            }
            let found =
                draw(page, &cache, side).map(|picture| find_in_picture(&picture, may_go_on)).unwrap_or_default();
            let is_found = !found.is_empty();
            codes.extend(found);
            if is_found {
                break;
            }
        }
    }
    codes.into_vec()
}

/// The page in grey; `None` if it cannot be drawn. Who draws it is not ours, and a page that it stumbles over is one
/// without a code: a document that another program shows can be a ticket still.
fn draw<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>, side: f32) -> Option<Picture> {
    catch_unwind(AssertUnwindSafe(|| try_draw(page, cache, side))).ok().flatten()
}

fn try_draw<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>, side: f32) -> Option<Picture> {
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
