use std::fmt;

/// The report of one attack.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub attack: &'static str,
    /// What was tried.
    pub tried: String,
    /// The server's reaction.
    pub did: String,
    /// The experience of honest users meanwhile.
    pub honest: String,
    /// The resources used before and after.
    pub upkeep: String,
    /// The violations.
    pub findings: Vec<String>,
}

/// The reports of all attacks, as a table.
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
