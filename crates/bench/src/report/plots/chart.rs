use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

/// The width of a page.
pub(super) const WIDTH: u32 = 1000;
/// The font size of everything except the title.
pub(super) const FONT: (&str, u32) = ("sans-serif", 14);
/// The font size of the title.
pub(super) const TITLE: (&str, u32) = ("sans-serif", 18);

/// The area a chart is drawn on.
pub(super) type Sheet<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Draws a chart on a white background of this height, into the file.
///
/// # Errors
/// If it cannot be drawn or written.
pub(super) fn sheet(file: &Path, height: u32, draw: impl FnOnce(&Sheet) -> Drawn) -> Result<()> {
    let sheet = SVGBackend::new(file, (WIDTH, height)).into_drawing_area();
    let drawn = sheet.fill(&WHITE).map_err(Into::into).and_then(|()| draw(&sheet));
    let drawn = drawn.and_then(|()| Ok(sheet.present()?));
    // The library's errors are not `Send`.
    drawn.map_err(|error| anyhow!("cannot draw {}: {error}", file.display()))
}

/// The result of drawing.
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;
