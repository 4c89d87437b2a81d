use std::path::Path;

use anyhow::Result;
use plotters::prelude::*;

use super::chart::{Drawn, FONT, Sheet, TITLE, sheet};
use super::colour;
use crate::report::Report;
use crate::system::Engine;

/// Draws the rate of accepted orders against the number of existing ones. `false` if that was not measured.
///
/// # Errors
/// If it cannot be written.
pub(super) fn draw(report: &Report, file: &Path) -> Result<bool> {
    let lines: Vec<(Engine, Vec<(f64, f64)>)> = [Engine::Real, Engine::Embedded]
        .into_iter()
        .map(|engine| (engine, points(report, engine)))
        .filter(|(_, points)| points.len() > 1)
        .collect();
    if lines.is_empty() {
        return Ok(false);
    }
    sheet(file, 400, |sheet| draw_on(sheet, &lines))?;
    Ok(true)
}

/// The number of existing orders and the rate.
fn points(report: &Report, engine: Engine) -> Vec<(f64, f64)> {
    let own = report.figures.iter().filter(|figure| figure.engine == Some(engine));
    let point = own.filter_map(|figure| Some((figure.key.strip_prefix("orders-at-")?.parse().ok()?, figure.value)));
    point.collect()
}

fn draw_on(sheet: &Sheet, lines: &[(Engine, Vec<(f64, f64)>)]) -> Drawn {
    let all = || lines.iter().flat_map(|(_, points)| points);
    let (most, fastest) = all().fold((1.0_f64, 1.0_f64), |most, point| (most.0.max(point.0), most.1.max(point.1)));
    let mut chart = ChartBuilder::on(sheet)
        .caption("Orders accepted per second beside existing purchases", TITLE)
        .margin(10)
        .margin_right(30)
        .x_label_area_size(30)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..most, 0.0..fastest * 1.1)?;
    let whole = |number: &f64| format!("{number:.0}");
    let mut mesh = chart.configure_mesh();
    mesh.label_style(FONT).light_line_style(TRANSPARENT).x_label_formatter(&whole).y_label_formatter(&whole).draw()?;
    for (engine, points) in lines {
        let (stroke, dots) = (colour(*engine).stroke_width(2), colour(*engine).filled());
        let line = chart.draw_series(LineSeries::new(points.iter().copied(), stroke))?;
        line.label(engine.title()).legend(move |(x, y)| PathElement::new([(x, y), (x + 15, y)], stroke));
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, dots)))?;
    }
    let mut labels = chart.configure_series_labels();
    let labels = labels.label_font(FONT).background_style(WHITE).position(SeriesLabelPosition::LowerLeft);
    Ok(labels.draw()?)
}
