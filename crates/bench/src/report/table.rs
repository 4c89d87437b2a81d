use super::cost::costs;
use super::figure::Figure;
use super::operations::{operations, others};
use super::{Report, Unit};
use crate::system::Engine;

/// The column headings.
const HEAD: [&str; 7] = ["", "measured", "aim", "beside the raw limit", "p50", "p95", "p99"];

/// The report as text, for a terminal.
pub(crate) fn table(report: &Report) -> String {
    let mut text = format!("{}{}\n", report.machine, if report.quick { ", quick" } else { "" });
    for (title, engine) in sections() {
        let figures: Vec<&Figure> = others(report).filter(|figure| figure.engine == engine).collect();
        if !figures.is_empty() {
            text += &format!("\n{title}\n");
            text += &section(&figures);
        }
    }
    text += &costs(report);
    text += &operations(report);
    text.extend(report.failures.iter().map(|failure| format!("\nFAILED: {failure}\n")));
    text
}

/// The sections of a report.
pub(super) fn sections() -> [(&'static str, Option<Engine>); 3] {
    let of = |engine: Engine| (engine.title(), Some(engine));
    [("raw limits", None), of(Engine::Real), of(Engine::Embedded)]
}

fn section(figures: &[&Figure]) -> String {
    let head = HEAD.map(str::to_owned);
    let rows: Vec<[String; 7]> = [head].into_iter().chain(figures.iter().map(|figure| cells(figure))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let padded = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 || column == 3 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        let line = padded.collect::<Vec<_>>().join("  ");
        text += &format!("  {}\n", line.trim_end());
        if let Some(figure) = number.checked_sub(1).map(|number| figures[number]) {
            text += &remarks(figure);
        }
    }
    text
}

/// A figure, as the cells of a row.
fn cells(figure: &Figure) -> [String; 7] {
    let [p50, p95, p99] = latency(figure);
    [figure.name.clone(), figure.unit.show(figure.value), aim(figure), beside(figure), p50, p95, p99]
}

/// The aim, and whether it is met.
pub(super) fn aim(figure: &Figure) -> String {
    figure.aim.map_or(String::new(), |aim| format!("{} {}", figure.unit.show(aim.value), aim.verdict()))
}

/// The ratio to the raw limits.
pub(super) fn beside(figure: &Figure) -> String {
    let all = figure.beside.iter().map(|beside| format!("{:.2} x {}", beside.ratio, beside.baseline));
    all.collect::<Vec<_>>().join(", ")
}

/// p50, p95 and p99, where they were measured.
pub(super) fn latency(figure: &Figure) -> [String; 3] {
    let shown = |milliseconds| Unit::Milliseconds.show(milliseconds);
    figure.latency.map_or_else(Default::default, |latency| [latency.p50, latency.p95, latency.p99].map(shown))
}

/// The cost of an operation, and the CPU time of each process.
pub(super) fn cpu(figure: &Figure) -> Option<String> {
    let shares = figure.cpu.iter().filter(|share| share.micros >= 0.05);
    let shares: Vec<_> = shares.map(|share| format!("{} {:.1}", share.process, share.micros)).collect();
    let cost = figure.cost.map_or(String::new(), |cost| format!("{}: ", cost.show()));
    (!shares.is_empty()).then(|| format!("{cost}{}", shares.join(", ")))
}

/// CPU times and remarks, printed below the figure.
fn remarks(figure: &Figure) -> String {
    let cost = cpu(figure).map(|cpu| format!("CPU per operation, {cpu}"));
    let lines = [cost, figure.note.clone()];
    lines.into_iter().flatten().map(|line| format!("      {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Machine;
    use crate::system::Share;

    #[test]
    fn every_figure_stands_beside_its_limit_and_its_aim() {
        let raw = Figure::new("http", "axum", Unit::PerSecond, 100_000.0);
        let kept = Figure::new("orders-kept-at-1000000", "kept", Unit::Percent, 98.0).on(Engine::Real);
        let page = Figure::new("list-page", "list page", Unit::PerSecond, 50_000.0).on(Engine::Real);
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        let text = table(&Report::new(machine, true, vec![raw, kept, page], vec![]));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "2 cores of a CPU, 2 GiB, Linux 6, quick");
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let rows: Vec<_> = lines.iter().rev().take(2).map(|line| words(line)).collect();
        assert_eq!(rows, ["list page 50,000/s 0.50 x axum", "kept 98 % 97 % met"]);
    }

    #[test]
    fn what_an_operation_costs_stands_below_it() {
        let share = |process: &str, micros| Share { process: process.to_owned(), micros };
        let raw = Figure::new("http", "axum", Unit::PerSecond, 1.0).costing(vec![share("axum", 12.5)]);
        let shares = vec![share("tickets", 30.0), share("mongod", 20.0), share("bench", 9.0)];
        let page = Figure::new("one-ticket", "one", Unit::PerSecond, 1.0).costing(shares).on(Engine::Real);
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        let text = table(&Report::new(machine, true, vec![raw, page], vec![]));
        let line = "      CPU per operation, 50.0 us = 4.0 A: tickets 30.0, mongod 20.0, bench 9.0\n";
        assert!(text.contains(line), "{text}");
    }
}
