"""Writes what Starlette makes of many forms: the rows of form/tests.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`. A row has a content type and
a body, both as latin-1, and the fields or the detail of the 400.
"""

import asyncio
import json
import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request

URLENCODED = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data; boundary=XX"
FILE = b"Content-Disposition: form-data; name=a; filename=f"
ONE = b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--XX--\r\n'
TWO = (
    b'--XX\r\nContent-Disposition: form-data; name="t"\r\n\r\n\r\n--X\r\n'
    b'--XX\r\nContent-Disposition: form-data; name=f; filename="n"\r\n'
    b"Content-Type:  A/b \r\n\r\n-\r\n\r\n--XX--\r\n"
)


def part(headers, content=b"v", boundary=b"XX"):
    return b"--" + boundary + b"\r\n" + headers + b"\r\n\r\n" + content + b"\r\n"


def whole(*parts, boundary=b"XX"):
    return b"".join(parts) + b"--" + boundary + b"--\r\n"


def texts(name, contents):
    disposition = b"Content-Disposition: form-data; name=" + name
    return [whole(part(disposition, content)) for content in contents]


def mutations(body):
    """The body cut off, and with bytes left out, put in or changed, at every place."""
    for at in range(len(body)):
        yield body[:at]
        yield body[:at] + body[at + 1 :]
        for other in [b"\r", b"-", b'"']:
            yield body[:at] + other + body[at:]
            yield body[:at] + other + body[at + 1 :]


DISPOSITIONS = [
    b"",
    b"form-data",
    b"form-data; name",
    b"form-data; name=",
    b"form-data; name=a",
    b"FORM-DATA; NAME=A",
    b"attachment;name=a;",
    b"name=a",
    b"; name=a",
    b'form-data; name = "a" ; filename = "f" ',
    b'form-data;\tname\t=\t"a"\t;\tfilename=f\t',
    b'form-data; name="a;b"; filename="c;d"',
    b'form-data; name="a\\"b"; filename="c\\\\d"',
    b'form-data; name="a\\";b"; filename=c',
    b'form-data; name="a\\\\"; filename="c"',
    b'form-data; name="a; filename="c"',
    b'form-data; name="a',
    b'form-data; name="',
    b'form-data; name=""',
    b"form-data; name='a'",
    b'form-data; name="a"b',
    b"form-data; name=a; name=b",
    b"form-data; name=a=b",
    b"form-data; name=a; filename",
    b'form-data; name=a; filename=""',
    b"form-data; name=a; filename*=UTF-8''f",
    b"form-data; name=a; filename=f; filename*=UTF-8''g",
    b"form-data; name*=a",
    b'form-data; name=a; filename="C:\\dir\\f"',
    b'form-data; name=a; filename="C:\\\\dir\\\\f"',
    b'form-data; name=a; filename="C:/dir/f"',
    b'form-data; name=a; filename="\\\\host\\dir\\f"',
    b'form-data; name=a; filename="\\\\\\\\host\\\\dir\\\\f"',
    b'form-data; name=a; filename="dir\\f"',
    b'form-data; name=a; filename="../../f"',
    b'form-data; name="\xc3\xa9"; filename="\xe2\x82\xac"',
    b'form-data; name="\xe9"; filename="\x80"',
    b'form-data; name="%C3%A9"; filename="a+b"',
    b"form-data, name=a",
]

HEADERS = [
    b"X-A: b",
    b"X-A:b",
    b"X-A:   b  ",
    b"X-A:\tb",
    b"X-A:",
    b"X-A: \xc3\xa9 \xff",
    b"X-A: b\nc",
    b"X-A: b\rc",
    b"X-A: b\r\n c",
    b"X-A : b",
    b" X-A: b",
    b"X A: b",
    b"X-\xc3\xa9: b",
    b": b",
    b"X-A",
    b"!#$%&'*+-.^_`|~: b",
    b"X(: b",
    b"X-A: b\r\nx-a: c\r\nX-A: d",
    b'Content-Disposition: form-data; name="other"',
    b"Content-Type: text/plain; charset=latin-1",
    b"Content-Transfer-Encoding: base64",
    b"\r\n".join([b"X-%d: y" % number for number in range(7)]),
    b"\r\n".join([b"X-%d: y" % number for number in range(8)]),
    b"X: " + b"y" * 4221,
    b"X: " + b"y" * 4222,
    b"X" * 4225 + b": y",
]

CONTENTS = [
    b"",
    b"\r\n",
    b"\r\n--",
    b"\r\n--X",
    b"\r\n--XY",
    b"\r\n--XX-",
    b"\r\n--XXX",
    b"\r\n--XX-\r\n--XX",
    b"\r\n--XX\r",
    b"\r\n--XX\r\r",
    b"\r\n--XX--",
    b"\r\n--XX \t",
    b"\r\n--XX z",
    b"\r\n--XX\r\n",
    b"\n--XX\n",
    b"\r\r\n--XX",
    b"\r\n\r\n",
    b"\x00\xff\xfe",
    b"\xc3\xa9\xff",
    b"\xef\xbb\xbfa",
    b"+%20",
]

EDGES = [
    b"",
    b"\r\n",
    b"\r\n\r\n",
    b"\r\nwords without a dash\r\n",
    b"\r\nwords-with a dash\r\n",
    b"\nwords\n",
    b"words\r\n",
    b"-",
    b"--",
    b"--XX",
    b"--XX\r\n--XX\r\n",
]

