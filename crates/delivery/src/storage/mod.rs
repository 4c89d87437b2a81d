//! Where sealed files are kept, by `object_store`: a folder, a bucket of something that speaks S3, or memory. What is
//! kept here is ciphertext; the [vault](crate::vault) seals and opens it.
//!
//! A file has its name once it is whole: what is cut off while it comes leaves nothing under it.

mod address;
mod error;
mod reader;
#[cfg(feature = "s3")]
mod s3;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use address::StorageAddress;
pub use error::StorageError;
pub use reader::Reader;
pub use store::Storage;
pub use writer::Writer;
