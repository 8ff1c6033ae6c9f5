//! What a file's name says about its media type.
//!
//! The table is that of CPython 3.11's `mimetypes`, with `.js` as `text/javascript`: the reference
//! is run with this table, so that replies do not depend on the machine's own.

/// A line for each media type: its name, then its extensions.
const TYPES: &str = include_str!("media_type/mime.types");

/// Extensions that stand for two.
const SHORTHANDS: [(&str, &str); 6] = [
    ("svgz", ".svg.gz"),
    ("tgz", ".tar.gz"),
    ("taz", ".tar.gz"),
    ("tz", ".tar.gz"),
    ("tbz2", ".tar.bz2"),
    ("txz", ".tar.xz"),
];

/// Extensions that tell how a file is packed, not what it is.
const ENCODINGS: [&str; 5] = ["gz", "Z", "bz2", "xz", "br"];

/// The media type that Python's `mimetypes.guess_type` gives for a name or a path.
pub fn guess(path: &str) -> Option<&'static str> {
    // What could be a URL's scheme is no part of the name.
    let path = match path.split_once(':') {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains('/') => rest,
        _ => path,
    };
    let (base, extension) = split(path);
    let long = SHORTHANDS.iter().find(|(short, _)| extension.to_lowercase() == *short);
    let path = long.map_or_else(|| path.to_owned(), |(_, long)| format!("{base}{long}"));
    let (base, extension) = split(&path);
    let extension = if ENCODINGS.contains(&extension) { split(base).1 } else { extension };
    let extension = extension.to_lowercase();
    TYPES.lines().find_map(|line| {
        let (media_type, extensions) = line.split_once(' ')?;
        extensions.split(' ').any(|known| known == extension).then_some(media_type)
    })
}

/// A path and its extension without the dot; dots that a name begins with belong to the name.
fn split(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((base, extension)) if base.contains(|c| c != '.') => {
            (&path[..path.len() - extension.len() - 1], extension)
        }
        _ => (path, ""),
    }
}
