use super::code::Codes;
use super::{Code, MAX_TEXT, Symbology};
use crate::files::{Pass, PassBarcode, Refusal};

/// What a pass says that it shows. One of which we cannot take a code is refused: it could be the code that somebody sold
/// already, and what a wallet makes of it nobody knows.
pub fn codes_of(pass: &Pass) -> Result<Vec<Code>, Refusal> {
    let mut codes = Codes::default();
    for barcode in pass.barcodes.iter().chain(&pass.barcode) {
        codes.add(code(barcode).ok_or(Refusal::UnfitBarcode)?);
    }
    codes.all()
}

fn code(barcode: &PassBarcode) -> Option<Code> {
    let symbology = match barcode.format.as_str() {
        "PKBarcodeFormatQR" => Symbology::Qr,
        "PKBarcodeFormatAztec" => Symbology::Aztec,
        "PKBarcodeFormatPDF417" => Symbology::Pdf417,
        "PKBarcodeFormatCode128" => Symbology::Code128,
        _ => return None,
    };
    let is_code = !barcode.message.trim().is_empty() && barcode.message.len() <= MAX_TEXT;
    is_code.then(|| Code { symbology, text: barcode.message.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::MAX_CODES;
    use super::*;

    fn barcode(format: &str, message: &str) -> PassBarcode {
        PassBarcode { format: format!("PKBarcodeFormat{format}"), message: message.to_owned() }
    }

    #[test]
    fn each_code_of_a_pass_is_told_once() {
        let barcodes = ["QR", "Aztec", "PDF417", "Code128"].map(|format| barcode(format, "A1")).to_vec();
        let found = codes_of(&Pass { barcode: Some(barcode("QR", "A1")), barcodes });
        let expected = Symbology::ALL.map(|symbology| Code { symbology, text: "A1".into() });
        assert_eq!(found, Ok(expected.to_vec()));
        let old = codes_of(&Pass { barcode: Some(barcode("QR", "A2")), barcodes: vec![] });
        assert_eq!(old, Ok(vec![Code { symbology: Symbology::Qr, text: "A2".into() }]));
    }

    #[test]
    fn a_pass_with_more_codes_than_a_ticket_has_is_refused() {
        let pass = |codes: usize| {
            let numbers = (0..codes).chain(0..codes);
            Pass { barcode: None, barcodes: numbers.map(|number| barcode("QR", &number.to_string())).collect() }
        };
        assert_eq!(codes_of(&pass(MAX_CODES)).map(|codes| codes.len()), Ok(MAX_CODES), "each counts once");
        for too_many in [MAX_CODES + 1, 26, 500] {
            assert_eq!(codes_of(&pass(too_many)), Err(Refusal::TooManyCodes), "{too_many}");
        }
    }

    #[test]
    fn a_pass_with_a_code_that_we_cannot_take_is_refused() {
        let refusal = |odd: PassBarcode| {
            let pass = |barcode, barcodes| codes_of(&Pass { barcode, barcodes }).err();
            let (alone, old) = (pass(None, vec![odd.clone()]), pass(Some(odd.clone()), vec![]));
            let beside = pass(None, vec![barcode("QR", "A1"), odd]);
            assert_eq!((alone, beside), (old, old));
            old
        };
        assert_eq!(refusal(barcode("QR", &"9".repeat(MAX_TEXT))), None);
        for message in ["", " ", "\n", &"9".repeat(MAX_TEXT + 1)] {
            assert_eq!(refusal(barcode("QR", message)), Some(Refusal::UnfitBarcode), "{message:.9}");
        }
        for format in
            ["pkbarcodeformatqr", "PKBarcodeFormatqr", "PKBarcodeFormatCode39", "QR", "", "PKBarcodeFormatQR "]
        {
            let odd = PassBarcode { format: format.to_owned(), message: "A1".to_owned() };
            assert_eq!(refusal(odd), Some(Refusal::UnfitBarcode), "{format}");
        }
    }
}
