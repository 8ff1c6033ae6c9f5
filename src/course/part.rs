//! A part of a multipart form as the script has it, beside the bytes that are sent.

/// A part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What is in it.
    pub content: Content,
    /// The file name that is sent, if any.
    pub filename: Option<String>,
    /// The content type that is sent, if any.
    pub content_type: Option<String>,
}

/// What is in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text of the script.
    Text(String),
    /// A file, by its path in the lesson's folder.
    File(String),
}
