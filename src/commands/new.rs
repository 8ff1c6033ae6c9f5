//! `workbook new`: a lesson from the template, registered; `--remove` takes it away again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Exit, Failure};
use crate::cli::new::New;
use crate::course::lesson::{is_named, nearest, split};
use crate::course::{Course, diagnostic};
use crate::file;
use crate::lessons::TEMPLATE;
use crate::scaffold::{self, Names, registry, summary};
use crate::terminal::Terminal;

/// How many files are named that `--remove` would lose.
const SHOWN: usize = 8;

/// Makes a lesson, or removes it.
pub fn new(arguments: &New, course: &Course, terminal: Terminal) -> Result<Exit, Failure> {
    let checkout = Checkout::read(course)?;
    if arguments.remove {
        checkout.remove(&arguments.slug, arguments.force, terminal)
    } else {
        checkout.add(&checkout.plan(arguments)?, terminal)
    }
}

/// The folders and lists of a checkout before anything is changed.
struct Checkout<'a> {
    course: &'a Course,
    /// The lessons' folders, sorted by name.
    folders: Vec<String>,
    registry: String,
    summary: String,
}

impl<'a> Checkout<'a> {
    fn read(course: &'a Course) -> Result<Self, Failure> {
        let lessons = course.root().join("lessons");
        let folders = course.folders().map_err(|cause| failed(&lessons, cause))?;
        let registry = diagnostic::read(&lessons.join("mod.rs"))?;
        let summary = diagnostic::read(&lessons.join("SUMMARY.md"))?;
        Ok(Self { course, folders, registry, summary })
    }

    /// The names of the lesson that is wanted; refuses those that are taken or cannot be.
    fn plan(&self, arguments: &New) -> Result<Names, Failure> {
        let New { slug, number, title, group, .. } = arguments;
        scaffold::check_slug(slug).map_err(Failure::Usage)?;
        let taken = |folder: &&String| split(folder).1 == slug;
        if let Some(folder) = self.folders.iter().find(taken) {
            let why = format!("there is a lesson `{folder}`\nchoose another name");
            return Err(Failure::Usage(why));
        }
        let next = scaffold::next_number(&self.folders);
        let number = number.unwrap_or(next);
        let taken = |folder: &&String| split(folder).0 == number;
        let why = match self.folders.iter().find(taken) {
            Some(folder) => Some(format!("lesson {number} is `{folder}`")),
            None if number == 0 => Some("lessons count from 1".to_owned()),
            None => None,
        };
        if let Some(why) = why {
            return Err(Failure::Usage(format!("{why}\nthe next free number is {next}")));
        }
        let title = title.clone().unwrap_or_else(|| scaffold::title_of(slug));
        let group = group.clone().or_else(|| summary::group_before(&self.summary, number));
        let group = group.unwrap_or_else(|| "Lessons".to_owned());
        for text in [&title, &group] {
            scaffold::check_title(text).map_err(Failure::Usage)?;
        }
        Ok(Names { number, slug: slug.clone(), title, group })
    }

    /// Writes the lesson and its rows; if that fails, everything is as it was.
    fn add(&self, names: &Names, terminal: Terminal) -> Result<Exit, Failure> {
        let folder = names.folder();
        let registry = registry::add(&self.registry, names).map_err(|why| {
            let why = format!("lessons/mod.rs: {why}\nrestore it from version control");
            Failure::CouldNotRun(why)
        })?;
        let summary = summary::add(&self.summary, names).map_err(Failure::Usage)?;
        let files = self.filled_template(names)?;
        let target = self.path(&format!("lessons/{folder}"));
        let written = fs::create_dir(&target)
            .and_then(|()| {
                files.iter().try_for_each(|(name, text)| file::write(&target.join(name), text))
            })
            .and_then(|()| self.write_lists(&registry, &summary));
        if let Err(cause) = written {
            // What could not be written can hardly be more of a trouble to undo.
            let _ = fs::remove_dir_all(&target);
            let _ = self.write_lists(&self.registry, &self.summary);
            return Err(failed(&target, cause));
        }
        let mut said = String::new();
        for (name, _) in &files {
            said += &format!("new      lessons/{folder}/{name}\n");
        }
        said += "changed  lessons/SUMMARY.md\nchanged  lessons/mod.rs\n";
        terminal.out(&format!("{said}{}", next_steps(names.number)))?;
        Ok(Exit::Good)
    }

