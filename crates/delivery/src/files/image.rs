//! Images: how large one is, is read from its header, before anything is decoded. That it is all there is looked at as well,
//! since what decodes it shows what is missing in grey.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use super::{Kind, Picture, Refusal, image_end};

/// What an image may have at most: what the cameras of phones make.
pub const MAX_PIXELS: u64 = 50_000_000;
/// How wide or high an image may be at most.
pub const MAX_SIDE: u32 = 30_000;
/// How wide and how high an image has to be at least: the smallest QR code takes 29 with the white around it, and no code
/// takes less in both directions.
pub const MIN_SIDE: u32 = 32;
/// What decoding may take: the pixels with four channels of 16 bits, and as much as a decoder needs beside them.
const MAX_MEMORY: u64 = MAX_PIXELS * 8 + 32 * 1024 * 1024;

/// Refuses a part of a pass that is no PNG, or that has more pixels than are taken. It can be smaller than any code, and is
/// not decoded.
pub(super) fn check_png(file: &[u8]) -> Result<(), Refusal> {
    let (width, height) = reader(ImageFormat::Png, file).into_dimensions().map_err(|_| Refusal::UnfitPass)?;
    check_size(width, height)?;
    if image_end::is_whole_png(file) { Ok(()) } else { Err(Refusal::UnfitPass) }
}

fn check_size(width: u32, height: u32) -> Result<(), Refusal> {
    let is_too_large = width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS;
    if is_too_large { Err(Refusal::TooManyPixels) } else { Ok(()) }
}

/// The image in grey, on white where it is transparent. `kind` is PNG or JPEG.
pub fn read(kind: Kind, file: &[u8]) -> Result<Picture, Refusal> {
    let format = if kind == Kind::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
    let (width, height) = reader(format, file).into_dimensions().map_err(|_| Refusal::Damaged)?;
    check_size(width, height)?;
    if width < MIN_SIDE || height < MIN_SIDE {
        return Err(Refusal::TooFewPixels);
    }
    let is_whole = if kind == Kind::Png { image_end::is_whole_png(file) } else { image_end::is_whole_jpeg(file) };
    if !is_whole {
        return Err(Refusal::Damaged);
    }
    let image = reader(format, file).decode().map_err(|_| Refusal::Damaged)?;
    grey(image).ok_or(Refusal::Damaged)
}

fn reader(format: ImageFormat, file: &[u8]) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    reader
}

