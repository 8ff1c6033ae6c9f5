//! Path patterns: `/items/{item_id}` and `/files/{file_path:path}`, matched as Starlette does.
//!
//! There they become regular expressions: `[^/]+`, `.*`, and an end that also matches before one
//! last line feed. Here they are matched as they are: servers start often, and to compile an
//! expression takes longer than all that it is asked.

/// A path pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    template: String,
    names: Vec<String>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    /// At least one character, up to the next slash.
    Segment,
    /// Whatever comes, on one line; perhaps nothing.
    Rest,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Panics
    ///
    /// If the pattern does not start with a slash, leaves a brace open or names a converter other
    /// than `path`: a mistake in the program, found when the `Api` is put together.
    pub fn new(pattern: &str) -> Self {
        assert!(pattern.starts_with('/'), "the path `{pattern}` must start with a slash");
        let (mut template, mut names, mut pieces) = (String::new(), Vec::new(), Vec::new());
        let mut rest = pattern;
        while let Some((literal, tail)) = rest.split_once('{') {
            let Some((parameter, after)) = tail.split_once('}') else {
                panic!("the path `{pattern}` opens a brace that it does not close");
            };
            let (name, converter) = parameter.split_once(':').unwrap_or((parameter, "str"));
            template += &format!("{literal}{{{name}}}");
            pieces.push(Piece::Literal(literal.to_owned()));
            pieces.push(match converter {
                "str" => Piece::Segment,
                "path" => Piece::Rest,
                other => panic!("the path `{pattern}` names an unknown converter `{other}`"),
            });
            names.push(name.to_owned());
            rest = after;
        }
        template += rest;
        pieces.push(Piece::Literal(rest.to_owned()));
        Self { template, names, pieces }
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
        self.capture(path).is_some()
    }

    /// The parameters' values in the order of the path, if it matches.
    pub fn capture(&self, path: &str) -> Option<Vec<String>> {
        let mut values = Vec::new();
        matches(&self.pieces, path, &mut values)
            .then(|| values.into_iter().map(str::to_owned).collect())
    }
}

/// Whether the pieces are all of a text; the values of their parameters, each as long as it can be.
fn matches<'a>(pieces: &[Piece], text: &'a str, values: &mut Vec<&'a str>) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return ["", "\n"].contains(&text) };
    let (stop, least) = match first {
        Piece::Literal(literal) => {
            return text.strip_prefix(literal).is_some_and(|text| matches(rest, text, values));
        }
        Piece::Segment => ('/', 1),
        Piece::Rest => ('\n', 0),
    };
    let longest = &text[..text.find(stop).unwrap_or(text.len())];
    let ends = longest.char_indices().map(|(end, _)| end).chain([longest.len()]);
    ends.rev().take_while(|end| *end >= least).any(|end| {
        let known = values.len();
        values.push(&text[..end]);
        let fits = matches(rest, &text[end..], values);
        if !fits {
            values.truncate(known);
        }
        fits
    })
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
    fn parameters_are_cut_between_characters() {
        check("/é/{a}é{b}", "/é/€é𝄞é€", Some(&["€é𝄞", "€"]));
        check("/{a}", "/\u{85}", Some(&["\u{85}"]));
        check("/ê{p:path}", "/é", None);
        check("/{a}-{b}-{c}", "/1-2-3-4", Some(&["1-2", "3", "4"]));
        check("/{a}-{b}/c", "/1-2-3/d", None);
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
        check("/a\n", "/a\n\n", Some(&[]));
    }

    #[test]
    fn the_template_leaves_converters_out() {
        assert_eq!(Pattern::new("/files/{file_path:path}").template(), "/files/{file_path}");
    }
}
