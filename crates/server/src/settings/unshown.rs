//! Reads keys, which are shown nowhere: clap would repeat a wrong one, and logs would keep it.

use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

/// Reads a `T`; what is wrong with one is said without showing it.
#[derive(Clone)]
pub(super) struct Unshown<T>(PhantomData<T>);

impl<T> Unshown<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> TypedValueParser for Unshown<T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        // What is no text is refused as any other text that is no key.
        let parsed = value.to_string_lossy().parse();
        parsed.map_err(|error| {
            let flag = arg.and_then(Arg::get_long).unwrap_or_default();
            let what = format!("invalid value for '--{flag}': {error}\n");
            Error::raw(ErrorKind::ValueValidation, what).with_cmd(command)
        })
    }
}
