//! How names are spelt in prose and in the sentences of a script. Code is another matter: it is
//! left out before.

/// Names as their owners write them.
const NAMES: [&str; 19] = [
    "ASCII",
    "CORS",
    "CSS",
    "FastAPI",
    "GitHub",
    "HTML",
    "HTTP",
    "HTTPS",
    "JavaScript",
    "Jinja2",
    "JSON",
    "mdBook",
    "OpenAPI",
    "Python",
    "ReDoc",
    "Rust",
    "Starlette",
    "Swagger",
    "Unicode",
];

/// Names that are written as one word.
const JOINED: [(&str, &str, &str); 5] = [
    ("fast", "api", "FastAPI"),
    ("open", "api", "OpenAPI"),
    ("java", "script", "JavaScript"),
    ("git", "hub", "GitHub"),
    ("re", "doc", "ReDoc"),
];

/// The misspelt names of a text with their right spellings and the bytes at which they start.
pub fn misspelt(text: &str) -> Vec<(usize, String, &'static str)> {
    let words: Vec<(usize, &str)> = words(text).collect();
    let mut found = Vec::new();
    for (index, (at, word)) in words.iter().enumerate() {
        let right = NAMES.iter().find(|name| name.eq_ignore_ascii_case(word));
        if let Some(right) = right.filter(|right| *right != word && !is_token(right, word)) {
            found.push((*at, (*word).to_owned(), *right));
        }
        let next = words.get(index + 1).map_or("", |(_, next)| next);
        let same = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        let joined = JOINED.iter().find(|(a, b, _)| same(a, word) && same(b, next));
        if let Some((_, _, right)) = joined {
            found.push((*at, format!("{word} {next}"), right));
        }
    }
    found
}

/// What is spelt in capitals is a token on the wire in lower case: `http` is not `https`.
fn is_token(name: &str, word: &str) -> bool {
    let capitals = name.bytes().all(|byte| byte.is_ascii_uppercase());
    capitals && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The words between blanks, without the marks around them and an `'s` at the end.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start_of = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(move |word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !"/_<{".contains(c));
        (start_of(word), word.strip_suffix("'s").unwrap_or(word))
    })
}

/// A page of Markdown in which code, and what is between `<` and `>`, is blank.
pub fn prose(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut fenced = false;
    let mut span = false;
    for line in markdown.split_inclusive('\n') {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        if fenced || fence {
            text.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            continue;
        }
        // A span of code may go over the end of a line, but not over a blank one.
        span &= !line.trim().is_empty();
        for character in line.chars() {
            span ^= character == '`';
            if (span || character == '`') && character != '\n' {
                text.extend(std::iter::repeat_n(' ', character.len_utf8()));
            } else {
                text.push(character);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{misspelt, prose};

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = misspelt(text);
        let found: Vec<_> =
            found.iter().map(|(_, wrong, right)| (wrong.as_str(), *right)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_name_has_one_spelling() {
        check("FastAPI and OpenAPI (JSON), FastAPI's *Rust*.", &[]);
        check("Fastapi, fastAPI's", &[("Fastapi", "FastAPI"), ("fastAPI", "FastAPI")]);
        check("the Open API of fast\nAPI", &[("Open API", "OpenAPI"), ("fast API", "FastAPI")]);
        check("in rust.", &[("rust", "Rust")]);
        check("http is Http, in html mode", &[("Http", "HTTP")]);
    }

    #[test]
    fn parts_of_paths_and_types_are_no_names() {
        check("/openapi.json, application/json, http://a.b, text/html; json_body python3", &[]);
    }

    #[test]
    fn code_is_blank_and_everything_else_in_its_place() {
        let text = "a `json é` b\n```rust\nfn x() {}\n```\nc `d\ne` f `\n\ng\n";
        let left = prose(text);
        assert_eq!(left.len(), text.len());
        let words: Vec<&str> = left.split_whitespace().collect();
        assert_eq!(words, ["a", "b", "c", "f", "g"]);
        assert_eq!(left.find('g'), text.find('g'));
    }
}
