//! Files that are written whole or not at all: to a temporary file beside them, then renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file, and the folder it is in if there is none. A link stays a link; what is no file at
/// all, a pipe or `/dev/null`, is written to as it is.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return fs::write(path, text);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(ordinary_rights());
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
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
    use super::{append, write};
    use std::fs;
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
    fn what_is_appended_comes_after_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        append(&path, "one\n").unwrap();
        append(&path, "two\n").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "one\ntwo\n");
    }
}
