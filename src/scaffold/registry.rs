//! A lesson's lines in `lessons/mod.rs`: its module among the modules, as rustfmt sorts them, and
//! its row among the rows, by number.

use super::Names;
use crate::course::lesson::split;

/// The registry with the lines of a lesson; what comes instead says what could not be found in it.
pub fn add(text: &str, names: &Names) -> Result<String, String> {
    let (folder, module) = (names.folder(), names.module());
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let declared = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    let modules: Vec<(usize, String)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, declared(line)?))).collect();
    let last = modules.last().ok_or("there is no line `pub mod …;`")?;
    // A module is two lines: its path, and itself.
    let later =
        modules.iter().find(|(_, known)| *known > module).map(|(at, _)| at.saturating_sub(1));
    let at = later.unwrap_or(last.0 + 1);
    let declaration = [format!("#[path = \"{folder}/app.rs\"]"), format!("pub mod {module};")];
    lines.splice(at..at, declaration);
    let after = |line: &String| number(line).is_some_and(|number| number > names.number);
    let end = lines.iter().position(|line| line == "];").ok_or("there is no line `];`")?;
    let at = lines.iter().position(after).unwrap_or(end);
    lines.insert(at, format!("    Entry {{ folder: \"{folder}\", app: {module}::app }},"));
    Ok(lines.join("\n") + "\n")
}

/// The registry without the lines of the lesson in this folder.
pub fn remove(text: &str, folder: &str) -> String {
    let (path, row) = (format!("#[path = \"{folder}/app.rs\"]"), format!("\"{folder}\""));
    let mut lines = text.lines();
    let mut left = String::new();
    while let Some(line) = lines.next() {
        if line == path {
            lines.next();
        } else if !(line.trim_start().starts_with("Entry {") && line.contains(&row)) {
            left += line;
            left += "\n";
        }
    }
    left
}

/// The number of the lesson whose row this is.
fn number(line: &str) -> Option<u32> {
    let folder = line.trim_start().strip_prefix("Entry { folder: \"")?.split('"').next()?;
    Some(split(folder).0)
}

#[cfg(test)]
mod tests {
    use super::{add, remove};
    use crate::scaffold::Names;

    const REGISTRY: &str = "use x;\n\n#[path = \"02-b/app.rs\"]\npub mod b;\n\
        #[path = \"01-d/app.rs\"]\npub mod d;\n\npub const ALL: &[Entry] = &[\n    \
        Entry { folder: \"01-d\", app: d::app },\n    Entry { folder: \"02-b\", app: b::app },\n];\n";

    fn names(number: u32, slug: &str) -> Names {
        Names { number, slug: slug.to_owned(), title: String::new(), group: String::new() }
    }

    #[test]
    fn a_lesson_has_its_place_among_the_modules_and_among_the_rows() {
        for (number, slug, neighbours) in [
            (
                3,
                "a",
                [
                    "#[path = \"03-a/app.rs\"]\npub mod a;\n#[path = \"02",
                    "02-b\", app: b::app },\n    Entry { folder: \"03-a\", app: a::app },\n];",
                ],
            ),
            (
                0,
                "c-x",
                [
                    "mod b;\n#[path = \"00-c-x/app.rs\"]\npub mod c_x;\n#[path = \"01",
                    "[\n    Entry { folder: \"00-c-x\", app: c_x::app },\n    Entry { folder: \"01-d",
                ],
            ),
            (
                3,
                "e",
                [
                    "mod d;\n#[path = \"03-e/app.rs\"]\npub mod e;\n\npub const",
                    "03-e\", app: e::app },\n];",
                ],
            ),
        ] {
            let names = names(number, slug);
            let added = add(REGISTRY, &names).unwrap();
            for part in neighbours {
                assert!(added.contains(part), "`{part}` is not in:\n{added}");
            }
            assert_eq!(remove(&added, &names.folder()), REGISTRY);
        }
    }

    #[test]
    fn another_text_is_no_registry() {
        assert!(add("", &names(1, "a")).is_err());
        assert!(add("pub mod b;\n", &names(1, "a")).is_err());
        assert_eq!(remove(REGISTRY, "03-d"), REGISTRY);
    }
}
