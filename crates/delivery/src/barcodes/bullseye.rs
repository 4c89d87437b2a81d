//! Where Aztec codes could be. The reader looks for one in the middle of a picture only, and only if it lies nearly
//! level; on a page it is anywhere. Each has squares around its middle, one in another, that are a module wide: on every
//! line through the middle, black and white take turns in equal steps.

use super::transform::between;
use crate::files::Picture;

/// The middle of what could be an Aztec code, and how wide its modules are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bullseye {
    x: f64,
    y: f64,
    module: f64,
}

/// How many places are looked at.
const MOST: usize = 6;
/// How many are told apart. What has more is a pattern, and all pixels of a pattern would be compared with all.
const MOST_COUNTED: usize = 1_000;
/// How many steps there are on each side of the middle.
const RINGS: usize = 3;
/// Wider modules are seen in a smaller picture.
const WIDEST: i64 = 60;
/// How many pixels a module has in a cutout, and how many modules that has on each side of the middle. Of the largest
/// codes there is less, and none is a ticket.
const PIXELS: f64 = 4.0;
const AROUND: f64 = 44.0;

/// The likeliest middles in a levelled picture.
pub(super) fn bullseyes(levelled: &Picture, is_black: impl Fn(u8) -> bool) -> Vec<Bullseye> {
    let is_black = |x: i64, y: i64| is_black(levelled.at(x, y));
    let mut found: Vec<(Bullseye, u32)> = Vec::new();
    for y in 0..i64::from(levelled.height()) {
        let mut x = 0;
        while x < i64::from(levelled.width()) {
            let start = x;
            while is_black(x, y) {
                x += 1;
            }
            if x > start
                && let Some(bullseye) = around((start + x) / 2, y, &is_black)
            {
                count(&mut found, bullseye);
            }
            x += 1;
        }
    }
    found.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    found.into_iter().take(MOST).map(|(bullseye, _)| bullseye).collect()
}

/// The same middle is seen from several lines.
fn count(found: &mut Vec<(Bullseye, u32)>, seen: Bullseye) {
    let is_same = |other: &Bullseye| (other.x - seen.x).abs().max((other.y - seen.y).abs()) < 2.0 * seen.module;
    if let Some((_, times)) = found.iter_mut().find(|(other, _)| is_same(other)) {
        *times += 1;
    } else if found.len() < MOST_COUNTED {
        found.push((seen, 1));
    }
}

/// The bullseye that has this black pixel in its middle, across and down.
fn around(x: i64, y: i64, is_black: &impl Fn(i64, i64) -> bool) -> Option<Bullseye> {
    steps(x, |x| is_black(x, y))?;
    let (middle_y, module_down) = steps(y, |y| is_black(x, y))?;
    let level = middle_y as i64;
    let (middle_x, module_across) = steps(x, |x| is_black(x, level))?;
    let is_square = (module_across / module_down - 1.0).abs() < 0.5;
    is_square.then_some(Bullseye { x: middle_x, y: middle_y, module: f64::midpoint(module_across, module_down) })
}

/// The middle and the length of the equal steps around `from` on a line.
fn steps(from: i64, is_black: impl Fn(i64) -> bool) -> Option<(f64, f64)> {
    let (mut lengths, mut ends) = ([0; 2 * RINGS + 1], [from; 2]);
    for (side, direction) in [-1, 1].into_iter().enumerate() {
        let mut at = from;
        for ring in 0..=RINGS {
            let length = (0..=WIDEST).find(|step| is_black(at + step * direction) != (ring % 2 == 0))?;
            if length == 0 {
                return None;
            }
            at += length * direction;
            let place = if side == 0 { RINGS - ring } else { RINGS + ring };
            lengths[place] += length;
            if ring == 0 {
                ends[side] = at;
            }
        }
    }
    // The first pixel was counted to both sides.
    lengths[RINGS] -= 1;
    let mean = lengths.iter().sum::<i64>() as f64 / lengths.len() as f64;
    let is_equal = lengths.iter().all(|&length| (length as f64 - mean).abs() <= 0.45 * mean + 0.6);
    is_equal.then(|| (f64::midpoint(ends[0] as f64, ends[1] as f64), mean))
}

impl Bullseye {
    /// What is around it, turned by some degrees, as a picture with it in the middle.
    pub(super) fn cutout(self, picture: &Picture, degrees: f64) -> Option<Picture> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let side = 2.0 * AROUND * PIXELS;
        let scale = self.module / PIXELS;
        Picture::from_fn(side as u32, side as u32, |x, y| {
            let (x, y) = ((f64::from(x) - side / 2.0) * scale, (f64::from(y) - side / 2.0) * scale);
            between(picture, self.x + x * cos + y * sin, self.y + y * cos - x * sin)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Squares around (100, 80), each ring five pixels wide.
    fn squares() -> Picture {
        let grey = |x: u32, y: u32| {
            let from_middle = (f64::from(x) - 100.0).abs().max((f64::from(y) - 80.0).abs());
            let ring = ((from_middle + 2.5) / 5.0) as u32;
            if ring <= 4 && ring.is_multiple_of(2) { 0 } else { 255 }
        };
        Picture::from_fn(300, 200, grey).expect("has pixels")
    }

    #[test]
    fn a_bullseye_is_found_where_it_is() {
        let found = bullseyes(&squares(), |grey| grey < 128);
        let [bullseye] = found.as_slice() else { panic!("{found:?}") };
        assert!((bullseye.x - 100.0).abs() < 1.5 && (bullseye.y - 80.0).abs() < 1.5, "{bullseye:?}");
        assert!((4.5..5.6).contains(&bullseye.module), "{bullseye:?}");
        let cutout = bullseye.cutout(&squares(), 90.0).expect("has pixels");
        let middle = i64::from(cutout.width() / 2);
        assert_eq!((cutout.at(middle, middle), cutout.at(middle + 4, middle), cutout.at(2, 2)), (0, 255, 255));
    }

    #[test]
    fn a_pattern_of_middles_takes_no_time() {
        let chequers = |x: u32, y: u32| if (x / 3 + y / 3).is_multiple_of(2) { 0 } else { 255 };
        let pattern = Picture::from_fn(3_000, 3_000, chequers).expect("has pixels");
        let start = Instant::now();
        assert_eq!(bullseyes(&pattern, |grey| grey < 128).len(), MOST);
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }

    #[test]
    fn stripes_and_nothing_are_no_bullseye() {
        let stripes = Picture::from_fn(200, 200, |x, _| if x / 5 % 2 == 0 { 0 } else { 255 }).expect("has pixels");
        assert_eq!(bullseyes(&stripes, |grey| grey < 128), []);
        let black = Picture::from_fn(200, 200, |_, _| 0).expect("has pixels");
        assert_eq!(bullseyes(&black, |grey| grey < 128), []);
    }
}
