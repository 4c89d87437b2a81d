use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use plotters::prelude::*;

use super::chart::{Drawn, FONT, Sheet, TITLE, sheet};
use crate::report::{Figure, Report};
use crate::system::{Engine, GENERATOR};

/// Height of one bar with its surroundings.
const ROW: u32 = 60;
/// Width of the names beside the bars.
const LABELS: u32 = 280;

/// Draws the CPU time of each process per order and purchase. `false` if neither was measured.
///
/// # Errors
/// If it cannot be written.
pub(super) fn draw(report: &Report, file: &Path) -> Result<bool> {
    let wanted = ["orders-applied", "purchases-applied"];
    let figures = report.figures.iter().filter(|figure| wanted.contains(&figure.key.as_str()));
    let figures: Vec<&Figure> = figures.filter(|figure| !figure.cpu.is_empty()).collect();
    if figures.is_empty() {
        return Ok(false);
    }
    sheet(file, ROW * (figures.len() as u32 + 2), |sheet| draw_on(sheet, &figures))?;
    Ok(true)
}

fn draw_on(sheet: &Sheet, figures: &[&Figure]) -> Drawn {
    let most = figures.iter().map(|figure| figure.cpu_of_system()).fold(0.0, f64::max);
    let processes: BTreeSet<&str> = figures.iter().flat_map(|figure| shares(figure)).map(|(name, _)| name).collect();
    let rows = figures.len() as f64;
    let mut chart = ChartBuilder::on(sheet)
        .caption("CPU time of each process, in microseconds", TITLE)
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(LABELS)
        .build_cartesian_2d(0.0..most * 1.25, 0.0..rows)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(0)
        .light_line_style(TRANSPARENT)
        .x_label_style(FONT)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .draw()?;
    for (place, process) in processes.iter().enumerate() {
        let fill = Palette99::pick(place).filled();
        let parts = figures.iter().enumerate().filter_map(|(number, figure)| {
            let (from, to) = extent(figure, process)?;
            let top = rows - number as f64;
            Some(Rectangle::new([(from, top - 0.85), (to, top - 0.15)], fill))
        });
        let legend = move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], fill);
        chart.draw_series(parts)?.label(*process).legend(legend);
    }
    for (number, figure) in figures.iter().enumerate() {
        let at = (0.0, rows - number as f64 - 0.5);
        chart.draw_series([EmptyElement::at(at) + Text::new(label(figure), (5 - LABELS as i32, -7), FONT)])?;
    }
    let labels = chart.configure_series_labels().label_font(FONT).background_style(WHITE).draw();
    Ok(labels?)
}

fn label(figure: &Figure) -> String {
    let what = if figure.key == "orders-applied" { "an order" } else { "a purchase" };
    let engine = if figure.engine == Some(Engine::Real) { "MongoDB + NATS" } else { "embedded" };
    let in_a = figure.cost.and_then(|cost| cost.in_a).map_or(String::new(), |in_a| format!(": {in_a:.0} A"));
    format!("{what}, {engine}{in_a}")
}

/// Every process except the load generator, with its CPU time.
fn shares(figure: &Figure) -> impl Iterator<Item = (&str, f64)> {
    let shares = figure.cpu.iter().filter(|share| share.process != GENERATOR);
    shares.map(|share| (share.process.as_str(), share.micros))
}

/// The range of each process's segment in the stacked bar.
fn extent(figure: &Figure, process: &str) -> Option<(f64, f64)> {
    let before = shares(figure).take_while(|(name, _)| *name != process).map(|(_, micros)| micros).sum::<f64>();
    let own = shares(figure).find(|(name, _)| *name == process)?.1;
    Some((before, before + own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;
    use crate::system::Share;

    #[test]
    fn parts_follow_one_another_without_the_generator() {
        let share = |process: &str, micros| Share { process: process.to_owned(), micros };
        let cpu = vec![share("auth", 1.0), share("bench", 100.0), share("orders", 20.0)];
        let figure = Figure::new("orders-applied", "", Unit::PerSecond, 1.0).costing(cpu);
        assert_eq!(extent(&figure, "orders"), Some((1.0, 21.0)));
        assert_eq!(extent(&figure, "mongod"), None);
    }
}
