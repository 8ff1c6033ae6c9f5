"""Writes what Jinja2 prints of values: the rows of the test in print.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`.
"""

import json

from jinja2 import DictLoader, Environment, select_autoescape

TEXTS = ["", " x ", "a <b> & \"c\" 'd' /e", "a\nb\r\nc\td\\", "it's", 'say "x"', "both ' and \"", "éß中😀", "<&>"]
TEXTS += ["\0\x1f\x7f\x85\xa0\xad", "\u0301\u200b\u2028\ufeff\ue000", "😀\U000e0001é中", "\u0378", "a\u0301", "\u0301"]

INTEGERS = [0, 1, -7, 2**53, 2**63 - 1, -(2**63)]

FLOATS = [0.0, -0.0, 10.0, 9.99, 1 / 3, 0.1 + 0.2, 1e-05, 0.0001, 123456789012345680.0, 1e15, 1e16, 1e21, 1e22]
FLOATS += [1.5e300, 1.7976931348623157e308, 5e-324, 2.5e-310, 1234567.125]

OTHERS = [True, False, None, [], {}, [[]], [1, 2.0, "a", None, True, [1e16], {"f": False}]]
OTHERS += [{"a": 1, "b": 2.0, "c": "x<y", "d": None, "e": [1], "it's": "q'"}, [{"name": "Gad & get", "price": 49.0}]]

TEMPLATES = {
    "printed.html": "{{ value }}",
    "printed.txt": "{{ value }}",
    "listed.html": "{{ [value] }}",
    "tuple.html": "{{ (value,) }}",
    "string.html": "{{ value|string }}",
    "escaped.html": "{{ value|e|e }}",
    "escaped.txt": "{{ value|e }}",
    "safe.html": "{{ value|safe }}",
    "judged.html": "{% if value %}true{% else %}false{% endif %}",
    "missing.html": "{{ missing }}{{ missing|length }}",
    "lines.html": "{{ value }}\n\n",
}


def main():
    print(json.dumps(TEMPLATES))
    environment = Environment(loader=DictLoader(TEMPLATES), autoescape=select_autoescape())
    for value in TEXTS + INTEGERS + FLOATS + OTHERS:
        for name in TEMPLATES:
            page = environment.get_template(name).render(value=value)
            print(json.dumps({"template": name, "value": value, "page": page}))


if __name__ == "__main__":
    main()
