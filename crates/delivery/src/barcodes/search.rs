//! The search of one picture: the same picture is looked at in one way after the other, the cheap and the likely ones
//! first, until one shows a code.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::multi::{GenericMultipleBarcodeReader, MultipleBarcodeReader};
use rxing::{Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, MultiUseMultiFormatReader, RXingResult};

use super::bullseye::{Bullseye, bullseyes};
use super::code::Codes;
use super::transform::{LEVEL, levelled, scaled, softened, turned};
use super::{Code, Symbology};
use crate::files::Picture;

/// A way of looking at pictures.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// The longer side at most: larger pictures are made smaller.
    side: u32,
    /// How much larger a picture is made that is smaller than that.
    enlarged: u32,
    softened: bool,
    /// Turned by so many degrees. Quarter turns make no difference to the reader.
    turned: u16,
    /// Shades are taken away.
    levelled: bool,
    /// What is black is decided for the whole picture, not for each part of it.
    by_whole: bool,
}

const PLAIN: Look = Look { side: 1_400, enlarged: 1, softened: false, turned: 0, levelled: false, by_whole: false };

/// QR and Aztec codes are read as they lie; lines of the other two have to be nearly level.
const LOOKS: [Look; 15] = [
    PLAIN,
    Look { enlarged: 3, ..PLAIN },
    Look { by_whole: true, ..PLAIN },
    Look { levelled: true, by_whole: true, ..PLAIN },
    Look { side: 700, ..PLAIN },
    Look { side: 3_000, ..PLAIN },
    Look { softened: true, ..PLAIN },
    Look { softened: true, enlarged: 3, by_whole: true, ..PLAIN },
    Look { turned: 15, ..PLAIN },
    Look { turned: 30, ..PLAIN },
    Look { turned: 45, ..PLAIN },
    Look { turned: 60, ..PLAIN },
    Look { turned: 75, ..PLAIN },
    Look { turned: 22, enlarged: 2, ..PLAIN },
    Look { turned: 67, enlarged: 2, ..PLAIN },
];

/// One picture, looked at in one way. Different looks can come to the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct View {
    side: u32,
    softened: bool,
    turned: u16,
    levelled: bool,
    by_whole: bool,
}

/// The codes in a picture. `may_go_on` is asked before each look; no look takes longer than a second or two.
pub fn find_in_picture(picture: &Picture, may_go_on: &dyn Fn() -> bool) -> Vec<Code> {
    let mut seen: Vec<View> = Vec::new();
    for view in LOOKS.map(|look| look.at(picture)) {
        if seen.contains(&view) {
            continue;
        }
        if !may_go_on() {
            break;
        }
        let codes = view.codes(picture);
        if !codes.is_empty() {
            return codes;
        }
        seen.push(view);
    }
    Vec::new()
}

impl Look {
    fn at(self, picture: &Picture) -> View {
        let side = picture.longer_side().saturating_mul(self.enlarged).min(self.side);
        View { side, softened: self.softened, turned: self.turned, levelled: self.levelled, by_whole: self.by_whole }
    }
}

impl View {
    fn codes(self, picture: &Picture) -> Vec<Code> {
        let Some(seen) = self.of(picture) else { return Vec::new() };
        let mut codes = Codes::default();
        codes.extend(read(&seen, self.by_whole, &Symbology::ALL));
        if self.turned == 0 {
            codes.extend(read_aztec(&seen));
        }
        codes.into_vec()
    }

    fn of(self, picture: &Picture) -> Option<Cow<'_, Picture>> {
        let mut seen = Cow::Borrowed(picture);
        if self.side != picture.longer_side() {
            seen = Cow::Owned(scaled(&seen, self.side)?);
        }
        if self.softened {
            seen = Cow::Owned(softened(&seen)?);
        }
        if self.levelled {
            seen = Cow::Owned(levelled(&seen)?);
        }
        if self.turned != 0 {
            seen = Cow::Owned(turned(&seen, self.turned.into())?);
        }
        Some(seen)
    }
}

/// Aztec codes, wherever and however they lie.
fn read_aztec(picture: &Picture) -> Vec<Code> {
    let Some(levelled) = levelled(picture) else { return Vec::new() };
    let bullseyes = bullseyes(&levelled, |grey| grey < LEVEL);
    let read_one = |bullseye: Bullseye| {
        // Level ones are the most by far. A quarter turn makes no difference.
        let degrees = (0..90).step_by(3).map(f64::from);
        let cutouts = degrees.filter_map(|degrees| bullseye.cutout(picture, degrees));
        cutouts.map(|cutout| read(&cutout, false, &[Symbology::Aztec])).find(|codes| !codes.is_empty())
    };
    bullseyes.into_iter().filter_map(read_one).flatten().collect()
}

/// The codes of these kinds that the reader sees. It is not ours, and a picture that it stumbles over is one without
/// a code.
fn read(picture: &Picture, by_whole: bool, kinds: &[Symbology]) -> Vec<Code> {
    let results = catch_unwind(AssertUnwindSafe(|| {
        let pixels = picture.pixels().to_vec();
        let source = Luma8LuminanceSource::new(pixels, picture.width(), picture.height()).ok()?;
        let hints = hints(kinds);
        let decoded = if by_whole {
            decode(GlobalHistogramBinarizer::new(source), &hints)
        } else {
            decode(HybridBinarizer::new(source), &hints)
        };
        Some(decoded)
    }));
    results.ok().flatten().unwrap_or_default().iter().filter_map(code).collect()
}

fn hints(kinds: &[Symbology]) -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(kinds.iter().map(|kind| kind.format()).collect()),
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        ..DecodeHints::default()
    }
}

fn decode<B: Binarizer>(binarizer: B, hints: &DecodeHints) -> Vec<RXingResult> {
    let mut reader = GenericMultipleBarcodeReader::new(MultiUseMultiFormatReader::default());
    reader.decode_multiple_with_hints(&mut BinaryBitmap::new(binarizer), hints).unwrap_or_default()
}

fn code(result: &RXingResult) -> Option<Code> {
    let symbology = Symbology::of_format(*result.getBarcodeFormat())?;
    Some(Code { symbology, text: result.getText().to_owned() })
}
