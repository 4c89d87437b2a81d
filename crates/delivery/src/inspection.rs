//! All that is found out about a file at once. This is what the [worker](crate::worker) does.

use serde::{Deserialize, Serialize};

use crate::barcodes::{Code, codes_of, find_in_pages, find_in_picture};
use crate::files::{Kind, MAX_BYTES, Refusal, open_pdf, read_image, read_pkpass};

/// What was found out about a file that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// What it is.
    pub kind: Kind,
    /// The codes in it, each once. None: there is none, or it cannot be read.
    pub codes: Vec<Code>,
}

/// Looks at all of a file. Once `may_go_on` says no, what was found by then is all that is told; but a document with a
/// page that was not looked at at all is refused, since what lets somebody in could be on that.
pub fn inspect(file: Vec<u8>, may_go_on: &dyn Fn() -> bool) -> Result<Inspection, Refusal> {
    if file.is_empty() {
        return Err(Refusal::Empty);
    }
    if file.len() as u64 > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let kind = Kind::of(&file).ok_or(Refusal::UnknownKind)?;
    let codes = match kind {
        Kind::Pdf => find_in_pages(&open_pdf(file)?, may_go_on)?,
        Kind::Png | Kind::Jpeg => find_in_picture(&read_image(kind, &file)?, may_go_on)?,
        Kind::Pkpass => codes_of(&read_pkpass(&file)?)?,
    };
    Ok(Inspection { kind, codes })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::barcodes::Symbology;
    use crate::testing::{Sample, TREATMENTS, drawn, on_white, png, samples};

    /// How many of the 60 are read; less would be a step back.
    const READ: usize = 60;

    /// `cargo test -p delivery --release --lib samples -- --nocapture` shows how many are read, and how long it takes.
    #[test]
    fn codes_are_read_from_60_samples() {
        let samples = samples();
        assert_eq!(samples.len(), 60);
        let tried: Vec<Tried> = samples.iter().map(try_one).collect();
        let read = tried.iter().filter(|tried| tried.is_read).count();
        println!("{}{read} of {} samples are read", table(&tried), samples.len());
        assert!(read >= READ, "{read} are read:\n{}", table(&tried));
    }

    /// What has become of a sample.
    struct Tried<'a> {
        sample: &'a Sample,
        is_read: bool,
        took: Duration,
    }

    /// What is read is what was drawn, and nothing else.
    fn try_one(sample: &Sample) -> Tried<'_> {
        let start = Instant::now();
        let found = inspect(sample.file.clone(), &|| true).expect("is taken").codes;
        assert!(found.iter().all(|code| *code == sample.code), "{:?}: {found:?}", sample.treatment);
        Tried { sample, is_read: !found.is_empty(), took: start.elapsed() }
    }

    /// A row for each treatment, a column for each kind of code, and how long each took in milliseconds.
    fn table(tried: &[Tried<'_>]) -> String {
        let kinds = Symbology::ALL.map(|kind| format!("{kind:?}"));
        let mut table = format!("| | {} |\n|---|{}\n", kinds.join(" | "), "---|".repeat(kinds.len()));
        for row in TREATMENTS {
            let cells = Symbology::ALL.map(|kind| {
                let cell =
                    tried.iter().find(|tried| tried.sample.treatment == row && tried.sample.code.symbology == kind);
                let cell = cell.map(|tried| {
                    format!("{} {}", if tried.is_read { "read" } else { "NOT READ" }, tried.took.as_millis())
                });
                cell.unwrap_or_default()
            });
            table.push_str(&format!("| {row:?} | {} |\n", cells.join(" | ")));
        }
        table
    }

    #[test]
    fn a_page_full_of_codes_is_read_in_time() {
        let codes: Vec<Code> =
            (0..8).map(|number| Code { symbology: Symbology::Qr, text: format!("SEAT/{number}") }).collect();
        let pictures: Vec<_> = codes.iter().map(|code| drawn(code, 3)).collect();
        let start = Instant::now();
        let found = inspect(png(&on_white(&pictures)), &|| true).expect("is taken").codes;
        println!("{} of {} codes of a page in {:?}", found.len(), codes.len(), start.elapsed());
        assert!(codes.iter().all(|code| found.contains(code)), "{found:?}");
    }

    #[test]
    fn all_codes_of_a_page_are_found() {
        use Symbology::{Code128, Qr};

        let codes = [(Qr, "FIRST/1"), (Code128, "SECOND02"), (Qr, "THIRD/3")];
        let codes = codes.map(|(symbology, text)| Code { symbology, text: text.to_owned() });
        let pictures: Vec<_> = codes.iter().map(|code| drawn(code, 3)).collect();
        let found = inspect(png(&on_white(&pictures)), &|| true).expect("is taken").codes;
        assert_eq!(found.len(), codes.len(), "{found:?}");
        assert!(codes.iter().all(|code| found.contains(code)), "{found:?}");
    }

    #[test]
    fn who_may_not_go_on_finds_nothing() {
        let sample = &samples()[0];
        let nothing = Inspection { kind: Kind::Png, codes: vec![] };
        assert_eq!(inspect(sample.file.clone(), &|| false), Ok(nothing));
    }

    #[test]
    fn what_is_not_taken_is_not_looked_at() {
        assert_eq!(inspect(vec![], &|| true), Err(Refusal::Empty));
        assert_eq!(inspect(b"<svg/>".to_vec(), &|| true), Err(Refusal::UnknownKind));
        let large = [b"%PDF-".to_vec(), vec![b' '; usize::try_from(MAX_BYTES).expect("fits")]].concat();
        assert_eq!(inspect(large, &|| true), Err(Refusal::TooLarge));
    }
}
