use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::cost::costs;
use super::figure::Figure;
use super::operations::{operations, others};
use super::table::{aim, beside, cpu, latency, sections};
use super::{Report, plots};

/// Writes `report.md` and its plots into the directory.
///
/// # Errors
/// If they cannot be written.
pub(crate) fn write(report: &Report, directory: &Path) -> Result<()> {
    fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let plots = plots::draw(report, directory)?;
    let images: String = plots.iter().map(|plot| format!("![{}]({})\n\n", plot.title, plot.file)).collect();
    let text = format!("{}\n{images}", text(report));
    let file = directory.join("report.md");
    fs::write(&file, text.trim_end().to_owned() + "\n").with_context(|| format!("cannot write {}", file.display()))
}

/// The tables.
fn text(report: &Report) -> String {
    let quick = if report.quick { ", quick" } else { "" };
    let mut text = format!("# How fast\n\n{}{quick}.\n", report.machine);
    for (title, engine) in sections() {
        let figures: Vec<&Figure> = others(report).filter(|figure| figure.engine == engine).collect();
        if !figures.is_empty() {
            text += &format!("\n## {}\n\n", capitalised(title));
            text += "| | measured | aim | beside the raw limit | p50 / p95 / p99 | CPU per operation, us |\n";
            text += "|---|--:|--:|---|---|---|\n";
            text.extend(figures.iter().map(|figure| row(figure)));
            text += &notes(&figures);
        }
    }
    text += &costs(report);
    text += &operations(report);
    text.extend(report.failures.iter().map(|failure| format!("\n**Failed**: {failure}\n")));
    text
}

fn row(figure: &Figure) -> String {
    let cells = [
        figure.name.clone(),
        figure.unit.show(figure.value),
        aim(figure),
        beside(figure),
        latency(figure).iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" / "),
        cpu(figure).unwrap_or_default(),
    ];
    format!("| {} |\n", cells.join(" | "))
}

/// Remarks and failures.
fn notes(figures: &[&Figure]) -> String {
    let notes = figures.iter().filter_map(|figure| Some((&figure.name, figure.note.as_ref()?)));
    let notes: String = notes.map(|(name, note)| format!("- {name}: {note}\n")).collect();
    if notes.is_empty() { notes } else { format!("\n{notes}") }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Machine, Unit};
    use crate::system::{Engine, Share};

    #[test]
    fn figures_are_rows_and_remarks_a_list_below() {
        let shares = vec![Share { process: "orders".into(), micros: 120.0 }];
        let page = Figure::new("list-page", "list page", Unit::PerSecond, 70_000.0).on(Engine::Embedded);
        let page = page.costing(shares).noting("warm");
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        let text = text(&Report::new(machine, false, vec![page], vec!["rush: two winners".into()]));
        let row = "| list page | 70,000/s |  |  |  | 120 us: orders 120.0 |\n\n- list page: warm\n";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("| list page of 20 |  |  | 120 us |  |\n"), "{text}");
        assert!(text.ends_with("\n**Failed**: rush: two winners\n"), "{text}");
    }
}
