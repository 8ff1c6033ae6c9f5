//! How a lesson starts: the names that it gets, the template's text with these names, and its rows
//! in the two lists of lessons. Texts go in, texts come out; files are for the command.

pub mod registry;
pub mod summary;

use crate::course::lesson::split;

/// What `workbook new` decides about a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Its number.
    pub number: u32,
    /// Its name in words and dashes: `path-parameters`.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its group.
    pub group: String,
}

/// The longest slug whose row in the registry stays within 100 columns.
const LONGEST: usize = 30;

/// What no module can be called.
const KEYWORDS: &str = "as async await become box break const continue crate do dyn else enum \
    extern false final fn for gen if impl in let loop macro match mod move mut override priv pub \
    ref return self static struct super trait true try type typeof unsafe unsized use virtual \
    where while yield abstract template";

impl Names {
    /// `04-path-parameters`.
    pub fn folder(&self) -> String {
        format!("{:02}-{}", self.number, self.slug)
    }

    /// `path_parameters`.
    pub fn module(&self) -> String {
        self.slug.replace('-', "_")
    }

    /// A file of the template with these names.
    pub fn fill(&self, template: &str) -> String {
        template
            .replace("{folder}", &self.folder())
            .replace("{number}", &self.number.to_string())
            .replace("{title}", &self.title)
            .replace("{group}", &self.group)
    }
}

/// Why this cannot be the slug of a lesson, and what could.
pub fn check_slug(slug: &str) -> Result<(), String> {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let starts_well = slug.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts_well || !slug.split('-').all(word) {
        return Err(format!(
            "`{slug}` is no lesson's name: that is lower-case words with dashes between them\n\
             try one like `request-cookies`"
        ));
    }
    if slug.len() > LONGEST {
        let length = slug.len();
        return Err(format!(
            "`{slug}` has {length} characters, {LONGEST} are the most\ntry fewer words"
        ));
    }
    if KEYWORDS.split_whitespace().any(|keyword| keyword == slug) {
        return Err(format!(
            "no module of Rust can be called `{slug}` here\ntry two words, such as `{slug}-basics`"
        ));
    }
    Ok(())
}

/// Why this cannot be a title or a group.
pub fn check_title(title: &str) -> Result<(), String> {
    let refused = |c: char| c.is_control() || "\"\\[]{}".contains(c);
    if title.trim().is_empty() || title.contains(refused) || title.trim() != title {
        return Err(format!(
            "`{title}` is no title: it has at least one character, no blank around it, and none of \
             \" \\ [ ] {{ }}\nleave these out"
        ));
    }
    Ok(())
}

/// The title that a slug's words make: `request-cookies` becomes `Request cookies`.
pub fn title_of(slug: &str) -> String {
    let words = slug.replace('-', " ");
    words[..1].to_ascii_uppercase() + &words[1..]
}

/// The number after the last of these folders.
pub fn next_number(folders: &[String]) -> u32 {
    folders.iter().map(|folder| split(folder).0).max().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Names, check_slug, check_title, title_of};

    #[test]
    fn a_slug_is_a_module_and_a_folder() {
        for good in ["cors", "request-cookies", "http-2-push", &"a".repeat(LONGEST)] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        for bad in ["", "-", "A", "a_b", "a--b", "a-", "2-a", "é", "a b", "../a", "match"] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
        assert!(check_slug(&"a".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn a_title_needs_no_escapes_anywhere() {
        assert_eq!(check_title("Cookies: set, sent & `read`"), Ok(()));
        for bad in ["", " ", "a ", "a\nb", "\"a\"", "[a](b)", "{title}", "a\\b"] {
            assert!(check_title(bad).is_err(), "{bad}");
        }
        assert_eq!(title_of("http-cookies"), "Http cookies");
    }

    #[test]
    fn names_take_their_places_and_everything_else_stays() {
        let names = Names {
            number: 7,
            slug: "a-b".to_owned(),
            title: "T".to_owned(),
            group: "G".to_owned(),
        };
        let filled = names.fill("{number} {folder} {title} {group} {item_id} {{#include x}}");
        assert_eq!(filled, "7 07-a-b T G {item_id} {{#include x}}");
        assert_eq!(names.module(), "a_b");
    }
}
