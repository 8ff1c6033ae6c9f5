//! What it usually means that two statuses differ.

use super::Kind;

/// The kind of a difference between two statuses, each a code with or without its reason.
pub fn kind((before, after): (Option<&str>, Option<&str>)) -> Option<Kind> {
    let (before, after) = (code(before)?, code(after)?);
    let class = |class: u16| [before, after].into_iter().find(|code| code / 100 == class);
    let kind = if before / 100 == after / 100 {
        match before / 100 {
            3 => Kind::OtherRedirect,
            4 => Kind::OtherRefusal,
            5 => Kind::OtherFailure,
            _ => Kind::OtherSuccess,
        }
    } else if class(5).is_some() {
        Kind::ServerFailed
    } else if class(3).is_some() {
        Kind::Redirected
    } else {
        match class(4)? {
            401 | 403 => Kind::NotLetIn,
            404 => Kind::NotFound,
            405 => Kind::NoMethod,
            422 => Kind::Validation,
            _ => Kind::Refused,
        }
    };
    Some(kind)
}

fn code(status: Option<&str>) -> Option<u16> {
    status?.split(' ').next()?.parse().ok()
}
