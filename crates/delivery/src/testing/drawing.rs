use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageFormat};
use rxing::{MultiFormatWriter, Writer};

use crate::barcodes::{Code, Symbology};
use crate::files::Picture;

/// White around a code, in modules.
const QUIET: u32 = 10;

/// The code in black on white, each module `module` pixels wide.
pub(crate) fn drawn(code: &Code, module: u32) -> Picture {
    let height = if code.symbology == Symbology::Code128 { 30 } else { 1 };
    let matrix = MultiFormatWriter.encode(&code.text, &code.symbology.format(), 1, height).expect("can be drawn");
    let (width, height) = (matrix.getWidth(), matrix.getHeight());
    let is_black = |x: u32, y: u32| {
        let (x, y) = ((x / module).checked_sub(QUIET), (y / module).checked_sub(QUIET));
        x.zip(y).is_some_and(|(x, y)| x < width && y < height && matrix.get(x, y))
    };
    let side = |length: u32| (length + 2 * QUIET) * module;
    map(side(width), side(height), |x, y| if is_black(x, y) { 0 } else { 255 })
}

pub(super) fn map(width: u32, height: u32, grey: impl Fn(u32, u32) -> u8) -> Picture {
    Picture::from_fn(width, height, grey).expect("has pixels")
}

/// Turned by some degrees, as a camera without any smoothing would see it.
pub(super) fn tilted(picture: &Picture, degrees: f64) -> Picture {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let new_width = width * cos.abs() + height * sin.abs();
    let new_height = width * sin.abs() + height * cos.abs();
    map(new_width as u32, new_height as u32, |x, y| {
        let (x, y) = (f64::from(x) - new_width / 2.0, f64::from(y) - new_height / 2.0);
        let (x, y) = (x * cos - y * sin + width / 2.0, x * sin + y * cos + height / 2.0);
        picture.at(x.floor() as i64, y.floor() as i64)
    })
}

/// Each pixel up to `strength` darker or lighter, and one in a hundred black or white.
pub(super) fn noisy(picture: &Picture, strength: i32, seed: u64) -> Picture {
    map(picture.width(), picture.height(), |x, y| {
        let random = random(seed ^ (u64::from(x) << 32 | u64::from(y)));
        match random % 200 {
            0 => 0,
            1 => 255,
            _ => {
                let change = (random >> 32) as i32 % (strength + 1);
                let grey = i32::from(picture.at(x.into(), y.into())) + change;
                u8::try_from(grey.clamp(0, 255)).expect("is a byte")
            }
        }
    })
}

fn random(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Pictures one below the other, on white with room around them.
pub(crate) fn on_white(pictures: &[Picture]) -> Picture {
    const ROOM: u32 = 60;
    let width = pictures.iter().map(Picture::width).max().unwrap_or_default() + 2 * ROOM;
    let mut tops = vec![ROOM];
    tops.extend(pictures.iter().scan(ROOM, |top, picture| {
        *top += picture.height() + ROOM;
        Some(*top)
    }));
    let height = tops.last().copied().unwrap_or_default();
    map(width, height, |x, y| {
        let here = tops.iter().zip(pictures).rev().find(|(top, _)| **top <= y);
        here.map_or(255, |(top, picture)| picture.at(i64::from(x) - i64::from(ROOM), i64::from(y - top)))
    })
}

pub(crate) fn png(picture: &Picture) -> Vec<u8> {
    let image = GrayImage::from_raw(picture.width(), picture.height(), picture.pixels().to_vec());
    let mut file = Cursor::new(Vec::new());
    image.expect("has pixels").write_to(&mut file, ImageFormat::Png).expect("is written");
    file.into_inner()
}

pub(super) fn jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, quality);
    let encoded = encoder.encode(picture.pixels(), picture.width(), picture.height(), ExtendedColorType::L8);
    encoded.expect("is written");
    file
}