fn grey(image: DynamicImage) -> Option<Picture> {
    let (width, height) = (image.width(), image.height());
    if !image.color().has_alpha() {
        return Picture::new(width, height, image.into_luma8().into_raw());
    }
    // What is transparent has a colour too, often black.
    let image = image.into_luma_alpha8();
    let on_white = |pixel: &[u8]| {
        let (grey, opacity) = (u16::from(pixel[0]), u16::from(pixel[1]));
        u8::try_from((grey * opacity + 255 * (255 - opacity)) / 255).unwrap_or(u8::MAX)
    };
    Picture::new(width, height, image.into_raw().chunks_exact(2).map(on_white).collect())
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, LumaA, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        image.into().write_to(&mut file, format).expect("encodes");
        file.into_inner()
    }

    /// A PNG that says it has these sides and goes on with `body`.
    fn png(width: u32, height: u32, body: &[u8]) -> Vec<u8> {
        let mut header = b"IHDR".to_vec();
        header.extend(width.to_be_bytes());
        header.extend(height.to_be_bytes());
        header.extend([8, 6, 0, 0, 0]);
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for chunk in [header, [b"IDAT", body].concat()] {
            file.extend((u32::try_from(chunk.len() - 4).expect("is short")).to_be_bytes());
            file.extend_from_slice(&chunk);
            let mut crc = flate2::Crc::new();
            crc.update(&chunk);
            file.extend(crc.sum().to_be_bytes());
        }
        file
    }

    #[test]
    fn images_are_read_in_grey() {
        let image = RgbImage::from_fn(60, 40, |x, _| if x < 30 { [0; 3].into() } else { [255; 3].into() });
        for (kind, format) in [(Kind::Png, ImageFormat::Png), (Kind::Jpeg, ImageFormat::Jpeg)] {
            let picture = read(kind, &encoded(image.clone(), format)).expect("is an image");
            assert_eq!((picture.width(), picture.height()), (60, 40));
            assert!(picture.at(3, 3) < 10 && picture.at(57, 3) > 245, "{kind:?}");
        }
    }

    #[test]
    fn what_is_transparent_is_white() {
        let image = RgbaImage::from_fn(32, 32, |x, _| Rgba([0, 0, 0, if x == 0 { 0 } else { 255 }]));
        let picture = read(Kind::Png, &encoded(image, ImageFormat::Png)).expect("is an image");
        assert_eq!((picture.at(0, 0), picture.at(1, 0)), (255, 0));
        let grey = image::ImageBuffer::from_fn(32, 32, |x, _| LumaA([0_u8, if x == 0 { 0 } else { 255 }]));
        let picture = read(Kind::Png, &encoded(grey, ImageFormat::Png)).expect("is an image");
        assert_eq!((picture.at(0, 0), picture.at(1, 0)), (255, 0));
    }

    #[test]
    fn an_image_of_100_000_by_100_000_is_refused_by_its_header() {
        for (width, height) in [(100_000, 100_000), (MAX_SIDE + 1, 1), (1, MAX_SIDE + 1), (10_000, 5_001)] {
            assert_eq!(read(Kind::Png, &png(width, height, b"")), Err(Refusal::TooManyPixels), "{width}x{height}");
        }
        assert_eq!(read(Kind::Png, &png(40, 40, b"")), Err(Refusal::Damaged));
        let mut jpeg = encoded(GrayImage::new(8, 8), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).expect("has a frame");
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert_eq!(read(Kind::Jpeg, &jpeg), Err(Refusal::TooManyPixels));
    }

    fn both(image: &GrayImage) -> [(Kind, Vec<u8>); 2] {
        let encoded = |format| encoded(image.clone(), format);
        [(Kind::Png, encoded(ImageFormat::Png)), (Kind::Jpeg, encoded(ImageFormat::Jpeg))]
    }

    #[test]
    fn an_image_in_which_no_code_has_room_is_refused() {
        for (width, height) in [(1, 1), (MIN_SIDE - 1, 500), (500, MIN_SIDE - 1)] {
            for (kind, file) in both(&GrayImage::new(width, height)) {
                assert_eq!(read(kind, &file), Err(Refusal::TooFewPixels), "{kind:?} {width}x{height}");
            }
        }
        for (kind, file) in both(&GrayImage::new(MIN_SIDE, MIN_SIDE)) {
            assert!(read(kind, &file).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn an_image_that_is_cut_off_anywhere_is_refused() {
        let image = GrayImage::from_fn(40, 40, |x, y| [(x * y % 256) as u8].into());
        for (kind, file) in both(&image) {
            assert!(read(kind, &file).is_ok(), "{kind:?}");
            for length in 20..file.len() {
                assert_eq!(
                    read(kind, &file[..length]),
                    Err(Refusal::Damaged),
                    "{length} of {} as {kind:?}",
                    file.len()
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn damaged_images_end_in_an_answer(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in 1_usize..300) {
            let image = GrayImage::from_fn(40, 40, |x, y| [(x * y % 256) as u8].into());
            for (kind, format) in [(Kind::Png, ImageFormat::Png), (Kind::Jpeg, ImageFormat::Jpeg)] {
                let mut file = encoded(image.clone(), format);
                file.truncate(file.len().saturating_sub(cut).max(20));
                let at = at.index(file.len());
                file[at] = byte;
                let _ = read(kind, &file);
            }
        }
    }
}
