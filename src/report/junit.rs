//! `verify` as the XML of `JUnit`: a suite a lesson, a case a call.
//!
//! The elements and attributes are those of the schema of Jenkins' xUnit plugin (junit-10.xsd); in
//! addition each case has the `file` and `line` of its call, which GitLab and others read.

use std::io;
use std::time::Duration;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use super::verified::{Judged, PLAIN, Stopped, Verification, Verified, printable, title};
use crate::course::Lesson;

type Xml = Writer<Vec<u8>>;

/// The report.
pub fn render(found: &Verification) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory cannot fail.
    let _ = document(found, &mut xml);
    let text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    text + "\n"
}

fn document(found: &Verification, xml: &mut Xml) -> io::Result<()> {
    let count = found.count();
    let skipped: usize = found.not_run.iter().map(|lesson| lesson.script.calls.len()).sum();
    let errors = usize::from(found.stopped.is_some());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("testsuites").with_attributes([
        ("name", "workbook verify"),
        ("tests", (count.calls + skipped + errors).to_string().as_str()),
        ("failures", count.bad.to_string().as_str()),
        ("errors", errors.to_string().as_str()),
        ("time", seconds(found.took).as_str()),
    ]);
    root.write_inner_content(|xml| {
        found.lessons.iter().try_for_each(|verified| suite(verified, found, xml))?;
        found.not_run.iter().try_for_each(|lesson| skipped_suite(lesson, found, xml))?;
        found.stopped.iter().try_for_each(|stopped| stopped_suite(stopped, xml))
    })?;
    Ok(())
}

fn suite(verified: &Verified, found: &Verification, xml: &mut Xml) -> io::Result<()> {
    let count = verified.count();
    let element = xml.create_element("testsuite").with_attributes([
        ("name", printable(&verified.title()).as_str()),
        ("tests", count.calls.to_string().as_str()),
        ("failures", count.bad.to_string().as_str()),
        ("errors", "0"),
        ("skipped", "0"),
        ("time", seconds(verified.run.took).as_str()),
        ("file", verified.lesson.script_name().as_str()),
    ]);
    element.write_inner_content(|xml| {
        properties(found, xml)?;
        verified.calls().try_for_each(|judged| case(&judged, xml))?;
        if !verified.run.output.is_empty() {
            let text = printable(&verified.run.output.join("\n"));
            xml.create_element("system-out").write_text_content(BytesText::new(&text))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// How it was checked, where that is worth a word.
fn properties(found: &Verification, xml: &mut Xml) -> io::Result<()> {
    let mut known = Vec::new();
    known.extend(found.seed.map(|seed| ("seed", seed.to_string())));
    known.extend((found.rounds > 1).then(|| ("repeat", found.rounds.to_string())));
    known.extend(found.shard.clone().map(|shard| ("shard", shard)));
    known.extend(found.target.clone().map(|target| ("target", target)));
    if known.is_empty() {
        return Ok(());
    }
    xml.create_element("properties").write_inner_content(|xml| {
        known.iter().try_for_each(|(name, value)| {
            let property = xml.create_element("property");
            property.with_attributes([("name", *name), ("value", value)]).write_empty().map(drop)
        })
    })?;
    Ok(())
}

fn case(judged: &Judged<'_>, xml: &mut Xml) -> io::Result<()> {
    let place = judged.script();
    let element = xml.create_element("testcase").with_attributes([
        ("classname", judged.lesson.folder_name().as_str()),
        ("name", judged.call().name.as_str()),
        ("time", seconds(judged.result.exchange.took).as_str()),
        ("file", place.file.as_str()),
        ("line", place.line.to_string().as_str()),
    ]);
    if judged.is_good() {
        return element.write_empty().map(drop);
    }
    element.write_inner_content(|xml| {
        let failure = xml.create_element("failure").with_attributes([
            ("message", printable(&judged.headline()).as_str()),
            ("type", judged.kind()),
        ]);
        failure.write_text_content(BytesText::new(&details(judged))).map(drop)
    })?;
    Ok(())
}

/// All that is wrong with a call, and where to look.
fn details(judged: &Judged<'_>) -> String {
    let mut lines = vec![judged.call().request()];
    lines.extend(judged.lines(PLAIN));
    lines.push(judged.script().to_string());
    lines.extend(judged.snapshot().map(|place| place.to_string()));
    printable(&format!("\n{}\n", lines.join("\n")))
}

/// A lesson that was not run: all of its calls are skipped.
fn skipped_suite(lesson: &Lesson, found: &Verification, xml: &mut Xml) -> io::Result<()> {
    let calls = lesson.script.calls.len().to_string();
    let element = xml.create_element("testsuite").with_attributes([
        ("name", printable(&title(lesson)).as_str()),
        ("tests", calls.as_str()),
        ("failures", "0"),
        ("errors", "0"),
        ("skipped", calls.as_str()),
        ("time", "0.000"),
        ("file", lesson.script_name().as_str()),
    ]);
    element.write_inner_content(|xml| {
        lesson.script.calls.iter().try_for_each(|call| {
            let case = xml.create_element("testcase").with_attributes([
                ("classname", lesson.folder_name().as_str()),
                ("name", call.name.as_str()),
                ("time", "0.000"),
                ("file", lesson.script_name().as_str()),
                ("line", call.line.to_string().as_str()),
            ]);
            let why = format!("not run, {}", found.why_not_run());
            case.write_inner_content(|xml| {
                xml.create_element("skipped")
                    .with_attribute(("message", why.as_str()))
                    .write_empty()
                    .map(drop)
            })
            .map(drop)
        })
    })?;
    Ok(())
}

/// Why the rest could not be found out, as a case that is an error.
fn stopped_suite(stopped: &Stopped, xml: &mut Xml) -> io::Result<()> {
    let element = xml.create_element("testsuite").with_attributes([
        ("name", "workbook"),
        ("tests", "1"),
        ("failures", "0"),
        ("errors", "1"),
        ("skipped", "0"),
        ("time", "0.000"),
    ]);
    element.write_inner_content(|xml| {
        let mut case = xml.create_element("testcase");
        case = case.with_attributes([("classname", "workbook"), ("name", "verify")]);
        if let Some(place) = &stopped.place {
            let line = place.line.to_string();
            case = case.with_attributes([("file", place.file.as_str()), ("line", line.as_str())]);
        }
        case.write_inner_content(|xml| {
            let message = printable(stopped.message.lines().next().unwrap_or_default());
            let error = xml.create_element("error");
            let error = error.with_attributes([("message", message.as_str()), ("type", "stopped")]);
            error.write_text_content(BytesText::new(&printable(&stopped.message))).map(drop)
        })
        .map(drop)
    })?;
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
