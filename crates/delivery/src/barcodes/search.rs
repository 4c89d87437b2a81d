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
use crate::files::{Picture, Refusal};

/// A way of looking at pictures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
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
    /// Aztec codes that lie askew are looked for too, which takes most of the time where there is much text.
    askew: bool,
}

const PLAIN: Look =
    Look { side: 1_400, enlarged: 1, softened: false, turned: 0, levelled: false, by_whole: false, askew: true };
/// Enough for most pages of a document, and quick.
pub(super) const QUICK: Look = Look { askew: false, ..PLAIN };
/// What is small is not made smaller still.
pub(super) const SHARP: Look = Look { side: 3_000, ..PLAIN };

/// QR and Aztec codes are read as they lie; lines of the other two have to be nearly level.
pub(super) const LOOKS: [Look; 15] = [
    PLAIN,
    Look { enlarged: 3, ..PLAIN },
    Look { by_whole: true, ..PLAIN },
    Look { levelled: true, by_whole: true, ..PLAIN },
    Look { side: 700, ..PLAIN },
    SHARP,
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
    askew: bool,
}

/// What is at most this much darker than what is lightest shows nothing.
const LEAST_CONTRAST: u8 = 16;

/// The codes in a picture. `may_go_on` is asked before each look; no look takes longer than a second or two.
pub fn find_in_picture(picture: &Picture, may_go_on: &dyn Fn() -> bool) -> Result<Vec<Code>, Refusal> {
    if shows_nothing(picture) {
        return Ok(Vec::new());
    }
    for look in distinct(&LOOKS, picture.longer_side()) {
        if !may_go_on() {
            break;
        }
        let codes = look.codes(picture);
        if !codes.is_empty() {
            return codes.all();
        }
    }
    Ok(Vec::new())
}

/// These looks at a picture with this longer side, without those that come to the same as one before.
pub(super) fn distinct(looks: &[Look], longer_side: u32) -> Vec<Look> {
    let views: Vec<View> = looks.iter().map(|look| look.at(longer_side)).collect();
    let is_first = |at: &usize| !views[..*at].contains(&views[*at]);
    (0..looks.len()).filter(is_first).map(|at| looks[at]).collect()
}

/// Whether all of it is as light, as a page is on which nothing is.
pub(super) fn shows_nothing(picture: &Picture) -> bool {
    let lightest = picture.pixels().iter().max();
    let darkest = picture.pixels().iter().min();
    lightest.zip(darkest).is_none_or(|(lightest, darkest)| lightest - darkest <= LEAST_CONTRAST)
}

impl Look {
    /// The codes that are seen so.
    pub(super) fn codes(self, picture: &Picture) -> Codes {
        self.at(picture.longer_side()).codes(picture)
    }

    fn at(self, longer_side: u32) -> View {
        let Self { softened, turned, levelled, by_whole, askew, .. } = self;
        let side = longer_side.saturating_mul(self.enlarged).min(self.side);
        View { side, softened, turned, levelled, by_whole, askew }
    }
}

impl View {
    fn codes(self, picture: &Picture) -> Codes {
        let mut codes = Codes::default();
        let Some(seen) = self.of(picture) else { return codes };
        codes.extend(read(&seen, self.by_whole, &Symbology::ALL));
        if self.turned == 0 {
            codes.extend(read_aztec(&seen, self.askew));
        }
        codes
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

/// Aztec codes, wherever they lie, and however if they may lie `askew`.
fn read_aztec(picture: &Picture, askew: bool) -> Vec<Code> {
    let Some(levelled) = levelled(picture) else { return Vec::new() };
    let bullseyes = bullseyes(&levelled, |grey| grey < LEVEL);
    let read_one = |bullseye: Bullseye| {
        // Level ones are the most by far. A quarter turn makes no difference.
        let degrees = (0..if askew { 90 } else { 1 }).step_by(3).map(f64::from);
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
