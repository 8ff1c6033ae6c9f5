//! Files that are written whole or not at all: to a temporary file beside them, then renamed.
//!
//! A writer that is killed leaves its temporary file, and the next one in that folder removes it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// What the names of temporary files begin and end with.
const TEMPORARY: (&str, &str) = (".workbook-", ".tmp");

/// Writes a file, and the folder it is in if there is none.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    replace(path, text)
}

/// Writes a file in a folder that there is. A link stays a link; what is no file at all, a pipe or
/// `/dev/null`, is written to as it is, and so is what `/dev/stdout` stands for.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_no_file = fs::metadata(&target).is_ok_and(|about| !about.is_file() && !about.is_dir());
    if is_no_file || path.starts_with("/dev") || path.starts_with("/proc") {
        return fs::write(path, text);
    }
    let folder = folder_of(&target);
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(ordinary_rights());
    let mut temporary = builder.tempfile_in(folder)?;
    // Where files cannot be locked, none is taken for one that was left.
    let _ = temporary.as_file().lock();
    temporary.write_all(text.as_bytes())?;
    temporary.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Removes the temporary files of writers that were killed: nobody holds the lock of those.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_temporary = name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
        if is_temporary && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            // Where it cannot be removed it does no harm, but for being there.
            let _ = fs::remove_file(&path);
        }
    }
}

/// The rights of an ordinary new file; the process's umask takes from them.
#[cfg(unix)]
fn ordinary_rights() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

/// Writes at the end of a file that others write to as well.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(all(test, unix))]
mod tests {
    use super::{append, replace, write};
    use std::fs::{self, File};
    use std::os::unix::fs::symlink;

    #[test]
    fn a_file_is_replaced_where_it_is_and_its_folder_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/report.xml");
        for text in ["one", "two"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1);
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        write(&link, "three").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert!(link.is_symlink());
    }

    #[test]
    fn what_is_no_file_stays_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("nowhere");
        symlink("/dev/null", &link).unwrap();
        write(&link, "text").unwrap();
        assert!(link.is_symlink() && fs::read(&link).unwrap().is_empty());
        assert!(write(folder.path(), "text").is_err());
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_what_another_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let held = File::create(path(".workbook-b.tmp")).unwrap();
        held.lock().unwrap();
        for name in [".workbook-a.tmp", ".workbook-c", "a.tmp"] {
            fs::write(path(name), "half").unwrap();
        }
        replace(&path("d"), "whole").unwrap();
        let left = |name: &str| path(name).exists();
        assert!(!left(".workbook-a.tmp"));
        assert!([".workbook-b.tmp", ".workbook-c", "a.tmp", "d"].into_iter().all(left));
    }

    #[test]
    fn a_folder_is_made_only_where_that_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(&folder.path().join("none/a"), "text").is_err());
        assert!(!folder.path().join("none").exists());
    }

    #[test]
    fn what_is_appended_comes_after_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        append(&path, "one\n").unwrap();
        append(&path, "two\n").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "one\ntwo\n");
    }
}
