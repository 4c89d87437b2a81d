use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

use super::modules;

/// The blank modules around a code that readers need.
const QUIET_ZONE: usize = 4;

/// A QR code as a picture: dark on white also where the page is dark, since readers need that. `None` if the text is
/// longer than one holds.
pub(crate) fn qr_code(text: &str, label: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L));
    let code = code.ok()?;
    let size = code.width() + 2 * QUIET_ZONE;
    Some(html! {
        svg.qr-code viewBox={ "0 0 " (size) " " (size) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(outline(&code)) fill="#000" {}
        }
    })
}

fn outline(code: &QrCode) -> String {
    let colors = code.to_colors();
    let rows = colors.chunks(code.width()).map(|row| row.iter().map(|color| *color == Color::Dark).collect());
    modules::outline(rows, QUIET_ZONE, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_module_by_module_within_a_blank_border() {
        let drawn = qr_code("ABC", "QR code").expect("is short").into_string();
        // Version 1 is 21 modules wide; its first row begins with the 7 of a finder pattern.
        assert!(drawn.contains(r#"viewBox="0 0 29 29""#) && drawn.contains("M4 4h7v1h-7z"), "{drawn}");
        let code = QrCode::with_error_correction_level("ABC", EcLevel::M).expect("is short");
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let outline = outline(&code);
        let lengths = outline.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok());
        assert_eq!(lengths.sum::<usize>(), dark);
    }

    #[test]
    fn a_text_that_no_code_holds_is_not_drawn() {
        assert!(qr_code(&"x".repeat(2900), "QR code").is_some());
        assert!(qr_code(&"x".repeat(3000), "QR code").is_none());
    }
}
