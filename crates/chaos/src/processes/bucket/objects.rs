use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Where this file is, there is no room.
pub(super) const FULL: &str = "full";

/// Objects in files, which have their names once they are whole.
#[derive(Clone)]
pub(super) struct Objects {
    folder: PathBuf,
}

/// A part of an object.
pub(super) struct Slice {
    pub(super) bytes: Vec<u8>,
    pub(super) start: u64,
    /// How large the object is.
    pub(super) size: u64,
}

impl Objects {
    /// Those in this folder, which is made if there is none.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        for part in ["objects", "coming", "uploads"] {
            fs::create_dir_all(folder.join(part))?;
        }
        Ok(Self { folder })
    }

    pub(super) fn is_full(&self) -> bool {
        self.folder.join(FULL).exists()
    }

    /// Puts an object there, whole or not at all.
    pub(super) fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        self.place(&self.object(key), |file| file.write_all(bytes))
    }

    /// The bytes from `start` to `end`, or as many of these as there are; `None` if there is no such object.
    pub(super) fn get(&self, key: &str, start: u64, end: u64) -> io::Result<Option<Slice>> {
        let mut file = match File::open(self.object(key)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let (size, mut bytes) = (file.metadata()?.len(), Vec::new());
        file.seek(SeekFrom::Start(start))?;
        file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
        Ok(Some(Slice { bytes, start, size }))
    }

    pub(super) fn delete(&self, key: &str) -> io::Result<()> {
        unless_gone(fs::remove_file(self.object(key)))
    }

    /// Begins an object that comes in parts; returns what that is called.
    pub(super) fn begin(&self) -> io::Result<String> {
        let upload = random_name();
        fs::create_dir(self.upload(&upload))?;
        Ok(upload)
    }

    pub(super) fn put_part(&self, upload: &str, number: u32, bytes: &[u8]) -> io::Result<()> {
        self.place(&self.upload(upload).join(format!("{number:05}")), |file| file.write_all(bytes))
    }

    /// All parts have come. Asked again, it has been done.
    pub(super) fn complete(&self, upload: &str, key: &str) -> io::Result<()> {
        let (parts, object) = (self.upload(upload), self.object(key));
        if !parts.exists() && object.exists() {
            return Ok(());
        }
        let mut files = fs::read_dir(&parts)?.map(|part| Ok(part?.path())).collect::<io::Result<Vec<_>>>()?;
        files.sort();
        self.place(&object, |whole| {
            files.iter().try_for_each(|part| io::copy(&mut File::open(part)?, whole).map(drop))
        })?;
        fs::remove_dir_all(parts)
    }

    pub(super) fn abort(&self, upload: &str) -> io::Result<()> {
        unless_gone(fs::remove_dir_all(self.upload(upload)))
    }

    /// Writes a file elsewhere and gives it its name.
    fn place(&self, path: &PathBuf, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let coming = self.folder.join("coming").join(random_name());
        write(&mut File::create(&coming)?)?;
        fs::rename(coming, path)
    }

    fn object(&self, key: &str) -> PathBuf {
        self.folder.join("objects").join(key.replace('/', "_"))
    }

    fn upload(&self, upload: &str) -> PathBuf {
        self.folder.join("uploads").join(upload.replace('/', "_"))
    }
}

fn random_name() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn unless_gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects() -> (tempfile::TempDir, Objects) {
        let folder = tempfile::tempdir().expect("a folder");
        let objects = Objects::open(folder.path().to_owned()).expect("opens");
        (folder, objects)
    }

    fn read(objects: &Objects, start: u64, end: u64) -> Option<(Vec<u8>, u64)> {
        objects.get("files/a", start, end).expect("reads").map(|slice| (slice.bytes, slice.size))
    }

    #[test]
    fn an_object_is_there_once_it_is_whole_and_until_it_is_deleted() {
        let (_folder, objects) = objects();
        assert_eq!(read(&objects, 0, 9), None);
        objects.put("files/a", b"ticket").expect("is put");
        assert_eq!(read(&objects, 0, 9), Some((b"ticket".to_vec(), 6)));
        assert_eq!(read(&objects, 2, 4), Some((b"ck".to_vec(), 6)));
        for _ in 0..2 {
            objects.delete("files/a").expect("is deleted, or was");
            assert_eq!(read(&objects, 0, 9), None);
        }
    }

    #[test]
    fn parts_are_an_object_once_all_have_come() {
        let (_folder, objects) = objects();
        let upload = objects.begin().expect("begins");
        objects.put_part(&upload, 10, b"t").expect("is put");
        objects.put_part(&upload, 9, b"ticke").expect("is put");
        assert_eq!(read(&objects, 0, 9), None);
        for _ in 0..2 {
            objects.complete(&upload, "files/a").expect("is done, or was");
            assert_eq!(read(&objects, 0, 9), Some((b"ticket".to_vec(), 6)));
        }
        let given_up = objects.begin().expect("begins");
        objects.put_part(&given_up, 1, b"t").expect("is put");
        objects.abort(&given_up).expect("is given up");
        objects.complete(&given_up, "files/b").expect_err("it was given up");
    }
}
