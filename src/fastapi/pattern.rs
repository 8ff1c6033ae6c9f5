//! Path patterns: `/items/{item_id}` and `/files/{file_path:path}`, matched as Starlette does.
//!
//! A pattern becomes a regular expression over the decoded path. Like Python's, its end also
//! matches before one last line feed.

use regex::Regex;

/// A compiled path pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    template: String,
    names: Vec<String>,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Panics
    ///
    /// If the pattern does not start with a slash, leaves a brace open or names a converter other
    /// than `path`: a mistake in the program, found when the `Api` is put together.
    pub fn new(pattern: &str) -> Self {
        assert!(pattern.starts_with('/'), "the path `{pattern}` must start with a slash");
        let (mut template, mut expression) = (String::new(), "^".to_owned());
        let mut names = Vec::new();
        let mut rest = pattern;
        while let Some((literal, tail)) = rest.split_once('{') {
            let Some((parameter, after)) = tail.split_once('}') else {
                panic!("the path `{pattern}` opens a brace that it does not close");
            };
            let (name, converter) = parameter.split_once(':').unwrap_or((parameter, "str"));
            template += &format!("{literal}{{{name}}}");
            expression += &regex::escape(literal);
            expression += match converter {
                "str" => "([^/]+)",
                "path" => "(.*)",
                other => panic!("the path `{pattern}` names an unknown converter `{other}`"),
            };
            names.push(name.to_owned());
            rest = after;
        }
        template += rest;
        expression += &regex::escape(rest);
        let Ok(regex) = Regex::new(&(expression + "\n?$")) else {
            panic!("the path `{pattern}` is too long");
        };
        Self { template, names, regex }
    }

    /// The path as OpenAPI writes it: parameters without their converters.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The parameters' names in the order of the path.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a decoded path matches.
    pub fn is_match(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }

    /// The parameters' values in the order of the path, if it matches.
    pub fn capture(&self, path: &str) -> Option<Vec<String>> {
        let captures = self.regex.captures(path)?;
        let groups = captures.iter().skip(1).flatten();
        Some(groups.map(|group| group.as_str().to_owned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn check(pattern: &str, path: &str, expected: Option<&[&str]>) {
        let found = Pattern::new(pattern).capture(path);
        let found = found.as_ref().map(|v| v.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected, "{pattern} against {path:?}");
    }

    #[test]
    fn a_parameter_is_one_segment_that_is_not_empty() {
        check("/items/{item_id}", "/items/42", Some(&["42"]));
        check("/items/{item_id}", "/items/", None);
        check("/items/{item_id}", "/items/4/2", None);
        check("/users/{a}/posts/{b}", "/users/5/posts/10", Some(&["5", "10"]));
    }

    #[test]
    fn a_path_parameter_takes_slashes_and_may_be_empty() {
        check("/files/{p:path}", "/files/dir/sub/a.txt", Some(&["dir/sub/a.txt"]));
        check("/files/{p:path}", "/files//a//b", Some(&["/a//b"]));
        check("/files/{p:path}", "/files/", Some(&[""]));
        check("/files/{p:path}", "/files", None);
    }

    #[test]
    fn literals_are_not_regular_expressions() {
        check("/openapi.json", "/openapi.json", Some(&[]));
        check("/openapi.json", "/openapixjson", None);
    }

    #[test]
    fn the_end_matches_before_one_last_line_feed_as_in_python() {
        check("/items", "/items\n", Some(&[]));
        check("/items", "/items\n\n", None);
        check("/items/{item_id}", "/items/4\n", Some(&["4\n"]));
        check("/files/{p:path}", "/files/a\nb", None);
    }

    #[test]
    fn the_template_leaves_converters_out() {
        assert_eq!(Pattern::new("/files/{file_path:path}").template(), "/files/{file_path}");
    }
}
