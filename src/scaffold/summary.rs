//! A lesson's row in `lessons/SUMMARY.md`, under the heading of its group.

use super::Names;
use crate::course::lesson::split;

/// A row of the summary.
struct Row {
    /// The index of its line.
    at: usize,
    number: u32,
    title: String,
    folder: String,
    group: String,
}

/// The summary with the row of a lesson; what comes instead says why it has no place there.
pub fn add(text: &str, names: &Names) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = rows(text);
    let before = rows.iter().rfind(|row| row.number < names.number);
    let after = rows.iter().find(|row| row.number > names.number);
    let line = format!("{}. [{}]({}/README.md)", names.number, names.title, names.folder());
    let group = &names.group;
    match (before, after) {
        (Some(row), _) if row.group == *group => lines.insert(row.at + 1, line),
        (_, Some(row)) if row.group == *group => lines.insert(row.at, line),
        _ if rows.iter().any(|row| row.group == *group) => {
            return Err(format!(
                "the group `{group}` has its lessons elsewhere\nchoose a number next to them, or \
                 another group with `--group`"
            ));
        }
        (Some(before), Some(after)) if before.group == after.group => {
            return Err(format!(
                "lesson {} would stand amidst the group `{}`\nput it there, or choose another \
                 number",
                names.number, before.group
            ));
        }
        (before, _) => {
            let at = before.map_or(lines.len(), |row| row.at + 1);
            lines.splice(at..at, [String::new(), format!("# {group}"), String::new(), line]);
        }
    }
    Ok(lines.join("\n") + "\n")
}

/// The summary without the row of the lesson in this folder, and without its group if that has no
/// other.
pub fn remove(text: &str, folder: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let rows = rows(text);
    if let Some(row) = rows.iter().find(|row| row.folder == folder) {
        lines.remove(row.at);
        let alone = rows.iter().filter(|other| other.group == row.group).count() == 1;
        let heading = lines.iter().position(|line| line.strip_prefix("# ") == Some(&row.group));
        if let Some(at) = heading.filter(|at| alone && *at > 0) {
            // The blank line above it, the heading, the blank line below.
            lines.drain(at - 1..(at + 2).min(lines.len()));
        }
    }
    lines.join("\n") + "\n"
}

/// The names of the lesson in this folder, as its row has them.
pub fn names(text: &str, folder: &str) -> Option<Names> {
    let Row { number, title, group, .. } =
        rows(text).into_iter().find(|row| row.folder == folder)?;
    Some(Names { number, slug: split(folder).1.to_owned(), title, group })
}

/// The group of the last lesson before this number, or of the first one.
pub fn group_before(text: &str, number: u32) -> Option<String> {
    let rows = rows(text);
    let before = rows.iter().rfind(|row| row.number < number).or(rows.first());
    before.map(|row| row.group.clone())
}

fn rows(text: &str) -> Vec<Row> {
    let mut group = "";
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        group = line.strip_prefix("# ").unwrap_or(group);
        let row = line.split_once(". [").and_then(|(number, rest)| {
            let (title, rest) = rest.split_once("](")?;
            let folder = rest.strip_suffix("/README.md)")?.to_owned();
            let (number, title) = (number.parse().ok()?, title.to_owned());
            Some(Row { at, number, title, folder, group: group.to_owned() })
        });
        rows.extend(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{add, group_before, names, remove};
    use crate::scaffold::Names;

    const SUMMARY: &str = "# workbook\n\nSee [Introduction](SUMMARY.md):\n\n# One\n\n\
        1. [A](01-a/README.md)\n3. [C](03-c/README.md)\n\n# Two\n\n5. [E](05-e/README.md)\n\n[F](f.md)\n";

    #[track_caller]
    fn check(number: u32, group: &str, expected: Option<&str>) {
        let (title, group) = ("N".to_owned(), group.to_owned());
        let new = Names { number, slug: "n".to_owned(), title, group };
        let added = add(SUMMARY, &new);
        let Some(expected) = expected else {
            assert!(added.is_err(), "{added:?}");
            return;
        };
        let added = added.unwrap();
        assert!(added.contains(expected), "`{expected}` is not in:\n{added}");
        assert_eq!(names(&added, &new.folder()), Some(new.clone()));
        assert_eq!(remove(&added, &new.folder()), SUMMARY);
    }

    #[test]
    fn a_row_has_its_place_in_its_group() {
        check(2, "One", Some("(01-a/README.md)\n2. [N](02-n/README.md)\n3. [C]"));
        check(4, "One", Some("(03-c/README.md)\n4. [N](04-n/README.md)\n\n# Two\n"));
        check(4, "Two", Some("# Two\n\n4. [N](04-n/README.md)\n5. [E]"));
        check(6, "Two", Some("(05-e/README.md)\n6. [N](06-n/README.md)\n\n[F](f.md)\n"));
    }

    #[test]
    fn a_new_group_comes_between_groups_or_after_the_last_and_before_pages_that_are_no_lesson() {
        check(4, "New", Some("(03-c/README.md)\n\n# New\n\n4. [N](04-n/README.md)\n\n# Two\n"));
        let last = "(05-e/README.md)\n\n# New\n\n6. [N](06-n/README.md)\n\n[F](f.md)\n";
        check(6, "New", Some(last));
    }

    #[test]
    fn a_group_is_never_in_two_pieces() {
        check(2, "New", None);
        check(2, "Two", None);
        check(6, "One", None);
    }

    #[test]
    fn without_a_group_it_is_that_of_the_lesson_before() {
        let group = |number| group_before(SUMMARY, number);
        assert_eq!(group(4).as_deref(), Some("One"));
        assert_eq!(group(9).as_deref(), Some("Two"));
        assert_eq!(group(0).as_deref(), Some("One"));
        assert_eq!(group_before("# x\n", 1), None);
    }
}
