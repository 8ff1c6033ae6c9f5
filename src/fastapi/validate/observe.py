"""Writes what pydantic makes of many values: the rows of validate.rs's test.

Run with the reference's Python: `python observe.py > observed.jsonl`. Integers beyond 64 bits are
left out where pydantic accepts them; there the Rust side deliberately differs.
"""

import json
from enum import Enum
from typing import Annotated, Optional

from pydantic import BaseModel, Field, TypeAdapter, ValidationError


class Colour(str, Enum):
    red = "red"
    green = "green"
    blue = "blue"


class Point(BaseModel):
    x: int
    y: str = "origin"


class Line(BaseModel):
    start: Point
    steps: list[int]
    end: Optional[Point] = None
    weight: float


TEXTS = [
    "", " ", "1", "+1", "-1", "++1", "- 1", "-_1", "_1", "1_", "1_0", "1__0", "00_1", "1.0", "1.",
    "1.00", ".0", "-.0", "1.5", "1.0_0", "1_0.0", "1._0", "1e5", "0x1", " 1 ", "\n1\t", "\u00a01",
    "\u30001", "\x1c1", "\u0085 1", "-0", "-00", "\u0661", "1\x00", "1 0", "1_.0", "_", "1.0.0",
    "inf", "-Infinity", "nan", "-NaN", "nan(1)", "infin", "1e", "e1", ".5", "5.", ".", "1e400",
    "1e-400", "1e+1_0", "+.5e-3", "1,5", "1f", "1.5_", "1_.5", "true", "TRUE", "tRuE", "on", "OFF",
    "y", "N", "yes", " true", "true ", "01", "maybe", "\ud800",
    "red", "Red", "abc", "abcd", "abcdef", "AB", "\U0001f600\U0001f600\U0001f600", "abc\n",
]

NUMBERS = """
    null true false 0 1 2 3 -1 10 11 1.0 1.5 0.5 -0.0 -5.0 2.0 1e18 1e19 1e300 1e400 -1e400 NaN
    9007199254740993.0 [] [1] [1,null] ["x",2] [1,"x",2.5,null] {} {"x":1} {"x":"q","y":2,"z":3} {"y":null}
    {"start":{"x":"1"},"steps":[],"weight":1} {"start":[],"steps":{},"end":{},"weight":"w"}
    {"start":null,"steps":[true,1.5],"end":null,"weight":null}
""".split()

BIG = ["9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" + "0" * 400]


def limits(schema, **constraints):
    names = {
        "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern",
        "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
    }
    return {**schema, **{names[name]: value for name, value in constraints.items()}}


def constrained(kind, name, **constraints):
    return limits({"type": name}, **constraints), Annotated[kind, Field(**constraints)]


POINT = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "y": {"type": "string", "default": "origin"}},
    "required": ["x"],
}
LINE = {
    "type": "object",
    "$defs": {"Point": POINT},
    "properties": {
        "start": {"$ref": "#/$defs/Point"},
        "steps": {"type": "array", "items": {"type": "integer"}},
        "end": {"anyOf": [{"$ref": "#/$defs/Point"}, {"type": "null"}]},
        "weight": {"type": "number"},
    },
    "required": ["start", "steps", "weight"],
}

TYPES = [
    ({"type": "integer"}, int),
    ({"type": "number"}, float),
    ({"type": "boolean"}, bool),
    ({"type": "string"}, str),
    ({"type": ["integer", "null"]}, Optional[int]),
    ({"type": ["string", "null"], "minLength": 3}, Annotated[Optional[str], Field(min_length=3)]),
    ({"type": "string", "enum": ["red", "green", "blue"]}, Colour),
    ({"type": "array", "items": {"type": "integer"}}, list[int]),
    (
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": ["string", "null"]}]},
        tuple[int, Optional[str]],
    ),
    (POINT, Point),
    (LINE, Line),
    constrained(int, "integer", ge=0, le=10),
    constrained(int, "integer", gt=0, lt=10),
    constrained(float, "number", gt=0),
    constrained(float, "number", ge=0.5, le=2),
    constrained(float, "number", lt=2.5),
    constrained(str, "string", min_length=1, max_length=1),
    constrained(str, "string", min_length=3, max_length=5, pattern="^[a-z]+$"),
    constrained(str, "string", pattern="^[A-Z]{2}$"),
]


def plain(value):
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    return value


def beyond_64_bits(value):
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def outcome(adapter, text):
    try:
        value = adapter.validate_python(json.loads(text), from_attributes=True)
    except ValidationError as error:
        rows = error.errors(include_url=False)
        return {"errors": json.dumps([{**row, "loc": list(row["loc"])} for row in rows])}
    return None if beyond_64_bits(value) else {"value": json.dumps(plain(value))}


def main():
    inputs = NUMBERS + BIG + [json.dumps(text) for text in TEXTS]
    for schema, kind in TYPES:
        adapter = TypeAdapter(kind)
        for text in inputs:
            seen = outcome(adapter, text)
            if seen:
                print(json.dumps({"schema": json.dumps(schema), "input": text, **seen}))


if __name__ == "__main__":
    main()
