use std::panic::catch_unwind;

use client::Symbology;
use maud::{Markup, html};
use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};

use super::modules::outline;

/// The longest text that is drawn: a longer one makes a picture that no screen shows well enough to be read.
const LONGEST: usize = 500;
/// The blank modules around a code that readers need.
const QUIET_ZONE: &str = "4";
/// How much wider than high lines are drawn.
const WIDE: usize = 4;

/// A code other than QR as a picture, dark on white as well where the page is dark. `None` if it cannot be drawn so that it
/// surely is the same: of a text in other letters nobody knows with which bytes it was written.
pub(crate) fn bar_code(symbology: Symbology, text: &str, label: &str) -> Option<Markup> {
    let format = match symbology {
        Symbology::Aztec => BarcodeFormat::AZTEC,
        Symbology::Pdf417 => BarcodeFormat::PDF_417,
        Symbology::Code128 => BarcodeFormat::CODE_128,
        Symbology::Qr | Symbology::Other => return None,
    };
    let is_plain = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    // As for readers: a text that it does not get on with takes no page away.
    let modules = catch_unwind(|| if is_plain { modules(format, text) } else { None }).ok().flatten()?;
    let (width, rows) = (modules.first()?.len(), modules.len());
    // Lines are one row of modules.
    let tall = if rows == 1 { width / WIDE } else { 1 };
    Some(html! {
        svg.bar-code viewBox={ "0 0 " (width) " " (rows * tall) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(width) height=(rows * tall) fill="#fff" {}
            path d=(outline(modules, 0, tall)) fill="#000" {}
        }
    })
}

/// The modules of each row, with what is blank around them.
fn modules(format: BarcodeFormat, text: &str) -> Option<Vec<Vec<bool>>> {
    let hints = EncodeHints { Margin: Some(QUIET_ZONE.to_owned()), ..EncodeHints::default() };
    let matrix = MultiFormatWriter.encode_with_hints(text, &format, 0, 0, &hints).ok()?;
    let row = |y| (0..matrix.getWidth()).map(|x| matrix.get(x, y)).collect();
    Some((0..matrix.getHeight()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use rxing::helpers::detect_in_luma;

    use super::*;

    const KINDS: [(Symbology, BarcodeFormat); 3] = [
        (Symbology::Aztec, BarcodeFormat::AZTEC),
        (Symbology::Pdf417, BarcodeFormat::PDF_417),
        (Symbology::Code128, BarcodeFormat::CODE_128),
    ];

    /// What a reader reads from a picture of it.
    fn read(format: BarcodeFormat, text: &str) -> String {
        const SCALE: usize = 4;
        const MARGIN: usize = 10;
        let modules = modules(format, text).expect("can be drawn");
        let tall = if modules.len() == 1 { 50 } else { 1 };
        let (wide, high) = ((modules[0].len() + 2 * MARGIN) * SCALE, (modules.len() * tall + 2 * MARGIN) * SCALE);
        let is_dark = |x: usize, y: usize| {
            let (x, y) = ((x / SCALE).checked_sub(MARGIN)?, (y / SCALE).checked_sub(MARGIN)?);
            modules.get(y / tall)?.get(x).copied()
        };
        let pixel = |index| if is_dark(index % wide, index / wide) == Some(true) { 0 } else { 255 };
        let picture: Vec<u8> = (0..wide * high).map(pixel).collect();
        let (wide, high) = (u32::try_from(wide).expect("is small"), u32::try_from(high).expect("is small"));
        detect_in_luma(picture, wide, high, Some(format)).expect("can be read").getText().to_owned()
    }

    #[test]
    fn what_is_drawn_says_what_it_is_to_say() {
        for (symbology, format) in KINDS {
            for text in ["A1", "SEAT-12 / Row C", "0012345678905", "t:7f3A~{}"] {
                assert!(bar_code(symbology, text, "Code").is_some(), "{symbology:?} {text}");
                assert_eq!(read(format, text), text, "{symbology:?}");
            }
        }
    }

    #[test]
    fn a_picture_has_the_shape_of_its_kind() {
        let lines = bar_code(Symbology::Code128, "A1", "Code 128 code").expect("can be drawn").into_string();
        assert!(lines.contains(r#"aria-label="Code 128 code""#) && lines.contains("<path d=\"M"), "{lines}");
        let size = lines.split_once("viewBox=\"0 0 ").and_then(|(_, rest)| rest.split_once('"')).expect("a size").0;
        let (width, height) = size.split_once(' ').expect("two numbers");
        let [width, height] = [width, height].map(|side| side.parse::<usize>().expect("a number"));
        assert_eq!(height, width / WIDE);
    }

    #[test]
    fn what_might_become_another_is_not_drawn() {
        let long = "x".repeat(LONGEST + 1);
        for text in ["", "Straße", "A\u{1d}B", long.as_str()] {
            for (symbology, _) in KINDS {
                assert!(bar_code(symbology, text, "Code").is_none(), "{symbology:?} {text}");
            }
        }
        assert!(bar_code(Symbology::Qr, "A1", "Code").is_none(), "that one is drawn elsewhere");
    }
}
