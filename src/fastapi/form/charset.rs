//! The charset that a form's content type names: of its names, file names and texts.
//!
//! What cannot be read in it is read as latin-1, where every byte is a character; so is everything
//! in a charset that nobody knows. UTF-7, UTF-32 and the other charsets that Python has beyond
//! those of the web are among the unknown ones here.

use encoding_rs::Encoding;

use crate::text::from_latin_1;

/// A charset.
#[derive(Clone, Copy)]
pub enum Charset {
    /// UTF-8, unless something else is said.
    Utf8,
    /// ASCII, seven bits.
    Ascii,
    /// ISO 8859-1, or a name that nobody knows.
    Latin1,
    /// Another of the web's.
    Other(&'static Encoding),
}

impl Charset {
    /// The charset of this name, in the spellings that Python's `codecs` knows.
    pub fn named(name: Option<&[u8]>) -> Self {
        let Some(name) = name else { return Self::Utf8 };
        let name = from_latin_1(name).to_ascii_lowercase().replace(['_', ' '], "-");
        match name.trim_end_matches('-') {
            "utf-8" | "utf8" | "utf" | "u8" | "cp65001" => Self::Utf8,
            "ascii" | "us-ascii" | "646" | "cp367" | "iso646-us" | "csascii" | "ansi-x3.4-1968"
            | "iso-ir-6" => Self::Ascii,
            "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "iso8859"
            | "8859" | "cp819" | "819" | "ibm819" | "iso-8859-1-1987" | "csisolatin1" => {
                Self::Latin1
            }
            name => match Encoding::for_label_no_replacement(label(name).as_bytes()) {
                Some(encoding) if !is_unknown_to_python(name) => Self::Other(encoding),
                _ => Self::Latin1,
            },
        }
    }

    /// The bytes as text.
    pub fn decode(self, bytes: &[u8]) -> String {
        let decoded = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Ascii => bytes.is_ascii().then(|| from_latin_1(bytes)),
            Self::Latin1 => None,
            Self::Other(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(std::borrow::Cow::into_owned),
        };
        decoded.unwrap_or_else(|| from_latin_1(bytes))
    }
}

/// The web's label for a name of Python's.
fn label(name: &str) -> &str {
    match name {
        "utf-16-le" => "utf-16le",
        "utf-16-be" => "utf-16be",
        "mac-roman" => "macintosh",
        "cp949" => "euc-kr",
        name => name,
    }
}

/// Labels of the web that mean nothing to Python.
fn is_unknown_to_python(name: &str) -> bool {
    name.starts_with("x-") || name.starts_with("unicode") || name == "windows-31j"
}
