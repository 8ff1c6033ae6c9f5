"""Reads the three reports of one `verify` and holds them against each other."""

import json
import sys
from pathlib import Path

import junitparser
import tap.parser
from jsonschema import Draft202012Validator

schema, reports = Path(sys.argv[1]), sys.argv[2]

document = json.loads(Path(reports + ".json").read_text())
Draft202012Validator(json.loads(schema.read_text())).validate(document)
assert document["version"] == 1
summary, stopped = document["summary"], document["stopped"]
calls = [call for lesson in document["lessons"] for call in lesson["calls"]]
bad = [call for call in calls if not call["good"]]
assert (len(calls), len(bad)) == (summary["calls"], summary["differing"])

xml = junitparser.JUnitXml.fromfile(reports + ".xml")
cases = [case for suite in xml for case in suite]
suites = summary["lessons"] + summary["not_run"] + (stopped is not None)
assert (len(list(xml)), len(cases)) == (suites, xml.tests)
for suite in xml:
    results = [result for case in suite for result in case.result]
    kinds = [junitparser.Failure, junitparser.Error, junitparser.Skipped]
    counted = [sum(isinstance(one, kind) for one in results) for kind in kinds]
    assert counted == [suite.failures, suite.errors, suite.skipped], suite.name
    assert suite.tests == len(list(suite))
failed = [(case.name, result) for case in cases for result in case.result if result.type]
failures = [pair for pair in failed if isinstance(pair[1], junitparser.Failure)]
assert [name for name, _ in failures] == [call["name"] for call in bad]
for call, (_, failure) in zip(bad, failures):
    assert failure.type in [finding["kind"] for finding in call["findings"]]
    for line in call["findings"][0]["text"]:
        assert line in failure.text, (line, failure.text)
assert len(failed) - len(failures) == (stopped is not None)
titles = [lesson["title"] for lesson in document["lessons"]]
assert [suite.name.split(" · ", 1)[-1] for suite in xml][: len(titles)] == titles


def tests(lines):
    """The results that TAP lines have; each line must mean something."""
    found = list(tap.parser.Parser().parse_text("TAP version 13\n" + "\n".join(lines)))
    assert all(line.category != "unknown" for line in found), lines
    return [line for line in found if line.category == "test"]


lines = Path(reports + ".tap").read_text().splitlines()
assert lines.pop(0) == "TAP version 14"
assert any(line.startswith("Bail out!") for line in lines) == (stopped is not None)
# What is indented by four blanks are the subtests: the calls of each lesson.
outer = tests(line for line in lines if not line.startswith("    "))
inner = tests(line[4:] for line in lines if line.startswith("    "))
assert len(outer) == summary["lessons"] + summary["not_run"]
ran = [test.ok for test in outer if not test.skip]
assert ran == [lesson["good"] for lesson in document["lessons"]], [str(test) for test in outer]
assert [test.ok for test in inner] == [call["good"] for call in calls]
blocks = [test.yaml_block for test in inner if not test.ok]
for call, block in zip(bad, blocks, strict=True):
    assert block["request"] == call["request"]
    assert block["at"] == call["script"]
    text = call["findings"][0]["text"]
    assert block["findings"].splitlines()[: len(text)] == text
