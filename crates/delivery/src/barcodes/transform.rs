//! Pictures made easier to read: smaller, larger, softer, turned.

use crate::files::Picture;

/// The picture with a longer side of `side` pixels. Smaller, each pixel is the mean of those it stands for, which takes
/// noise away; larger, it is between its neighbours.
pub(super) fn scaled(picture: &Picture, side: u32) -> Option<Picture> {
    let scale = f64::from(side) / f64::from(picture.longer_side());
    let length = |length: u32| (f64::from(length) * scale).round().max(1.0) as u32;
    let (width, height) = (length(picture.width()), length(picture.height()));
    if scale < 1.0 {
        Picture::from_fn(width, height, |x, y| mean(picture, (x, width), (y, height)))
    } else {
        let place = |at: u32| (f64::from(at) + 0.5) / scale - 0.5;
        let (right, bottom) = (f64::from(picture.width() - 1), f64::from(picture.height() - 1));
        Picture::from_fn(width, height, |x, y| {
            between(picture, place(x).clamp(0.0, right), place(y).clamp(0.0, bottom))
        })
    }
}

/// Each pixel the mean of itself and the eight around it.
pub(super) fn softened(picture: &Picture) -> Option<Picture> {
    Picture::from_fn(picture.width(), picture.height(), |x, y| {
        let around = (-1..=1).flat_map(|down| (-1..=1).map(move |right| (right, down)));
        let sum: u32 =
            around.map(|(right, down)| u32::from(picture.at(i64::from(x) + right, i64::from(y) + down))).sum();
        u8::try_from(sum / 9).unwrap_or(u8::MAX)
    })
}

/// What is darker than this in a levelled picture is darker than what is around it.
pub(super) const LEVEL: u8 = 140;

/// The picture as if light fell on it evenly: each pixel compared with the mean of what is around it.
pub(super) fn levelled(picture: &Picture) -> Option<Picture> {
    let around = i64::from((picture.longer_side() / 16).max(24));
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    let sums = sums(picture);
    let sum = |x: i64, y: i64| sums[(y * (width + 1) + x) as usize];
    Picture::from_fn(picture.width(), picture.height(), |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let (left, right) = ((x - around).max(0), (x + around + 1).min(width));
        let (top, bottom) = ((y - around).max(0), (y + around + 1).min(height));
        let total = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
        let mean = (total / ((right - left) * (bottom - top)) as u64).max(1);
        u8::try_from(u64::from(picture.at(x, y)) * u64::from(LEVEL) / mean).unwrap_or(u8::MAX)
    })
}

/// At (x, y) the sum of all pixels that are left of x and above y.
fn sums(picture: &Picture) -> Vec<u64> {
    let width = picture.width() as usize;
    let mut sums = vec![0; width + 1];
    for row in picture.pixels().chunks_exact(width) {
        let above = sums.len() - width - 1;
        let mut so_far = 0;
        sums.push(0);
        for (x, pixel) in row.iter().enumerate() {
            so_far += u64::from(*pixel);
            sums.push(sums[above + x + 1] + so_far);
        }
    }
    sums
}

/// The picture turned by some degrees, on white.
pub(super) fn turned(picture: &Picture, degrees: f64) -> Option<Picture> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let new_width = (width * cos.abs() + height * sin.abs()).ceil();
    let new_height = (width * sin.abs() + height * cos.abs()).ceil();
    Picture::from_fn(new_width as u32, new_height as u32, |x, y| {
        let (x, y) = (f64::from(x) - new_width / 2.0, f64::from(y) - new_height / 2.0);
        between(picture, x * cos + y * sin + width / 2.0, y * cos - x * sin + height / 2.0)
    })
}

/// The mean of the pixels that the pixel (x of `width`, y of `height`) of a smaller picture stands for.
fn mean(picture: &Picture, (x, width): (u32, u32), (y, height): (u32, u32)) -> u8 {
    let part = |at: u32, of: u32, length: u32| {
        let start = u64::from(at) * u64::from(length) / u64::from(of);
        let end = (u64::from(at) + 1) * u64::from(length) / u64::from(of);
        start as i64..end.max(start + 1) as i64
    };
    let (across, down) = (part(x, width, picture.width()), part(y, height, picture.height()));
    let count = (across.end - across.start) * (down.end - down.start);
    let sum: i64 = down.flat_map(|y| across.clone().map(move |x| i64::from(picture.at(x, y)))).sum();
    u8::try_from(sum / count).unwrap_or(u8::MAX)
}

/// What is at a place between pixels.
pub(super) fn between(picture: &Picture, x: f64, y: f64) -> u8 {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let at = |right: i64, down: i64| f64::from(picture.at(left as i64 + right, top as i64 + down));
    let upper = at(0, 0) * (1.0 - right_share) + at(1, 0) * right_share;
    let lower = at(0, 1) * (1.0 - right_share) + at(1, 1) * right_share;
    (upper * (1.0 - bottom_share) + lower * bottom_share).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Black on the left, white on the right.
    fn halves(width: u32, height: u32) -> Picture {
        Picture::from_fn(width, height, |x, _| if x < width / 2 { 0 } else { 255 }).expect("has pixels")
    }

    #[test]
    fn a_scaled_picture_shows_the_same() {
        assert_eq!(scaled(&halves(40, 20), 20), Some(halves(20, 10)));
        let larger = scaled(&halves(40, 20), 80).expect("has pixels");
        assert_eq!((larger.width(), larger.height()), (80, 40));
        assert_eq!((larger.at(0, 0), larger.at(79, 39), larger.at(10, 20), larger.at(70, 20)), (0, 255, 0, 255));
        assert_eq!(scaled(&halves(400, 2), 20).map(|picture| picture.height()), Some(1), "nothing becomes nothing");
    }

    #[test]
    fn a_turned_picture_shows_the_same_from_another_side() {
        let turned = turned(&halves(40, 20), 90.0).expect("has pixels");
        assert!((20..=21).contains(&turned.width()) && (40..=41).contains(&turned.height()));
        assert_eq!((turned.at(10, 5), turned.at(10, 35)), (0, 255));
    }

    #[test]
    fn a_levelled_picture_has_light_everywhere() {
        let shaded = |x: u32, y: u32| (200 - x / 2) as u8 / if (x / 8 + y / 8).is_multiple_of(2) { 2 } else { 1 };
        let shaded = Picture::from_fn(300, 100, shaded).expect("has pixels");
        let levelled = levelled(&shaded).expect("has pixels");
        let is_right = |x: u32, y: u32| (levelled.at(x.into(), y.into()) < LEVEL) == (x / 8 + y / 8).is_multiple_of(2);
        assert!((0..300).all(|x| (0..100).all(|y| is_right(x, y))));
    }

    #[test]
    fn a_softened_picture_has_no_grain() {
        let grain = Picture::from_fn(30, 30, |x, y| if (x, y) == (15, 15) { 0 } else { 255 }).expect("has pixels");
        let softened = softened(&grain).expect("has pixels");
        assert!(softened.pixels().iter().all(|&pixel| pixel > 220));
    }
}
