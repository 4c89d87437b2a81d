/// A grey picture: one byte for each pixel, row by row; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// The picture with these rows; `None` if there is no pixel, or if their number is not `width` by `height`.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let area = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        (area > 0 && area == pixels.len()).then_some(Self { width, height, pixels })
    }

    /// The picture with the pixel that `grey` says at each place (x, y); `None` if there is none.
    pub fn from_fn(width: u32, height: u32, grey: impl Fn(u32, u32) -> u8) -> Option<Self> {
        let grey = &grey;
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| grey(x, y))).collect();
        Self::new(width, height, pixels)
    }

    /// How wide it is.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// How high it is.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The longer side.
    pub fn longer_side(&self) -> u32 {
        self.width.max(self.height)
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixel at (x, y); white outside.
    pub fn at(&self, x: i64, y: i64) -> u8 {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return u8::MAX };
        if x >= self.width || y >= self.height {
            return u8::MAX;
        }
        self.pixels[y as usize * self.width as usize + x as usize]
    }
}
