//! Where images end. What decodes them does not mind if the end is missing, or if something else comes after it.

/// What a PNG begins with.
const PNG_BEGINNING: usize = 8;
/// What a chunk has beside its content: its length and name before it, and a sum after it.
const AROUND_CHUNK: usize = 12;
/// The marker that a JPEG ends with.
const END_OF_IMAGE: u8 = 0xd9;

/// Whether a PNG has all its chunks and nothing but padding after the last: an archive or a page that is behind an image
/// would be handed to the buyer with it. So would what a faulty editor has left there of a screenshot that was cropped.
pub(super) fn is_whole_png(file: &[u8]) -> bool {
    let mut left = file.get(PNG_BEGINNING..).unwrap_or_default();
    while let Some((length, name)) = left.first_chunk::<8>().map(|head| head.split_at(4)) {
        let is_last = name == b"IEND";
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        let Some(after) = left.get(AROUND_CHUNK + length..) else { return false };
        if is_last {
            return after.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace());
        }
        left = after;
    }
    false
}

/// Whether a JPEG goes on to its end. What comes after that is not looked at: phones put there the film of a photograph
/// that moves, the map of its bright parts, or a second photograph, and their owners know nothing of it. Whoever gets the
/// file is told that it is an image, and to believe nothing else.
pub(super) fn is_whole_jpeg(file: &[u8]) -> bool {
    let mut left = file.get(2..).unwrap_or_default();
    loop {
        // To the next marker: through what is packed after the one before, in which 0xff has a zero after it.
        let Some(at) = left.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff)) else {
            return false;
        };
        let marker = left[at + 1];
        left = &left[at + 2..];
        match marker {
            END_OF_IMAGE => return true,
            // These stand alone.
            0x01 | 0xd0..=0xd8 => {}
            // A thumbnail in one of these has an end of its own.
            _ => {
                let Some(length) = left.first_chunk::<2>().map(|length| usize::from(u16::from_be_bytes(*length)))
                else {
                    return false;
                };
                let Some(after) = left.get(length..) else { return false };
                left = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{GrayImage, ImageFormat};

    use super::*;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        GrayImage::from_fn(40, 40, |x, y| [(x * y % 256) as u8].into()).write_to(&mut file, format).expect("encodes");
        file.into_inner()
    }

    const OTHERS: [&[u8]; 4] = [b"<html><script>alert(1)</script>", b"PK\x03\x04", b"%PDF-1.7", b"\0\0\0\x18ftypmp42"];

    #[test]
    fn nothing_but_padding_comes_after_a_png() {
        let png = encoded(ImageFormat::Png);
        for padding in [b"".as_slice(), b"\0\0\0", b"\r\n ", &[0; 4_000]] {
            assert!(is_whole_png(&[&png, padding].concat()), "{}", padding.len());
        }
        for other in OTHERS {
            assert!(!is_whole_png(&[&png, other].concat()), "{}", other.escape_ascii());
            assert!(!is_whole_png(&[&png, [0; 100].as_slice(), other].concat()), "{}", other.escape_ascii());
        }
    }

    #[test]
    fn what_phones_put_after_a_jpeg_stays() {
        let jpeg = encoded(ImageFormat::Jpeg);
        assert!(is_whole_jpeg(&jpeg) && is_whole_jpeg(&[jpeg.clone(), jpeg.clone()].concat()));
        assert!(is_whole_jpeg(&[&jpeg, OTHERS[3]].concat()));
    }

    #[test]
    fn a_thumbnail_that_ends_is_not_the_end_of_its_jpeg() {
        let jpeg = encoded(ImageFormat::Jpeg);
        let length = u16::try_from(jpeg.len() + 2).expect("is small").to_be_bytes();
        let whole = [b"\xff\xd8\xff\xe1".as_slice(), &length, &jpeg, &jpeg[2..]].concat();
        assert!(is_whole_jpeg(&whole));
        assert!(!is_whole_jpeg(&whole[..whole.len() - 2]) && !is_whole_jpeg(&whole[..jpeg.len() + 40]));
    }
}
