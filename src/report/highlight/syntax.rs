//! The languages that `syntect` knows. It names the scopes of every piece of a line, as Sublime
//! Text does; here they become parts. Its syntaxes are unpacked when the first code is painted.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, ScopeStack, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::Part;

/// All that `syntect` comes with: unpacked once, never changed.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Which scopes make which part. The first row that fits one of the scopes decides, so a row
/// that is about the inside of another's text stands before it.
const PARTS: [(&str, Part); 21] = [
    ("comment", Part::Comment),
    ("meta.structure.dictionary.key", Part::Key),
    ("string", Part::Text),
    ("constant", Part::Constant),
    ("keyword.operator.logical.python", Part::Keyword),
    ("keyword.operator", Part::Other),
    ("keyword", Part::Keyword),
    ("storage", Part::Keyword),
    ("variable.language", Part::Keyword),
    ("entity.name.function", Part::Function),
    ("entity.name.tag", Part::Keyword),
    ("entity.name", Part::Type),
    ("entity.other.attribute-name", Part::Key),
    ("entity.other.inherited-class", Part::Type),
    ("support.macro", Part::Function),
    ("support.function", Part::Function),
    ("support.type", Part::Type),
    ("variable.annotation", Part::Function),
    ("variable.function.python", Part::Other),
    ("variable.function", Part::Function),
    ("punctuation.definition.annotation", Part::Function),
];

/// The code in the colours of a language that `syntect` knows, or as it is.
pub(super) fn highlight(code: &str, language: &str) -> String {
    let Some(syntax) = find(language) else {
        return code.to_owned();
    };
    let other = match syntax.name.as_str() {
        "Rust" | "Python" => words,
        _ => str::to_owned,
    };
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let paint = |line| match pieces(line, &mut state, &mut scopes) {
        Some(pieces) => paint(&pieces, other),
        None => line.to_owned(),
    };
    code.split_inclusive('\n').map(paint).collect()
}

fn find(language: &str) -> Option<&'static SyntaxReference> {
    let is_named = !language.is_empty();
    is_named.then(|| SYNTAXES.find_syntax_by_token(language))?
}

/// One line in its pieces; `None` where `syntect` does not understand it.
fn pieces<'a>(
    line: &'a str,
    state: &mut ParseState,
    scopes: &mut ScopeStack,
) -> Option<Vec<(Part, &'a str)>> {
    let changes = state.parse_line(line, &SYNTAXES).ok()?;
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, change) in changes.into_iter().chain([(line.len(), ScopeStackOp::Noop)]) {
        if start < at {
            pieces.push((part(scopes), &line[start..at]));
        }
        scopes.apply(&change).ok()?;
        start = at;
    }
    Some(pieces)
}

fn part(scopes: &ScopeStack) -> Part {
    let names: Vec<_> = scopes.scopes.iter().map(|scope| scope.build_string()).collect();
    let fits = |(scope, _): &&(&str, Part)| names.iter().any(|name| name.starts_with(scope));
    PARTS.iter().find(fits).map_or(Part::Other, |(_, part)| *part)
}

/// The pieces in one string, with what is in no scope painted by `other`.
fn paint(pieces: &[(Part, &str)], other: fn(&str) -> String) -> String {
    let runs = pieces.chunk_by(|(one, _), (next, _)| one == next);
    let painted = runs.map(|run| {
        let text: String = run.iter().map(|(_, text)| *text).collect();
        match run[0].0 {
            Part::Other => other(&text),
            part => part.paint(&text),
        }
    });
    painted.collect()
}

/// Code of Rust or Python to which `syntect` gives no scope, although its words tell what they
/// are: its Rust is older than `async`, and neither language has scopes for the names of types.
fn words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    let runs = chars.chunk_by(|one, next| is_word(*one) == is_word(*next));
    runs.map(|run| word(&run.iter().collect::<String>())).collect()
}

fn word(word: &str) -> String {
    match word {
        "async" | "await" | "dyn" => Part::Keyword.paint(word),
        _ if word.starts_with(char::is_uppercase) => Part::Type.paint(word),
        _ => word.to_owned(),
    }
}
