use super::figure::{Aim, Beside, Figure};
use crate::system::Engine;

/// A figure of the product: its aims in DESIGN.md, section 8, and the raw limits it is compared with.
struct Comparison {
    key: &'static str,
    real: Against,
    embedded: Against,
}

/// The aim and the raw limits of a figure on one engine.
struct Against {
    aim: Option<f64>,
    baselines: &'static [&'static str],
}

const fn against(aim: f64, baselines: &'static [&'static str]) -> Against {
    Against { aim: Some(aim), baselines }
}

const fn beside(baselines: &'static [&'static str]) -> Against {
    Against { aim: None, baselines }
}

const HTTP: &[&str] = &["http"];
const HTTP_COOKIE: &[&str] = &["http-cookie"];
const MONGO_INSERT: &[&str] = &["mongodb-insert-one", "mongodb-insert-many"];
const MONGO_UPDATE: &[&str] = &["mongodb-update"];
const MONGO_FIND: &[&str] = &["mongodb-find-one"];
const SQLITE: &[&str] = &["sqlite-commit"];
const ARGON2: &[&str] = &["argon2id"];

const COMPARISONS: &[Comparison] = &[
    Comparison { key: "list-page", real: against(60_000.0, HTTP), embedded: against(60_000.0, HTTP) },
    Comparison { key: "one-ticket", real: beside(MONGO_FIND), embedded: beside(HTTP) },
    Comparison { key: "list-creation", real: beside(MONGO_INSERT), embedded: beside(SQLITE) },
    Comparison { key: "order-burst-64", real: against(8_000.0, MONGO_INSERT), embedded: against(24_000.0, SQLITE) },
    Comparison { key: "order-burst-256", real: against(12_000.0, MONGO_INSERT), embedded: against(30_000.0, SQLITE) },
    Comparison { key: "orders-applied", real: against(3_000.0, MONGO_UPDATE), embedded: against(10_000.0, SQLITE) },
    Comparison { key: "cpu-per-order", real: against(500.0, &[]), embedded: against(100.0, &[]) },
    Comparison { key: "purchases-applied", real: beside(MONGO_UPDATE), embedded: beside(SQLITE) },
    Comparison { key: "propagation", real: against(50.0, &[]), embedded: against(20.0, &[]) },
    Comparison { key: "rush-losers", real: against(30_000.0, HTTP_COOKIE), embedded: against(30_000.0, HTTP_COOKIE) },
    Comparison { key: "sign-in", real: beside(ARGON2), embedded: beside(ARGON2) },
    Comparison { key: "memory-idle", real: against(20.0, &[]), embedded: against(40.0, &[]) },
    Comparison { key: "memory-loaded", real: against(60.0, &[]), embedded: against(150.0, &[]) },
    Comparison { key: "start-to-ready", real: against(100.0, &[]), embedded: against(150.0, &[]) },
    Comparison { key: "orders-kept-at-1000000", real: against(90.0, &[]), embedded: against(90.0, &[]) },
];

/// Adds raw limits and aim to a figure of the product.
pub(super) fn judge(figure: &mut Figure, raw: &[Figure]) {
    let comparison = COMPARISONS.iter().find(|comparison| comparison.key == figure.key);
    let Some((comparison, engine)) = comparison.zip(figure.engine) else { return };
    let against = match engine {
        Engine::Real => &comparison.real,
        Engine::Embedded => &comparison.embedded,
    };
    let measured = against.baselines.iter().filter_map(|key| raw.iter().find(|raw| raw.key == *key));
    figure.beside =
        measured.map(|raw| Beside { baseline: raw.name.clone(), ratio: figure.value / raw.value }).collect();
    figure.aim = against.aim.map(|aim| Aim { value: aim, met: is_met(figure, aim) });
}

fn is_met(figure: &Figure, aim: f64) -> bool {
    if figure.unit.grows() { figure.value >= aim } else { figure.value <= aim }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;

    fn judged(figure: Figure) -> Figure {
        let raw = Figure::new("mongodb-insert-one", "MongoDB insert_one", Unit::PerSecond, 6_000.0);
        let mut figure = figure;
        judge(&mut figure, &[raw]);
        figure
    }

    #[test]
    fn a_figure_is_divided_by_the_baselines_that_were_measured() {
        let burst = Figure::new("order-burst-64", "", Unit::PerSecond, 9_000.0).on(Engine::Real);
        let burst = judged(burst);
        assert_eq!(burst.beside, [Beside { baseline: "MongoDB insert_one".into(), ratio: 1.5 }]);
        assert_eq!(burst.aim, Some(Aim { value: 8_000.0, met: true }));
    }

    #[test]
    fn where_less_is_better_the_aim_is_a_limit() {
        let memory = |mib| judged(Figure::new("memory-idle", "", Unit::Mebibytes, mib).on(Engine::Embedded));
        assert_eq!(memory(39.0).aim.map(|aim| aim.met), Some(true));
        assert_eq!(memory(41.0).aim.map(|aim| aim.met), Some(false));
    }

    #[test]
    fn raw_limits_have_no_aim() {
        assert_eq!(judged(Figure::new("list-page", "", Unit::PerSecond, 1.0)).aim, None);
    }
}
