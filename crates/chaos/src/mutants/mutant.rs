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
