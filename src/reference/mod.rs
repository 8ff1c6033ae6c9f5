//! The real FastAPI: what it is made of, and a lesson's `app.py` running under it.
//!
//! [`Environment`] is the virtual environment, made once and kept outside the tree;
//! [`Server`] is one lesson's uvicorn process, which cannot outlive this one, and tells what
//! the lesson prints. What is asked of that server, and what becomes of its replies, is for
//! others to decide.

mod environment;
mod error;
mod interpreter;
mod output;
mod printed;
mod server;

pub use environment::Environment;
pub use error::ReferenceError;
pub use server::Server;

/// The packages of the reference, as pip reads them.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// What the reference is called in snapshots and errata, such as `FastAPI 0.165.0`.
pub fn version() -> String {
    let version = pinned(REQUIREMENTS, "fastapi").unwrap_or("of unknown version");
    format!("FastAPI {version}")
}

/// The version that `requirements` pins `package` to.
fn pinned<'a>(requirements: &'a str, package: &str) -> Option<&'a str> {
    requirements
        .lines()
        .filter_map(|line| line.split_once("=="))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case(package))
        .and_then(|(_, version)| version.split_whitespace().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(requirements: &str, expected: Option<&str>) {
        assert_eq!(pinned(requirements, "fastapi"), expected, "{requirements:?}");
    }

    #[test]
    fn a_version_is_read_from_the_line_of_its_package_alone() {
        check("fastapi==0.165.0\n", Some("0.165.0"));
        check("# why\nuvicorn==0.54.0\r\nFastAPI == 1.0\r\n", Some("1.0"));
        check("fastapi==1.0 ; python_version > '3'", Some("1.0"));
        check("fastapi-cli==0.1\nfastapi>=0.1", None);
        check("# fastapi==0.1", None);
        check("", None);
    }

    #[test]
    fn the_reference_names_its_own_version() {
        let digits = version().replace("FastAPI ", "").replace('.', "");
        assert!(digits.parse::<u32>().is_ok(), "{}", version());
    }

    #[test]
    fn every_requirement_is_pinned() {
        let loose: Vec<_> = REQUIREMENTS
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("=="))
            .collect();
        assert_eq!(loose, Vec::<&str>::new());
    }
}