    /// Removes a lesson and its rows, unless that would lose what somebody has written.
    fn remove(&self, name: &str, force: bool, terminal: Terminal) -> Result<Exit, Failure> {
        let folder = self.find(name)?;
        let edited = self.edited(folder)?;
        if !edited.is_empty() && !force {
            let mut shown: Vec<String> = edited.iter().take(SHOWN).cloned().collect();
            if edited.len() > SHOWN {
                shown.push(format!("and {} more files", edited.len() - SHOWN));
            }
            return Err(Failure::Usage(format!(
                "`{folder}` is more than `workbook new` has written:\n  {}\nnothing was removed; \
                 `workbook new --remove {name} --force` removes these as well",
                shown.join("\n  ")
            )));
        }
        let registry = registry::remove(&self.registry, folder);
        let summary = summary::remove(&self.summary, folder);
        self.write_lists(&registry, &summary)
            .map_err(|cause| failed(&self.path("lessons"), cause))?;
        let mut said = String::new();
        for below in ["lessons", "snapshots"] {
            let name = format!("{below}/{folder}");
            let path = self.path(&name);
            if path.exists() {
                fs::remove_dir_all(&path).map_err(|cause| failed(&path, cause))?;
                said += &format!("removed  {name}\n");
            }
        }
        said += "changed  lessons/SUMMARY.md\nchanged  lessons/mod.rs\n";
        terminal.out(&format!("{said}\n`cargo build` makes a program that no longer has it.\n"))?;
        Ok(Exit::Good)
    }

    /// The folder of the lesson with this number or slug.
    fn find(&self, name: &str) -> Result<&String, Failure> {
        let named = |folder: &&String| is_named(folder, name);
        self.folders.iter().find(named).ok_or_else(|| {
            let near = nearest(name, self.folders.iter().map(|folder| split(folder).1));
            let near = diagnostic::did_you_mean(near.as_deref());
            let why = format!("there is no folder of a lesson `{name}`{near}");
            Failure::Usage(format!("{why}\nsee all of them with `workbook list`"))
        })
    }

    /// The files that `new` would not have written like this.
    fn edited(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let template = match summary::names(&self.summary, folder) {
            Some(names) => self.filled_template(&names)?,
            None => Vec::new(),
        };
        let mut edited = Vec::new();
        for below in ["lessons", "snapshots"] {
            let top = self.path(&format!("{below}/{folder}"));
            for path in files(&top).map_err(|cause| failed(&top, cause))? {
                let name = path.strip_prefix(&top).unwrap_or(&path).to_string_lossy();
                let same = |(known, text): &(String, String)| {
                    *known == name && fs::read_to_string(&path).is_ok_and(|now| now == *text)
                };
                if below != "lessons" || !template.iter().any(same) {
                    edited.push(self.course.relative(&path).display().to_string());
                }
            }
        }
        Ok(edited)
    }

    /// The files of the template by name, with a lesson's names in them.
    fn filled_template(&self, names: &Names) -> Result<Vec<(String, String)>, Failure> {
        let folder = self.path(&format!("lessons/{TEMPLATE}"));
        let paths = files(&folder).map_err(|cause| failed(&folder, cause))?;
        let filled = paths.into_iter().map(|path| {
            let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
            Ok((name, names.fill(&diagnostic::read(&path)?)))
        });
        let filled: Vec<_> = filled.collect::<Result<_, Failure>>()?;
        if filled.is_empty() {
            let cause = io::Error::from(io::ErrorKind::NotFound);
            return Err(failed(&folder, cause));
        }
        Ok(filled)
    }

    fn write_lists(&self, registry: &str, summary: &str) -> io::Result<()> {
        file::write(&self.path("lessons/mod.rs"), registry)?;
        file::write(&self.path("lessons/SUMMARY.md"), summary)
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.course.root().join(inside)
    }
}

/// All files below a folder, sorted; none if there is no such folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop().filter(|folder| folder.exists()) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn next_steps(number: u32) -> String {
    format!(
        "\nIt compiles and runs as it is. Next:\n  \
         cargo run -q -- lint {number}      what is left to write\n  \
         cargo run -q -- record {number}    what FastAPI answers; then `accept {number}`\n  \
         cargo run -q -- run {number}       whether our server answers the same\n"
    )
}

fn failed(path: &Path, cause: io::Error) -> Failure {
    let path = path.display();
    Failure::CouldNotRun(format!("{path}: {cause}\ncheck the folder and its rights"))
}
