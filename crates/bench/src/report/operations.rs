use super::{Figure, Report, Unit};
use crate::system::Engine;

/// What is done, and on which engine: a column each.
const COLUMNS: [(&str, &str, Engine); 4] = [
    ("order, MongoDB + NATS", "order", Engine::Real),
    ("purchase, MongoDB + NATS", "purchase", Engine::Real),
    ("order, embedded", "order", Engine::Embedded),
    ("purchase, embedded", "purchase", Engine::Embedded),
];

/// The operations of one order and of one purchase as a table in Markdown; nothing if they were not counted.
pub(super) fn operations(report: &Report) -> String {
    let counted = || report.figures.iter().filter(|figure| figure.unit == Unit::Each);
    let mut names: Vec<&str> = Vec::new();
    for figure in counted() {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    let heads = COLUMNS.map(|(head, ..)| head).join(" | ");
    let mut text = format!("\n| for one | {heads} |\n|---|---:|---:|---:|---:|\n");
    for name in names {
        let cells = COLUMNS.map(|(_, what, engine)| {
            let key = format!("{what}: {name}");
            let found = counted().find(|figure| figure.key == key && figure.engine == Some(engine));
            found.map_or(String::new(), shown)
        });
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    text
}

/// The count, and its aim where there is one.
fn shown(figure: &Figure) -> String {
    let aim = figure.aim.map_or(String::new(), |aim| format!(" (aim {:.0} {})", aim.value, aim.verdict()));
    format!("{}{aim}", figure.unit.show(figure.value))
}

/// The figures that are not in that table.
pub(super) fn others(report: &Report) -> impl Iterator<Item = &Figure> {
    report.figures.iter().filter(|figure| figure.unit != Unit::Each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Machine;

    #[test]
    fn the_operations_are_rows_and_the_engines_columns() {
        let figure = |key: &str, name: &str, value, engine| Figure::new(key, name, Unit::Each, value).on(engine);
        let figures = vec![
            figure("order: reads", "reads", 4.0, Engine::Real),
            figure("purchase: reads", "reads", 11.96, Engine::Real),
            figure("order: reads", "reads", 3.0, Engine::Embedded),
            figure("purchase: provider calls", "provider calls", 2.0, Engine::Real),
            Figure::new("http", "axum", Unit::PerSecond, 100_000.0),
        ];
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        let report = Report::new(machine, true, figures, vec![]);
        let rows = "|\n| reads | 4.0 | 12.0 | 3.0 |  |\n| provider calls |  | 2.0 (aim 2 met) |  |  |\n";
        assert!(operations(&report).ends_with(rows), "{}", operations(&report));
        assert_eq!(others(&report).count(), 1);
    }
}
