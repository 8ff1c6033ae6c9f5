//! The files of the checkout as text, by paths as people write them.

use std::fs;
use std::path::{Path, PathBuf};

/// A file.
pub struct Text {
    /// Relative to the checkout, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl Text {
    /// The lines that are not comments.
    pub fn code(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    /// Whether the code has a path that starts with this crate.
    pub fn names_crate(&self, name: &str) -> bool {
        let (path, own_module) = (format!("{name}::"), format!("mod {name};"));
        let starts_path = |line: &str| {
            let before = |(at, _): (usize, &str)| line[..at].chars().next_back();
            let mut found = line.match_indices(&path).map(before);
            found.any(|c| c.is_none_or(|c| !c.is_alphanumeric() && !"_:./".contains(c)))
        };
        let import = format!("use {name}");
        let imports = |line: &str| {
            let rest = line.trim_start().strip_prefix(&import);
            rest.is_some_and(|rest| rest.starts_with([';', ' ']))
        };
        self.code().any(|line| starts_path(line) || imports(line))
            && !self.code().any(|line| line == own_module)
    }
}

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path relative to the checkout.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

/// The text of one file.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The paths of all files below a folder, sorted; none if there is no such folder.
pub fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(path) = waiting.pop() {
        match path.is_dir() {
            true => waiting.extend(entries(&path)),
            false if path.exists() => found.push(relative(&path)),
            false => {}
        }
    }
    found.sort();
    found
}

/// The files below these folders with one of these extensions.
pub fn texts(folders: &[&str], extensions: &[&str]) -> Vec<Text> {
    let wanted = |path: &String| {
        let extension = Path::new(path).extension().and_then(|end| end.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    };
    let paths = folders.iter().flat_map(|folder| files(folder)).filter(wanted);
    paths.map(|path| Text { text: read(&path), path }).collect()
}

/// The Rust files below these folders.
pub fn sources(folders: &[&str]) -> Vec<Text> {
    texts(folders, &["rs"])
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
