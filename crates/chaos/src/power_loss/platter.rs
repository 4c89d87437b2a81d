use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// The unit that a disk writes atomically.
pub(super) const SECTOR: usize = 512;

/// A disk with a write cache: writes are visible to reads at once, but are certain to survive a power cut
/// only after a flush, which is all that real disks promise.
pub(super) struct Platter {
    image: File,
    cache: BTreeMap<u64, [u8; SECTOR]>,
    has_power: bool,
}

/// What happened to the write cache when the power was cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// Unflushed sectors that had reached the platter.
    pub(super) kept: usize,
    /// Unflushed sectors that were lost.
    pub(super) lost: usize,
}

impl Platter {
    /// The disk whose durable part is `image`.
    pub(super) fn new(image: File) -> Self {
        Self { image, cache: BTreeMap::new(), has_power: true }
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> io::Result<u64> {
        Ok(self.image.metadata()?.len())
    }

    /// Reads whole sectors, as they were written last.
    pub(super) fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let sectors = sectors(offset, length)?;
        let mut data = vec![0; length];
        self.image.read_exact_at(&mut data, offset)?;
        for (place, sector) in data.chunks_exact_mut(SECTOR).zip(sectors) {
            if let Some(written) = self.cache.get(&sector) {
                place.copy_from_slice(written);
            }
        }
        Ok(data)
    }

    /// Writes whole sectors to the cache.
    pub(super) fn write(&mut self, offset: u64, data: &[u8]) -> io::Result<()> {
        for (place, sector) in sectors(offset, data.len())?.zip(data.chunks_exact(SECTOR)) {
            self.cache.insert(place, sector.try_into().expect("a chunk of this size"));
        }
        Ok(())
    }

    /// Everything written so far is durable when this returns.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.has_power {
            for (place, sector) in std::mem::take(&mut self.cache) {
                self.image.write_all_at(&sector, place * SECTOR as u64)?;
            }
        }
        Ok(())
    }

    /// Cuts the power. Of the unflushed sectors, each that `survives` had reached the platter already, in
    /// whatever order.
    ///
    /// Programs that still use the disk carry on unaffected, but none of that is durable.
    pub(super) fn cut(&mut self, mut survives: impl FnMut() -> bool) -> io::Result<Cut> {
        let mut cut = Cut::default();
        self.has_power = false;
        for (place, sector) in &self.cache {
            if survives() {
                self.image.write_all_at(sector, place * SECTOR as u64)?;
                cut.kept += 1;
            } else {
                cut.lost += 1;
            }
        }
        Ok(cut)
    }
}

fn sectors(offset: u64, length: usize) -> io::Result<impl Iterator<Item = u64>> {
    let (size, length) = (SECTOR as u64, length as u64);
    if !offset.is_multiple_of(size) || !length.is_multiple_of(size) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "only whole sectors can be read and written"));
    }
    Ok(offset / size..(offset + length) / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: u64 = 4 * SECTOR as u64;

    fn blank() -> (File, Platter) {
        let image = tempfile::tempfile().expect("a file");
        image.set_len(64 * SECTOR as u64).expect("grows");
        (image.try_clone().expect("a second handle"), Platter::new(image))
    }

    fn sector_of(value: u8) -> [u8; SECTOR] {
        [value; SECTOR]
    }

    fn lasting(image: &File, at: u64) -> u8 {
        let mut byte = [0];
        image.read_exact_at(&mut byte, at).expect("reads");
        byte[0]
    }

    #[test]
    fn unflushed_writes_are_readable_and_gone_after_a_cut() {
        let (image, mut platter) = blank();
        platter.write(AT, &sector_of(1)).expect("writes");
        platter.flush().expect("flushes");
        platter.write(AT, &sector_of(2)).expect("writes");
        platter.write(0, &sector_of(3)).expect("writes");
        assert_eq!(platter.read(AT, SECTOR).expect("reads"), sector_of(2));
        assert_eq!(platter.cut(|| false).expect("cuts"), Cut { kept: 0, lost: 2 });
        assert_eq!((lasting(&image, AT), lasting(&image, 0)), (1, 0));
    }

    #[test]
    fn a_write_of_several_sectors_can_be_torn() {
        let (image, mut platter) = blank();
        platter.write(AT, &[sector_of(1), sector_of(2)].concat()).expect("writes");
        let mut chances = [false, true].into_iter();
        let cut = platter.cut(|| chances.next().expect("two sectors")).expect("cuts");
        assert_eq!(cut, Cut { kept: 1, lost: 1 });
        assert_eq!((lasting(&image, AT), lasting(&image, AT + SECTOR as u64)), (0, 2));
    }

    #[test]
    fn nothing_lasts_that_is_written_after_the_cut() {
        let (image, mut platter) = blank();
        platter.cut(|| true).expect("cuts");
        platter.write(AT, &sector_of(1)).expect("writes");
        platter.flush().expect("flushes");
        assert_eq!(platter.read(AT, SECTOR).expect("reads"), sector_of(1), "the old world goes on");
        assert_eq!(lasting(&image, AT), 0);
    }

    #[test]
    fn parts_of_sectors_are_refused() {
        let (_, mut platter) = blank();
        assert!(platter.write(1, &sector_of(1)).is_err());
        assert!(platter.write(0, &[1; 100]).is_err());
        assert!(platter.read(0, 100).is_err());
    }
}
