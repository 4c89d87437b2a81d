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

const fn aim(aim: f64) -> Against {
    Against { aim: Some(aim), baselines: &[] }
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
const FILES_PUT: &[&str] = &["files-put"];
const FILES_READ: &[&str] = &["files-read"];

const COMPARISONS: &[Comparison] = &[
    Comparison { key: "list-page", real: beside(HTTP), embedded: beside(HTTP) },
    Comparison { key: "one-ticket", real: beside(MONGO_FIND), embedded: beside(HTTP) },
    Comparison { key: "list-creation", real: beside(MONGO_INSERT), embedded: beside(SQLITE) },
    Comparison { key: "order-burst-64", real: beside(MONGO_INSERT), embedded: beside(SQLITE) },
    Comparison { key: "order-burst-256", real: beside(MONGO_INSERT), embedded: beside(SQLITE) },
    Comparison { key: "orders-applied", real: beside(MONGO_UPDATE), embedded: beside(SQLITE) },
    Comparison { key: "purchases-applied", real: beside(MONGO_UPDATE), embedded: beside(SQLITE) },
    Comparison { key: "purchase: provider calls", real: aim(2.0), embedded: aim(2.0) },
    Comparison { key: "propagation", real: aim(50.0), embedded: aim(10.0) },
    Comparison { key: "rush-losers", real: beside(HTTP_COOKIE), embedded: beside(HTTP_COOKIE) },
    Comparison { key: "sign-in", real: beside(ARGON2), embedded: beside(ARGON2) },
    Comparison { key: "search-well-typed", real: aim(20.0), embedded: aim(20.0) },
    Comparison { key: "search-mistyped", real: aim(20.0), embedded: aim(20.0) },
    Comparison { key: "search-by-price", real: aim(20.0), embedded: aim(20.0) },
    Comparison { key: "search-among-many", real: aim(50.0), embedded: aim(20.0) },
    Comparison { key: "page-beside-search", real: aim(2.0), embedded: aim(2.0) },
    Comparison { key: "ticket-beside-search", real: aim(2.0), embedded: aim(2.0) },
    Comparison { key: "order-beside-search", real: aim(2.0), embedded: aim(2.0) },
    Comparison { key: "memory-idle", real: aim(20.0), embedded: aim(30.0) },
    Comparison { key: "memory-loaded", real: aim(50.0), embedded: aim(120.0) },
    Comparison { key: "start-ended-sessions", real: aim(1000.0), embedded: aim(1000.0) },
    Comparison { key: "orders-kept-at-1000000", real: aim(97.0), embedded: aim(97.0) },
    Comparison { key: "uploads", real: beside(FILES_PUT), embedded: beside(FILES_PUT) },
    Comparison { key: "downloads", real: beside(FILES_READ), embedded: beside(FILES_READ) },
    Comparison { key: "uploads-memory-growth", real: aim(32.0), embedded: aim(32.0) },
    Comparison { key: "downloads-memory-growth", real: aim(32.0), embedded: aim(32.0) },
];

/// The aims for what operations cost, in A: on MongoDB and NATS, and embedded.
const COSTS: &[(&str, f64, f64)] = &[
    ("list-page", 1.7, 1.7),
    ("one-ticket", 3.0, 1.9),
    ("orders-applied", 45.0, 12.0),
    ("purchases-applied", 150.0, 40.0),
    ("rush-losers", 5.0, 5.0),
];

/// The aim for what the operation of this figure costs, in A.
pub(super) fn cost_aim(key: &str, engine: Engine) -> Option<f64> {
    let (_, real, embedded) = COSTS.iter().find(|(of, ..)| *of == key)?;
    Some(match engine {
        Engine::Real => *real,
        Engine::Embedded => *embedded,
    })
}

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
        assert_eq!(burst.aim, None);
    }

    #[test]
    fn where_less_is_better_the_aim_is_a_limit() {
        let memory = |mib| judged(Figure::new("memory-idle", "", Unit::Mebibytes, mib).on(Engine::Embedded));
        assert_eq!(memory(29.0).aim.map(|aim| aim.met), Some(true));
        assert_eq!(memory(31.0).aim.map(|aim| aim.met), Some(false));
    }

    #[test]
    fn raw_limits_have_no_aim() {
        assert_eq!(judged(Figure::new("memory-idle", "", Unit::Mebibytes, 1.0)).aim, None);
    }
}
