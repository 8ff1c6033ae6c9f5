//! A file's size and age as a client remembers them: `etag` and `last-modified`.

use std::fs::Metadata;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use md5::{Digest, Md5};

use crate::http_date;
use crate::json::float_repr;
use crate::reply::Fault;

/// What tells one state of a file from another.
#[derive(Debug, PartialEq, Eq)]
pub struct FileState {
    pub size: u64,
    pub etag: String,
    pub last_modified: String,
}

impl FileState {
    /// Fails if the file was last changed in a year that no date can name.
    pub fn of(path: &Path, metadata: &Metadata) -> Result<Self, Fault> {
        let fault = |reason: &str| Fault(format!("{}: {reason}", path.display()));
        let modified = metadata.modified().map_err(|error| fault(&error.to_string()))?;
        Self::new(metadata.len(), modified).ok_or_else(|| fault("its date is in no year"))
    }

    /// The state of a file that was last changed at this time; `None` as above.
    pub fn new(size: u64, modified: SystemTime) -> Option<Self> {
        let modified = python_time(modified);
        let digest = Md5::digest(format!("{}-{size}", float_repr(modified)));
        let digits = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        // Python rounds to microseconds before it leaves the fraction out.
        let rounded = ((modified.fract() * 1e6).round_ties_even() / 1e6).floor();
        let seconds = modified.trunc() + rounded;
        #[allow(clippy::cast_possible_truncation, reason = "a time in seconds is no large number")]
        let last_modified = http_date::render(seconds as i64)?;
        Some(Self { size, etag: format!("\"{digits}\""), last_modified })
    }
}

/// A file's time as Python has it in `st_mtime`: seconds since 1970 as a float.
fn python_time(time: SystemTime) -> f64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_secs() as f64 + 1e-9 * f64::from(after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            let nanos = f64::from(before.subsec_nanos());
            let whole = before.as_secs() as f64;
            if nanos == 0.0 { -whole } else { -whole - 1.0 + 1e-9 * (1e9 - nanos) }
        }
    }
}
