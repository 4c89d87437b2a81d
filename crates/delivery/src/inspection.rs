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

/// Looks at all of a file. Once `may_go_on` says no, what was found by then is all that is told.
pub fn inspect(file: Vec<u8>, may_go_on: &dyn Fn() -> bool) -> Result<Inspection, Refusal> {
    if file.is_empty() {
        return Err(Refusal::Empty);
    }
    if file.len() as u64 > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let kind = Kind::of(&file).ok_or(Refusal::UnknownKind)?;
    let codes = match kind {
        Kind::Pdf => find_in_pages(&open_pdf(file)?, may_go_on),
        Kind::Png | Kind::Jpeg => find_in_picture(&read_image(kind, &file)?, may_go_on),
        Kind::Pkpass => codes_of(&read_pkpass(&file)?),
    };
    Ok(Inspection { kind, codes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Sample, drawn, on_white, png, samples};

    /// How many of the 60 are read; less would be a step back.
    const READ: usize = 60;

    #[test]
    fn codes_are_read_from_60_samples() {
        let samples = samples();
        assert_eq!(samples.len(), 60);
        let (read, unread): (Vec<&Sample>, Vec<&Sample>) = samples.iter().partition(|sample| is_read(sample));
        let unread: Vec<String> =
            unread.iter().map(|sample| format!("{:?} {:?}", sample.code.symbology, sample.treatment)).collect();
        println!("{} of {} samples are read; not: {unread:?}", read.len(), samples.len());
        assert!(read.len() >= READ, "{} are read; not: {unread:?}", read.len());
    }

    /// What is read is what was drawn, and nothing else.
    fn is_read(sample: &Sample) -> bool {
        let found = inspect(sample.file.clone(), &|| true).expect("is taken").codes;
        assert!(found.iter().all(|code| *code == sample.code), "{:?}: {found:?}", sample.treatment);
        !found.is_empty()
    }

    #[test]
    fn all_codes_of_a_page_are_found() {
        use crate::barcodes::Symbology::{Code128, Qr};
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
