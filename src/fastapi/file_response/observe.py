"""Writes what Starlette and Python's library make of headers, names and times of files: the rows
of the test in observed.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`.
"""

import hashlib
import json
import mimetypes
from email.utils import formatdate, parsedate

from starlette.responses import FileResponse, MalformedRangeHeader, RangeNotSatisfiable
from starlette.responses import RedirectResponse

SIZES = [0, 10, 2**40]

RANGES = [
    "", " ", "=", "bytes", "bytes=", "bytes= ", "bytes=-", "bytes=,", "bytes=,,-,", "bytes=a-b", "bytes=1",
    "bytes=0-", "bytes=0-0", "bytes=0-1", "bytes=1-0", "bytes=-0", "bytes=-1", "bytes=-10", "bytes=-11",
    "bytes=--1", "bytes=0--1", "bytes=1--1", "bytes=-1-2", "bytes=+0-+1", "bytes=00-01", "bytes=0_0-0_1",
    "bytes=0-9", "bytes=0-10", "bytes=0-11", "bytes=9-", "bytes=10-", "bytes=11-", "bytes=5-4", "bytes=5-5",
    "bytes=5-99999999999999999999999", "bytes=99999999999999999999999-", "bytes=-99999999999999999999999",
    "bytes=--99999999999999999999999", "bytes=0--99999999999999999999999", "bytes=9223372036854775807-",
    "bytes=0-9223372036854775807", "bytes=-9223372036854775808", "bytes=18446744073709551615-",
    "BYTES=0-1", " bytes =0-1", "\x1fbytes\xa0=0-1", "Bytes = 0 - 1 ", "bytes\t=\t0-1", "bits=0-1", "bytes:0-1",
    "bytes=0-1=2", "bytes==0-1", "bytes=0-1;2-3", "bytes=0-1,", "bytes=,0-1", "bytes=0-1,2-3", "bytes=0-1,3-4",
    "bytes=3-4,0-1", "bytes=0-5,2-3", "bytes=2-3,0-5", "bytes=0-1,0-1", "bytes=0-1,1-2,2-3", "bytes=0-1,-1",
    "bytes=-1,0-1", "bytes=0-,-1", "bytes=-1,-2,-3", "bytes=0-0,2-2,4-4", "bytes=4-4,2-2,0-0", "bytes=0-1,99-",
    "bytes=0-1,5-4", "bytes=99-,5-4", "bytes=5-4,99-", "bytes=0-1,x", "bytes=x,0-1", "bytes=0-1,x-y,2-",
    "bytes=0-1 , 4-5", "bytes=\xa00-1\x85,\x1c4-5", "bytes=0 1-2", "bytes=\xb2-\xb3", "bytes=1.0-2", "bytes=1e1-",
    "bytes=0x1-2", "bytes=1-2-3", "bytes=_1-2", "bytes=1_-2", "bytes=1__0-", "bytes=+-1", "bytes=-+1", "bytes=- 1",
    "bytes=" + ",".join(f"{2 * i}-{2 * i}" for i in range(26)),
    "bytes=" + ",".join(["0-0"] * 100), "bytes=" + ",".join(["0-0"] * 101), "bytes=" + "," * 100 + "5-4",
    "bytes=" + "," * 99 + "5-4", "x=" + "," * 100, "=" + "," * 100, "byte\xdf=0-1",
]

DATES = [
    "", " ", "x", "Fri, 09 Nov 2001 01:08:47 GMT", "Fri, 09 Nov 2001 01:08:47", "09 Nov 2001 01:08:47 GMT",
    "Friday, 09-Nov-01 01:08:47 GMT", "Fri Nov  9 01:08:47 2001", "Fri Nov 9 01:08:47 GMT 2001",
    "fri 09 nov 2001 01:08:47", "FRI,09 NOV 2001 01:08:47 GMT", "Fri ,09 Nov 2001 01:08:47", "Fri09 Nov 2001 1:2:3",
    "9 November 2001 1:8", "9 Novembe 2001 1:8", "Nov 9 2001 1:8:7", "Nov 9, 2001 1:8:7", "9, Nov, 2001, 1:8:7, x",
    "9 Nov 68 1:8:7", "9 Nov 69 1:8:7", "9 Nov 99 1:8:7", "9 Nov 100 1:8:7", "9 Nov 0 1:8:7", "9 Nov -5 1:8:7",
    "9 Nov 2001 01:08:47+0100", "9 Nov 2001 01:08:47-0100", "9 Nov 2001 +01:08:47", "9 Nov 2001 -01:08:47",
    "9 Nov 2001 1-8-47", "9 Nov 2001 1.8.47", "9 Nov 2001 1.8", "9 Nov 2001 1.8.4.7", "9 Nov 2001 1:8:4:7",
    "9 Nov 2001 1", "9 Nov 2001 :", "9 Nov 2001 ::", "9 Nov 2001 1:x", "9 Nov 2001 99:99:99", "32 Dec 2001 1:2:3",
    "9 Nov 01:08:47 2001", "9 Nov 01:08:47 2001 GMT", "9 Nov :1 2001", "9 Nov , 2001 1:2", "9 Nov GMT 1:2:3 2001",
    "9 Nov \xb21 1:2:3 2001", "9 Nov 2001", "2001-11-09 01:08:47", "2001-11-09T01:08:47Z", "9-Nov-2001 01:08:47 GMT",
    "--  1:2:3 GMT", "9-Nov- 1:2:3 GMT", "9-Nov-2001-1 1:2:3 GMT", "1-2-3 x y", "-Nov-2001 1:2:3 GMT", "9 Nov 2_001 1:2:3",
    "9 Nov 99999999999999999999 1:2:3", "9 Nov -99999999999999999999 1:2:3", "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, ,9 Nov 2001 1:2:3", "a,b,9 Nov 2001 1:2:3", ",,9 Nov 2001 1:2:3", "Fri, Fri, 9 Nov 2001 1:2:3", "Fri", "Fri,",
    "Nov Nov 2001 1:2:3", "Nov 9 01:08:47 x 2001", "\xa09\x1cNov\x852001\t1:2:3", "1 Jan 1970 0:0:0 x y z", "9 Nov 2001 1:2:3,",
    "9 Nov 2001, 1:2:3", "9, Nov 2001 1:2:3", "9 Nov, 2001 1:2:3", "+9 Nov +2001 +1:+2:+3", "9 Nov 1:2 3:4 5", "9 may 2001 1:2",
]

