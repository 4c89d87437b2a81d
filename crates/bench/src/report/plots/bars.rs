use std::path::Path;

use anyhow::Result;
use plotters::prelude::*;

use super::chart::{Drawn, FONT, Sheet, TITLE, sheet};
use super::colour;
use crate::system::Engine;

/// The height of one bar with its margins.
const ROW: u32 = 26;

/// A labelled number.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) engine: Engine,
    pub(super) value: f64,
    pub(super) aim: Option<f64>,
}

/// Horizontal bars on a logarithmic scale.
pub(super) struct Bars {
    pub(super) title: &'static str,
    pub(super) bars: Vec<Bar>,
}

impl Bars {
    pub(super) fn draw(&self, file: &Path) -> Result<()> {
        let height = ROW * (self.bars.len() as u32 + 4);
        sheet(file, height, |sheet| self.draw_on(sheet))
    }

    fn draw_on(&self, sheet: &Sheet) -> Drawn {
        let (least, most) = self.range();
        let rows = self.bars.len() as f64;
        let mut chart = ChartBuilder::on(sheet)
            .caption(format!("{} (blue: MongoDB + NATS, orange: embedded)", self.title), TITLE)
            .margin(10)
            .margin_right(70)
            .x_label_area_size(30)
            .y_label_area_size(430)
            .build_cartesian_2d((least..most).log_scale(), 0.0..rows)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .y_labels(0)
            .x_label_style(FONT)
            .x_label_formatter(&|x| shown(*x))
            .draw()?;
        for (number, bar) in self.bars.iter().enumerate() {
            let (top, bottom) = (rows - number as f64 - 0.15, rows - number as f64 - 0.85);
            let middle = f64::midpoint(top, bottom);
            let fill = colour(bar.engine).filled();
            chart.draw_series([Rectangle::new([(least, bottom), (bar.value, top)], fill)])?;
            if let Some(aim) = bar.aim {
                chart
                    .draw_series([PathElement::new([(aim, bottom - 0.1), (aim, top + 0.1)], BLACK.stroke_width(3))])?;
            }
            chart.draw_series([EmptyElement::at((bar.value, middle)) + Text::new(shown(bar.value), (5, -7), FONT)])?;
            let label = Text::new(bar.label.clone(), (-425, -7), FONT);
            chart.draw_series([EmptyElement::at((least, middle)) + label])?;
        }
        Ok(())
    }

    /// The range from a little below the minimum to a little above the maximum.
    fn range(&self) -> (f64, f64) {
        let all = || self.bars.iter().flat_map(|bar| bar.aim.into_iter().chain([bar.value]));
        (all().fold(f64::MAX, f64::min) / 3.0, all().fold(0.0, f64::max) * 1.5)
    }
}

fn shown(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
