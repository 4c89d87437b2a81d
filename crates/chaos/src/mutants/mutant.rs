use anyhow::Result;

use super::patch::Patch;
use crate::simulation::PlantedFault;

/// Into how many parts the faults are divided for the test command.
const THIRDS: usize = 3;

/// A deliberate fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutant {
    /// At the services' ports, planted by the simulation.
    Planted(PlantedFault),
    /// In a copy of the source, made by a patch.
    Patched(Patch),
}

impl Mutant {
    /// All faults.
    ///
    /// # Errors
    /// If the patches cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        let planted = PlantedFault::ALL.into_iter().map(Self::Planted);
        Ok(planted.chain(Patch::all()?.into_iter().map(Self::Patched)).collect())
    }

    /// A third of the faults, in turn, by the number of the day since 1970.
    ///
    /// # Errors
    /// If the patches cannot be read.
    pub fn of_the_day(day: u64) -> Result<Vec<Self>> {
        let start = usize::try_from(day % THIRDS as u64).unwrap_or_default();
        Ok(Self::all()?.into_iter().skip(start).step_by(THIRDS).collect())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Planted(fault) => fault.name(),
            Self::Patched(patch) => &patch.name,
        }
    }

    /// A short description of the fault.
    pub fn wrong(&self) -> &str {
        match self {
            Self::Planted(fault) => fault.wrong(),
            Self::Patched(patch) => &patch.wrong,
        }
    }

    /// The invariants of which one at least must be violated where it is: whatever else is, the check that is for it
    /// may be blind.
    pub fn breaks(&self) -> Vec<&str> {
        match self {
            Self::Planted(fault) => fault.breaks().to_vec(),
            Self::Patched(patch) => patch.breaks.iter().map(String::as_str).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::simulation::invariant_names;

    const DOCUMENT: &str = include_str!("../../../../docs/CHAOS.md");

    #[test]
    fn each_fault_names_invariants_that_the_simulation_checks() {
        let checked: BTreeSet<_> = invariant_names().collect();
        for mutant in Mutant::all().expect("read") {
            let breaks = mutant.breaks();
            assert!(!breaks.is_empty() && breaks.iter().all(|name| checked.contains(name)), "{mutant:?}");
        }
    }

    #[test]
    fn the_document_says_what_each_fault_must_break_and_that_it_did() {
        let rows = DOCUMENT.lines().skip_while(|line| !line.starts_with("| Fault | Must break |")).skip(2);
        let rows: Vec<_> = rows.take_while(|line| line.starts_with('|')).collect();
        let all = Mutant::all().expect("read");
        for mutant in &all {
            let begins = format!("| `{}`: {} | {} | ", mutant.name(), mutant.wrong(), mutant.breaks().join(", "));
            let row = rows.iter().find_map(|row| row.strip_prefix(&begins));
            let (by, _) = row.and_then(|rest| rest.split_once(" |")).unwrap_or_else(|| panic!("no row {begins}"));
            assert!(by.split(", ").any(|by| mutant.breaks().contains(&by)), "{begins} was caught by {by}");
        }
        assert_eq!(rows.len(), all.len());
    }

    #[test]
    fn three_days_cover_all_faults_once() {
        let days = [20_000, 20_001, 20_002].map(|day| Mutant::of_the_day(day).expect("read"));
        let all = Mutant::all().expect("read");
        assert!(all.iter().all(|mutant| days.iter().filter(|day| day.contains(mutant)).count() == 1));
        assert!(days.iter().all(|day| day.len().abs_diff(all.len() / 3) <= 1));
    }
}
