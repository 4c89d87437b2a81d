//! The figures as charts.

mod bars;
mod chart;
mod cost;
mod existing;

use std::path::Path;

use anyhow::Result;

use super::{Figure, Report, Unit};
use crate::system::Engine;
use bars::{Bar, Bars};

/// A chart that has been drawn.
pub(super) struct Plot {
    pub(super) title: &'static str,
    /// Its file name in the report's directory.
    pub(super) file: &'static str,
}

/// Draws every chart that there are figures for.
///
/// # Errors
/// If they cannot be written.
pub(super) fn draw(report: &Report, directory: &Path) -> Result<Vec<Plot>> {
    let mut plots = Vec::new();
    let rates = bars(report, |figure| (figure.unit == Unit::PerSecond).then_some(figure.value));
    if !rates.is_empty() {
        let plot = Plot { title: "Per second, and the aims in black", file: "rates.svg" };
        Bars { title: plot.title, bars: rates }.draw(&directory.join(plot.file))?;
        plots.push(plot);
    }
    let latencies = bars(report, |figure| figure.latency.map(|latency| latency.p99));
    if !latencies.is_empty() {
        let plot = Plot { title: "p99 in milliseconds", file: "latencies.svg" };
        Bars { title: plot.title, bars: latencies }.draw(&directory.join(plot.file))?;
        plots.push(plot);
    }
    if cost::draw(report, &directory.join("cost.svg"))? {
        plots.push(Plot { title: "CPU time by process", file: "cost.svg" });
    }
    if existing::draw(report, &directory.join("existing.svg"))? {
        plots.push(Plot { title: "Orders per second beside existing ones", file: "existing.svg" });
    }
    Ok(plots)
}

/// A bar for each figure of the product in this unit.
fn bars(report: &Report, number: impl Fn(&Figure) -> Option<f64>) -> Vec<Bar> {
    let bar = |figure: &Figure| {
        let (engine, value) = (figure.engine?, number(figure)?);
        let aim = figure.aim.filter(|_| value == figure.value).map(|aim| aim.value);
        Some(Bar { label: figure.name.clone(), engine, value, aim })
    };
    report.figures.iter().filter_map(bar).filter(|bar| bar.value > 0.0).collect()
}

/// The colour of an engine in all charts.
fn colour(engine: Engine) -> plotters::style::RGBColor {
    match engine {
        Engine::Real => plotters::style::RGBColor(38, 98, 166),
        Engine::Embedded => plotters::style::RGBColor(219, 119, 32),
    }
}
