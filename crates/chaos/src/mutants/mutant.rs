use anyhow::Result;

use super::patch::Patch;
use crate::simulation::PlantedFault;

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

    /// Every other fault: one half of them on even days since 1970, the other half on odd days.
    ///
    /// # Errors
    /// If the patches cannot be read.
    pub fn of_the_day(day: u64) -> Result<Vec<Self>> {
        let start = usize::from(!day.is_multiple_of(2));
        Ok(Self::all()?.into_iter().skip(start).step_by(2).collect())
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_days_cover_all_faults() {
        let (today, tomorrow) = (Mutant::of_the_day(20_000).expect("read"), Mutant::of_the_day(20_001).expect("read"));
        let all = Mutant::all().expect("read");
        assert!(all.iter().all(|mutant| today.contains(mutant) != tomorrow.contains(mutant)));
        assert!(today.len().abs_diff(tomorrow.len()) <= 1);
    }
}
