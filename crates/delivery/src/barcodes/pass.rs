use super::code::Codes;
use super::{Code, Symbology};
use crate::files::{Pass, PassBarcode};

/// What a pass says that it shows. Formats that a wallet does not know are left out, as it leaves them out.
pub fn codes_of(pass: &Pass) -> Vec<Code> {
    let mut codes = Codes::default();
    codes.extend(pass.barcodes.iter().chain(&pass.barcode).filter_map(code));
    codes.into_vec()
}

fn code(barcode: &PassBarcode) -> Option<Code> {
    let symbology = match barcode.format.as_str() {
        "PKBarcodeFormatQR" => Symbology::Qr,
        "PKBarcodeFormatAztec" => Symbology::Aztec,
        "PKBarcodeFormatPDF417" => Symbology::Pdf417,
        "PKBarcodeFormatCode128" => Symbology::Code128,
        _ => return None,
    };
    Some(Code { symbology, text: barcode.message.clone() })
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
        let barcodes = ["QR", "Aztec", "PDF417", "Code128", "Code39"].map(|format| barcode(format, "A1")).to_vec();
        let found = codes_of(&Pass { barcode: Some(barcode("QR", "A1")), barcodes });
        let expected = Symbology::ALL.map(|symbology| Code { symbology, text: "A1".into() });
        assert_eq!(found, expected);
        let old = codes_of(&Pass { barcode: Some(barcode("QR", "A2")), barcodes: vec![] });
        assert_eq!(old, [Code { symbology: Symbology::Qr, text: "A2".into() }]);
    }

    #[test]
    fn a_pass_tells_of_no_more_than_a_ticket_has() {
        let barcodes = (0..500).map(|number| barcode("QR", &number.to_string())).collect();
        assert_eq!(codes_of(&Pass { barcode: None, barcodes }).len(), MAX_CODES);
        let odd = vec![barcode("QR", ""), barcode("QR", &"9".repeat(9_000))];
        assert_eq!(codes_of(&Pass { barcode: None, barcodes: odd }), []);
    }
}
