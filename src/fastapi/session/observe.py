"""Writes what itsdangerous makes of texts and signatures, and Python of base64: the rows of the test
in tests.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`.
"""

import base64
import binascii
import json

from itsdangerous import BadSignature, Signer, TimestampSigner

NOW = 1_800_000_000
FORTNIGHT = 14 * 24 * 60 * 60

SECRETS = ["", "a", "example-key", "ключ", "x" * 200]

TEXTS = ["", "e30=", "eyJ2aXNpdHMiOiAxfQ==", "a.b", ".", "é", "x" * 300]

TIMES = [0, 1, 255, 256, NOW - FORTNIGHT - 1, NOW - FORTNIGHT, NOW - 1, NOW, NOW + 1, 2**32]

BASE64 = [
    "", "=", "==", "===", "====", "A", "AA", "AAA", "AAAA", "AA=", "AA==", "AA===", "AAA=", "AAA==", "AAAA=",
    "AAAA==", "A=", "A==", "A===", "A=A=A=A=", "AA=A", "AA=A=", "AA==AAAA", "AAA=AAAA", "=AAAA", "==AAAA",
    "AA=!=", "AA!==", "A!A=?=", "AAAAA", "AAAAAA", "AAAAAA==", "AB==", "AC==", "AAB=", "+/+/", "-_-_", "-_==",
    "aGVsbG8", "aGVsbG8=", "aGVs bG8=", "aGVs\nbG8=\n", "éaéGéVésbG8=", "aGVsbG8=aGVsbG8=", "////", "zzzz", "09aZ",
    "AA=" + "A" * 5, "A" * 63, "A" * 64, "=" * 9, "A===A===", "AA=A=AA=", "\0AAAA\0",
]


class At(TimestampSigner):
    """A signer at a fixed time."""

    def __init__(self, secret, now):
        super().__init__(secret)
        self.now = now

    def get_timestamp(self):
        return self.now


def unsigned(secret, text, max_age, now):
    try:
        return At(secret, now).unsign(text.encode(), max_age=max_age).decode()
    except BadSignature:
        return None


def decoded(text):
    try:
        return list(base64.b64decode(text.encode()))
    except binascii.Error:
        return None


def changed(signed):
    """The same with one thing different."""
    data, time, signature = signed.rsplit(".", 2)
    yield from [signed, signed + ".", "." + signed, " " + signed, signed + " ", signed + "=", signed + "==="]
    yield from [signed + "!", signed + "\n", signed + "A", signed + "AA", signed + "AAAA", signed[:-1], signed[1:]]
    yield from [f"{data}.{signature}", f"{time}.{signature}", f".{time}.{signature}", signature, data, "..", ".", ""]
    yield from [f"{data}.{time}", f"{data}.{time}.", f"{data}!.{time}.{signature}", f"{data}.{time}=.{signature}"]
    yield from [signed.swapcase(), f"{data}..{time}.{signature}", f"{data}.{time}.{signature[:13]}!{signature[13:]}"]
    yield from [f"{data}.{time}.{signature.replace('-', '+').replace('_', '/')}", f"{data}.{time}.é{signature}"]
    yield from [f"{data}.{time}.{signature[:-1]}{letter}" for letter in "ABCDEFGHabcdwxyz0123456789-_+/"]


def signed_anyhow(secret, text):
    """A text with a good signature and whatever stands in it in place of the time."""
    return Signer(secret).sign(text).decode()


def row(kind, given, seen):
    print(json.dumps({"kind": kind, "given": given, "seen": seen}))


for text in BASE64:
    row("base64", text, decoded(text))
for secret in SECRETS:
    for text in TEXTS:
        row("sign", [secret, text, NOW], At(secret, NOW).sign(text).decode())
for time in TIMES:
    signed = At("example-key", time).sign("e30=").decode()
    row("sign", ["example-key", "e30=", time], signed)
    for max_age in [None, 0, FORTNIGHT]:
        row("unsign", ["example-key", signed, max_age, NOW], unsigned("example-key", signed, max_age, NOW))
for text in TEXTS:
    signed = At("example-key", NOW).sign(text).decode()
    for other in changed(signed):
        row("unsign", ["example-key", other, FORTNIGHT, NOW], unsigned("example-key", other, FORTNIGHT, NOW))
    row("unsign", ["another-key", signed, FORTNIGHT, NOW], unsigned("another-key", signed, FORTNIGHT, NOW))
for text in ["", "e30=", ".", "e30=.", "e30=.A", "e30=.!", "e30=.AA", "e30=.a0nSAA", "e30=.AAAAAGtJ0gA", "e30=.AAAAAAAAAAAA",
             "e30=.a0nSAA==", "e30=.a0nS!AA", "e30=.é", "a.b.a0nSAA"]:
    signed = signed_anyhow("example-key", text)
    for max_age in [None, FORTNIGHT]:
        row("unsign", ["example-key", signed, max_age, NOW], unsigned("example-key", signed, max_age, NOW))
