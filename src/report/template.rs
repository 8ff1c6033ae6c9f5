//! A text of a script, cut where the value of a variable goes in.

/// The variable that holds where the server is: `http://127.0.0.1:8000`.
pub const BASE_URL: &str = "base_url";

/// A piece of such a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The value of the variable of this name.
    Variable(&'a str),
}

/// The pieces of a text in which `${name}` stands for the variable of that name; other names are
/// text, as they are for the engine. In a urlencoded form it is `%24%7Bname%7D`, and a value that
/// the encoding would change comes out of it unencoded: no shell and no editor can encode it.
pub fn pieces<'a>(text: &'a str, names: &[&'a str]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let next = |rest: &str| {
        let spelled = |name: &'a str| {
            [format!("${{{name}}}"), format!("%24%7B{name}%7D")].map(|text| (text, name))
        };
        let found = names
            .iter()
            .flat_map(|name| spelled(name))
            .filter_map(|(text, name)| Some((rest.find(&text)?, text.len(), name)));
        found.min()
    };
    while let Some((start, length, name)) = next(rest) {
        pieces.extend(nonempty(&rest[..start]));
        pieces.push(Piece::Variable(name));
        rest = &rest[start + length..];
    }
    pieces.extend(nonempty(rest));
    pieces
}

/// A text and what stands for the value in it, as the pieces around a variable.
pub fn around<'a>(text: &'a str, placeholder: &str, name: &'a str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for (index, part) in text.split(placeholder).enumerate() {
        if index > 0 {
            pieces.push(Piece::Variable(name));
        }
        pieces.extend(nonempty(part));
    }
    pieces
}

/// The pieces in double braces and their texts as a format escapes them.
pub fn in_braces(pieces: &[Piece<'_>], escape: impl Fn(&str) -> String) -> String {
    let braced = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => escape(text),
        Piece::Variable(name) => format!("{{{{{name}}}}}"),
    };
    pieces.iter().map(braced).collect()
}

fn nonempty(text: &str) -> Option<Piece<'_>> {
    (!text.is_empty()).then_some(Piece::Text(text))
}

#[cfg(test)]
mod tests {
    use super::Piece::{Text, Variable};
    use super::{around, pieces};

    #[test]
    fn a_text_is_cut_at_the_names_that_are_known() {
        for (text, expected) in [
            ("", vec![]),
            ("$a {a}", vec![Text("$a {a}")]),
            ("${a}", vec![Variable("a")]),
            ("b=%24%7Bb%7D", vec![Text("b="), Variable("b")]),
            ("x${b}${a}-${c}", vec![Text("x"), Variable("b"), Variable("a"), Text("-${c}")]),
        ] {
            assert_eq!(pieces(text, &["a", "b"]), expected, "{text}");
        }
    }

    #[test]
    fn a_placeholder_becomes_its_variable() {
        assert_eq!(around("{s}/a{s}", "{s}", "u"), [Variable("u"), Text("/a"), Variable("u")]);
    }
}
