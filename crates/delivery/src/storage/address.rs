use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use url::Url;

/// Where files are kept: `memory:`, `file:///folder` or `s3://bucket/folder?endpoint=https://…&region=…`. The keys to
/// a bucket are no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageAddress {
    /// In this process, and gone with it.
    Memory,
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket.
    Bucket(Bucket),
}

/// A bucket, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub(super) name: String,
    /// What all names in it begin with; empty if nothing.
    pub(super) folder: String,
    /// Amazon's own if there is none.
    pub(super) endpoint: Option<Url>,
    pub(super) region: Option<String>,
}

impl StorageAddress {
    /// The folder of files in this one.
    pub fn in_folder(data: &Path) -> Self {
        Self::Folder(data.join("files"))
    }
}

impl FromStr for StorageAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("it is no URL: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("keys do not belong in the URL, but in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned());
        }
        match url.scheme() {
            "memory" if url.as_str() == "memory:" => Ok(Self::Memory),
            "file" if url.query().is_none() && url.fragment().is_none() => {
                url.to_file_path().map(Self::Folder).map_err(|()| "it names no folder of this machine".to_owned())
            }
            "s3" if url.fragment().is_none() => Bucket::of(&url).map(Self::Bucket),
            _ => Err("it is memory:, file:///folder or s3://bucket?endpoint=https://…".to_owned()),
        }
    }
}

impl fmt::Display for StorageAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Folder(folder) => write!(f, "file://{}", folder.display()),
            Self::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.folder),
        }
    }
}

impl Bucket {
    fn of(url: &Url) -> Result<Self, String> {
        let name = url.host_str().filter(|name| !name.is_empty()).ok_or("it names no bucket")?;
        let folder = url.path().trim_matches('/').to_owned();
        let mut bucket = Self { name: name.to_owned(), folder, endpoint: None, region: None };
        for (key, value) in url.query_pairs() {
            match &*key {
                "endpoint" => bucket.endpoint = Some(endpoint(&value)?),
                "region" => bucket.region = Some(value.into_owned()),
                _ => return Err(format!("`{key}` is neither `endpoint` nor `region`")),
            }
        }
        Ok(bucket)
    }
}

fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("its endpoint is no URL: {error}"))?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err("its endpoint is not http or https".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where() {
        assert_eq!("memory:".parse(), Ok(StorageAddress::Memory));
        assert_eq!("file:///data/files".parse(), Ok(StorageAddress::Folder("/data/files".into())));
        let endpoint = Some("http://127.0.0.1:9000".parse().expect("is a URL"));
        let bucket = Bucket { name: "tickets".into(), folder: "a/b".into(), endpoint, region: Some("eu-1".into()) };
        let address = "s3://tickets/a/b/?endpoint=http://127.0.0.1:9000&region=eu-1".parse();
        assert_eq!(address, Ok(StorageAddress::Bucket(bucket)));
        let plain = Bucket { name: "tickets".into(), folder: String::new(), endpoint: None, region: None };
        assert_eq!("s3://tickets".parse(), Ok(StorageAddress::Bucket(plain)));
    }

    #[test]
    fn another_address_is_refused() {
        for other in [
            "",
            "/data",
            "memory:x",
            "file://elsewhere/data",
            "file:///data?x=1",
            "s3://",
            "s3://key:secret@tickets",
            "s3://tickets?key=secret",
            "s3://tickets?endpoint=ftp://x",
            "s3://tickets?endpoint=nowhere",
            "gs://tickets",
        ] {
            assert!(other.parse::<StorageAddress>().is_err(), "{other}");
        }
    }
}
