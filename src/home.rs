//! Where the course is: the checkout around the working directory, or a copy from this binary.
//!
//! Inside a checkout the files on disk count, so that edits take effect without a rebuild. Outside,
//! a development build goes to the checkout it was built from; a release build carries the course
//! and unpacks it once into the user's cache folder.

use std::io;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::course::Course;

/// Why the course could not be found.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// No place to unpack it to.
    #[error("{}: the course cannot be unpacked: {cause}\nset XDG_CACHE_HOME to a folder that can be written, or run inside a checkout", .folder.display())]
    Unpack {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// Not inside a checkout, where one is needed.
    #[error("this changes the course, and {} is inside no checkout of it\nchange to the folder with `lessons` and `snapshots`, and try again", .folder.display())]
    NoCheckout {
        /// The working directory.
        folder: PathBuf,
    },
}

/// The course that this process works on.
pub fn course() -> Result<Course, HomeError> {
    let here = std::env::current_dir().ok();
    match here.and_then(|folder| Course::around(&folder)) {
        Some(course) => Ok(course),
        None => carried(),
    }
}

/// The checkout around the working directory, for commands that change it.
pub fn checkout() -> Result<Course, HomeError> {
    let folder = std::env::current_dir().unwrap_or_default();
    Course::around(&folder).ok_or(HomeError::NoCheckout { folder })
}

/// The user's cache folder for this program; a folder under the temporary one without a home.
pub fn cache() -> PathBuf {
    // A relative `HOME` would put it wherever the program is run, into the course as well.
    let folder = etcetera::choose_base_strategy().ok().map(|folders| folders.cache_dir());
    match folder.filter(|folder| folder.is_absolute()) {
        Some(folder) => folder.join("workbook"),
        None => std::env::temp_dir().join("workbook-cache"),
    }
}

#[cfg(debug_assertions)]
#[allow(clippy::unnecessary_wraps)]
fn carried() -> Result<Course, HomeError> {
    Ok(Course::new(env!("CARGO_MANIFEST_DIR")))
}

#[cfg(not(debug_assertions))]
use carry::carried;

#[cfg(not(debug_assertions))]
mod carry {
    use std::fs;
    use std::io;
    use std::path::Path;

    use include_dir::{Dir, include_dir};
    use sha2::{Digest, Sha256};

    use super::{Course, HomeError, cache};

    static LESSONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lessons");
    static SNAPSHOTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/snapshots");

    /// Unpacks the course unless it has been; the folder's name is the digest of what is in it.
    pub fn carried() -> Result<Course, HomeError> {
        let folder = cache().join(format!("course-{}", digest()));
        if !folder.join("lessons/mod.rs").is_file() {
            unpack(&folder).map_err(|cause| HomeError::Unpack { folder: folder.clone(), cause })?;
        }
        Ok(Course::new(folder))
    }

    fn digest() -> String {
        let mut digest = Sha256::new();
        for folder in [&LESSONS, &SNAPSHOTS] {
            add(folder, &mut digest);
        }
        digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    fn add(folder: &Dir<'_>, digest: &mut Sha256) {
        for file in folder.files() {
            digest.update(file.path().to_string_lossy().as_bytes());
            digest.update(file.contents());
        }
        folder.dirs().for_each(|inner| add(inner, digest));
    }

    /// Unpacks beside the target and renames, so that it is there whole or not at all.
    fn unpack(folder: &Path) -> io::Result<()> {
        let parent = folder.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let temporary = tempfile::tempdir_in(parent)?;
        for (name, content) in [("lessons", &LESSONS), ("snapshots", &SNAPSHOTS)] {
            let target = temporary.path().join(name);
            fs::create_dir(&target)?;
            content.extract(&target)?;
        }
        match fs::rename(temporary.path(), folder) {
            // Another process was faster: its copy is the same.
            Err(_) if folder.join("lessons/mod.rs").is_file() => Ok(()),
            renamed => renamed,
        }
    }
}