TIMES = [
    (0, 0), (1, 0), (-1, 0), (0, 1), (-1, 999_999_999), (-1, 1), (-1, 500_000_000), (1714979289, 123456789),
    (1714979289, 999_999_499), (1714979289, 999_999_501), (1714979289, 999_999_999), (59, 999_999_999), (951782400, 0),
    (4107542399, 999_999_000), (4107542400, 0), (253402300799, 0), (253402300799, 999_000_000), (253402300800, 0),
    (-62135596800, 0), (-62135596801, 0), (-2208988800, 250_000_000), (1e3, 5e8), (2**33, 1), (2**33 + 1, 999_999_999),
    (1700000000, 100), (1700000000, 123), (1700000000, 238418579), (1700000000, 1_000_000), (86399, 0), (86400, 0),
]

NAMES = [
    "a.csv", "", "a b.csv", "a/b.csv", "/", "~a-b_c.d", "é.csv", "日本語.txt", "😀", 'a"b', "a'b", "a\\b", "a%b", "a%20b",
    "a;b", "a,b", "a=b", "a\r\nb", "a\0b", "(a)[b]{c}", "a+b&c#d?e", "C:\\x.csv", "...", "-", "a\x7fb", "\u2028",
]

URLS = [
    "", "/", "/new-url", "new-url", "?x=1", "#f", "/a b", "/é", "/日本", "/%2F%20", "/100%", "//evil.example",
    "https://example.com/x?y=1#z", '/a"b<c>', "/a\r\nX: 1", "/~a!$&'()*+,;=:@[]", "/\\x", "/a|b^c`d{e}", "/\0\x7f", "😀",
    "http://user:pw@h:1/%zz", "/a_b.c-d~e", "mailto:a@b.example", "/a%20b c",
]

# Names whose type is not that of their last extension alone; known extensions are added below.
FILES = [
    "", "x", "x.", ".html", "..html", "...html", "a..html", "/a/.html", "/a/b.html", "/a.html/b", "a.html/", "X.HTML", "x.Css",
    "x.html.txt", "x.txt.html", "x.html.gz", "x.tar.gz", "x.tgz", "x.TGZ", "x.tz", "x.taz", "x.tbz2", "x.txz", "x.svgz", ".svgz",
    "x.js.br", "x.css.Z", "x.css.z", "x.css.GZ", "x.gz", "x.gz.gz", "x.html.gz.gz", ".html.gz", "x.json.xz", "x.csv.bz2", "x .html",
    "x.html ", "x.html\n", "http:x.html", "a:.html", ":x.html", "/a:b.html", "a/b:c.html", "é.html", "x.İ", "x.unknown", "x.gz.html",
    "x.woff", "x.woff2", "x.ttf", "x.md", "x.yaml", "x.yml", "x.toml", "x.rs", "x.ts", "x.tsx", "x.map", "x.log", "x.ini", "x.webp",
    "x.7z", "x.rar", "x.docx", "x.xlsx", "x.pptx", "x.epub", "x.ogg", "x.flac", "x.mkv", "x.jsonl", "x.sql", "x.jar", "x.ics", "x.rtf",
]


def row(kind, given, seen):
    print(json.dumps({"kind": kind, "given": given, "seen": seen}))


# ANCHOR: ranges
def ranges(header, size):
    try:
        return FileResponse._parse_range_header(header, size)
    except MalformedRangeHeader as error:
        return error.content
    except RangeNotSatisfiable:
        return None
# ANCHOR_END: ranges


def state(seconds, nanoseconds, size):
    modified = seconds + 1e-9 * nanoseconds
    tag = hashlib.md5(f"{modified}-{size}".encode()).hexdigest()
    try:
        return [tag, formatdate(modified, usegmt=True)]
    except (ValueError, OverflowError):
        return None


def main():
    for header in RANGES:
        for size in SIZES:
            row("range", [header, size], ranges(header, size))
    for text in DATES:
        moment = parsedate(text)
        row("date", text, moment and [str(number) for number in moment[:6]])
    for seconds, nanoseconds in TIMES:
        row("state", [int(seconds), int(nanoseconds)], state(seconds, nanoseconds, 52))
    for name in NAMES:
        reply = FileResponse("x", filename=name)
        row("disposition", name, reply.headers["content-disposition"])
    mimetypes.knownfiles.clear()
    mimetypes.init()
    mimetypes.add_type("text/javascript", ".js")
    for name in FILES + [f"x{extension}" for extension in sorted(mimetypes.types_map)]:
        row("type", name, mimetypes.guess_type(name)[0])
    for url in URLS:
        row("location", url, RedirectResponse(url).headers["location"])


if __name__ == "__main__":
    main()
