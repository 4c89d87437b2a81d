use super::drawing::{drawn, jpeg, map, noisy, png, tilted};
use super::pdf::{with_image, with_lines};
use crate::barcodes::{Code, Symbology};
use crate::files::Picture;
use harness::ticket_files::{pass_of, pass_text};

/// A file as somebody could upload it, and the code that is in it.
pub(crate) struct Sample {
    pub(crate) treatment: Treatment,
    pub(crate) code: Code,
    pub(crate) file: Vec<u8>,
}

/// What has become of a code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Treatment {
    Plain,
    Upright,
    Tilted(u8),
    Small,
    Tiny,
    Noisy,
    NoisyAndTilted,
    Compressed,
    Faint,
    Photographed,
    ImageInPdf,
    LinesInPdf,
    InPass,
}

pub(crate) const TREATMENTS: [Treatment; 15] = [
    Treatment::Plain,
    Treatment::Upright,
    Treatment::Tilted(10),
    Treatment::Tilted(30),
    Treatment::Tilted(45),
    Treatment::Small,
    Treatment::Tiny,
    Treatment::Noisy,
    Treatment::NoisyAndTilted,
    Treatment::Compressed,
    Treatment::Faint,
    Treatment::Photographed,
    Treatment::ImageInPdf,
    Treatment::LinesInPdf,
    Treatment::InPass,
];

/// 60 files: each kind of code with each treatment, each with a text of its own.
pub(crate) fn samples() -> Vec<Sample> {
    let symbologies = [Symbology::Qr, Symbology::Aztec, Symbology::Pdf417, Symbology::Code128];
    let pairs = symbologies.into_iter().flat_map(|symbology| TREATMENTS.map(|treatment| (symbology, treatment)));
    pairs.zip(0..).map(|((symbology, treatment), number)| sample(symbology, treatment, number)).collect()
}

fn sample(symbology: Symbology, treatment: Treatment, number: u64) -> Sample {
    let text = match symbology {
        // A line code of more is wider than a ticket.
        Symbology::Code128 => format!("TK{:010}", 7_919 * (number + 1)),
        _ => format!("TKT-2027-06-12/{:016X}/ROW {number}", (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
    };
    let code = Code { symbology, text };
    Sample { treatment, file: treatment.of(&code, number), code }
}

impl Treatment {
    fn of(self, code: &Code, seed: u64) -> Vec<u8> {
        match self {
            Self::Plain => png(&drawn(code, 4)),
            Self::Upright => png(&tilted(&drawn(code, 4), 90.0)),
            Self::Tilted(degrees) => png(&tilted(&drawn(code, 4), degrees.into())),
            Self::Small => png(&drawn(code, 2)),
            Self::Tiny => png(&drawn(code, 1)),
            Self::Noisy => png(&noisy(&drawn(code, 4), 90, seed)),
            Self::NoisyAndTilted => png(&noisy(&tilted(&drawn(code, 4), 20.0), 60, seed)),
            Self::Compressed => jpeg(&drawn(code, 4), 20),
            Self::Faint => png(&faint(&drawn(code, 4))),
            Self::Photographed => jpeg(&photographed(&drawn(code, 5), seed), 70),
            Self::ImageInPdf => with_image(&drawn(code, 3), 0.4),
            Self::LinesInPdf => with_lines(&drawn(code, 1), 1.2),
            Self::InPass => pass(code),
        }
    }
}

/// Dark grey on light grey, on a paper that gets darker to one side.
fn faint(picture: &Picture) -> Picture {
    map(picture.width(), picture.height(), |x, y| {
        let shade = (x * 60 / picture.width()) as u8;
        if picture.at(x.into(), y.into()) < 128 { 110 - shade } else { 175 - shade }
    })
}

/// Lying on a table, a little askew, in the evening.
fn photographed(picture: &Picture, seed: u64) -> Picture {
    let lying = tilted(picture, 6.0);
    let (width, height) = (lying.width() + 300, lying.height() + 400);
    let lit = map(width, height, |x, y| {
        let light = 55 + 45 * x / width;
        let paper = u32::from(lying.at(i64::from(x) - 150, i64::from(y) - 200)) * 8 / 10 + 30;
        u8::try_from(paper * light / 100).expect("is a byte")
    });
    noisy(&lit, 25, seed)
}

fn pass(code: &Code) -> Vec<u8> {
    let format = match code.symbology {
        Symbology::Qr => "PKBarcodeFormatQR",
        Symbology::Aztec => "PKBarcodeFormatAztec",
        Symbology::Pdf417 => "PKBarcodeFormatPDF417",
        Symbology::Code128 => "PKBarcodeFormatCode128",
    };
    let barcode = serde_json::json!({ "format": format, "message": code.text, "messageEncoding": "iso-8859-1" });
    pass_of(&pass_text(&serde_json::json!({ "barcodes": [barcode] })))
}
