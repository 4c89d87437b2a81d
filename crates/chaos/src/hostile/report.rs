use std::fmt;

/// What became of an attack.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub attack: &'static str,
    /// What was tried.
    pub tried: String,
    /// What the server did.
    pub did: String,
    /// How honest users fared meanwhile.
    pub honest: String,
    /// What it took up, before and after.
    pub upkeep: String,
    /// What should not be.
    pub findings: Vec<String>,
}

/// What all attacks came to, as a table.
pub struct Report<'a>(pub &'a [Row]);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| Attack | Tried | What the server did | Honest users meanwhile | Files and memory | Verdict |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for Row { attack, tried, did, honest, upkeep, findings } in self.0 {
            let verdict = if findings.is_empty() { "held".to_owned() } else { format!("**{}**", findings.join("; ")) };
            writeln!(f, "| {attack} | {tried} | {did} | {honest} | {upkeep} | {verdict} |")?;
        }
        Ok(())
    }
}