TYPES = [
    b"multipart/form-data",
    b"multipart/form-data;",
    b"multipart/form-data; boundary",
    b"multipart/form-data; boundary=",
    b'multipart/form-data; boundary="XX"',
    b"multipart/form-data; boundary='XX'",
    b"Multipart/Form-Data ; Boundary = XX ",
    b"multipart/form-data;boundary=XX;charset=utf-8",
    b"multipart/form-data; boundary=YY; boundary=XX",
    b"multipart/form-data; boundary=XX; boundary=YY",
    b"multipart/form-data; boundary*=XX",
    b"multipart/form-data; boundary=" + b"X" * 256,
    b"multipart/form-data; boundary=" + b"X" * 257,
    b"multipart/form-data, boundary=XX",
    b"multipart/mixed; boundary=XX",
    b"multipart/form-data-x; boundary=XX",
    b"application/json",
    b"text/plain",
    b"",
    None,
]

CHARSETS = [
    b"utf-8",
    b"UTF8",
    b'"utf_8"',
    b"ascii",
    b"US-ASCII",
    b"latin-1",
    b"ISO_8859-1",
    b"cp1252",
    b"windows-1252",
    b"iso-8859-15",
    b"koi8-r",
    b"shift_jis",
    b"utf-16-le",
    b"mac-roman",
    b"base64",
    b"unheard-of",
    b"",
]

FORMS = [
    b"",
    b"&",
    b"=",
    b"==",
    b"a",
    b"a=",
    b"=a",
    b"a=b&c=d",
    b"&&a=b&&&c&=&",
    b"a=b=c&a==",
    b"a=1&a=2&a=",
    b"a;b=c;d",
    b"a+b=c+d&%2B=%2b",
    b"%C3%A9=%E2%82%AC",
    b"\xc3\xa9=\xe2\x82\xac",
    b"a=%C3\xa9&b=%C3%&c=\xc3%A9",
    b"a=%&b=%4&c=%zz&d=%4z&e=%%41",
    b"a=%FF%FE&b=%ED%A0%80&c=%F0%9F%90&d=%C0%AF",
    b"a=%00&b=\x00&c=\r\n",
    b"a=%26%3D%25",
    b"a=&#65;&b=&amp;",
    b"&".join(b"a=%d" % number for number in range(4)) + b"&",
    b"\xef\xbb\xbfa=b",
]

BODIES = {
    MULTIPART: [
        ONE,
        ONE[:-2],
        ONE[:-4],
        ONE.replace(b"\r\n", b"\n"),
        ONE + b"epilogue",
        ONE + ONE,
        ONE.replace(b"XX", b"xx"),
        ONE.replace(b"XX--", b"XX --"),
        ONE.replace(b"XX\r\n", b"XX \r\n", 1),
        whole(part(b"Content-Disposition: form-data; name=a"), b"--XX  \t\r\n", ONE[6:-8]),
        part(b"Content-Disposition: form-data; name=a") + b"--XX \t q\r\n",
        part(b"Content-Disposition: form-data; name=a") + b"--XX \t\rq\r\n",
        whole(part(b"X: y")),
        whole(part(b"")),
        whole(b"--XX\r\n\r\nv\r\n"),
        whole(part(b"X: y"), b"--XX(\r\n"),
        *[edge + ONE for edge in EDGES],
        *[whole(part(b"Content-Disposition: " + value)) for value in DISPOSITIONS],
        *[whole(part(FILE + b"\r\n" + lines)) for lines in HEADERS],
        *[whole(part(lines + b"\r\n" + FILE)) for lines in HEADERS],
        *texts(b"a", CONTENTS),
        *texts(b"a; filename=f", CONTENTS),
        *mutations(TWO),
    ],
    URLENCODED: FORMS,
    URLENCODED + b"; charset=latin-1": FORMS[13:15],
    b"Application/X-WWW-Form-URLencoded ": FORMS[7:8],
    b"application/x-www-form-urlencoded, x": FORMS[7:8],
}


def forms():
    for content_type, bodies in BODIES.items():
        for body in bodies:
            yield content_type, body
    for content_type in TYPES:
        long = content_type is not None and b"XXX" in content_type
        boundary = content_type.rpartition(b"=")[2] if long else b"XX"
        yield content_type, ONE.replace(b"XX", boundary)
        yield content_type, ONE.replace(b"XX", b"")
    for charset in CHARSETS:
        for text in [b"abc", b"caf\xc3\xa9", b"\xe9\x80", b"\x83\x65\x83\x58"]:
            disposition = b'Content-Disposition: form-data; name="' + text + b'"'
            yield MULTIPART + b"; charset=" + charset, whole(part(disposition, text))


async def read(content_type, body):
    messages = iter(
        [
            {"type": "http.request", "body": body, "more_body": True},
            {"type": "http.request", "body": b"", "more_body": False},
        ]
    )

    async def receive():
        return next(messages)

    headers = [] if content_type is None else [(b"content-type", content_type)]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "app": None}
    try:
        form = await Request(scope, receive).form()
    except HTTPException as error:
        return {"detail": error.detail}
    return {"fields": [[name, await shown(value)] for name, value in form.multi_items()]}


async def shown(value):
    if isinstance(value, str):
        return value
    headers = [list(header) for header in value.headers.items()]
    content = (await value.read()).decode("latin-1")
    return {"filename": value.filename, "headers": headers, "content": content}


def main():
    logging.disable()
    seen = set()
    for content_type, body in forms():
        if (content_type, body) not in seen:
            seen.add((content_type, body))
            outcome = asyncio.run(read(content_type, body))
            kind = None if content_type is None else content_type.decode("latin-1")
            print(json.dumps({"type": kind, "body": body.decode("latin-1"), **outcome}))


if __name__ == "__main__":
    main()
